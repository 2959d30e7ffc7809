//! on-page.ai, `https://api.on-page.ai` (its documents on authentication and rate limits).

mod credits;
mod dashboard;
mod rate;

pub(crate) use dashboard::{KEYS_PAGE, dashboard};

use crate::envelope::Envelope;
use crate::exchange::Turn;
use crate::reply::Reply;

/// Host of the documented base URL.
pub(crate) const HOST: &str = "api.on-page.ai";

/// What a key may be given (On-Page, "Permissions").
pub(crate) const PERMISSIONS: [&str; 6] = [
    "classify:create",
    "scan:create",
    "jobs:read",
    "results:read",
    "credits:read",
    "webhooks:write",
];

/// Answers one request to the API.
pub(crate) fn answer(turn: &mut Turn<'_>) -> Reply {
    match (turn.call.method.as_str(), turn.call.path.as_str()) {
        ("GET", "/v1/credits") => credits::credits(turn),
        _ => refuse(turn, 404, "NOT_FOUND", "There is no such route."),
    }
}

/// An error; codes are documented, their envelope is not.
pub(crate) fn refusal(envelope: Envelope, status: u16, code: &str, message: &str) -> Reply {
    Reply::json(status, &envelope.hold(code, message))
}

fn refuse(turn: &Turn<'_>, status: u16, code: &str, message: &str) -> Reply {
    refusal(turn.call.envelopes.on_page, status, code, message)
}
