//! The key by which a request is known again: **invented** after draft-ietf-httpapi-idempotency-key-header.
//!
//! The draft leaves open what is remembered and for how long. Here it is every success, value included, for as long as
//! the project's rules say; a refusal is not remembered.

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};

use super::refusal;
use crate::exchange::Turn;
use crate::ledger::{RequestRecord, Sent};
use crate::reply::Reply;

/// The header of the key.
pub(crate) const HEADER: &str = "idempotency-key";

/// A request that was answered.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    body: Bytes,
    reply: Reply,
    until: Timestamp,
}

/// Acts, unless the request has been answered before: then it is answered so again. 400 where the key is no string
/// (RFC 8941 §3.3.3), 409 while another request of the same key is being carried out, 422 for another body.
pub(super) fn once(
    turn: &mut Turn<'_>,
    seconds: u32,
    act: impl FnOnce(&mut Turn<'_>) -> Result<Reply, Reply>,
) -> Result<Reply, Reply> {
    let call = turn.call;
    let Some(header) = call.header(HEADER) else {
        return act(turn);
    };
    if !is_string(header) {
        return Err(refusal(400, "idempotency_key_invalid", "the key is not a string"));
    }
    let known = format!("{} {header}", call.path);
    match turn.state.issuer.answered.get(&known) {
        Some(before) if before.until <= call.at => {}
        Some(before) if before.body == call.body => return Ok(before.reply.clone()),
        Some(_) => {
            return Err(refusal(
                422,
                "idempotency_key_reused",
                "the key was used for another request",
            ));
        }
        None => {}
    }
    let same = |one: &RequestRecord| one.path == call.path && one.idempotency_key.as_deref() == Some(header);
    let earlier = turn.state.ledger.requests.iter().filter(|one| one.n < call.n);
    if earlier.filter(|one| same(one)).any(|one| one.status == Sent::Pending) {
        return Err(refusal(
            409,
            "idempotency_in_progress",
            "the first request is still being carried out",
        ));
    }
    let reply = act(turn)?;
    let answered = Answered {
        body: call.body.clone(),
        reply: reply.clone(),
        until: call.at + SignedDuration::from_secs(seconds.into()),
    };
    turn.state.issuer.answered.insert(known, answered);
    Ok(reply)
}

fn is_string(header: &str) -> bool {
    let inner = header.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.is_some_and(|text| !text.is_empty() && !text.contains(['"', '\\']))
}
