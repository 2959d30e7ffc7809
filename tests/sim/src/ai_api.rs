//! The "AI-powered API" of `api.example.com`: a documentation sample of a service that does not exist.

mod dashboard;
mod generate;

use serde_json::{Value, json};

pub(crate) use self::dashboard::{KEYS_PAGE, dashboard};

use crate::call::Call;
use crate::exchange::Turn;
use crate::reply::Reply;

/// Host of the examples.
pub(crate) const HOST: &str = "api.example.com";

/// Whether a request is for this API: by the host of the examples, or on loopback by the documented version, for an
/// account whose address is this machine.
pub(crate) fn is_asked(call: &Call) -> bool {
    call.host == HOST || (crate::dashboard::is_at(&call.host) && call.path.starts_with("/v1/"))
}

/// What a key may be given (AI API, "Key Permissions").
pub(crate) const PERMISSIONS: [&str; 4] = ["read", "write", "admin", "webhook"];

/// What keys are made for (AI API, "Creating Multiple Keys").
pub(crate) const PURPOSES: [&str; 4] = ["Development", "Production", "Read-only", "Admin"];

/// Answers one request to the API.
pub(crate) fn answer(turn: &mut Turn<'_>) -> Reply {
    match (turn.call.method.as_str(), turn.call.path.as_str()) {
        ("POST", "/v1/generate") => generate::generate(turn).unwrap_or_else(|refused| refused),
        ("GET", "/v1/models") => generate::models(turn).unwrap_or_else(|refused| refused),
        _ => refusal(404, "NOT_FOUND", "The resource was not found", None),
    }
}

/// `{"success":false,"error":{"code":"…","message":"…","details":{…}}}` (AI API, "Error Responses").
pub(crate) fn refusal(status: u16, code: &str, message: &str, details: Option<Value>) -> Reply {
    let details = details.unwrap_or_else(|| json!({}));
    let error = json!({"code": code, "message": message, "details": details});
    Reply::json(status, &json!({"success": false, "error": error}))
}
