//! The visible shape of a key.

use std::fmt;

use super::Secret;

/// Prefix up to the last `_` or `-`, an ellipsis, the last four characters: `sk_live_…x9F2`.
///
/// A value under 20 characters shows none of them: `•••• (16)`. Of a value in parts the first is an id and no
/// secret: its first and last four characters are shown, `AKIA…MPLE`, and nothing of the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint(String);

/// Longest prefix shown, so that the whole stays within 18 characters.
const PREFIX: usize = 13;

impl Hint {
    /// Makes the hint of a value.
    pub fn of(secret: &Secret) -> Hint {
        let value = secret.expose();
        if let Some((id, _)) = value.split_once('\n') {
            return Hint::of_id(id);
        }
        if value.len() < 20 || !value.is_ascii() {
            return Hint(format!("•••• ({})", value.chars().count()));
        }
        let tail = &value.as_bytes()[value.len() - 4..];
        let shown = &value.as_bytes()[..PREFIX.min(value.len() - 12)];
        let cut = shown
            .iter()
            .rposition(|byte| matches!(byte, b'_' | b'-'))
            .map_or(0, |at| at + 1);
        Hint(format!(
            "{}…{}",
            String::from_utf8_lossy(&shown[..cut]),
            String::from_utf8_lossy(tail)
        ))
    }

    fn of_id(id: &str) -> Hint {
        match (id.get(..4), id.get(id.len().saturating_sub(4)..)) {
            (Some(head), Some(tail)) if id.len() >= 12 => Hint(format!("{head}…{tail}")),
            _ => Hint(format!("•••• ({})", id.chars().count())),
        }
    }

    /// Makes the hint of a key of which the provider shows only how it begins.
    pub fn of_prefix(prefix: &str) -> Option<Hint> {
        let plain: String = prefix
            .chars()
            .filter(|c| c.is_ascii_graphic())
            .take(PREFIX + 4)
            .collect();
        (!plain.is_empty()).then(|| Hint(format!("{plain}…")))
    }

    /// Takes a hint back from the store.
    pub fn stored(text: String) -> Hint {
        Hint(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Hint, Secret};

    fn check(value: &str, hint: &str) {
        assert_eq!(Hint::of(&Secret::new(value.to_owned())).as_str(), hint);
    }

    #[test]
    fn shows_the_prefix_and_the_last_four() {
        check("sk_live_aaaaaaaaaaaaaaaaaaaaaaaax9F2", "sk_live_…x9F2");
        check("AKIAIOSFODNN7EXAMPLE", "…MPLE");
        check("whsec_0123456789abcdefghij", "whsec_…ghij");
    }

    #[test]
    fn shows_nothing_of_the_parts_after_an_id() {
        check(
            "AKIAIOSFODNN7EXAMPLE\nwJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY",
            "AKIA…MPLE",
        );
        check("short\nwJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY", "•••• (5)");
    }

    #[test]
    fn shows_nothing_of_a_short_or_odd_value() {
        check("short-value-16ch", "•••• (16)");
        check("пароль-пароль-пароль-пароль", "•••• (27)");
    }
}
