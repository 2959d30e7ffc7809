//! Reading, uploading and removing media: one permission and one quota each.

use serde_json::json;

use super::refusal;
use crate::account::{Provider, Quota};
use crate::exchange::Turn;
use crate::issuer::{Presented, present};
use crate::reply::Reply;

/// `GET`: costs a unit of query quota and no credits (bodies of success are unconfirmed).
pub(super) fn list(turn: &mut Turn<'_>) -> Result<Reply, Reply> {
    admit(turn, "Read", &[Quota::Query])?;
    Ok(Reply::json(200, &json!({"data": [], "total": 0})))
}

/// `POST`: costs mutation quota and credits.
pub(super) fn upload(turn: &mut Turn<'_>) -> Result<Reply, Reply> {
    let account_id = admit(turn, "Write", &[Quota::Mutation, Quota::Credits])?;
    if let Some(account) = turn.state.issuer.account_mut(&account_id) {
        account.billed += 1;
    }
    let id = turn.state.material.id("job");
    Ok(Reply::json(201, &json!({"id": id, "status": "PENDING"})))
}

/// `DELETE`: costs mutation quota; there is never anything to remove.
pub(super) fn remove(turn: &mut Turn<'_>) -> Result<Reply, Reply> {
    let account_id = admit(turn, "Delete", &[Quota::Mutation])?;
    if let Some(account) = turn.state.issuer.account_mut(&account_id) {
        account.billed += 1;
    }
    Err(refusal(404, "NOT_FOUND", "Not found"))
}

/// Lets a key through that has the permission and something left of each quota, its own share included.
fn admit(turn: &mut Turn<'_>, permission: &str, quotas: &[Quota]) -> Result<String, Reply> {
    let Presented::Live(key, account) = present(turn, Provider::Authenta) else {
        return Err(refusal(401, "INVALID_API_KEY", "Invalid API key"));
    };
    if account.suspended || !key.may(permission) {
        return Err(refusal(403, "FORBIDDEN", "Forbidden (You are not authorized)"));
    }
    if key.used_up || quotas.iter().any(|quota| account.used_up.contains(quota)) {
        // The status is that of older documents, the code is unconfirmed.
        return Err(refusal(429, "QUOTA_EXCEEDED", "Quota Exceeded"));
    }
    Ok(account.id)
}
