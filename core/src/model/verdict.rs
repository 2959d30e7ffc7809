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

/// What an answer says of a key beyond live and dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Live, and not allowed what was asked.
    Restricted,
    /// Its account is suspended: what the key itself is worth is not told.
    Suspended,
    /// Live, with its quota or credits used up.
    Exhausted,
    /// Dead, because its time was over.
    Expired,
    /// Asked too often: nothing was told.
    RateLimited,
}

impl Standing {
    pub fn as_str(self) -> &'static str {
        match self {
            Standing::Restricted => "restricted",
            Standing::Suspended => "suspended",
            Standing::Exhausted => "exhausted",
            Standing::Expired => "expired",
            Standing::RateLimited => "rate_limited",
        }
    }

    pub fn parse(word: &str) -> Option<Standing> {
        use Standing::*;
        [Restricted, Suspended, Exhausted, Expired, RateLimited]
            .into_iter()
            .find(|standing| standing.as_str() == word)
    }

    /// What it means for the question whether the key works.
    pub fn answer(self) -> Answer {
        match self {
            Standing::Restricted | Standing::Exhausted => Answer::Live,
            Standing::Expired => Answer::Dead,
            Standing::Suspended | Standing::RateLimited => Answer::Undetermined,
        }
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
    pub standing: Option<Standing>,
    /// When the key stops working by itself, where the answer told it.
    pub expires_at: Option<Timestamp>,
    /// What the provider's clock showed when it answered, where it said so.
    pub told_at: Option<Timestamp>,
    /// When asking again makes sense; not stored.
    pub retry_at: Option<Timestamp>,
}

impl Verdict {
    /// An answer of which nothing more is known.
    pub fn new(answer: Answer, at: Timestamp) -> Verdict {
        Verdict {
            answer,
            at,
            took_ms: 0,
            status: None,
            code: None,
            standing: None,
            expires_at: None,
            told_at: None,
            retry_at: None,
        }
    }
}
