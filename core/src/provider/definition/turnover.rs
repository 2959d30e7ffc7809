//! What bounds replacing a key: how many may live, in which slots, for how long, how fast.

use std::time::Duration;

use regex::Regex;

use super::file::{GraceFile, PaceFile};
use super::{DefinitionProblem, Field, Reason, Strategy, check};

/// How long the provider keeps an old value alive after a roll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grace {
    pub span: Duration,
    pub starts: GraceStarts,
}

/// When the grace begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GraceStarts {
    /// With the roll itself.
    Roll,
    /// When the new value is used for the first time.
    FirstUse,
}

/// How fast a key may be used: so many requests in so long a span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    pub requests: u32,
    pub span: Duration,
    /// The account's field that says another span, in seconds, where an account may have its own.
    pub field: Option<String>,
    /// What the provider says about it, e.g. whom to ask for more.
    pub note: Option<String>,
}

const DAY: i64 = 86_400;

impl GraceStarts {
    pub fn as_str(self) -> &'static str {
        match self {
            GraceStarts::Roll => "roll",
            GraceStarts::FirstUse => "first_use",
        }
    }

    pub fn parse(word: &str) -> Option<GraceStarts> {
        [GraceStarts::Roll, GraceStarts::FirstUse]
            .into_iter()
            .find(|one| one.as_str() == word)
    }
}

/// Reads `[grace]`: required for a roll with grace, and only there.
pub(super) fn grace(file: Option<GraceFile>, strategy: Strategy) -> Result<Option<Grace>, DefinitionProblem> {
    let Some(file) = file else {
        return match strategy {
            Strategy::RollWithGrace => Err(DefinitionProblem::new("grace", Reason::MissingField)),
            _ => Ok(None),
        };
    };
    if strategy != Strategy::RollWithGrace {
        return Err(DefinitionProblem::new("grace", Reason::NeedsStrategy));
    }
    let starts =
        GraceStarts::parse(&file.starts).ok_or_else(|| DefinitionProblem::new("grace.starts", Reason::UnknownWord))?;
    Ok(Some(Grace {
        span: Duration::from_secs(number(file.seconds, 1, 90 * DAY, "grace.seconds")?),
        starts,
    }))
}

/// Reads `slots`: the names of the two, required for two slots and only there.
pub(super) fn slots(
    names: Option<Vec<String>>,
    strategy: Strategy,
    id: &Regex,
) -> Result<Option<[String; 2]>, DefinitionProblem> {
    let wrong = |reason| DefinitionProblem::new("slots", reason);
    match (names, strategy) {
        (None, Strategy::TwoSlot) => Err(wrong(Reason::MissingField)),
        (None, _) => Ok(None),
        (Some(names), Strategy::TwoSlot) => {
            let both: [String; 2] = names.try_into().map_err(|_| wrong(Reason::NeedsTwo))?;
            if both[0] == both[1] {
                return Err(wrong(Reason::NeedsTwo));
            }
            if !both.iter().all(|name| name.len() <= 128 && id.is_match(name)) {
                return Err(wrong(Reason::BadText));
            }
            Ok(Some(both))
        }
        (Some(_), _) => Err(wrong(Reason::NeedsStrategy)),
    }
}

/// Reads `live_limit`; an overlap needs two.
pub(super) fn live_limit(limit: Option<i64>, strategy: Strategy) -> Result<Option<u32>, DefinitionProblem> {
    let least = match strategy {
        Strategy::Overlap => 2,
        _ => 1,
    };
    let limit = limit.map(|limit| number(limit, least, 10_000, "live_limit"));
    Ok(limit.transpose()?.and_then(|limit| u32::try_from(limit).ok()))
}

/// Reads `[pace]`; its field is one of the account's, and not a required one.
pub(super) fn pace(file: Option<PaceFile>, account: &[Field]) -> Result<Option<Pace>, DefinitionProblem> {
    let Some(file) = file else {
        return Ok(None);
    };
    let known = |name: &String| account.iter().any(|field| field.name() == name && !field.required());
    if file.field.as_ref().is_some_and(|name| !known(name)) {
        return Err(DefinitionProblem::new("pace.field", Reason::UnknownWord));
    }
    let requests = number(file.requests, 1, 1_000_000, "pace.requests")?;
    Ok(Some(Pace {
        requests: u32::try_from(requests).unwrap_or(u32::MAX),
        span: Duration::from_secs(number(file.seconds, 1, DAY, "pace.seconds")?),
        field: file.field,
        note: check::optional_text(file.note, 300, "pace.note")?,
    }))
}

/// Reads a whole number within bounds.
pub(super) fn number(number: i64, least: i64, most: i64, at: &str) -> Result<u64, DefinitionProblem> {
    u64::try_from(number)
        .ok()
        .filter(|_| (least..=most).contains(&number))
        .ok_or_else(|| DefinitionProblem::new(at, Reason::OutOfRange))
}
