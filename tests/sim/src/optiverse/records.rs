//! `GET /list-records`: the documented call, at the documented pace.

use jiff::{SignedDuration, Timestamp, civil};
use serde_json::json;

use super::refuse;
use crate::account::{Account, Pace, Provider};
use crate::exchange::Turn;
use crate::issuer::{Issued, Presented, present};
use crate::reply::Reply;

/// "One request per 3 minutes for polling use cases."
const PACE: SignedDuration = SignedDuration::from_mins(3);

/// Most records of a page (/api-reference/list-records).
const LIMIT_MAX: u64 = 100;

/// No records, in the documented page.
pub(super) fn list(turn: &mut Turn<'_>) -> Result<Reply, Reply> {
    let (key, account) = match present(turn, Provider::Optiverse) {
        Presented::Live(key, account) => (key, account),
        Presented::Missing => return Err(refuse(turn, 401, "AUTH001", "Missing Authorization header")),
        // Wrong format, expired and not found are one code.
        Presented::Unknown | Presented::Dead(_) | Presented::Expired(_) => {
            return Err(refuse(turn, 401, "AUTH002", "Invalid API key"));
        }
    };
    pace(turn, &key, &account)?;
    if account.suspended {
        return Err(refuse(turn, 404, "PERM001", "Resource not found or access denied"));
    }
    let limit = number(turn, "limit", 50)?;
    let offset = number(turn, "offset", 0)?;
    let dates = ["dateFrom", "dateTo"].map(|name| turn.call.query(name));
    if !(1..=LIMIT_MAX).contains(&limit) || !dates.iter().flatten().all(|date| is_date(date)) {
        return Err(invalid(turn));
    }
    let page = json!({"total": 0, "limit": limit, "offset": offset, "hasMore": false});
    Ok(Reply::json(
        200,
        &json!({"success": true, "data": [], "pagination": page}),
    ))
}

/// Refuses a call that comes too soon; neither its code nor a `Retry-After` is documented, so it has none.
fn pace(turn: &mut Turn<'_>, key: &Issued, account: &Account) -> Result<(), Reply> {
    let who = match account.pace {
        Pace::Key => key.key_id.clone(),
        Pace::User => account.id.clone(),
        Pace::Off => return Ok(()),
    };
    let now = turn.call.at;
    let last = turn.state.issuer.paced.get(&who);
    if last.is_some_and(|last| now < *last + PACE) {
        return Err(refuse(turn, 429, "RATE_LIMITED", "One request per 3 minutes"));
    }
    turn.state.issuer.paced.insert(who, now);
    Ok(())
}

fn number(turn: &Turn<'_>, name: &str, default: u64) -> Result<u64, Reply> {
    match turn.call.query(name) {
        None => Ok(default),
        Some(text) => text.parse().map_err(|_| invalid(turn)),
    }
}

fn is_date(text: &str) -> bool {
    text.parse::<Timestamp>().is_ok() || text.parse::<civil::Date>().is_ok()
}

fn invalid(turn: &Turn<'_>) -> Reply {
    refuse(turn, 400, "VAL001", "Validation failed (check your parameters)")
}
