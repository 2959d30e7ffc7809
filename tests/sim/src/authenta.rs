//! Authenta, `https://platform.authenta.ai/api` (docs.authenta.ai: managing API keys, authentication, quotas).

mod dashboard;
mod media;

use serde_json::json;

pub(crate) use dashboard::{KEYS_PAGE, dashboard};

use crate::exchange::Turn;
use crate::reply::Reply;

/// Host of the documented base URL.
pub(crate) const HOST: &str = "platform.authenta.ai";

/// What a key may be given (Authenta, "Permissions").
pub(crate) const PERMISSIONS: [&str; 3] = ["Read", "Write", "Delete"];

/// Answers one request to the API; media are `jobs` in the newer documents.
pub(crate) fn answer(turn: &mut Turn<'_>) -> Reply {
    let segments = turn.call.segments();
    let answered = match (turn.call.method.as_str(), segments.as_slice()) {
        ("GET", ["api", "v1", "jobs"] | ["api", "media"]) => media::list(turn),
        ("POST", ["api", "v1", "jobs"] | ["api", "media"]) => media::upload(turn),
        ("DELETE", ["api", "v1", "jobs", _] | ["api", "media", _]) => media::remove(turn),
        _ => Err(refusal(404, "NOT_FOUND", "Not found")),
    };
    answered.unwrap_or_else(|refused| refused)
}

/// `{"code":"…","statusCode":…,"message":"…"}` (Authenta, /api/authentication).
pub(crate) fn refusal(status: u16, code: &str, message: &str) -> Reply {
    Reply::json(status, &json!({"code": code, "statusCode": status, "message": message}))
}
