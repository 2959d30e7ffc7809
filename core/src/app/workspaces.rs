//! Accounts as requests need them: definition, facts, and the credential from the keychain.

use async_trait::async_trait;
use std::sync::Arc;

use super::definitions::Definitions;
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{Account, Credential, Secret, VersionId};
use crate::provider::Workspace;
use crate::rotation::Workspaces;
use crate::store::Store;
use crate::vault::{Vault, VaultRef};

pub(super) struct AccountWorkspaces {
    store: Arc<Store>,
    vault: Arc<dyn Vault>,
    definitions: Arc<Definitions>,
}

impl AccountWorkspaces {
    pub(super) fn new(store: Arc<Store>, vault: Arc<dyn Vault>, definitions: Arc<Definitions>) -> Self {
        AccountWorkspaces {
            store,
            vault,
            definitions,
        }
    }

    /// A workspace with the credential at hand, which may not be stored yet.
    pub(super) fn with(&self, account: &Account, credential: Option<Credential>) -> Result<Workspace, Failure> {
        Ok(Workspace {
            account_id: account.id,
            definition: self.definitions.require(account)?,
            fields: account.fields.clone(),
            base_url: account.base_url.clone(),
            credential,
            nonce: None,
        })
    }

    async fn credential_version(&self, account: &Account) -> Result<VersionId, Failure> {
        let missing = || Failure::new(Code::CredentialMissing);
        let key = self.store.key(account.management_key_id.ok_or_else(missing)?).await?;
        Ok(key.version.ok_or_else(missing)?.id)
    }
}

#[async_trait]
impl Workspaces for AccountWorkspaces {
    async fn managing(&self, account: &Account) -> Result<Workspace, Failure> {
        // The account may have got a new credential, or its organisation's id, since it was loaded.
        let account = self.store.account(account.id).await?;
        let bare = self.with(&account, None)?;
        if !bare.definition.needs_credential() {
            return Ok(bare);
        }
        let version = self.credential_version(&account).await?;
        let secret = self.vault.get(&VaultRef::version(version)).await?;
        let secret = secret.ok_or_else(|| Failure::new(Code::CredentialMissing))?;
        let credential = Credential {
            scheme: account.scheme.clone(),
            fields: account.fields.clone(),
            secret,
        };
        self.with(&account, Some(credential))
    }

    async fn using(&self, account: &Account) -> Result<Workspace, Failure> {
        self.with(&self.store.account(account.id).await?, None)
    }

    async fn renewed(&self, account: &Account, was: &Secret, secret: &Secret) -> Result<(), Failure> {
        let at = VaultRef::version(self.credential_version(account).await?);
        // A person may have put another one there meanwhile.
        let there = self.vault.get(&at).await?;
        match there.is_some_and(|there| there.same_as(was)) || !in_place(Guard::RenewsItsOwn) {
            true => self.vault.put(&at, secret).await,
            false => Ok(()),
        }
    }
}
