//! The dashboards: pages on loopback in which a person makes and deletes keys, by plain forms without a script.
//!
//! No document names a dashboard's host, so the providers' pages stand under
//! `http://127.0.0.1:PORT/{provider}/{account}/`, and whoever opens one is that account's person.

pub(crate) mod html;

use crate::account::{Account, Provider};
use crate::exchange::Turn;
use crate::issuer::{Fresh, revoke};
use crate::ledger::Who;
use crate::reply::Reply;
use crate::{ai_api, authenta, on_page, optiverse};

use html::{document, escape, said};

/// Whether the dashboards are at this host.
pub(crate) fn is_at(host: &str) -> bool {
    matches!(host, "127.0.0.1" | "localhost" | "[::1]")
}

/// Answers one request to a dashboard.
pub(crate) fn answer(turn: &mut Turn<'_>) -> Reply {
    let segments = turn.call.segments();
    let [provider, account_id, rest @ ..] = segments.as_slice() else {
        return match segments.as_slice() {
            [] => index(turn),
            _ => no_page(),
        };
    };
    let account = turn.state.issuer.account(account_id).cloned();
    let Some(account) = account.filter(|account| account.provider.id() == *provider) else {
        return no_page();
    };
    turn.who = Who::User(account.id.clone());
    let answered = match account.provider {
        Provider::OnPage => on_page::dashboard(turn, &account, rest),
        Provider::Authenta => authenta::dashboard(turn, &account, rest),
        Provider::AiApi => ai_api::dashboard(turn, &account, rest),
        Provider::Optiverse => optiverse::dashboard(turn, &account, rest),
        Provider::Lab => Err(no_page()),
    };
    answered.unwrap_or_else(|refused| refused)
}

/// A page that says what went wrong.
pub(crate) fn refusal(status: u16, code: Option<&str>, message: &str) -> Reply {
    Reply::html(status, document("Something went wrong", "", &said(code, message)))
}

/// The page that is not there.
pub(crate) fn no_page() -> Reply {
    refusal(404, None, "There is no such page.")
}

/// What a form's field says, without blanks at its ends; a page's notice where nothing was written.
pub(crate) fn written(turn: &Turn<'_>, field: &str, label: &str) -> Result<String, String> {
    let text = turn.call.form(field).into_iter().next().unwrap_or_default();
    match text.trim() {
        "" => Err(format!("{label} is required.")),
        text => Ok(text.to_owned()),
    }
}

/// What was ticked among `offered`; a page's notice for anything else.
pub(crate) fn ticked(turn: &Turn<'_>, field: &str, offered: &[&str]) -> Result<Vec<String>, String> {
    let ticked = turn.call.form(field);
    match ticked.iter().find(|one| !offered.contains(&one.as_str())) {
        Some(other) => Err(format!("{other} is not offered.")),
        None => Ok(ticked),
    }
}

/// Deletes a key and says so.
pub(crate) fn delete(turn: &mut Turn<'_>, account: &Account, key_id: &str, done: &str) -> Result<String, Reply> {
    if revoke(turn, &account.id, key_id) {
        Ok(said(None, done))
    } else {
        Err(refusal(404, None, "This key is not there any more."))
    }
}

/// The new value, for the only time.
pub(crate) fn shown_once(fresh: &Fresh, title: &str) -> String {
    let (value, id) = (escape(&fresh.value), escape(&fresh.key.key_id));
    format!(
        "<section class=\"fresh\" data-key-id=\"{id}\"><h2>{}</h2><p>Copy it now. It will not be shown again.</p>\
         <code id=\"new-key\">{value}</code></section>",
        escape(title)
    )
}

fn index(turn: &Turn<'_>) -> Reply {
    let mut body = String::new();
    for provider in Provider::IN_DASHBOARDS {
        let accounts = turn.state.issuer.accounts().iter();
        for account in accounts.filter(|account| account.provider == provider) {
            let (home, name) = (home(account), escape(&account.name));
            body += &format!("<li><a href=\"{home}\">{}: {name}</a></li>", provider.name());
        }
    }
    Reply::html(200, document("Simulated dashboards", "", &format!("<ul>{body}</ul>")))
}

/// The address of an account's page of keys.
pub(crate) fn home(account: &Account) -> String {
    let page = match account.provider {
        Provider::OnPage => on_page::KEYS_PAGE,
        Provider::Authenta => authenta::KEYS_PAGE,
        Provider::AiApi => ai_api::KEYS_PAGE,
        Provider::Optiverse => optiverse::KEYS_PAGE,
        Provider::Lab => "",
    };
    format!("/{}/{}/{page}", account.provider.id(), account.id)
}
