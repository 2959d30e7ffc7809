//! What a call with a key said.

use jiff::Timestamp;

/// Only the provider's own refusal of the credential is `Dead`; rate limited, suspended, offline and
/// 5xx are `Undetermined`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Live,
    Dead,
    Undetermined,
}

impl Answer {
    pub fn as_str(self) -> &'static str {
        match self {
            Answer::Live => "live",
            Answer::Dead => "dead",
            Answer::Undetermined => "undetermined",
        }
    }

    pub fn parse(word: &str) -> Option<Answer> {
        [Answer::Live, Answer::Dead, Answer::Undetermined]
            .into_iter()
            .find(|answer| answer.as_str() == word)
    }
}

/// One answer, when it came and how long it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub answer: Answer,
    pub at: Timestamp,
    pub took_ms: u32,
    /// Status of the answer; none where there was no answer.
    pub status: Option<u16>,
    /// The provider's error code, where its definition knows it.
    pub code: Option<String>,
}
