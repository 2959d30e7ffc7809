//! `POST /signup`: a first key, for a new organisation or one of the web app.

use serde_json::{Value, json};

use super::access::{fields, managed_org, text, user};
use super::keys::{NAME_MAX, issue};
use super::refusal::unprocessable;
use crate::exchange::Turn;
use crate::ledger::Deed;
use crate::reply::Reply;
use crate::world::{ListStyle, Member, Org, Role};

/// Longest id that is looked up.
const ID_MAX: usize = 128;

/// Opens an organisation, or enables one, and mints its key (Overten, /api-reference/public/signup).
pub(super) fn signup(turn: &mut Turn<'_>) -> Result<Reply, Reply> {
    let uid = user(turn)?;
    let fields = fields(turn)?;
    let org_name = text(&fields, "org_name", 2, 120)?;
    let existing = text(&fields, "existing_org_id", 1, ID_MAX)?;
    let tier = tier(fields.get("tier"))?;
    let key_name = text(&fields, "key_name", 1, NAME_MAX)?;
    let org = match (org_name, existing) {
        (None, Some(org_id)) => managed_org(turn, &org_id)?,
        (Some(name), None) => open(turn, &uid, name, tier),
        _ => {
            let msg = "Value error, exactly one of org_name and existing_org_id is required";
            return Err(unprocessable(
                "value_error",
                &[],
                msg,
                &Value::Object(fields),
                &json!({"error": {}}),
            ));
        }
    };
    let minted = issue(turn, &org.id, key_name.as_deref().unwrap_or("default"));
    let body = json!({
        "org_id": org.id,
        "secret": minted.secret,
        "webhook_secret": org.webhook_secret,
    });
    Ok(Reply::json(turn.state.signup_status, &body))
}

fn tier(value: Option<&Value>) -> Result<String, Reply> {
    match value.map(|value| (value, value.as_str())) {
        None | Some((Value::Null, _)) => Ok("free".to_owned()),
        Some((_, Some(tier @ ("free" | "pro" | "enterprise")))) => Ok(tier.to_owned()),
        Some((other, _)) => {
            let msg = "Input should be 'free', 'pro' or 'enterprise'";
            let ctx = json!({"expected": "'free', 'pro' or 'enterprise'"});
            Err(unprocessable("literal_error", &["tier"], msg, other, &ctx))
        }
    }
}

fn open(turn: &mut Turn<'_>, uid: &str, name: String, tier: String) -> Org {
    let org = Org {
        id: turn.state.material.id("org"),
        name,
        tier,
        members: vec![Member {
            uid: uid.to_owned(),
            role: Role::Owner,
        }],
        webhook_secret: turn.state.material.webhook_secret(),
        list: ListStyle::default(),
        suspended: false,
    };
    turn.state.overten.orgs.push(org.clone());
    turn.deeds.push(Deed::Opened { org_id: org.id.clone() });
    org
}
