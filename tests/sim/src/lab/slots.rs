//! Two fixed places, each filled anew on its own.

use serde_json::{Value, json};

use super::{entry, not_found, with_secret};
use crate::account::Account;
use crate::exchange::Turn;
use crate::issuer::{Grace, replace};
use crate::reply::Reply;

/// `GET …/slots` → `{"slots":[…]}`, the entries of the list of keys.
pub(super) fn list(turn: &mut Turn<'_>, project: &Account) -> Reply {
    let listed = turn.state.issuer.listed(&project.id, turn.call.at);
    let entries: Vec<Value> = listed.into_iter().map(entry).collect();
    Reply::json(200, &json!({"slots": entries}))
}

/// `POST …/slots/{slot}/regenerate` → 200 with the new value; the old one dies at once, the other slot's lives.
pub(super) fn regenerate(turn: &mut Turn<'_>, project: &Account, slot: &str) -> Result<Reply, Reply> {
    let listed = turn.state.issuer.listed(&project.id, turn.call.at);
    let in_slot = listed.iter().find(|key| key.grant.slot.as_deref() == Some(slot));
    let key_id = in_slot.map(|key| key.key_id.clone()).ok_or_else(not_found)?;
    let fresh = replace(turn, project, &key_id, Grace::None).ok_or_else(not_found)?;
    Ok(Reply::json(200, &with_secret(&fresh)))
}
