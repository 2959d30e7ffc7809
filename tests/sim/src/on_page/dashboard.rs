//! Dashboard → API Keys: as many keys as are wanted, each with its permissions.

use super::PERMISSIONS;
use crate::account::Account;
use crate::dashboard::html::{Cell, boxes, day, document, form, said, table, text_field};
use crate::dashboard::{delete, home, no_page, shown_once, ticked, written};
use crate::exchange::Turn;
use crate::issuer::{Wish, mint};
use crate::reply::Reply;
use crate::world::Grant;

/// The page of keys (On-Page, "Creating API keys").
pub(crate) const KEYS_PAGE: &str = "dashboard/api-keys";

/// Shows, creates and deletes.
pub(crate) fn dashboard(turn: &mut Turn<'_>, account: &Account, rest: &[&str]) -> Result<Reply, Reply> {
    match (turn.call.method.as_str(), rest) {
        ("GET", ["dashboard", "api-keys"]) => Ok(page(turn, account, 200, "")),
        ("POST", ["dashboard", "api-keys"]) => Ok(create(turn, account)),
        ("POST", ["dashboard", "api-keys", key_id, "delete"]) => {
            let notice = delete(turn, account, key_id, "The key was deleted.")?;
            Ok(page(turn, account, 200, &notice))
        }
        _ => Err(no_page()),
    }
}

fn create(turn: &mut Turn<'_>, account: &Account) -> Reply {
    let name = written(turn, "name", "A name");
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

fn page(turn: &Turn<'_>, account: &Account, status: u16, notice: &str) -> Reply {
    let home = home(account);
    let row = |key: &&crate::issuer::Issued| {
        let delete = form(&format!("{home}/{}/delete", key.key_id), "delete", "", "Delete");
        let cells = vec![
            Cell::Text("name", key.name.clone()),
            Cell::Text("start", format!("{}…", key.prefix)),
            Cell::Text("permissions", key.grant.permissions.join(" ")),
            Cell::Text("created", day(key.created_at)),
            Cell::Html("actions", delete),
        ];
        (key.key_id.clone(), cells)
    };
    let rows: Vec<_> = turn
        .state
        .issuer
        .listed(&account.id, turn.call.at)
        .iter()
        .map(row)
        .collect();
    let fields = text_field("name", "Name") + &boxes("permission", "Permissions", &PERMISSIONS);
    let body = notice.to_owned()
        + &table(&["Name", "Key", "Permissions", "Created", ""], &rows)
        + &form(&home, "create", &fields, "Create API key");
    Reply::html(status, document("API Keys", &account.name, &body))
}
