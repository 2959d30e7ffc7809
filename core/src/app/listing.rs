//! Reading an account's key list into the inventory.

use std::collections::HashMap;

use futures_util::{StreamExt, stream};

use super::App;
use super::places::named;
use crate::failure::{Code, Failure};
use crate::model::{Account, AccountId, Hint, Key, KeyId, KeyVersion, Name, Purpose, Secret, VersionId, VersionState};
use crate::provider::{RemoteKey, Strategy};
use crate::rotation::Workspaces;
use crate::vault::VaultRef;

/// Accounts whose lists are read at the same time. They differ in host or credential; one account's pages follow each other.
const AT_ONCE: usize = 64;

impl App {
    /// Reads all accounts side by side, or one. A failing account does not hold up the others: its failure is kept
    /// with it.
    pub async fn refresh(&self, only: Option<AccountId>) -> Result<(), Failure> {
        if let Some(id) = only {
            return self.refresh_account(id).await.map(drop);
        }
        let accounts = stream::iter(self.store.accounts().await?);
        let read = accounts.for_each_concurrent(AT_ONCE, async |(account, _)| {
            if let Err(failure) = self.refresh_account(account.id).await {
                tracing::info!(code = failure.code.as_str(), "an account could not be listed");
            }
        });
        read.await;
        Ok(())
    }

    /// Reads one account's list; returns the keys that were not known before.
    pub(super) async fn refresh_account(&self, id: AccountId) -> Result<Vec<KeyId>, Failure> {
        let account = self.store.account(id).await?;
        let listed = self.list(&account).await;
        let now = self.clock.now();
        match listed {
            Ok(Some(keys)) => {
                let added = self.take_in(&account, keys).await?;
                self.store.note_listing(id, now, None).await?;
                Ok(added)
            }
            // A sign-up that is not through has no list yet.
            Ok(None) => Ok(Vec::new()),
            Err(failure) => {
                self.store.note_listing(id, now, Some(failure.code)).await?;
                Err(failure)
            }
        }
    }

    async fn list(&self, account: &Account) -> Result<Option<Vec<RemoteKey>>, Failure> {
        let workspace = self.workspaces.managing(account).await?;
        if !workspace.is_placed() || !workspace.definition.capabilities().list {
            return Ok(None);
        }
        let mut listed = self.provider.list(&workspace).await?;
        if workspace.definition.tells_last_use_apart() {
            for key in &mut listed {
                match self.provider.last_used(&workspace, &key.remote_id).await {
                    Ok(at) => key.last_used_at = at,
                    // It is good to know, and nothing depends on it.
                    Err(failure) => tracing::info!(code = failure.code.as_str(), "a key's last use is not known"),
                }
            }
        }
        Ok(Some(listed))
    }

    /// Matches what is listed with what is known: by id, else by how a held value begins.
    async fn take_in(&self, account: &Account, listed: Vec<RemoteKey>) -> Result<Vec<KeyId>, Failure> {
        let unsettled = self.is_unsettled(account.id).await?;
        let known = self.store.account_versions(account.id).await?;
        let by_remote_id: HashMap<&str, VersionId> = known
            .iter()
            .filter_map(|(_, _, version)| version.remote_id.as_deref().map(|remote_id| (remote_id, version.id)))
            .collect();
        // Of two fixed slots one serves and one is spare: which one, only a value that is in use can tell.
        let definition = self.catalog.require(&account.provider_id)?;
        let in_slots = definition.strategy() == Strategy::TwoSlot;
        let mut added = Vec::new();
        for remote in &listed {
            if let Some(id) = by_remote_id.get(remote.remote_id.as_str()) {
                self.store.note_listed(*id, remote).await?;
            } else if let Some(id) = self.held_without_id(&known, remote).await? {
                self.store.note_listed(id, remote).await?;
            } else if !unsettled && !in_slots {
                // While an answer is missing, a new key may be the one that was asked for: reconciling decides.
                added.push(self.adopt(account, remote).await?);
            }
        }
        let now = self.clock.now();
        for (purpose, rotating, version) in &known {
            let serves = matches!(version.state, VersionState::Live | VersionState::Retiring);
            let gone = version
                .remote_id
                .as_deref()
                .is_some_and(|remote_id| listed.iter().all(|remote| remote.remote_id != remote_id));
            if *purpose == Purpose::Service && serves && !rotating && gone {
                self.store.note_unlisted(version.id, now).await?;
            }
        }
        Ok(added)
    }

    async fn held_without_id(
        &self,
        known: &[(Purpose, bool, KeyVersion)],
        remote: &RemoteKey,
    ) -> Result<Option<VersionId>, Failure> {
        let Some(prefix) = remote.prefix.as_deref().filter(|prefix| !prefix.is_empty()) else {
            return Ok(None);
        };
        for (purpose, _, version) in known {
            if *purpose == Purpose::Service && version.remote_id.is_none() && version.held {
                let secret: Option<Secret> = self.vault.get(&VaultRef::version(version.id)).await?;
                if secret.is_some_and(|secret| secret.expose().starts_with(prefix)) {
                    return Ok(Some(version.id));
                }
            }
        }
        Ok(None)
    }

    /// A key first seen in the list: known, and not held.
    pub(super) async fn adopt(&self, account: &Account, remote: &RemoteKey) -> Result<KeyId, Failure> {
        let (ms, random) = self.id_parts();
        let hint = remote.prefix.as_deref().and_then(Hint::of_prefix);
        let wished = remote
            .name
            .clone()
            .or_else(|| hint.as_ref().map(|hint| hint.to_string()));
        let wished = wished.unwrap_or_else(|| remote.remote_id.clone());
        let key = Key {
            id: self.key_id(),
            account_id: account.id,
            environment_id: self.first_environment(account).await?,
            name: Name::new(&wished).or_else(|_| named(&remote.remote_id, "name"))?,
            purpose: Purpose::Service,
        };
        let version = KeyVersion {
            state: VersionState::Live,
            remote_id: Some(remote.remote_id.clone()),
            prefix: remote.prefix.clone(),
            hint,
            created_at: remote.created_at,
            expires_at: remote.expires_at,
            last_used_at: remote.last_used_at,
            ..KeyVersion::pending(VersionId::new(ms, random), key.id, self.clock.now())
        };
        match self.store.add_key(&key, &version).await {
            Ok(()) => Ok(key.id),
            // Two keys may begin alike; the provider's id tells them apart.
            Err(failure) if failure.code == Code::InputDuplicateName => {
                let id: Vec<char> = remote.remote_id.chars().collect();
                let tail: String = id[id.len().saturating_sub(6)..].iter().collect();
                let head: String = key.name.as_str().chars().take(Name::MAX - tail.len() - 1).collect();
                let name = named(&format!("{head} {tail}"), "name")?;
                self.store.add_key(&Key { name, ..key.clone() }, &version).await?;
                Ok(key.id)
            }
            Err(failure) => Err(failure),
        }
    }

    /// Where keys of an account are put at first: beside its management credential.
    async fn first_environment(&self, account: &Account) -> Result<crate::model::EnvironmentId, Failure> {
        if let Some(id) = account.management_key_id {
            return Ok(self.store.key(id).await?.key.environment_id);
        }
        let first = self.store.environments().await?.into_iter().next();
        first
            .map(|environment| environment.id)
            .ok_or_else(|| Failure::new(Code::NotFound).field("environment"))
    }

    async fn is_unsettled(&self, account: AccountId) -> Result<bool, Failure> {
        for id in self.store.open_rotations().await? {
            let rotation = self.journal.load(id).await?;
            if rotation.subject.account.id == account && rotation.position.is_unsettled() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
