//! A name that a person gave.

use regex::Regex;
use std::fmt;
use std::sync::LazyLock;

/// Trimmed, 1 to 80 characters, each of which can be seen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

/// Why a text is not a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameProblem {
    Empty,
    TooLong,
    /// It would move a cursor, turn the reading direction round, or make two names look alike.
    Unseen,
}

/// What acts instead of being seen (UAX #44): control and format characters, among them those for the reading
/// direction; line ends; what shows nothing by default, such as widths of zero and fillers; the empty Braille cell.
static UNSEEN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\x{2800}]").ok());

impl Name {
    /// Longest name, in characters; Overten's `key_name` allows 80.
    pub const MAX: usize = 80;

    pub fn new(text: &str) -> Result<Name, NameProblem> {
        let name = Name::stored(text)?;
        match UNSEEN.as_ref() {
            Some(unseen) if !unseen.is_match(&name.0) => Ok(name),
            _ => Err(NameProblem::Unseen),
        }
    }

    /// Reads a name that was taken before, by whatever rule held then.
    pub fn stored(text: &str) -> Result<Name, NameProblem> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NameProblem::Empty);
        }
        if text.chars().count() > Name::MAX {
            return Err(NameProblem::TooLong);
        }
        if text.chars().any(char::is_control) {
            return Err(NameProblem::Unseen);
        }
        Ok(Name(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl NameProblem {
    /// A whole clause, for the details of a refusal.
    pub fn words(self) -> &'static str {
        match self {
            NameProblem::Empty => "it is empty",
            NameProblem::TooLong => "it is longer than 80 characters",
            NameProblem::Unseen => "it holds a character that cannot be seen",
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Name, NameProblem};

    #[test]
    fn what_can_be_seen_is_a_name() {
        for text in [
            "checkout-api",
            "Prüfstelle Süd",
            "決済 本番",
            "платежи",
            "مدفوعات",
            "क्रेडिट",
            "🔑 main",
            "a\u{a0}b",
        ] {
            assert_eq!(Name::new(text).map(|name| name.to_string()), Ok(text.to_owned()));
        }
        assert_eq!(Name::new("  main \n").unwrap().as_str(), "main", "its ends are trimmed");
    }

    #[test]
    fn what_cannot_be_seen_is_no_part_of_a_name() {
        for unseen in [
            '\0',
            '\t',
            '\n',
            '\u{1b}',
            '\u{7f}',
            '\u{85}',
            '\u{9b}', // control
            '\u{61c}',
            '\u{200e}',
            '\u{200f}',
            '\u{202a}',
            '\u{202e}',
            '\u{2066}',
            '\u{2069}', // reading direction
            '\u{200b}',
            '\u{200c}',
            '\u{200d}',
            '\u{2060}',
            '\u{feff}', // width of zero
            '\u{ad}',
            '\u{34f}',
            '\u{180e}',
            '\u{2028}',
            '\u{2029}',
            '\u{206a}',
            '\u{fff9}',
            '\u{e0041}', // format
            '\u{115f}',
            '\u{2800}',
            '\u{3164}',
            '\u{ffa0}',
            '\u{fe0f}',
            '\u{e0100}', // fillers and selectors
        ] {
            let text = format!("pay{unseen}ments");
            assert_eq!(
                Name::new(&text),
                Err(NameProblem::Unseen),
                "U+{:04X}",
                u32::from(unseen)
            );
        }
    }

    #[test]
    fn a_name_has_1_to_80_characters() {
        assert_eq!(Name::new(" \u{2003} "), Err(NameProblem::Empty));
        assert!(Name::new(&"ü".repeat(80)).is_ok());
        assert_eq!(Name::new(&"ü".repeat(81)), Err(NameProblem::TooLong));
    }

    #[test]
    fn a_name_that_was_taken_before_is_still_read() {
        let former = "pay\u{200b}ments";
        assert_eq!(Name::stored(former).map(|name| name.to_string()), Ok(former.to_owned()));
    }
}
