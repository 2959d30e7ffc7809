//! `GET /v1/credits`: the cheapest call with a key, for those that may read credits (path and body unconfirmed).

use serde_json::json;

use super::{rate, refuse};
use crate::account::{Account, Provider, Quota};
use crate::exchange::Turn;
use crate::issuer::{Issued, Presented, present};
use crate::reply::Reply;

/// What an organisation has while nothing is used up (invented).
const BALANCE: u32 = 1000;

/// The balance of the key's organisation.
pub(super) fn credits(turn: &mut Turn<'_>) -> Reply {
    // "Invalid or missing keys return 401 INVALID_API_KEY": the two are not told apart.
    let Presented::Live(key, account) = present(turn, Provider::OnPage) else {
        return refuse(turn, 401, "INVALID_API_KEY", "The API key is invalid or missing.");
    };
    let rate = rate::count(turn, &key, &account);
    let answered = if rate.is_exceeded() {
        refuse(turn, 429, "RATE_LIMIT_EXCEEDED", "Too many requests.")
    } else {
        balance(turn, &key, &account)
    };
    rate.stamp(answered)
}

fn balance(turn: &mut Turn<'_>, key: &Issued, account: &Account) -> Reply {
    if account.suspended {
        return refuse(turn, 403, "ORGANIZATION_SUSPENDED", "The organization is suspended.");
    }
    if !key.may("credits:read") {
        // "403 on restricted routes"; its code is unconfirmed.
        return refuse(turn, 403, "INSUFFICIENT_PERMISSIONS", "The key lacks credits:read.");
    }
    let empty = account.used_up.contains(&Quota::Credits);
    let body = json!({
        "request_id": turn.state.material.id("req"),
        "balance": if empty { 0 } else { BALANCE },
    });
    Reply::json(200, &body)
}
