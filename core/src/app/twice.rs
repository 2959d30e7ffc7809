//! An account that is connected already: each of its keys would be here twice, and an act on one be an act on the other.

use super::App;
use crate::failure::{Code, Failure, SafeDetail};
use crate::guard::{Guard, in_place};
use crate::model::Account;

impl App {
    /// Refuses an account whose list is asked for by the same address and the same fields as that of another one. Where no
    /// field decides, the credential does, and nobody can tell.
    pub(super) async fn is_first(&self, account: &Account) -> Result<(), Failure> {
        let definition = self.definitions.require(account)?;
        let fields = definition.listed_by();
        if fields.is_empty() || !in_place(Guard::ConnectedOnce) {
            return Ok(());
        }
        let is_same = |other: &Account| {
            other.provider_id == account.provider_id
                && other.address() == account.address()
                && fields.iter().all(|field| {
                    account.fields.contains_key(*field) && other.fields.get(*field) == account.fields.get(*field)
                })
        };
        let accounts = self.store.accounts().await?;
        match accounts.iter().find(|(other, _)| is_same(other)) {
            Some((other, _)) => {
                Err(Failure::new(Code::AccountTwice).detail(SafeDetail::Account(other.label.to_string())))
            }
            None => Ok(()),
        }
    }
}
