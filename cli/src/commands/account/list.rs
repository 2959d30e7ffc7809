//! The table of accounts.

use keywheel_core::Code;
use keywheel_core::model::AccountId;
use keywheel_wire::{AccountView, SyncView};

use crate::exit::{Exit, Stop};
use crate::render::{Line, Look};
use crate::session::Session;
use crate::table::Table;
use crate::words::when;

/// Prints all accounts, or one. An account whose list could not be read decides the exit code.
pub async fn print(session: &Session, only: Option<AccountId>) -> Result<Exit, Stop> {
    let only = only.map(|id| id.to_string());
    let accounts: Vec<AccountView> = session
        .inventory()
        .await?
        .accounts
        .into_iter()
        .filter(|account| only.as_ref().is_none_or(|id| *id == account.id))
        .collect();
    session.out.value(&accounts);
    let mut table = Table::new(&["ACCOUNT", "ORG", "PROVIDER", "CREDENTIAL", "KEYS", "LIST READ"]);
    let mut worst = Exit::Done;
    for account in &accounts {
        let (look, read) = match &account.sync {
            SyncView::Never => (Look::Quiet, "never".to_owned()),
            SyncView::Listed { at } => (Look::Plain, when(at)),
            SyncView::Failed { at, error, .. } => {
                let exit = Code::parse(&error.code).map_or(Exit::Failed, Exit::of_code);
                worst = worst.max(exit);
                (Look::Bad, format!("{} failed: {}", when(at), error.message))
            }
        };
        let credential = match &account.credential_expires_at {
            Some(at) => format!("{}, until {}", account.scheme_label, when(at)),
            None => account.scheme_label.clone(),
        };
        table.row(vec![
            Line::from(account.label.as_str()),
            account.org_name.as_str().into(),
            account.provider_name.as_str().into(),
            credential.into(),
            account.key_count.to_string().into(),
            Line::new().look(look, read),
        ]);
    }
    table.print(&session.out);
    Ok(worst)
}
