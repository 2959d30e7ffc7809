//! The lab, `https://api.lab.invalid/v1`: **invented**, so that every way of replacing a key can be tried.
//!
//! No document describes it. One project has one strategy; the calls of another strategy are not there.

mod idempotency;
mod keys;
mod roll;
mod slots;

pub(crate) use idempotency::{Answered, HEADER};

use http::header::AUTHORIZATION;
use serde_json::{Value, json};

use crate::account::{Account, LabRules, Provider, Strategy};
use crate::call::Call;
use crate::exchange::Turn;
use crate::issuer::{Fresh, Issued, Presented, present};
use crate::ledger::Who;
use crate::reply::Reply;

/// Its host, which no resolver knows.
const HOST: &str = "api.lab.invalid";

/// Whether a request is for it: by its host, or on loopback by its paths, for an account whose address is this machine.
pub(crate) fn is_asked(call: &Call) -> bool {
    let known = matches!(call.segments().as_slice(), ["v1", "me"] | ["v1", "projects", ..]);
    call.host == HOST || (known && crate::dashboard::is_at(&call.host))
}

/// Answers one request.
pub(crate) fn answer(turn: &mut Turn<'_>) -> Reply {
    route(turn).unwrap_or_else(|refused| refused)
}

fn route(turn: &mut Turn<'_>) -> Result<Reply, Reply> {
    let call = turn.call;
    let segments = call.segments();
    match (call.method.as_str(), segments.as_slice()) {
        ("GET", ["v1", "me"]) => me(turn),
        (method, ["v1", "projects", id, rest @ ..]) => {
            let (project, rules) = managed(turn, id)?;
            let act = |turn: &mut Turn<'_>| managed_call(turn, &project, &rules, method, rest);
            match rules.remembers_seconds {
                Some(seconds) if method == "POST" => idempotency::once(turn, seconds, act),
                _ => act(turn),
            }
        }
        _ => Err(not_found()),
    }
}

fn managed_call(
    turn: &mut Turn<'_>,
    project: &Account,
    rules: &LabRules,
    method: &str,
    rest: &[&str],
) -> Result<Reply, Reply> {
    match (method, rest, rules.strategy) {
        ("GET", ["keys"], _) => Ok(keys::list(turn, project, rules)),
        ("POST", ["keys"], strategy) if strategy != Strategy::TwoSlot => keys::mint(turn, project, strategy),
        ("DELETE", ["keys", key_id], strategy) if strategy != Strategy::TwoSlot => keys::revoke(turn, project, key_id),
        ("POST", ["keys", key_id, "roll"], Strategy::Roll) => roll::roll(turn, project, key_id, None),
        ("POST", ["keys", key_id, "roll"], Strategy::RollWithGrace) => roll::roll(turn, project, key_id, Some(rules)),
        ("GET", ["slots"], Strategy::TwoSlot) => Ok(slots::list(turn, project)),
        ("POST", ["slots", slot, "regenerate"], Strategy::TwoSlot) => slots::regenerate(turn, project, slot),
        _ => Err(not_found()),
    }
}

/// `GET /v1/me`: whether a key works; free.
fn me(turn: &mut Turn<'_>) -> Result<Reply, Reply> {
    match present(turn, Provider::Lab) {
        Presented::Live(_, project) if project.suspended => {
            Err(refusal(403, "project_suspended", "the project is suspended"))
        }
        Presented::Live(key, project) => {
            let body = json!({"project_id": project.id, "key_id": key.key_id});
            Ok(Reply::json(200, &body))
        }
        _ => Err(refusal(401, "invalid_key", "the key is missing, unknown or dead")),
    }
}

/// The project, for whoever has its admin key.
fn managed(turn: &mut Turn<'_>, id: &str) -> Result<(Account, LabRules), Reply> {
    let known = turn.state.issuer.account(id).cloned();
    let project = known.and_then(|project| Some((project.lab.clone()?, project)));
    if turn.call.header(AUTHORIZATION.as_str()).is_none() {
        return Err(refusal(401, "missing_admin_key", "the admin key is missing"));
    }
    match project {
        Some((rules, project)) if turn.call.bearer() == Some(&rules.admin_key) => {
            turn.who = Who::User(project.id.clone());
            if project.suspended {
                return Err(refusal(403, "project_suspended", "the project is suspended"));
            }
            Ok((project, rules))
        }
        _ => Err(refusal(401, "invalid_admin_key", "the admin key is not this project's")),
    }
}

/// `{"error":{"code":"…","message":"…"}}`
pub(crate) fn refusal(status: u16, code: &str, message: &str) -> Reply {
    Reply::json(status, &json!({"error": {"code": code, "message": message}}))
}

fn not_found() -> Reply {
    refusal(404, "not_found", "there is no such thing")
}

/// A key as lists show it. A value that was replaced shows only in `prefix`.
fn entry(key: &Issued) -> Value {
    let mut entry = json!({
        "id": key.key_id,
        "name": key.name,
        "prefix": key.prefix,
        "created_at": key.created_at,
        "last_used_at": key.last_used_at,
    });
    if let Some(slot) = &key.grant.slot {
        entry["slot"] = json!(slot);
    }
    entry
}

/// A key with its value, for the only time.
fn with_secret(fresh: &Fresh) -> Value {
    let mut entry = entry(&fresh.key);
    entry["secret"] = json!(fresh.value);
    entry
}
