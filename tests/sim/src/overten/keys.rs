//! Minting, listing and revoking keys (Overten, /authentication, /changelog).

use serde_json::{Value, json};

use super::access::{fields, managed_org, text};
use super::refusal::not_found;
use super::{StoredKey, key_id, prefix};
use crate::exchange::Turn;
use crate::ledger::Deed;
use crate::material::digest;
use crate::reply::Reply;
use crate::world::{Container, Grant};

/// Longest key name (Overten, signup: `key_name` ≤ 80).
pub(super) const NAME_MAX: usize = 80;

/// A key that has just been minted, its value included for the only time.
pub(super) struct Minted {
    pub(super) key_id: String,
    pub(super) secret: String,
    pub(super) prefix: String,
}

/// `POST …/api-keys` → 201. The field of the name is unconfirmed, so both are taken.
pub(super) fn mint(turn: &mut Turn<'_>, org_id: &str) -> Result<Reply, Reply> {
    managed_org(turn, org_id)?;
    let fields = fields(turn)?;
    let name = match text(&fields, "name", 1, NAME_MAX)? {
        Some(name) => Some(name),
        None => text(&fields, "key_name", 1, NAME_MAX)?,
    };
    let minted = issue(turn, org_id, name.as_deref().unwrap_or("default"));
    let body = json!({
        "key_id": minted.key_id,
        "secret": minted.secret,
        "prefix": minted.prefix,
        "created_at": turn.call.at,
    });
    Ok(Reply::json(201, &body))
}

/// `GET …/api-keys` → 200. Only `prefix` is documented; revoked keys are left out (unconfirmed).
pub(super) fn list(turn: &mut Turn<'_>, org_id: &str) -> Result<Reply, Reply> {
    let org = managed_org(turn, org_id)?;
    let now = turn.call.at;
    let listed = turn
        .state
        .overten
        .keys
        .iter()
        .filter(|key| key.org_id == org_id && key.is_listed(now));
    let mut entries: Vec<Value> = listed
        .map(|key| {
            let mut entry = json!({"key_id": key.key_id, "prefix": key.prefix});
            if org.list.created_at {
                entry["created_at"] = json!(key.created_at);
            }
            entry
        })
        .collect();
    if org.list.repeats {
        entries.extend(entries.clone().into_iter().rev());
        entries.reverse();
    }
    let body = match org.list.container {
        Container::Bare => json!(entries),
        Container::Keys => json!({"keys": entries}),
        Container::ApiKeys => json!({"api_keys": entries}),
    };
    Ok(Reply::json(200, &body))
}

/// `DELETE …/api-keys/{key_id}` → 204, at once; 404 for a key that is unknown or revoked (unconfirmed).
pub(super) fn revoke(turn: &mut Turn<'_>, org_id: &str, key_id: &str) -> Result<Reply, Reply> {
    managed_org(turn, org_id)?;
    let (now, lag) = (turn.call.at, turn.lag);
    let mut keys = turn.state.overten.keys.iter_mut();
    let Some(key) = keys.find(|key| key.org_id == org_id && key.key_id == key_id && key.revoked_at.is_none()) else {
        return Err(not_found("API key"));
    };
    key.revoked_at = Some(now);
    key.listed_until = Some(now + lag.list);
    key.accepted_until = Some(now + lag.revoked_accepted);
    turn.deeds.push(Deed::Revoked {
        key_id: key_id.to_owned(),
    });
    Ok(Reply::empty(204))
}

/// Mints a key for an organisation.
pub(super) fn issue(turn: &mut Turn<'_>, org_id: &str, name: &str) -> Minted {
    let now = turn.call.at;
    let secret = turn.state.material.overten_secret();
    let chosen = turn.state.overten.next_id.take();
    let minted = Minted {
        key_id: chosen.unwrap_or_else(|| key_id(&mut turn.state.material)),
        prefix: prefix(&secret),
        secret,
    };
    turn.state.overten.keys.push(StoredKey {
        key_id: minted.key_id.clone(),
        org_id: org_id.to_owned(),
        digest: digest(&minted.secret),
        prefix: minted.prefix.clone(),
        created_at: now,
        revoked_at: None,
        listed_from: now + turn.lag.list,
        listed_until: None,
        accepted_from: now + turn.lag.new_refused,
        accepted_until: None,
    });
    turn.deeds.push(Deed::Minted {
        key_id: minted.key_id.clone(),
        org_id: org_id.to_owned(),
        name: name.to_owned(),
        value: minted.secret.clone(),
        grant: Grant::default(),
    });
    minted
}
