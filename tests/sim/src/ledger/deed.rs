//! What a provider tells the ledger of a request: who asked, and what was done.

use jiff::Timestamp;

use crate::world::Grant;

/// Who a request turned out to come from.
#[derive(Clone, Debug, Default)]
pub(crate) enum Who {
    #[default]
    Nobody,
    User(String),
    Key(String),
    RefusedKey(String),
    /// A key by its value, which tells apart two of one id.
    Value {
        value: String,
        accepted: bool,
    },
}

/// Something that a provider did.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    Minted {
        key_id: String,
        org_id: String,
        name: String,
        value: String,
        grant: Grant,
    },
    Revoked {
        key_id: String,
    },
    /// One value of a key stops or will stop, while its id lives on.
    Ended {
        digest: [u8; 32],
        at: Timestamp,
    },
    Opened {
        org_id: String,
    },
}

impl Deed {
    /// The value that it brought into the world.
    pub(crate) fn value(&self) -> Option<&str> {
        match self {
            Self::Minted { value, .. } => Some(value),
            Self::Revoked { .. } | Self::Ended { .. } | Self::Opened { .. } => None,
        }
    }
}
