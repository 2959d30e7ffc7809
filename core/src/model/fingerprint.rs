//! Recognises a value without holding it.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::fmt;
use zeroize::Zeroizing;

use super::Secret;

/// Sixteen bytes of HMAC-SHA-256 (RFC 2104) over the value, in hex. Keyed, so that a stolen database
/// does not let short values be guessed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Takes a fingerprint back from the store.
    pub fn stored(text: String) -> Fingerprint {
        Fingerprint(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is known of the value any more: the key that its fingerprint was made with is lost.
    pub fn is_lost(&self) -> bool {
        self.0.is_empty()
    }
}

/// The key of all fingerprints of one data directory; lies in the keychain.
pub struct FingerprintKey(Zeroizing<[u8; 32]>);

impl FingerprintKey {
    pub fn new(bytes: [u8; 32]) -> Self {
        FingerprintKey(Zeroizing::new(bytes))
    }

    /// Reads the keychain's form, 64 hex digits.
    pub fn parse(secret: &Secret) -> Option<Self> {
        let text = secret.expose();
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        let mut bytes = Zeroizing::new([0u8; 32]);
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
        }
        Some(FingerprintKey(bytes))
    }

    /// Returns the form that the keychain holds.
    pub fn to_secret(&self) -> Secret {
        Secret::new(hex(self.0.as_slice()))
    }

    pub fn of(&self, secret: &Secret) -> Fingerprint {
        let fingerprint = self.digest(secret);
        scrub();
        fingerprint
    }

    /// Leaves the value on the stack, in the block that is hashed.
    #[inline(never)]
    fn digest(&self, secret: &Secret) -> Fingerprint {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice()).expect("HMAC takes a key of any size");
        mac.update(secret.expose().as_bytes());
        Fingerprint(hex(&mac.finalize().into_bytes()[..16]))
    }
}

impl fmt::Debug for FingerprintKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Writes over what the calls before have left below this one on the stack.
#[inline(never)]
fn scrub() {
    let mut below = Zeroizing::new([0u8; 4096]);
    std::hint::black_box(below.as_mut_slice());
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
