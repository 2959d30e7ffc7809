//! Settings → API Keys: keys with permissions and usage; one is regenerated or revoked from its details.

use super::PERMISSIONS;
use crate::account::Account;
use crate::dashboard::html::{Cell, boxes, day, document, escape, form, said, table, text_field};
use crate::dashboard::{delete, home, no_page, shown_once, ticked, written};
use crate::exchange::Turn;
use crate::issuer::{Grace, Issued, Wish, mint, replace};
use crate::reply::Reply;
use crate::world::Grant;

/// The page of keys (Authenta, "Where to Manage API Keys").
pub(crate) const KEYS_PAGE: &str = "settings/api-keys";

/// Shows, creates, regenerates and revokes.
pub(crate) fn dashboard(turn: &mut Turn<'_>, account: &Account, rest: &[&str]) -> Result<Reply, Reply> {
    let Some(rest) = rest.strip_prefix(&["settings", "api-keys"]) else {
        return Err(no_page());
    };
    match (turn.call.method.as_str(), rest) {
        ("GET", []) => Ok(page(turn, account, 200, "")),
        ("POST", []) => Ok(create(turn, account)),
        ("GET", [key_id]) => details(turn, account, key_id, ""),
        ("POST", [key_id, "regenerate"]) => regenerate(turn, account, key_id),
        ("POST", [key_id, "revoke"]) => revoke(turn, account, key_id),
        _ => Err(no_page()),
    }
}

fn create(turn: &mut Turn<'_>, account: &Account) -> Reply {
    let name = written(turn, "name", "A key name");
    let wish = name.and_then(|name| Ok((name, ticked(turn, "permission", &PERMISSIONS)?)));
    let (name, permissions) = match wish {
        Ok(wish) => wish,
        Err(message) => return page(turn, account, 400, &said(None, &message)),
    };
    let grant = Grant {
        permissions,
        ..Grant::default()
    };
    let fresh = mint(turn, account, Wish { name, grant });
    page(turn, account, 200, &shown_once(&fresh, "API key created"))
}

/// The old value dies at once; name, permissions and usage stay.
fn regenerate(turn: &mut Turn<'_>, account: &Account, key_id: &str) -> Result<Reply, Reply> {
    match replace(turn, account, key_id, Grace::None) {
        Some(fresh) => details(turn, account, key_id, &shown_once(&fresh, "API key regenerated")),
        None => Err(no_page()),
    }
}

/// Asks first; revokes once it is confirmed.
fn revoke(turn: &mut Turn<'_>, account: &Account, key_id: &str) -> Result<Reply, Reply> {
    if turn.call.form("confirm") == ["yes"] {
        let notice = delete(turn, account, key_id, "The key was revoked.")?;
        return Ok(page(turn, account, 200, &notice));
    }
    let key = turn.state.issuer.unrevoked(&account.id, key_id).ok_or_else(no_page)?;
    let yes = "<input type=\"hidden\" name=\"confirm\" value=\"yes\">";
    let action = format!("{}/{}/revoke", home(account), key.key_id);
    let body = format!("<p>Revoke {}?</p>", escape(&key.name)) + &form(&action, "confirm", yes, "Confirm");
    Ok(Reply::html(200, document("Revoke Key", &account.name, &body)))
}

fn details(turn: &Turn<'_>, account: &Account, key_id: &str, notice: &str) -> Result<Reply, Reply> {
    let (home, keys) = (home(account), turn.state.issuer.ever(&account.id));
    let key = keys.iter().find(|key| key.key_id == key_id).ok_or_else(no_page)?;
    let mut body = notice.to_owned() + &table(&HEADS, &[row(&home, key)]);
    if key.is_unrevoked() {
        body += &form(&format!("{home}/{key_id}/regenerate"), "regenerate", "", "Regenerate");
        body += &form(&format!("{home}/{key_id}/revoke"), "revoke", "", "Revoke Key");
    }
    Ok(Reply::html(200, document(&key.name, &account.name, &body)))
}

fn page(turn: &Turn<'_>, account: &Account, status: u16, notice: &str) -> Reply {
    let (home, keys) = (home(account), turn.state.issuer.ever(&account.id));
    let rows: Vec<_> = keys.iter().map(|key| row(&home, key)).collect();
    let fields = text_field("name", "Key Name") + &boxes("permission", "Permissions", &PERMISSIONS);
    let body = notice.to_owned() + &table(&HEADS, &rows) + &form(&home, "create", &fields, "Create API Key");
    Reply::html(status, document("API Keys", &account.name, &body))
}

const HEADS: [&str; 5] = ["Name", "Permissions", "Created", "Usage", "State"];

/// Revoked keys stay in the list with their usage ("does not delete historical usage").
fn row(home: &str, key: &Issued) -> (String, Vec<Cell>) {
    let link = format!("<a href=\"{home}/{}\">{}</a>", key.key_id, escape(&key.name));
    let state = if key.is_unrevoked() { "Active" } else { "Revoked" };
    let cells = vec![
        Cell::Html("name", link),
        Cell::Text("permissions", key.grant.permissions.join(" ")),
        Cell::Text("created", day(key.created_at)),
        Cell::Text("usage", key.uses.to_string()),
        Cell::Text("state", state.to_owned()),
    ];
    (key.key_id.clone(), cells)
}
