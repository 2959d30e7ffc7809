//! A value that was seen where it should not be.

use serde::Serialize;
use ts_rs::TS;

/// What a value is found to be. It was neither sent nor kept.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IdentifiedView {
    /// Visible shape of the value.
    pub hint: String,
    pub length: u32,
    /// One sentence: whose it is.
    pub message: String,
    /// Whose key it may be by its form, best first.
    pub candidates: Vec<CandidateProviderView>,
    /// The keys in Keywheel that have or had it, those that still serve first.
    pub keys: Vec<LeakedKeyView>,
}

/// A provider, or another vendor, whose keys look like the value.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CandidateProviderView {
    pub name: String,
    /// None: only the form of its keys is known.
    pub provider_id: Option<String>,
    /// What kind of key it is, in the provider's terms.
    pub kind: String,
    /// What to do when such a key has leaked, in the provider's terms.
    pub leak_note: Option<String>,
    pub contact: Option<String>,
    /// The provider's page for its keys.
    pub page: Option<String>,
}

/// A key of ours that has or had the value.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LeakedKeyView {
    pub key_id: String,
    pub version_id: String,
    /// In full: org/environment/name.
    pub name: String,
    pub provider_name: String,
    /// The very value; else only its beginning, as the provider lists it.
    pub certain: bool,
    /// The value has ended already.
    pub ended: bool,
    /// One sentence: what this value is to the key.
    pub message: String,
    /// What to do now, in order.
    pub steps: Vec<LeakStepView>,
    /// What a key of this provider may do.
    pub reach: Option<String>,
    pub leak_note: Option<String>,
    pub contact: Option<String>,
    /// A letter to the provider, where it looks through the use of leaked keys.
    pub report: Option<LeakReportView>,
}

/// One thing to do now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LeakStepView {
    pub sentence: String,
    /// What does it in the window.
    pub act: Option<LeakActView>,
    /// What does it in a terminal.
    pub command: Option<String>,
}

/// What a step begins in the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LeakActView {
    Rotate,
    /// A rotation in which the old key goes first.
    RevokeFirst,
    Revoke,
    /// Show the rotation that is open.
    Resume,
}

/// A letter, prepared and not sent. It never holds the value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LeakReportView {
    pub to: String,
    pub subject: String,
    pub body: String,
}
