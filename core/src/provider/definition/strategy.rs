//! How old and new relate, and how an unknown outcome is settled.

use std::time::Duration;

use super::Reason;

/// How the old and the new key of one slot relate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// Two live at once.
    Overlap,
    /// Replaced in place; the old one dies now.
    Roll,
    /// Replaced in place; the provider keeps the old one for a while.
    RollWithGrace,
    /// One slot; the old one must go first.
    ReplaceFirst,
    /// Two fixed slots in turn.
    TwoSlot,
}

impl Strategy {
    const ALL: [Strategy; 5] = [
        Strategy::Overlap,
        Strategy::Roll,
        Strategy::RollWithGrace,
        Strategy::ReplaceFirst,
        Strategy::TwoSlot,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Strategy::Overlap => "overlap",
            Strategy::Roll => "roll",
            Strategy::RollWithGrace => "roll_with_grace",
            Strategy::ReplaceFirst => "replace_first",
            Strategy::TwoSlot => "two_slot",
        }
    }

    /// Says it to a person.
    pub fn sentence(self) -> &'static str {
        match self {
            Strategy::Overlap => "A second key is created. The old key works until you revoke it.",
            Strategy::Roll => "The key is replaced in place. The old value stops working at once.",
            Strategy::RollWithGrace => "The key is replaced in place. The old value works for a while longer.",
            Strategy::ReplaceFirst => "Only one key can exist. The old key must go before the new one is created.",
            Strategy::TwoSlot => "There are two fixed keys. They are replaced in turn.",
        }
    }

    pub fn parse(word: &str) -> Option<Strategy> {
        Strategy::ALL.into_iter().find(|strategy| strategy.as_str() == word)
    }
}

/// How a mint of unknown outcome is settled, and how late what the provider tells may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reconcile {
    pub by: ReconcileBy,
    /// How long a new key may be missing in the list.
    pub list_lag: Duration,
    /// How long a new key may be refused, and an old one accepted.
    pub propagation: Duration,
    /// How late the use of a key may be told, or how coarsely.
    pub last_used_lag: Duration,
}

impl Reconcile {
    /// How long the provider's parts may take to agree on what was done.
    pub fn lag(&self) -> Duration {
        self.list_lag.max(self.propagation)
    }

    /// Nothing that could get lost is asked of the API.
    pub(super) fn by_a_person() -> Reconcile {
        Reconcile {
            by: ReconcileBy::None,
            list_lag: Duration::ZERO,
            propagation: Duration::from_secs(60),
            last_used_lag: Duration::from_secs(3600),
        }
    }
}

/// By what a key of ours is found in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReconcileBy {
    /// An id that was not there before.
    Difference,
    /// The name that was sent, with the rotation's nonce in it.
    Name,
    /// Not at all: a person looks at the provider's page.
    None,
}

impl ReconcileBy {
    pub fn as_str(self) -> &'static str {
        match self {
            ReconcileBy::Difference => "difference",
            ReconcileBy::Name => "name",
            ReconcileBy::None => "none",
        }
    }

    pub(super) fn parse(word: &str) -> Result<ReconcileBy, Reason> {
        [ReconcileBy::Difference, ReconcileBy::Name, ReconcileBy::None]
            .into_iter()
            .find(|by| by.as_str() == word)
            .ok_or(Reason::UnknownWord)
    }
}
