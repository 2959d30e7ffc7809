//! Which answer is meant: a status, alone or with what the body says.

use serde_json::Value;

use super::file::{StandsFile, Status};
use super::{DefinitionProblem, Reason, check};

/// A status, alone or together with an error code or with what stands at one place of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::provider) struct Matcher {
    pub status: u16,
    pub code: Option<String>,
    /// A JSON Pointer (RFC 6901), and the value that must stand there.
    pub body: Option<(String, Value)>,
}

/// What of an answer matchers look at.
#[derive(Debug, Clone, Copy)]
pub(in crate::provider) struct Said<'a> {
    pub status: u16,
    pub code: Option<&'a str>,
    /// The body, where it is JSON.
    pub body: Option<&'a Value>,
}

impl Matcher {
    /// Whether all fits that it asks for.
    pub fn fits(&self, said: Said<'_>) -> bool {
        let stands = |(pointer, wanted): &(String, Value)| {
            said.body
                .and_then(|body| body.pointer(pointer))
                .is_some_and(|found| found == wanted)
        };
        self.status == said.status
            && self.code.as_deref().is_none_or(|wanted| Some(wanted) == said.code)
            && self.body.as_ref().is_none_or(stands)
    }

    /// Whether it asks for more than a status: it then goes before one that does not.
    pub fn is_exact(&self) -> bool {
        self.code.is_some() || self.body.is_some()
    }

    /// Reads one; a status in the 200s may stand wherever the body decides.
    pub(super) fn read(status: Status, allowed: fn(u16) -> bool) -> Result<Matcher, Reason> {
        let (number, code, body) = match status {
            Status::Number(number) => (number, None, None),
            Status::WithCode(text) => {
                let (number, code) = text.split_once(' ').ok_or(Reason::BadStatus)?;
                check::code(code).map_err(|_| Reason::BadStatus)?;
                let number = number.parse().map_err(|_| Reason::BadStatus)?;
                (number, Some(code.to_owned()), None)
            }
            Status::WithBody(file) => {
                if !check::is_pointer(&file.at) {
                    return Err(Reason::BadPointer);
                }
                (file.status, None, Some((file.at, plain(file.is)?)))
            }
        };
        let status = u16::try_from(number)
            .ok()
            .filter(|status| allowed(*status) || (body.is_some() && (200..300).contains(status)))
            .ok_or(Reason::BadStatus)?;
        Ok(Matcher { status, code, body })
    }
}

/// What stands at one of some places of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::provider) struct Stands {
    /// JSON Pointers (RFC 6901), alternatives in order.
    at: Vec<String>,
    is: Vec<Value>,
}

impl Stands {
    /// Whether one of the values stands there; none where nothing stands there, which says nothing.
    pub fn told_by(&self, item: &Value) -> Option<bool> {
        let found = self.at.iter().find_map(|pointer| item.pointer(pointer));
        found
            .filter(|found| !found.is_null())
            .map(|found| self.is.contains(found))
    }

    pub(super) fn read(file: StandsFile, at: &str) -> Result<Stands, DefinitionProblem> {
        let wrong = |reason| DefinitionProblem::new(format!("{at}.is"), reason);
        if file.is.is_empty() {
            return Err(wrong(Reason::MissingField));
        }
        let is: Result<Vec<Value>, Reason> = file.is.into_iter().map(plain).collect();
        Ok(Stands {
            at: check::pointers(file.at, true, &format!("{at}.at"))?,
            is: is.map_err(wrong)?,
        })
    }
}

/// A value that can be compared with one of an answer.
fn plain(value: toml::Value) -> Result<Value, Reason> {
    match value {
        toml::Value::Boolean(flag) => Ok(Value::from(flag)),
        toml::Value::Integer(number) => Ok(Value::from(number)),
        toml::Value::String(text) => Ok(Value::from(text)),
        _ => Err(Reason::WrongType),
    }
}

/// A refusal that a repeat would not change (RFC 9110 §15.5).
pub(super) fn client_side(status: u16) -> bool {
    (400..500).contains(&status) && ![408, 425, 429].contains(&status)
}
