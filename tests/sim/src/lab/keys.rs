//! Listing, making and revoking keys, with a limit of live keys by strategy.

use serde_json::{Value, json};

use super::{entry, not_found, refusal, with_secret};
use crate::account::{Account, LabRules, Strategy};
use crate::exchange::Turn;
use crate::issuer::{self, Wish};
use crate::reply::Reply;
use crate::world::Grant;

/// `GET …/keys?after=…` → `{"keys":[…],"next":…}`: what is sent as `after` to get the next page, null on the last one.
pub(super) fn list(turn: &mut Turn<'_>, project: &Account, rules: &LabRules) -> Reply {
    let listed = turn.state.issuer.listed(&project.id, turn.call.at);
    let after = turn.call.query("after");
    let from = after.map_or(0, |id| {
        listed
            .iter()
            .position(|key| key.key_id == id)
            .map_or(listed.len(), |at| at + 1)
    });
    let upto = rules
        .page_size
        .map_or(listed.len(), |size| listed.len().min(from + size));
    let next = (upto < listed.len()).then(|| listed[upto - 1].key_id.clone());
    let entries: Vec<Value> = listed[from..upto].iter().copied().map(entry).collect();
    Reply::json(200, &json!({"keys": entries, "next": next}))
}

/// `POST …/keys {"name":"…"}` → 201; 409 `key_limit` where another key would be one too many.
pub(super) fn mint(turn: &mut Turn<'_>, project: &Account, strategy: Strategy) -> Result<Reply, Reply> {
    let fields = turn.call.fields().unwrap_or_default();
    let Some(name) = fields
        .get("name")
        .and_then(Value::as_str)
        .filter(|name| !name.is_empty())
    else {
        return Err(refusal(422, "name_required", "a key needs a name"));
    };
    let live = turn.state.issuer.live_count(&project.id, turn.call.at);
    let limit = project.lab.as_ref().and_then(|rules| rules.live_limit);
    if limit.or(strategy.live_limit()).is_some_and(|limit| live >= limit) {
        return Err(refusal(409, "key_limit", "the project has as many live keys as it may"));
    }
    let wish = Wish {
        name: name.to_owned(),
        grant: Grant::default(),
    };
    let fresh = issuer::mint(turn, project, wish);
    Ok(Reply::json(201, &with_secret(&fresh)))
}

/// `DELETE …/keys/{id}` → 204, with every value that still lives; 404 where it is not there (any more).
pub(super) fn revoke(turn: &mut Turn<'_>, project: &Account, key_id: &str) -> Result<Reply, Reply> {
    if issuer::revoke(turn, &project.id, key_id) {
        Ok(Reply::empty(204))
    } else {
        Err(not_found())
    }
}
