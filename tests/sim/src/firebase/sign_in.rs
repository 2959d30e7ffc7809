//! `POST /v1/accounts:signInWithPassword`: JSON in, camelCase out.

use serde_json::{Value, json};

use super::{refusal, web_api_key};
use crate::exchange::Turn;
use crate::ledger::Who;
use crate::material::digest;
use crate::reply::Reply;

/// Exchanges e-mail and password for tokens.
pub(super) fn sign_in(turn: &mut Turn<'_>) -> Result<Reply, Reply> {
    let key = web_api_key(turn)?;
    let Some(fields) = turn.call.fields().filter(|_| turn.call.is_json()) else {
        return Err(refusal(400, "Invalid JSON payload received."));
    };
    let text = |name| fields.get(name).and_then(Value::as_str);
    let email = text("email").ok_or_else(|| refusal(400, "INVALID_EMAIL"))?;
    let password = text("password").ok_or_else(|| refusal(400, "MISSING_PASSWORD"))?;
    let hidden = turn.state.hide_unknown_email;
    let wrong = |message| refusal(400, if hidden { "INVALID_LOGIN_CREDENTIALS" } else { message });

    let users = turn.state.firebase.users().iter();
    let known = users
        .filter(|user| user.web_api_key == key)
        .find(|user| user.email.eq_ignore_ascii_case(email));
    let user = known.cloned().ok_or_else(|| wrong("EMAIL_NOT_FOUND"))?;
    if user.password != password {
        return Err(wrong("INVALID_PASSWORD"));
    }
    if let Some(message) = &user.refusal {
        return Err(refusal(400, message));
    }
    turn.who = Who::User(user.uid.clone());
    let state = &mut *turn.state;
    let id_token = state.firebase.issue(&user, turn.call.at, &mut state.material);
    let refresh_token = state.material.refresh_token();
    state
        .firebase
        .refresh_tokens
        .insert(digest(&refresh_token), user.uid.clone());
    let body = json!({
        "kind": "identitytoolkit#VerifyPasswordResponse",
        "localId": user.uid,
        "email": user.email,
        "displayName": "",
        "idToken": id_token,
        "registered": true,
        "refreshToken": refresh_token,
        "expiresIn": "3600",
    });
    Ok(Reply::json(200, &body))
}
