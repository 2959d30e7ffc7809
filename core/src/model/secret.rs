//! A value that can do little.

use secrecy::{ExposeSecret, SecretString};
use std::fmt;

/// The plaintext of a credential. Zeroed on drop; no `Clone`, `Display`, `Deref` or `Serialize`.
///
/// ```compile_fail
/// let secret = keywheel_core::model::Secret::new(String::from("value"));
/// let copy = secret.clone();
/// ```
/// ```compile_fail
/// let secret = keywheel_core::model::Secret::new(String::from("value"));
/// println!("{secret}");
/// ```
pub struct Secret(SecretString);

impl Secret {
    pub fn new(value: String) -> Self {
        Secret(SecretString::from(value))
    }

    /// Lends the plaintext to a sink: a request header, the keychain, a target, the clipboard.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Joins the parts of one credential, such as an id and its secret, in the order of the definition.
    pub fn of_parts(parts: &[&str]) -> Secret {
        Secret::new(parts.join("\n"))
    }

    /// Returns the parts, one a line; a value of one part has no line end.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.expose().split('\n')
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.expose().len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether both hold the same value, compared in time that does not depend on where they differ.
    pub fn same_as(&self, other: &Secret) -> bool {
        let (a, b) = (self.expose().as_bytes(), other.expose().as_bytes());
        a.len() == b.len() && a.iter().zip(b).fold(0, |seen, (x, y)| seen | (x ^ y)) == 0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
