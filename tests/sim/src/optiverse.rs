//! Optiverse, `https://api.optiverse.ai/external-api/v1` (academy.optiverse.ai/api-reference/authentication).

mod dashboard;
mod records;

pub(crate) use dashboard::{KEYS_PAGE, dashboard};

use crate::envelope::Envelope;
use crate::exchange::Turn;
use crate::reply::Reply;

/// Host of the documented base URL.
pub(crate) const HOST: &str = "api.optiverse.ai";

/// Answers one request to the API.
pub(crate) fn answer(turn: &mut Turn<'_>) -> Reply {
    match (turn.call.method.as_str(), turn.call.path.as_str()) {
        ("GET", "/external-api/v1/list-records") => records::list(turn).unwrap_or_else(|refused| refused),
        _ => refuse(turn, 404, "PERM001", "Resource not found or access denied"),
    }
}

/// An error of the table "Error Codes", whose envelope is not documented.
pub(crate) fn refusal(envelope: Envelope, status: u16, code: &str, message: &str) -> Reply {
    Reply::json(status, &envelope.hold(code, message))
}

fn refuse(turn: &Turn<'_>, status: u16, code: &str, message: &str) -> Reply {
    refusal(turn.call.envelopes.optiverse, status, code, message)
}
