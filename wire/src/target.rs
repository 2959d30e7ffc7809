//! Where a key is used, and what stands there.

use serde::Serialize;
use ts_rs::TS;

use crate::ErrorView;

/// A key's use at a target.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TargetView {
    pub id: String,
    pub key_id: String,
    pub kind: TargetKindView,
    /// ".env: STRIPE_KEY", "deploy.sh", "Vercel dashboard"
    pub title: String,
    /// The whole path; the folder of the program; nothing where only the person can reach it.
    pub place: Option<String>,
    /// What is run, for a command; each word by itself.
    pub commands: Vec<TargetCommandView>,
    pub stands: TargetStandsView,
    /// One sentence: what stands there.
    pub says: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TargetKindView {
    EnvFile,
    Command,
    /// The person puts it there.
    ByHand,
}

/// One command of a target.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TargetCommandView {
    /// `write`, `confirm` or `restore`
    pub purpose: String,
    pub words: Vec<String>,
}

/// What stands at a target beside the key's own versions.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum TargetStandsView {
    /// The value that serves.
    Serving,
    /// Another value of this key: the new one in a rotation, or a former one.
    Other,
    /// A value that Keywheel does not know.
    Drifted,
    Amiss {
        error: ErrorView,
    },
    /// Nobody can tell without doing something.
    Untold,
}
