//! Keys: one in detail, named anew, moved, removed, verified.

use super::App;
use super::inventory::KeyFacts;
use super::places::named;
use super::targets::Use;
use crate::failure::{Code, Failure};
use crate::model::{EnvironmentId, KeyId, KeyVersion, Verdict, VersionId};
use crate::rotation::Workspaces;
use crate::store::{Activity, ActivityResult, KeyRow, NewActivity, Pick};
use crate::vault::VaultState;

/// One key, with its versions and what happened to it.
#[derive(Debug, Clone)]
pub struct KeyDetail {
    pub facts: KeyFacts,
    /// Newest first.
    pub versions: Vec<KeyVersion>,
    /// Names of other keys that hold the very same value.
    pub same_value_as: Vec<String>,
    pub history: Vec<Activity>,
    pub targets: Vec<Use>,
}

impl App {
    pub async fn key_facts(&self, id: KeyId, keychain: VaultState) -> Result<KeyFacts, Failure> {
        let sharing = self.store.keys(Pick::Sharing(id)).await?;
        self.facts_among(id, &sharing, keychain).await
    }

    async fn facts_among(&self, id: KeyId, sharing: &[KeyRow], keychain: VaultState) -> Result<KeyFacts, Failure> {
        let row = self.store.key(id).await?;
        let rules = self.rules(keychain).await?;
        let mut flags = self.flags(sharing.iter(), &rules.accounts).await?;
        Ok(KeyFacts {
            flags: flags.remove(&id).unwrap_or_default(),
            ..self.facts(row, &rules)
        })
    }

    pub async fn key_detail(&self, id: KeyId, keychain: VaultState) -> Result<KeyDetail, Failure> {
        let sharing = self.store.keys(Pick::Sharing(id)).await?;
        let facts = self.facts_among(id, &sharing, keychain).await?;
        let value = |row: &KeyRow| row.version.as_ref().and_then(|version| version.fingerprint.clone());
        let held = value(&facts.row);
        let same = sharing
            .iter()
            .filter(|other| other.key.id != id && held.is_some() && value(other) == held);
        let same_value_as = same.map(|other| other.key.name.to_string()).collect();
        // One that was to be made and was not is no version of the key.
        let never = |version: &KeyVersion| {
            let known = version.hint.is_some() || version.remote_id.is_some() || version.prefix.is_some();
            version.ended_at.is_some() && version.receipt.is_none() && !version.held && !known
        };
        let mut versions = self.store.versions(id).await?;
        versions.retain(|version| !never(version));
        Ok(KeyDetail {
            versions,
            history: self.store.activity(Some(id), 8).await?,
            targets: self.targets_of(id, keychain).await?,
            same_value_as,
            facts,
        })
    }

    pub async fn rename_key(&self, id: KeyId, name: &str) -> Result<(), Failure> {
        let former = self.store.key(id).await?.key.name;
        self.store.rename_key(id, &named(name, "name")?).await?;
        let renamed = NewActivity {
            key_id: Some(id),
            word: Some(former.to_string()),
            ..NewActivity::new(&self.who.who, "key.renamed", ActivityResult::Done)
        };
        self.store.note(&renamed, self.clock.now()).await
    }

    pub async fn move_key(&self, id: KeyId, to: EnvironmentId) -> Result<(), Failure> {
        let environments = self.store.environments().await?;
        let former = self.store.key(id).await?.key.environment_id;
        let from = environments.iter().find(|environment| environment.id == former);
        if environments.iter().all(|environment| environment.id != to) {
            return Err(Failure::new(Code::NotFound).field("environment"));
        }
        self.store.move_key(id, to).await?;
        let moved = NewActivity {
            key_id: Some(id),
            word: from.map(|environment| environment.name.to_string()),
            ..NewActivity::new(&self.who.who, "key.moved", ActivityResult::Done)
        };
        self.store.note(&moved, self.clock.now()).await
    }

    /// Takes a key out of Keywheel. At the provider nothing changes; a held value leaves the keychain, at a later tick where
    /// it does not let it go now.
    pub async fn remove_key(&self, id: KeyId) -> Result<(), Failure> {
        let row = self.store.key(id).await?;
        if row.under_way.is_some() {
            return Err(Failure::new(Code::KeyBusy));
        }
        let managing = self
            .store
            .accounts()
            .await?
            .into_iter()
            .any(|(a, _)| a.management_key_id == Some(id));
        if managing {
            return Err(Failure::new(Code::NameInUse).field("key"));
        }
        let removed = NewActivity {
            key_id: Some(id),
            ..NewActivity::new(&self.who.who, "key.removed", ActivityResult::Done)
        };
        self.store.remove_key(id, self.clock.now(), Some(&removed)).await?;
        self.forget_what_may_go().await;
        Ok(())
    }

    /// Calls the provider with the key's value, and keeps what it answers.
    pub async fn verify(&self, id: KeyId) -> Result<Verdict, Failure> {
        let (version, verdict) = self.ask(self.store.key(id).await?).await?;
        self.store.note_verdict(version, &verdict).await?;
        self.note_verified(id, version, &verdict).await?;
        Ok(verdict)
    }

    /// Calls the provider with the key's value. Nothing is written.
    pub(super) async fn ask(&self, row: KeyRow) -> Result<(VersionId, Verdict), Failure> {
        let version = row.version.ok_or_else(|| Failure::new(Code::KeyEnded))?;
        if !version.held {
            return Err(Failure::new(Code::KeyNotHeld));
        }
        let account = self.store.account(row.key.account_id).await?;
        let workspace = self.workspaces.using(&account).await?;
        if !workspace.definition.verifies(&workspace.fields) {
            return Err(Failure::new(Code::ProviderNoCall));
        }
        let secret = self.value_of(&version).await?;
        let verdict = self.provider.verify(&workspace, &secret).await;
        if let Some(at) = verdict.retry_at.filter(|_| verdict.status.is_none()) {
            return Err(Failure::new(Code::ProviderRateLimited).retry_at(at));
        }
        Ok((version.id, verdict))
    }

    pub(super) async fn note_verified(&self, key: KeyId, version: VersionId, verdict: &Verdict) -> Result<(), Failure> {
        let verified = NewActivity {
            key_id: Some(key),
            version_id: Some(version),
            word: Some(verdict.answer.as_str().to_owned()),
            ..NewActivity::new(&self.who.who, "key.verified", ActivityResult::Done)
        };
        self.store.note(&verified, self.clock.now()).await
    }

    /// The newest events, newest first.
    pub async fn activity(&self, limit: u32) -> Result<Vec<Activity>, Failure> {
        self.store.activity(None, limit).await
    }
}
