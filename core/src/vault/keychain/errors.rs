//! What a store's error means.
//!
//! Deliberately absent: the error itself. Its `Debug` holds the value, so it is dropped where it arises.

use keyring_core::Error;
use zeroize::Zeroize;

use crate::failure::Code;

/// Why a call did not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// There is no such item.
    Missing,
    /// There is more than one.
    Ambiguous,
    TooLarge,
    /// What came back is not what was stored.
    Mismatch,
    /// It is still there after it was removed.
    Kept,
    /// The platform refused; a new connection may help.
    Refused,
    /// The store cannot do this at all.
    Unable,
}

impl Trouble {
    pub(super) fn code(self) -> Code {
        match self {
            Trouble::Missing => Code::KeychainMissing,
            Trouble::Ambiguous => Code::KeychainAmbiguous,
            Trouble::TooLarge => Code::KeychainTooLarge,
            Trouble::Mismatch => Code::KeychainMismatch,
            Trouble::Kept => Code::KeychainKept,
            Trouble::Refused | Trouble::Unable => Code::KeychainFailed,
        }
    }

    /// Whether something may have been stored all the same.
    pub(super) fn leaves_doubt(self) -> bool {
        matches!(self, Trouble::Mismatch | Trouble::Refused)
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Trouble {
        match error {
            Error::NoEntry => Trouble::Missing,
            Error::Ambiguous(_) => Trouble::Ambiguous,
            Error::TooLong(..) => Trouble::TooLarge,
            Error::BadEncoding(mut value) | Error::BadDataFormat(mut value, _) => {
                value.zeroize();
                Trouble::Mismatch
            }
            Error::PlatformFailure(_) | Error::NoStorageAccess(_) => Trouble::Refused,
            // The enum is open: what is not known is no reason to try again.
            _ => Trouble::Unable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Trouble;
    use crate::failure::Code;
    use keyring_core::Error;

    fn platform() -> Box<dyn std::error::Error + Send + Sync> {
        Box::new(std::io::Error::other("s3cret"))
    }

    #[test]
    fn every_error_of_a_store_becomes_a_code() {
        let cases = [
            (Error::NoEntry, Code::KeychainMissing),
            (Error::Ambiguous(Vec::new()), Code::KeychainAmbiguous),
            (Error::TooLong(String::from("secret"), 2560), Code::KeychainTooLarge),
            (Error::BadEncoding(b"s3cret".to_vec()), Code::KeychainMismatch),
            (
                Error::BadDataFormat(b"s3cret".to_vec(), platform()),
                Code::KeychainMismatch,
            ),
            (Error::PlatformFailure(platform()), Code::KeychainFailed),
            (Error::NoStorageAccess(platform()), Code::KeychainFailed),
            (Error::BadStoreFormat(String::from("s3cret")), Code::KeychainFailed),
            (
                Error::Invalid(String::from("user"), String::from("empty")),
                Code::KeychainFailed,
            ),
            (Error::NoDefaultStore, Code::KeychainFailed),
            (Error::NotSupportedByStore(String::from("s3cret")), Code::KeychainFailed),
        ];
        for (error, code) in cases {
            let trouble = Trouble::from(error);
            assert_eq!(trouble.code(), code, "{trouble:?}");
        }
    }
}
