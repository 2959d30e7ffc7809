//! What a person chose, and the lock of the window.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Every setting. The window sends it back whole with what is to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SettingsView {
    pub theme: ThemeView,
    pub density: DensityView,
    /// How large everything is shown, in percent: 50 to 300.
    pub zoom_percent: u32,
    /// Whether single letters are shortcuts.
    pub letters: bool,
    /// Whether a shortcut of the whole desktop opens quick access.
    pub quick_shortcut: bool,
    pub clipboard_seconds: u32,
    pub reveal_seconds: u32,
    /// 0: never.
    pub lock_after_seconds: u32,
    pub lock_keychain: LockKeychainView,
    /// 0: only when asked.
    pub refresh_minutes: u32,
    pub notify: bool,
    /// Whether a notification names keys.
    pub notify_names: bool,
    /// 0 to 23, of the person's own time.
    pub digest_hour: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ThemeView {
    System,
    Light,
    Dark,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DensityView {
    Compact,
    Comfortable,
}

/// When the lock takes the system's keychain with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LockKeychainView {
    Never,
    Asked,
    Always,
}

/// All that a locked window knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LockView {
    pub since: String,
    /// Nobody touched the window for this long; none where a person locked it.
    pub after_seconds: Option<u32>,
    /// Rotations that are not over.
    pub open_rotations: u32,
}

/// A notification of the desktop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeView {
    pub title: String,
    pub body: String,
    pub place: NoticePlaceView,
}

/// Where a press on it leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NoticePlaceView {
    Overview,
    Rotations,
}
