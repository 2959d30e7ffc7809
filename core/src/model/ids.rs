//! Identifiers: time-ordered UUIDs (version 7, RFC 9562), one type a noun.

use std::fmt;

use sha2::{Digest, Sha256};
use uuid::Uuid;

macro_rules! ids {
    ($( $(#[$doc:meta])* $name:ident; )*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// Makes an id from the time (milliseconds since 1970) and ten random bytes.
            pub fn new(unix_ms: u64, random: [u8; 10]) -> Self {
                $name(uuid::Builder::from_unix_timestamp_millis(unix_ms, &random).into_uuid())
            }

            /// Reads an id.
            pub fn parse(text: &str) -> Option<Self> {
                Uuid::try_parse(text).ok().map($name)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }
    )* };
}

impl VersionId {
    /// Returns the id of a further credential that comes in the same answer, so that it is known beforehand too.
    pub fn further(self, name: &str) -> VersionId {
        let digest = Sha256::digest(format!("{self}/{name}"));
        let bytes = std::array::from_fn(|at| digest[at]);
        VersionId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}

ids! {
    /// The company or team the user works for.
    OrgId;
    /// A label on keys, with a policy.
    EnvironmentId;
    /// One workspace at one provider.
    AccountId;
    /// The slot a program knows by name.
    KeyId;
    /// One issued credential in a slot; also the name of its item in the keychain.
    VersionId;
    PolicyId;
    /// A key's use at a target.
    BindingId;
    /// A rotation or another act on the same driver.
    RotationId;
    /// A key at a provider that nobody accounts for yet.
    UnaccountedId;
}
