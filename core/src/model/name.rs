//! A name that a person gave.

use std::fmt;

/// Trimmed, 1 to 80 characters, no control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

/// Why a text is not a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameProblem {
    Empty,
    TooLong,
    Control,
}

impl Name {
    /// Longest name, in characters; Overten's `key_name` allows 80.
    pub const MAX: usize = 80;

    pub fn new(text: &str) -> Result<Name, NameProblem> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NameProblem::Empty);
        }
        if text.chars().count() > Name::MAX {
            return Err(NameProblem::TooLong);
        }
        if text.chars().any(char::is_control) {
            return Err(NameProblem::Control);
        }
        Ok(Name(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
