//! What went wrong, said so that a program and a person can act on it.
//!
//! Deliberately absent: foreign text. A detail is built from vetted facts only, so neither a secret nor
//! a provider's prose can reach a log, a journal row or the screen through an error.

mod code;
mod detail;

pub use code::{Code, Family};
pub use detail::SafeDetail;

use jiff::Timestamp;

/// What a failed act did to the outside world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing changed.
    NotApplied,
    /// The change happened all the same.
    Applied,
    /// It may or may not have happened; only asking settles it, never repeating.
    Unknown,
}

impl Effect {
    /// The stable word for journal and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Effect::NotApplied => "not_applied",
            Effect::Applied => "applied",
            Effect::Unknown => "unknown",
        }
    }

    /// Reads the stable word.
    pub fn parse(word: &str) -> Option<Effect> {
        [Effect::NotApplied, Effect::Applied, Effect::Unknown]
            .into_iter()
            .find(|effect| effect.as_str() == word)
    }
}

/// A failure: stable code, effect, vetted details. Its words are the code's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub struct Failure {
    pub code: Code,
    pub effect: Effect,
    /// The input that was refused, named as the form or the option names it.
    pub field: Option<String>,
    pub details: Vec<SafeDetail>,
    /// When a repeat makes sense, where that is known.
    pub retry_at: Option<Timestamp>,
    /// What the provider's definition advises where it gives this answer: its author's words, not the provider's.
    pub advice: Option<Box<str>>,
}

impl Failure {
    /// Returns a failure that changed nothing.
    pub fn new(code: Code) -> Self {
        Failure {
            code,
            effect: Effect::NotApplied,
            field: None,
            details: Vec::new(),
            retry_at: None,
            advice: None,
        }
    }

    /// Returns a failure whose effect nobody knows yet.
    pub fn unknown(code: Code) -> Self {
        Failure {
            effect: Effect::Unknown,
            ..Failure::new(code)
        }
    }

    pub fn with_effect(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    pub fn detail(mut self, detail: SafeDetail) -> Self {
        self.details.push(detail);
        self
    }

    pub fn retry_at(mut self, at: Timestamp) -> Self {
        self.retry_at = Some(at);
        self
    }

    /// With what the provider's definition advises, where it advises something.
    pub fn advised(mut self, advice: Option<&str>) -> Self {
        self.advice = advice.map(Box::from);
        self
    }

    /// What the provider's answer said: its status, and its code where the definition lists that.
    pub fn said(&self) -> Option<(u16, Option<&str>)> {
        let status = self.details.iter().find_map(|detail| match detail {
            SafeDetail::HttpStatus(status) => Some(*status),
            _ => None,
        })?;
        let code = self.details.iter().find_map(|detail| match detail {
            SafeDetail::ProviderCode(word) => Some(word.as_str()),
            _ => None,
        });
        Some((status, code))
    }

    /// Lower-case fragment, fit for "Connecting failed: {message}". What was done or may have been comes first.
    pub fn message(&self) -> String {
        let message = self.code.message();
        match self.effect {
            Effect::NotApplied => message.to_owned(),
            Effect::Applied => format!("it was done, but {message}"),
            Effect::Unknown => format!("it may have been done: {message}"),
        }
    }

    /// What the person can do: a whole sentence. Nothing has to be found out where it is known that nothing happened.
    pub fn remedy(&self) -> String {
        if let Some(advice) = &self.advice {
            return advice.to_string();
        }
        match (self.code, self.effect) {
            (Code::ProviderNoAnswer | Code::ProviderServerError, Effect::NotApplied) => "Try again later.".to_owned(),
            (Code::ProviderUnexpected, Effect::NotApplied) => "Its definition may need an update.".to_owned(),
            _ => self.code.remedy().to_owned(),
        }
    }

    /// Whether time alone may cure it.
    pub fn is_passing(&self) -> bool {
        self.code.is_passing()
    }
}
