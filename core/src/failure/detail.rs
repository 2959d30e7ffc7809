//! A fact that may be shown: made from numbers and vetted words, never from foreign text.

use std::fmt;
use std::path::PathBuf;

/// A fact for the "Details" of a failure. There is no way in for a free string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SafeDetail {
    /// The status line of an answer.
    HttpStatus(u16),
    /// An error code that the provider's definition lists; made by [`SafeDetail::provider_code`] only.
    ProviderCode(KnownWord),
    /// A host from a definition or an account.
    Host(KnownWord),
    /// A name of a part of ours: a step, a pragma, a field.
    Part(&'static str),
    /// A file of the person's own, where they keep it. Shells escape what they print.
    Place(PathBuf),
    /// A name that a file of the person's own assigns to.
    Assigned(KnownWord),
    /// The name under which something of ours was created at a provider; it tells a person what to look for there.
    Created(String),
    /// An account, by the name that its person gave it. Shells escape what they print.
    Account(String),
    /// A line of such a file, counted from 1.
    Line(usize),
    Count {
        what: &'static str,
        n: u64,
    },
    Seconds {
        what: &'static str,
        n: u64,
    },
}

/// A short word of a closed alphabet: letters, digits, `_`, `-`, `.`, `:`, `/`; at most 120 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownWord(String);

impl KnownWord {
    /// Returns the word if it keeps to the alphabet.
    pub fn new(word: &str) -> Option<KnownWord> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "_-.:/[]".contains(c);
        (!word.is_empty() && word.len() <= 120 && word.chars().all(allowed)).then(|| KnownWord(word.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SafeDetail {
    /// Returns the code if it is one of the words the definition knows.
    pub fn provider_code(found: &str, known: &[String]) -> Option<SafeDetail> {
        known
            .iter()
            .find(|word| *word == found)
            .and_then(|word| KnownWord::new(word))
            .map(SafeDetail::ProviderCode)
    }

    /// Returns the name, or that it is another one, where it is no plain word.
    pub fn assigned(name: &str) -> SafeDetail {
        KnownWord::new(name).map_or(SafeDetail::Part("in another place"), SafeDetail::Assigned)
    }

    /// Returns the host, where it is a plain one.
    pub fn host(host: &str) -> Option<SafeDetail> {
        KnownWord::new(host).map(SafeDetail::Host)
    }
}

impl fmt::Display for SafeDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SafeDetail::HttpStatus(status) => write!(f, "HTTP status {status}"),
            SafeDetail::ProviderCode(word) => write!(f, "provider code {}", word.0),
            SafeDetail::Host(word) => write!(f, "host {}", word.0),
            SafeDetail::Part(part) => f.write_str(part),
            SafeDetail::Place(path) => write!(f, "in {}", path.display()),
            SafeDetail::Assigned(name) => write!(f, "under {}", name.0),
            SafeDetail::Created(name) => write!(f, "its name at the provider: {name}"),
            SafeDetail::Account(label) => write!(f, "account {label}"),
            SafeDetail::Line(line) => write!(f, "line {line}"),
            SafeDetail::Count { what, n } => write!(f, "{n} {what}"),
            SafeDetail::Seconds { what, n } => write!(f, "{what} {n} s"),
        }
    }
}
