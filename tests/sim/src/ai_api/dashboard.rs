//! The API Keys section: keys by purpose and permissions, made and deleted.

use super::{PERMISSIONS, PURPOSES};
use crate::account::Account;
use crate::dashboard::html::{Cell, boxes, choice, day, document, form, said, table, text_field};
use crate::dashboard::{delete, home, no_page, shown_once, ticked, written};
use crate::exchange::Turn;
use crate::issuer::{Issued, Wish, mint};
use crate::reply::Reply;
use crate::world::Grant;

/// The page of keys (AI API, "Getting Your API Key").
pub(crate) const KEYS_PAGE: &str = "api-keys";

/// Shows, creates and deletes.
pub(crate) fn dashboard(turn: &mut Turn<'_>, account: &Account, rest: &[&str]) -> Result<Reply, Reply> {
    match (turn.call.method.as_str(), rest) {
        ("GET", ["api-keys"]) => Ok(page(turn, account, 200, "")),
        ("POST", ["api-keys"]) => Ok(create(turn, account)),
        ("POST", ["api-keys", key_id, "delete"]) => {
            let notice = delete(turn, account, key_id, "The API key was deleted.")?;
            Ok(page(turn, account, 200, &notice))
        }
        _ => Err(no_page()),
    }
}

fn create(turn: &mut Turn<'_>, account: &Account) -> Reply {
    let wish = match wish(turn) {
        Ok(wish) => wish,
        Err(message) => return page(turn, account, 400, &said(None, &message)),
    };
    let fresh = mint(turn, account, wish);
    page(turn, account, 200, &shown_once(&fresh, "API key created"))
}

fn wish(turn: &Turn<'_>) -> Result<Wish, String> {
    let name = written(turn, "name", "A name")?;
    let grant = Grant {
        permissions: ticked(turn, "permission", &PERMISSIONS)?,
        purpose: ticked(turn, "purpose", &PURPOSES)?.into_iter().next(),
        ..Grant::default()
    };
    Ok(Wish { name, grant })
}

fn page(turn: &Turn<'_>, account: &Account, status: u16, notice: &str) -> Reply {
    let (home, now) = (home(account), turn.call.at);
    let row = |key: &&Issued| {
        let delete = form(&format!("{home}/{}/delete", key.key_id), "delete", "", "Delete");
        let expires = key.grant.expires_at.map(day).unwrap_or_default();
        let cells = vec![
            Cell::Text("name", key.name.clone()),
            Cell::Text("id", key.key_id.clone()),
            Cell::Text("purpose", key.grant.purpose.clone().unwrap_or_default()),
            Cell::Text("permissions", key.grant.permissions.join(" ")),
            Cell::Text("created", day(key.created_at)),
            Cell::Text("expires", expires),
            Cell::Html("actions", delete),
        ];
        (key.key_id.clone(), cells)
    };
    let rows: Vec<_> = turn.state.issuer.listed(&account.id, now).iter().map(row).collect();
    let fields = text_field("name", "Name")
        + &choice("purpose", "Purpose", &PURPOSES)
        + &boxes("permission", "Permissions", &PERMISSIONS);
    let heads = ["Name", "Id", "Purpose", "Permissions", "Created", "Expires", ""];
    let body = notice.to_owned() + &table(&heads, &rows) + &form(&home, "create", &fields, "Create a new API key");
    Reply::html(status, document("API Keys", &account.name, &body))
}
