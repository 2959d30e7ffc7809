//! Identifiers and secret values: reproducible from a seed, else random.

use sha2::{Digest, Sha256};

pub(crate) const ALPHANUMERIC: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
pub(crate) const DIGITS: &[u8] = b"0123456789";
const LOWER: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
const BASE64URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A stream of characters for ids and secrets.
#[derive(Clone, Debug)]
pub(crate) struct Material {
    seed: Option<(&'static str, u64)>,
    drawn: u64,
}

impl Material {
    /// Draws the same values again for the same `label` and `seed`.
    pub(crate) fn seeded(label: &'static str, seed: u64) -> Self {
        Self {
            seed: Some((label, seed)),
            drawn: 0,
        }
    }

    /// Draws from the operating system.
    pub(crate) fn random() -> Self {
        Self { seed: None, drawn: 0 }
    }

    /// Returns `sk_live_` and 28 alphanumerics (Overten, "Key format").
    pub(crate) fn overten_secret(&mut self) -> String {
        format!("sk_live_{}", self.pick(ALPHANUMERIC, 28))
    }

    /// Returns `whsec_` and 32 alphanumerics (Overten, concepts/webhooks; length unconfirmed).
    pub(crate) fn webhook_secret(&mut self) -> String {
        format!("whsec_{}", self.pick(ALPHANUMERIC, 32))
    }

    /// Returns an id such as `key_4xk…` (shape unconfirmed).
    pub(crate) fn id(&mut self, kind: &str) -> String {
        format!("{kind}_{}", self.pick(LOWER, 20))
    }

    /// Returns a Firebase user id, 28 alphanumerics.
    pub(crate) fn uid(&mut self) -> String {
        self.pick(ALPHANUMERIC, 28)
    }

    /// Returns a Google web API key, `AIzaSy` and 33 characters.
    pub(crate) fn web_api_key(&mut self) -> String {
        format!("AIzaSy{}", self.pick(BASE64URL, 33))
    }

    /// Returns a Firebase refresh token of today's shape.
    pub(crate) fn refresh_token(&mut self) -> String {
        format!("AMf-vB{}", self.pick(BASE64URL, 206))
    }

    /// Returns `len` characters out of `alphabet`, evenly.
    pub(crate) fn pick(&mut self, alphabet: &[u8], len: usize) -> String {
        let fair = 256 - 256 % alphabet.len();
        let mut picked = String::with_capacity(len);
        while picked.len() < len {
            for byte in self.block() {
                if usize::from(byte) < fair && picked.len() < len {
                    picked.push(char::from(alphabet[usize::from(byte) % alphabet.len()]));
                }
            }
        }
        picked
    }

    fn block(&mut self) -> [u8; 32] {
        self.drawn += 1;
        let Some((label, seed)) = self.seed else {
            let mut block = [0; 32];
            getrandom::fill(&mut block).expect("the operating system has randomness");
            return block;
        };
        let mut hash = Sha256::new();
        hash.update(label.as_bytes());
        hash.update(seed.to_be_bytes());
        hash.update(self.drawn.to_be_bytes());
        hash.finalize().into()
    }
}

/// Returns the SHA-256 digest by which a provider remembers a value.
pub(crate) fn digest(value: &str) -> [u8; 32] {
    Sha256::digest(value.as_bytes()).into()
}

/// Returns base64url without padding, as in a JWT.
pub(crate) fn base64url(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            let index = (word >> (18 - 6 * place)) & 63;
            text.push(char::from(BASE64URL[index as usize]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64url_is_that_of_rfc_4648() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
        ] {
            assert_eq!(base64url(plain.as_bytes()), coded, "of {plain:?}");
        }
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8");
    }

    #[test]
    fn a_seed_repeats_and_labels_differ() {
        let draw = |label, seed| Material::seeded(label, seed).overten_secret();
        assert_eq!(draw("a", 1), draw("a", 1));
        assert_ne!(draw("a", 1), draw("a", 2));
        assert_ne!(draw("a", 1), draw("b", 1));
        assert_ne!(Material::random().uid(), Material::random().uid());
    }
}
