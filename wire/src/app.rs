//! The application itself: where its data lives, the keychain, the clipboard, the doctor's findings.

use serde::Serialize;
use ts_rs::TS;

use crate::{ErrorView, LockView, NoticePlaceView, SettingsView};

/// What every screen frames itself with.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppView {
    pub version: String,
    pub data_dir: String,
    /// Present in a data directory that was created as demo: a permanent banner says so.
    pub demo: Option<DemoView>,
    pub keychain: KeychainView,
    /// The key that lies on the clipboard because of us, until it is cleared or replaced.
    pub clipboard: Option<ClipboardView>,
    pub settings: SettingsView,
    /// Present while the window is locked; then nothing here names a key.
    pub lock: Option<LockView>,
    /// The key that quick access wants shown, where it opened this window for that; told once.
    pub wanted: Option<WantedView>,
    /// No organisation and no account exist yet.
    pub first_run: bool,
    /// The words of each code that can be in the way of an act on a key.
    pub reasons: Vec<ErrorView>,
}

/// What the main window is to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum WantedView {
    /// What a notification was about.
    Place { place: NoticePlaceView },
    /// A key, as quick access wants it; with the plan of its rotation where that is wanted.
    Key { key_id: String, rotate: bool },
}

/// The demo data directory: built-in hosts are answered by a simulator on this machine.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DemoView {
    /// The demo's clock at this moment.
    pub now: String,
}

/// Whether values can be read and stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeychainView {
    pub state: KeychainStateView,
    /// One sentence: "Keychain locked. Names and ages are shown; values are not."
    pub message: String,
    /// One sentence, or empty when the keychain is ready.
    pub remedy: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KeychainStateView {
    Ready,
    Locked,
    AsksEach,
    Dismissed,
    NoService,
    NoDefaultCollection,
    TooLong,
    Failed,
}

/// A copied key and when the clipboard is cleared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ClipboardView {
    pub key_name: String,
    pub hint: String,
    /// Real clock, not the demo's.
    pub clears_at: String,
    pub clears_in_seconds: u32,
}

/// The findings of `keywheel doctor` and of the window's start-up check.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DoctorView {
    pub lines: Vec<DoctorLineView>,
}

/// One finding.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DoctorLineView {
    pub topic: String,
    pub ok: bool,
    pub message: String,
    /// Empty when `ok`.
    pub remedy: String,
}

/// A value in the keychain of which no row tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StrayView {
    /// Names it for `keywheel keychain take` and `forget`.
    pub value: String,
    pub hint: String,
    /// A key holds the same value, under its own item.
    pub copied: bool,
    /// The key whose version has this very id, or else this value; ended versions count.
    pub of: Option<String>,
    /// That version of it has ended.
    pub ended: bool,
    /// It lies in the place of that version, and another value was stored there.
    pub altered: bool,
    /// The one key that is not held, and whose value begins like this one as its provider lists it.
    pub fits: Option<String>,
}
