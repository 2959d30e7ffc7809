//! `POST /v1/token`: a form (JSON is taken too) in, snake_case out.

use serde_json::{Value, json};

use super::{refusal, web_api_key};
use crate::exchange::Turn;
use crate::ledger::Who;
use crate::material::digest;
use crate::reply::Reply;

/// Exchanges a refresh token for an ID token; the refresh token stays the same.
pub(super) fn refresh(turn: &mut Turn<'_>) -> Result<Reply, Reply> {
    let key = web_api_key(turn)?;
    let fields = turn.call.fields().unwrap_or_default();
    let text = |name| fields.get(name).and_then(Value::as_str);
    match text("grant_type") {
        Some("refresh_token") => {}
        Some(_) => return Err(refusal(400, "INVALID_GRANT_TYPE")),
        None => return Err(refusal(400, "MISSING_GRANT_TYPE")),
    }
    let token = text("refresh_token").ok_or_else(|| refusal(400, "MISSING_REFRESH_TOKEN"))?;
    let Some(uid) = turn.state.firebase.refresh_tokens.get(&digest(token)) else {
        return Err(refusal(400, "INVALID_REFRESH_TOKEN"));
    };
    let users = turn.state.firebase.users().iter();
    let known = users
        .filter(|user| user.web_api_key == key)
        .find(|user| &user.uid == uid);
    let user = known.cloned().ok_or_else(|| refusal(400, "PROJECT_NUMBER_MISMATCH"))?;
    if let Some(message) = &user.refusal {
        return Err(refusal(400, message));
    }
    turn.who = Who::User(user.uid.clone());
    let state = &mut *turn.state;
    let id_token = state.firebase.issue(&user, turn.call.at, &mut state.material);
    let body = json!({
        "access_token": id_token,
        "expires_in": "3600",
        "token_type": "Bearer",
        "refresh_token": token,
        "id_token": id_token,
        "user_id": user.uid,
        "project_id": user.project_id,
    });
    Ok(Reply::json(200, &body))
}
