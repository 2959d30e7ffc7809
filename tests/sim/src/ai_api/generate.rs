//! `POST /v1/generate`: the only call that the document shows, and one that is paid for. Beside it one that is free.

use jiff::Timestamp;
use serde_json::json;

use super::refusal;
use crate::account::{Account, Provider};
use crate::exchange::Turn;
use crate::issuer::{Issued, Presented, present};
use crate::material::digest;
use crate::reply::Reply;

/// Generates, if the key may and the body is right; the key is looked at first (order unconfirmed).
pub(super) fn generate(turn: &mut Turn<'_>) -> Result<Reply, Reply> {
    let account = admit(turn)?;
    let fields = turn.call.fields().unwrap_or_default();
    for field in ["prompt", "model"] {
        if !fields.get(field).is_some_and(|value| value.is_string()) {
            // Neither this status nor this code is documented.
            let details = json!({"field": field});
            return Err(refusal(
                400,
                "VALIDATION_ERROR",
                "The request is invalid",
                Some(details),
            ));
        }
    }
    if let Some(account) = turn.state.issuer.account_mut(&account.id) {
        account.billed += 1;
    }
    Ok(Reply::json(200, &json!({"success": true, "data": {"text": "…"}})))
}

/// `GET /v1/models`: stands for the free call that each user of the template must name; the document has none.
pub(super) fn models(turn: &mut Turn<'_>) -> Result<Reply, Reply> {
    admit(turn)?;
    Ok(Reply::json(200, &json!({"success": true, "data": ["gpt-4"]})))
}

/// Lets a key through that may read or do everything.
fn admit(turn: &mut Turn<'_>) -> Result<Account, Reply> {
    let (key, account) = authenticate(turn)?;
    if account.suspended || !(key.may("read") || key.may("admin")) {
        let message = "Access denied. Check your API key permissions.";
        return Err(refusal(403, "ACCESS_DENIED", message, None));
    }
    if !account.used_up.is_empty() {
        return Err(refusal(429, "RATE_LIMIT_EXCEEDED", "Rate limit exceeded", None));
    }
    Ok(account)
}

fn authenticate(turn: &mut Turn<'_>) -> Result<(Issued, Account), Reply> {
    let invalid = |key_id: String| {
        let details = json!({"key_id": key_id});
        refusal(401, "INVALID_API_KEY", "The provided API key is invalid", Some(details))
    };
    match present(turn, Provider::AiApi) {
        Presented::Live(key, account) => Ok((key, account)),
        Presented::Dead(key) => Err(invalid(key.key_id)),
        Presented::Unknown => Err(invalid(made_up_id(turn.call.bearer().unwrap_or_default()))),
        Presented::Expired(key) => {
            let at = key.grant.expires_at.map(whole_seconds);
            let details = json!({"expired_at": at});
            Err(refusal(
                401,
                "EXPIRED_API_KEY",
                "The API key has expired",
                Some(details),
            ))
        }
        Presented::Missing => {
            let details = json!({"header": "Authorization"});
            Err(refusal(401, "MISSING_API_KEY", "API key is required", Some(details)))
        }
    }
}

/// The document gives a key id even for a key that is not valid; where it comes from is not said.
fn made_up_id(value: &str) -> String {
    let digits = digest(value)
        .iter()
        .take(10)
        .map(|byte| char::from(b'0' + byte % 10))
        .collect::<String>();
    format!("key_{digits}")
}

/// A time as in the example, `2024-01-01T00:00:00Z`.
fn whole_seconds(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
