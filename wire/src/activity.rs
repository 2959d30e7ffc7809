//! What happened, for people.

use serde::Serialize;
use ts_rs::TS;

/// One event. It never holds a value or remote text.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActivityView {
    pub id: String,
    pub at: String,
    pub actor: ActorView,
    /// Stable word: `key.copied`, `rotation.completed`.
    pub verb: String,
    /// "Revoked sk_live_…x9F2 (Overten · acme › production)."
    pub sentence: String,
    /// The same beside the key itself, which needs no name there: "Revoked sk_live_…x9F2."
    pub short: String,
    pub key_id: Option<String>,
    pub account_id: Option<String>,
    pub rotation_id: Option<String>,
    pub result: ResultView,
    pub error_code: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ActorView {
    /// In the window.
    Window,
    Cli,
    /// Keywheel by itself, e.g. at the end of an overlap window.
    Keywheel,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ResultView {
    Done,
    Failed,
    Unknown,
}
