//! `GET /verify`: whether a key works.

use serde_json::json;

use super::refusal::{forbidden, invalid_api_key};
use crate::exchange::Turn;
use crate::ledger::Who;
use crate::reply::Reply;
use crate::simulator::VerifyHeader;

/// Returns the organisation's context and its webhook secret (Overten, /concepts/webhooks). The
/// other fields are unconfirmed.
pub(super) fn verify(turn: &mut Turn<'_>) -> Result<Reply, Reply> {
    let (header, bearer) = (turn.call.header("x-api-key"), turn.call.bearer());
    let presented = match turn.state.verify_header {
        VerifyHeader::Either => header.or(bearer),
        VerifyHeader::XApiKey => header,
        VerifyHeader::Bearer => bearer,
    };
    let Some(key) = presented.and_then(|value| turn.state.overten.find(value)) else {
        return Err(invalid_api_key());
    };
    if !key.is_accepted(turn.call.at) {
        turn.who = Who::RefusedKey(key.key_id.clone());
        return Err(invalid_api_key());
    }
    turn.who = Who::Key(key.key_id.clone());
    let Some(org) = turn.state.overten.org(&key.org_id) else {
        return Err(invalid_api_key());
    };
    if org.suspended {
        return Err(forbidden("The organization is suspended."));
    }
    let body = json!({
        "success": true,
        "org_id": org.id,
        "org_name": org.name,
        "tier": org.tier,
        "webhook_secret": org.webhook_secret,
    });
    Ok(Reply::json(200, &body))
}
