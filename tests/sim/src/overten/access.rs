//! Who calls Overten: a Firebase user for management, a key for everything else.

use http::header::AUTHORIZATION;
use serde_json::{Map, Value};

use super::refusal::{forbidden, invalid_token, not_found, unprocessable};
use crate::exchange::Turn;
use crate::firebase::TokenRefusal;
use crate::ledger::Who;
use crate::reply::Reply;
use crate::world::Org;

/// The user of the ID token (Overten, "Authentication schemes": `/signup` and key management).
pub(super) fn user(turn: &mut Turn<'_>) -> Result<String, Reply> {
    let Some(token) = turn.call.bearer() else {
        return Err(match turn.call.header(AUTHORIZATION.as_str()) {
            Some(_) => invalid_token("Authorization must be a bearer token."),
            None => invalid_token("Authorization is missing."),
        });
    };
    match turn.state.firebase.user_of(token, turn.call.at) {
        Ok(uid) => {
            turn.who = Who::User(uid.clone());
            Ok(uid)
        }
        Err(TokenRefusal::Expired) => Err(invalid_token("The ID token has expired.")),
        Err(TokenRefusal::Unknown) => Err(invalid_token("The ID token is not valid.")),
    }
}

/// The organisation, if the calling user may manage its keys.
pub(super) fn managed_org(turn: &mut Turn<'_>, org_id: &str) -> Result<Org, Reply> {
    let uid = user(turn)?;
    let Some(org) = turn.state.overten.org(org_id) else {
        return Err(not_found("Organization"));
    };
    if org.suspended {
        return Err(forbidden("The organization is suspended."));
    }
    if org
        .members
        .iter()
        .any(|member| member.uid == uid && member.role.manages())
    {
        Ok(org.clone())
    } else {
        Err(forbidden("Only an owner or admin may manage this organization."))
    }
}

/// The fields of a JSON body; an absent body has none.
pub(super) fn fields(turn: &Turn<'_>) -> Result<Map<String, Value>, Reply> {
    if turn.call.body.is_empty() {
        return Ok(Map::new());
    }
    let not_an_object = || {
        let msg = "Input should be a valid dictionary or object to extract fields from";
        unprocessable("model_attributes_type", &[], msg, &Value::Null, &Value::Null)
    };
    if !turn.call.is_json() {
        return Err(not_an_object());
    }
    match serde_json::from_slice(&turn.call.body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(not_an_object()),
        Err(_) => Err(unprocessable(
            "json_invalid",
            &[],
            "JSON decode error",
            &Value::Null,
            &Value::Null,
        )),
    }
}

/// A text field within its bounds; `None` where it is absent or null.
pub(super) fn text(fields: &Map<String, Value>, name: &str, min: usize, max: usize) -> Result<Option<String>, Reply> {
    let Some(value) = fields.get(name).filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let Some(text) = value.as_str() else {
        let msg = "Input should be a valid string";
        return Err(unprocessable("string_type", &[name], msg, value, &Value::Null));
    };
    let length = text.chars().count();
    if length < min {
        let msg = format!("String should have at least {min} characters");
        let ctx = serde_json::json!({"min_length": min});
        return Err(unprocessable("string_too_short", &[name], &msg, value, &ctx));
    }
    if length > max {
        let msg = format!("String should have at most {max} characters");
        let ctx = serde_json::json!({"max_length": max});
        return Err(unprocessable("string_too_long", &[name], &msg, value, &ctx));
    }
    Ok(Some(text.to_owned()))
}
