//! Accounts at the providers whose keys a person makes in a dashboard, and at the invented one.

mod provider;

use serde::{Deserialize, Serialize};

pub use provider::Provider;

/// One workspace at one provider: what its keys belong to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Account {
    /// Id in the dashboard's address, and of the ledger's keys.
    pub id: String,
    /// Where it is.
    pub provider: Provider,
    /// Organisation (On-Page), user (Authenta, Optiverse), platform account (AI API), project (the lab).
    pub name: String,
    /// Whether every call for it is refused.
    #[serde(default)]
    pub suspended: bool,
    /// What has been used up.
    #[serde(default)]
    pub used_up: Vec<Quota>,
    /// Calls that cost quota of writing or credits; a verification must leave it alone.
    #[serde(default)]
    pub billed: u64,
    /// What Optiverse's pace is counted by.
    #[serde(default)]
    pub pace: Pace,
    /// The invented provider's rules for this project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lab: Option<LabRules>,
}

/// What an account may run out of (Authenta, "Monitor Quota Usage"; On-Page, "Keys are organization-scoped").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quota {
    /// Requests that read.
    Query,
    /// Requests that write or delete.
    Mutation,
    /// Paid work.
    Credits,
}

/// What "one request per 3 minutes" is counted by, which Optiverse's document leaves open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// Each key has its own.
    #[default]
    Key,
    /// A new key of the same user waits for the old one's turn.
    User,
    /// None, as for users with more throughput.
    Off,
}

/// How keys are replaced in a project of the invented provider.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LabRules {
    /// Static bearer that manages the keys.
    pub admin_key: String,
    /// Way of replacing a key.
    pub strategy: Strategy,
    /// Life of the old value after a roll with grace that does not say how long.
    pub grace_seconds: u32,
    /// What that span is counted from.
    pub grace_from: GraceFrom,
    /// So many keys on a page of the list; all on one where this is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_size: Option<usize>,
    /// So many keys may live at once; as many as its way of replacing takes where this is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live_limit: Option<usize>,
    /// For so many seconds an answer is given again for the same `Idempotency-Key`; without it keys mean nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remembers_seconds: Option<u32>,
}

/// A way in which a provider lets a key be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// Two keys may live at once.
    Overlap,
    /// Replaced under its id; the old value dies at once.
    Roll,
    /// Replaced under its id; the old value lives on for a while.
    RollWithGrace,
    /// One key at most: the old one goes first.
    ReplaceFirst,
    /// Two fixed places, `primary` and `secondary`, filled anew in turn.
    TwoSlot,
}

impl Strategy {
    /// How many keys may live at once; any number without one.
    pub(crate) fn live_limit(self) -> Option<usize> {
        match self {
            Self::Overlap | Self::TwoSlot => Some(2),
            Self::ReplaceFirst => Some(1),
            Self::Roll | Self::RollWithGrace => None,
        }
    }
}

/// Where a grace period begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GraceFrom {
    /// At the roll.
    Roll,
    /// At the first use of the new value.
    FirstUse,
}
