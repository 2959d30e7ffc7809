//! Profile Settings, section API Key: one key a user; the old one is deleted before there is a new one.

use crate::account::Account;
use crate::dashboard::html::{Cell, day, document, form, said, table};
use crate::dashboard::{delete, home, no_page, shown_once};
use crate::exchange::Turn;
use crate::issuer::{Issued, Wish, mint};
use crate::reply::Reply;
use crate::world::Grant;

/// The page with the section (Optiverse, "Create Your API Key").
pub(crate) const KEYS_PAGE: &str = "profile/settings";

/// Shows, creates and deletes.
pub(crate) fn dashboard(turn: &mut Turn<'_>, account: &Account, rest: &[&str]) -> Result<Reply, Reply> {
    match (turn.call.method.as_str(), rest) {
        ("GET", ["profile", "settings"]) => Ok(page(turn, account, 200, "")),
        ("POST", ["profile", "settings"]) => Ok(create(turn, account)),
        ("POST", ["profile", "settings", key_id, "delete"]) => {
            let notice = delete(turn, account, key_id, "The API key was deleted.")?;
            Ok(page(turn, account, 200, &notice))
        }
        _ => Err(no_page()),
    }
}

fn create(turn: &mut Turn<'_>, account: &Account) -> Reply {
    if turn.state.issuer.live_count(&account.id, turn.call.at) > 0 {
        let notice = said(Some("KEY001"), "User already has an active API key");
        return page(turn, account, 409, &notice);
    }
    let wish = Wish {
        name: String::new(),
        grant: Grant::default(),
    };
    let fresh = mint(turn, account, wish);
    page(turn, account, 200, &shown_once(&fresh, "API key created"))
}

fn page(turn: &Turn<'_>, account: &Account, status: u16, notice: &str) -> Reply {
    let home = home(account);
    let row = |key: &&Issued| {
        let delete = form(&format!("{home}/{}/delete", key.key_id), "delete", "", "Delete API Key");
        let cells = vec![
            Cell::Text("start", format!("{}…", key.prefix)),
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
    let body = format!("<section id=\"api-key\"><h2>API Key</h2>{notice}")
        + &table(&["Key", "Created", ""], &rows)
        + &form(&home, "create", "", "Create API Key")
        + "</section>";
    Reply::html(status, document("Profile Settings", &account.name, &body))
}
