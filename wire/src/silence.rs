//! An old key that may be in use.

use serde::Serialize;
use ts_rs::TS;

/// The old key is not revoked before its provider has not seen it in use for the quiet time of the policy, nor while
/// another machine may be replacing it too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SilenceView {
    pub reason: SilenceReasonView,
    /// When the provider last saw it; none where it never did, or does not tell.
    pub last_used_at: Option<String>,
    /// When it is asked again.
    pub asked_at: String,
    /// The quiet time in words: "one hour".
    pub quiet: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SilenceReasonView {
    /// Its provider has told no use, and one may show late.
    NoUseYet,
    /// Somebody used it.
    StillUsed,
    /// Its last use may be Keywheel's own check.
    MayBeOurs,
    /// The provider did not say.
    NotTold,
    /// The provider's list shows another new key of its name.
    ReplacedElsewhere,
}
