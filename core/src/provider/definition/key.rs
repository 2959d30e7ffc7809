//! What a provider's keys and their ids look like.

use regex::Regex;
use regex_syntax::ParserBuilder;

use super::{Definition, Part};
use crate::model::Secret;

/// Least length of what is taken for a key, in bytes.
pub(in crate::provider) const LEAST_KEY: usize = 8;

/// Characters after the mark of all values that are as much as lists usually show.
const TOLD: usize = 8;

/// What a value and an id of this provider look like.
#[derive(Debug)]
pub(in crate::provider) struct KeyFormat {
    /// What it consists of; empty where it is one text.
    pub parts: Vec<Part>,
    /// Matches a whole value, its parts one a line.
    pub whole: Regex,
    /// What every value begins with; empty where that is not one text.
    pub beginning: String,
    /// Length of the shortest value, in bytes; zero where it consists of parts.
    pub least: usize,
    /// So many characters of a value's beginning are kept at most.
    pub shown: usize,
    pub id: Regex,
    pub shape: String,
    pub max_bytes: usize,
    pub expiry: String,
    pub scope: String,
    pub leak: Option<String>,
    pub revokes_leaked_first: bool,
    /// A value of another form is asked about, not refused.
    pub asks_about_others: bool,
}

/// Length of the shortest text that a pattern takes, in bytes.
pub(super) fn least(pattern: &str) -> usize {
    let mut parser = ParserBuilder::new().unicode(false).utf8(false).build();
    let parsed = parser.parse(pattern).ok();
    parsed
        .and_then(|parsed| parsed.properties().minimum_len())
        .unwrap_or(LEAST_KEY)
}

/// How much of a value's beginning may be written down: what tells it from others, and never most of it.
pub(super) fn shown(least: usize, beginning: &str) -> usize {
    let rest = least.saturating_sub(beginning.len());
    beginning.len() + (rest.min(2 * TOLD) / 2).max(rest / 3)
}

impl Definition {
    /// Whether the value has the form of a key of this provider.
    pub fn matches_key(&self, value: &Secret) -> bool {
        value.len() <= self.key.max_bytes && self.key.whole.is_match(value.expose())
    }

    /// Whether the value may be a key of this provider: it has the form, or other forms are asked about.
    pub fn may_be_key(&self, value: &Secret) -> bool {
        let other = self.key.asks_about_others && (LEAST_KEY..=self.key.max_bytes).contains(&value.len());
        other || self.matches_key(value)
    }

    /// Whether the provider's keys may have come to look like this since its definition was written: not where a value has
    /// parts, which a call could not be made without.
    pub fn may_take_other_form(&self, value: &Secret) -> bool {
        self.key.parts.is_empty() && value.len() >= LEAST_KEY
    }

    /// Whether the text has the form of the provider's key ids.
    pub fn matches_remote_id(&self, id: &str) -> bool {
        id.len() <= 256 && self.key.id.is_match(id)
    }

    /// Whether a value begins with a mark of its own, so that it is told from other text.
    pub(in crate::provider) fn is_marked(&self) -> bool {
        let mark = self.key.beginning.as_str();
        mark.len() > 3 || mark.len() == 3 && mark.ends_with(['_', '-'])
    }
}

#[cfg(test)]
mod tests {
    use super::{least, shown};

    #[test]
    fn of_a_beginning_is_kept_what_tells_and_never_most() {
        for (pattern, beginning, kept) in [
            ("^sk_live_[A-Za-z0-9_-]{20,160}$", "sk_live_", 16),
            ("^lab_[A-Za-z0-9]{8,80}$", "lab_", 8),
            ("^rt_[A-Za-z0-9]{32}$", "rt_", 13),
            ("^[0-9a-f]{32}$", "", 10),
            ("^[!-~]{8,512}$", "", 4),
            (r"^api_(\w{6}|\d{9})$", "api_", 7),
        ] {
            assert_eq!(shown(least(pattern), beginning), kept, "{pattern}");
        }
    }
}
