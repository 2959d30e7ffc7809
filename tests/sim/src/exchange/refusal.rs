//! An error that a fault wants, in the envelope of the provider that was called.

use crate::call::Call;
use crate::reply::Reply;
use crate::{ai_api, authenta, dashboard, firebase, lab, on_page, optiverse, overten};

/// An error with this status, and this code or the provider's own for it.
pub(super) fn refusal(status: u16, code: Option<&str>, message: &str, call: &Call) -> Reply {
    let envelopes = call.envelopes;
    match call.host.as_str() {
        overten::HOST => overten::refusal(status, code.unwrap_or(overten_code(status)), message),
        on_page::HOST => on_page::refusal(envelopes.on_page, status, code.unwrap_or(on_page_code(status)), message),
        authenta::HOST => authenta::refusal(status, code.unwrap_or(authenta_code(status)), message),
        _ if lab::is_asked(call) => lab::refusal(status, code.unwrap_or(lab_code(status)), message),
        _ if ai_api::is_asked(call) => ai_api::refusal(status, code.unwrap_or(ai_api_code(status)), message, None),
        optiverse::HOST => optiverse::refusal(
            envelopes.optiverse,
            status,
            code.unwrap_or(optiverse_code(status)),
            message,
        ),
        host if dashboard::is_at(host) => dashboard::refusal(status, code, message),
        _ => firebase::refusal(status, code.unwrap_or(message)),
    }
}

/// Codes of Overten's /errors; only those of 401 and 403 are confirmed.
fn overten_code(status: u16) -> &'static str {
    match status {
        400 => "bad_request",
        401 => "invalid_api_key",
        402 => "insufficient_credits",
        403 => "forbidden",
        404 => "not_found",
        409 => "idempotency_conflict",
        410 => "gone",
        429 => "rate_limited",
        501 => "not_implemented",
        503 => "capacity",
        _ => "internal_error",
    }
}

/// Codes of On-Page; only those of 401 and 403 are in its document on keys.
fn on_page_code(status: u16) -> &'static str {
    match status {
        401 => "INVALID_API_KEY",
        403 => "ORGANIZATION_SUSPENDED",
        429 => "RATE_LIMIT_EXCEEDED",
        _ => "INTERNAL_ERROR",
    }
}

/// Codes of Authenta; only those of 401 and 403 are confirmed.
fn authenta_code(status: u16) -> &'static str {
    match status {
        401 => "INVALID_API_KEY",
        403 => "FORBIDDEN",
        429 => "QUOTA_EXCEEDED",
        _ => "INTERNAL_ERROR",
    }
}

/// Codes of the AI API; only that of 401 is in its document.
fn ai_api_code(status: u16) -> &'static str {
    match status {
        401 => "INVALID_API_KEY",
        403 => "ACCESS_DENIED",
        429 => "RATE_LIMIT_EXCEEDED",
        _ => "INTERNAL_ERROR",
    }
}

/// Codes of Optiverse's table; it has none for 429.
fn optiverse_code(status: u16) -> &'static str {
    match status {
        400 => "VAL001",
        401 => "AUTH002",
        404 => "PERM001",
        409 => "KEY001",
        429 => "RATE_LIMITED",
        _ => "SRV500",
    }
}

/// Codes of the invented provider.
fn lab_code(status: u16) -> &'static str {
    match status {
        401 => "invalid_admin_key",
        404 => "not_found",
        409 => "key_limit",
        429 => "rate_limited",
        _ => "internal",
    }
}
