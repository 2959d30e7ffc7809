//! Where a key can stand, as one word.

/// Worst first: this order is that of lists, and the first of several is what they roll up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// The provider refuses it.
    Refused,
    Expired,
    /// Its old value was revoked in a rotation that is under way, and no new one is in its place yet.
    NotReplaced,
    /// Past its maximum age.
    Stale,
    DueSoon,
    /// Held, and never or inconclusively verified.
    Unverified,
    /// Known from its provider's list; Keywheel does not have its value.
    NotHeld,
    Rotating,
    Fresh,
    Revoked,
}

impl Status {
    pub const ALL: [Status; 10] = [
        Status::Refused,
        Status::Expired,
        Status::NotReplaced,
        Status::Stale,
        Status::DueSoon,
        Status::Unverified,
        Status::NotHeld,
        Status::Rotating,
        Status::Fresh,
        Status::Revoked,
    ];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Refused => "refused",
            Status::Expired => "expired",
            Status::NotReplaced => "not_replaced",
            Status::Stale => "stale",
            Status::DueSoon => "due_soon",
            Status::Unverified => "unverified",
            Status::NotHeld => "not_held",
            Status::Rotating => "rotating",
            Status::Fresh => "fresh",
            Status::Revoked => "revoked",
        }
    }

    /// Reads the stable word.
    pub fn parse(word: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// Whether somebody should look at it sooner or later, so that it can be put off or accepted. What a rotation that is
    /// under way has ended is for that rotation.
    pub fn is_finding(self) -> bool {
        self <= Status::Unverified && self != Status::NotReplaced
    }
}
