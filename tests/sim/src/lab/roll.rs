//! Replacing a key under its id, at once or with grace.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{not_found, with_secret};
use crate::account::{Account, GraceFrom, LabRules};
use crate::exchange::Turn;
use crate::issuer::{Grace, replace};
use crate::reply::Reply;

/// `POST …/keys/{id}/roll` → 200 with the new value and `old_expires_at`, which is null until the first use where
/// that starts the clock. With grace the body may say `{"grace_seconds":N}`.
pub(super) fn roll(
    turn: &mut Turn<'_>,
    project: &Account,
    key_id: &str,
    grace: Option<&LabRules>,
) -> Result<Reply, Reply> {
    let asked = turn.call.fields().unwrap_or_default();
    let asked = asked.get("grace_seconds").and_then(Value::as_u64);
    let span = |rules: &LabRules| {
        let seconds = asked.and_then(|seconds| u32::try_from(seconds).ok());
        SignedDuration::from_secs(seconds.unwrap_or(rules.grace_seconds).into())
    };
    let (grace, ends) = match grace {
        None => (Grace::None, Some(turn.call.at)),
        Some(rules) => match rules.grace_from {
            GraceFrom::Roll => (Grace::For(span(rules)), Some(turn.call.at + span(rules))),
            GraceFrom::FirstUse => (Grace::AfterFirstUse(span(rules)), None),
        },
    };
    let fresh = replace(turn, project, key_id, grace).ok_or_else(not_found)?;
    let mut body = with_secret(&fresh);
    body["old_expires_at"] = json!(ends);
    Ok(Reply::json(200, &body))
}
