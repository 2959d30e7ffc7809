//! What needs a person, and the counts behind the pictures.

use serde::Serialize;
use ts_rs::TS;

/// The overview, counted by core.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OverviewView {
    /// The most urgent cause first.
    pub queue: Vec<QueueGroupView>,
    /// Only cells with keys.
    pub cells: Vec<CellView>,
    pub ages: Vec<AgeBinView>,
    /// The next thirty days, today first.
    pub due: Vec<DueDayView>,
    /// Findings that are put off or accepted.
    pub waived: u32,
    /// Keys that a call in the last seven days has settled, of those that could be asked about.
    pub verified: u32,
    pub verifiable: u32,
}

/// Why keys are in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CauseView {
    Refused,
    Rotation,
    StaleProduction,
    StaleElsewhere,
    DueSoon,
    Unverified,
}

#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueueGroupView {
    pub cause: CauseView,
    pub count: u32,
    /// The first of them, worst first.
    pub items: Vec<QueuedView>,
}

/// The one act that is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NextActView {
    Rotate,
    ReplaceCredential,
    ShowRotation,
    Verify,
    Look,
}

#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueuedView {
    pub key_id: String,
    pub act: NextActView,
}

/// The word of a status, without its facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StatusWordView {
    Refused,
    Expired,
    NotReplaced,
    Stale,
    DueSoon,
    Unverified,
    NotHeld,
    Rotating,
    Fresh,
    Revoked,
}

/// Keys of one organisation in one environment.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CellView {
    pub org_id: String,
    pub environment_id: String,
    pub worst: StatusWordView,
    /// How many stand as badly as that.
    pub worst_count: u32,
    pub count: u32,
}

/// Keys whose age is a share of their maximum age: from this one to that of the next bin.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AgeBinView {
    pub from_percent: u32,
    pub count: u32,
    /// Of them, due soon.
    pub due: u32,
}

/// Keys that turn stale in so many days.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DueDayView {
    pub in_days: u32,
    pub production: u32,
    pub other: u32,
}
