//! What a person can do with a rotation now.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which buttons the sheet has now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RotationActsView {
    /// Go on after a stop, or try the failed step again.
    pub resume: bool,
    /// Ask the provider what became of the unknown step.
    pub check: bool,
    /// *I have replaced it*; at a target that could not be written, there.
    pub replaced: bool,
    /// End the overlap early.
    pub revoke_old_now: bool,
    /// Have the old key revoked although it may still be in use.
    pub revoke_anyway: bool,
    /// Discard the new key; the old one stays.
    pub undo: bool,
    /// The new key was put to use: programs that have it fail once it is discarded, so that is asked first.
    pub undo_from_use: bool,
    /// Discard it although nothing shows that the old one works.
    pub undo_anyway: bool,
    pub copy_new: bool,
    /// Take the value that the person created from the clipboard.
    pub take_value: bool,
    /// *I have deleted it*.
    pub deleted: bool,
    /// The value was not accepted: take it once more.
    pub paste_again: bool,
    /// End it by what the person says of each key; none once it has ended, or while somebody drives it.
    pub settle: Option<SettleView>,
}

/// What can be said of each key; nothing where there is no such key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SettleView {
    pub old: Vec<ClaimView>,
    pub new: Vec<ClaimView>,
    /// Whether it rests in a way that its plan did not foresee, so that the act is worth being offered.
    pub offered: bool,
}

/// What a person says of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ClaimView {
    Works,
    Gone,
    Leave,
}
