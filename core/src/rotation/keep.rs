//! A new value is put away: into the keychain before anything is written of it.

use super::drive::Driver;
use super::fresh::Fresh;
use super::journal::{Change, NewKey, Rotation};
use super::plan::Act;
use super::scene::Draw;
use super::signup::account_fields;
use crate::failure::Failure;
use crate::guard::{Guard, in_place};
use crate::model::{Hint, Key, KeyId, KeyVersion, Name, Secret, VersionId, VersionState};
use crate::provider::{Minted, SignedUp};
use crate::vault::VaultRef;

impl Driver {
    /// Keychain before database: every value is put away before the outcome is written.
    pub(super) async fn keep(
        &self,
        rotation: &Rotation,
        version: VersionId,
        answer: SignedUp,
        fresh: &mut Fresh<'_>,
    ) -> Vec<Change> {
        let SignedUp { fields, key, others } = answer;
        let Minted {
            secret,
            mut remote_id,
            created_at,
            expires_at,
        } = key;
        if remote_id.is_none() {
            remote_id = self.id_by_prefix(rotation, &secret).await;
        }
        if rotation.act() == Act::SignUp {
            self.keep_answer(version, &fields, remote_id.as_deref()).await;
        }
        let mut changes = vec![Change::Minted {
            version,
            remote_id,
            created_at,
            expires_at,
        }];
        changes.extend(account_fields(rotation, fields));
        let mut values = Vec::new();
        for (name, secret) in others {
            let added = self.further_key(rotation, version, &name);
            values.push((added.version.id, secret));
            changes.push(Change::Added(Box::new(added)));
        }
        // Last: once it is found after a crash, all that came with it is there too.
        values.push((version, secret));
        if !in_place(Guard::KeychainFirst) {
            fresh.values = values;
            return changes;
        }
        for (version, secret) in values {
            match self.put_new(version, &secret).await {
                Ok(true) => changes.push(self.held(version, &secret)),
                Ok(false) => {}
                Err(_) => fresh.values.push((version, secret)),
            }
        }
        changes
    }

    /// Puts a new value into its place, and never over another one: whoever was taken for dead and answers late comes second.
    /// Its value then lies in a place of its own, where a look through the keychain finds it. Returns whether it is in its
    /// own place.
    pub(super) async fn put_new(&self, version: VersionId, secret: &Secret) -> Result<bool, Failure> {
        let own = VaultRef::version(version);
        let there = self.effects.vault.get(&own).await?;
        let is_taken = there.is_some_and(|there| !there.same_as(secret)) && in_place(Guard::PlaceIsFree);
        let place = match is_taken {
            true => {
                let (ms, random) = self.effects.id_parts();
                VaultRef::version(VersionId::new(ms, random))
            }
            false => own,
        };
        self.effects.vault.put(&place, secret).await?;
        Ok(!is_taken)
    }

    /// Puts a value that a person gave into its place. What lies there already, of a take that was cut off or a value that was
    /// refused, goes to a place of its own first: it may be the only one that works.
    pub(super) async fn put_over(&self, version: VersionId, secret: &Secret) -> Result<(), Failure> {
        let own = VaultRef::version(version);
        let there = self.effects.vault.get(&own).await?;
        if let Some(there) = there.filter(|there| !there.same_as(secret) && in_place(Guard::GivenIsKept)) {
            let (ms, random) = self.effects.id_parts();
            let aside = VaultRef::version(VersionId::new(ms, random));
            self.effects.vault.put(&aside, &there).await?;
        }
        self.effects.vault.put(&own, secret).await
    }

    /// Not every provider tells the id of a new key; its list does, by how the value begins.
    pub(super) async fn id_by_prefix(&self, rotation: &Rotation, secret: &Secret) -> Option<String> {
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await.ok()?;
        let listed = self.effects.provider.list(&workspace).await.ok()?;
        let mut before = self.journal.snapshot(rotation.id).await.ok()?;
        before.extend(self.journal.known_remote_ids(rotation.id).await.ok()?);
        let begins = |prefix: &str| workspace.definition.shows(prefix, secret);
        let mut ours = listed
            .keys()
            .iter()
            .filter(|key| !before.contains(&key.remote_id) && key.prefix.as_deref().is_some_and(begins));
        let found = ours.next();
        let alone = ours.next().is_none() || !in_place(Guard::OwnId);
        found.filter(|_| alone).map(|key| key.remote_id.clone())
    }

    pub(super) fn held(&self, version: VersionId, secret: &Secret) -> Change {
        Change::Held {
            version,
            hint: Hint::of(secret),
            fingerprint: self.effects.fingerprints.of(secret),
        }
    }

    /// A further credential that the sign-up answered with; its id follows from that of the first.
    pub(super) fn further_key(&self, rotation: &Rotation, first: VersionId, name: &str) -> NewKey {
        let (ms, random) = self.effects.id_parts();
        let label = name.replace('_', " ");
        let key = Key {
            id: KeyId::new(ms, random),
            account_id: rotation.subject.account.id,
            environment_id: rotation.subject.key.environment_id,
            name: Name::new(&label).unwrap_or_else(|_| rotation.subject.key.name.clone()),
            purpose: NewKey::purpose_of(name),
        };
        let version = KeyVersion {
            state: VersionState::Live,
            ..KeyVersion::pending(first.further(name), key.id, self.effects.clock.now())
        };
        NewKey { key, version }
    }
}
