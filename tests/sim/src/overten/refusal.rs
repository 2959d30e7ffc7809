//! The two error envelopes of Overten: its own flat one, and FastAPI's 422.

use serde_json::{Value, json};

use crate::reply::Reply;

/// `{"success":false,"error":"<code>","message":"…"}` (Overten, /errors).
pub(crate) fn refusal(status: u16, code: &str, message: &str) -> Reply {
    Reply::json(status, &json!({"success": false, "error": code, "message": message}))
}

/// 401 for a key that is unknown, revoked or absent (Overten, "Revoking keys").
pub(super) fn invalid_api_key() -> Reply {
    refusal(401, "invalid_api_key", "The API key is missing, malformed or revoked.")
}

/// 401 for an ID token that is not one, or no longer (code unconfirmed).
pub(super) fn invalid_token(message: &str) -> Reply {
    refusal(401, "unauthorized", message)
}

/// 403 for a suspended organisation or somebody else's (Overten, /errors: `forbidden`).
pub(super) fn forbidden(message: &str) -> Reply {
    refusal(403, "forbidden", message)
}

/// 404 (code unconfirmed).
pub(super) fn not_found(what: &str) -> Reply {
    refusal(404, "not_found", &format!("{what} not found."))
}

/// FastAPI's answer for a path that it does not serve.
pub(super) fn no_route() -> Reply {
    Reply::json(404, &json!({"detail": "Not Found"}))
}

/// FastAPI's answer for a method that a path does not serve.
pub(super) fn wrong_method() -> Reply {
    Reply::json(405, &json!({"detail": "Method Not Allowed"}))
}

/// FastAPI's validation error (Overten, /api-reference/public/signup).
pub(super) fn unprocessable(kind: &str, field: &[&str], msg: &str, input: &Value, ctx: &Value) -> Reply {
    let loc: Vec<&str> = ["body"].iter().chain(field).copied().collect();
    let mut detail = json!({"type": kind, "loc": loc, "msg": msg, "input": input});
    if !ctx.is_null() {
        detail["ctx"] = ctx.clone();
    }
    Reply::json(422, &json!({"detail": [detail]}))
}
