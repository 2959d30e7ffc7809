//! Google's error envelope: `{"error":{"code":400,"message":"…"}}`, with 400 for a dead credential.

use serde_json::json;

use crate::reply::Reply;

/// An error in Google's envelope.
pub(crate) fn refusal(status: u16, message: &str) -> Reply {
    let named = match status {
        400 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        429 => "RESOURCE_EXHAUSTED",
        503 => "UNAVAILABLE",
        _ => "INTERNAL",
    };
    let errors = json!([{"message": message, "domain": "global", "reason": "invalid"}]);
    let error = json!({"code": status, "message": message, "errors": errors, "status": named});
    Reply::json(status, &json!({"error": error}))
}

/// 403 where the query has no `key` (message as Google's gateway gives it, unconfirmed here).
pub(super) fn no_api_key() -> Reply {
    refusal(
        403,
        "Method doesn't allow unregistered callers. Please use API Key to call this API.",
    )
}

/// 400 `API_KEY_INVALID` where the `key` belongs to no project (google.rpc.ErrorInfo).
pub(super) fn invalid_api_key(host: &str) -> Reply {
    let error = json!({
        "code": 400,
        "message": "API key not valid. Please pass a valid API key.",
        "status": "INVALID_ARGUMENT",
        "details": [{
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "API_KEY_INVALID",
            "domain": "googleapis.com",
            "metadata": {"service": host},
        }],
    });
    Reply::json(400, &json!({"error": error}))
}
