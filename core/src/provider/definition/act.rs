//! What a definition can have asked of a provider.

/// The operations by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::provider) enum Act {
    Verify,
    List,
    Mint,
    Roll,
    Deactivate,
    Revoke,
    LastUsed,
    Signup,
}

impl Act {
    pub const ALL: [Act; 8] = [
        Act::Verify,
        Act::List,
        Act::Mint,
        Act::Roll,
        Act::Deactivate,
        Act::Revoke,
        Act::LastUsed,
        Act::Signup,
    ];

    /// The table's name in a definition.
    pub fn as_str(self) -> &'static str {
        match self {
            Act::Verify => "verify",
            Act::List => "list",
            Act::Mint => "mint",
            Act::Roll => "roll",
            Act::Deactivate => "deactivate",
            Act::Revoke => "revoke",
            Act::LastUsed => "last_used",
            Act::Signup => "signup",
        }
    }

    /// Whether it changes something at the provider.
    pub fn mutates(self) -> bool {
        match self {
            Act::Verify | Act::List | Act::LastUsed => false,
            Act::Mint | Act::Roll | Act::Deactivate | Act::Revoke | Act::Signup => true,
        }
    }

    /// Whether it is about one key that exists, named by its id.
    pub fn is_of_one_key(self) -> bool {
        match self {
            Act::Roll | Act::Deactivate | Act::Revoke | Act::LastUsed => true,
            Act::Verify | Act::List | Act::Mint | Act::Signup => false,
        }
    }

    /// Whether its answer holds a new value.
    pub fn gives(self) -> bool {
        matches!(self, Act::Mint | Act::Roll | Act::Signup)
    }
}
