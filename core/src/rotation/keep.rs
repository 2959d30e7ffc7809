//! A new value is put away: into the keychain before anything is written of it.

use std::iter::once;

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
    /// Keychain before database: every value is put away before the outcome is written, and before anything is asked about it.
    pub(super) async fn keep(
        &self,
        rotation: &Rotation,
        version: VersionId,
        answer: SignedUp,
        fresh: &mut Fresh<'_>,
    ) -> Vec<Change> {
        let SignedUp { fields, key, others } = answer;
        if rotation.act() == Act::SignUp {
            self.keep_answer(version, &fields, key.remote_id.as_deref()).await;
        }
        let Minted {
            secret,
            searched,
            remote_id: told,
            created_at,
            expires_at,
        } = key;
        let minted = |remote_id| Change::Minted {
            version,
            remote_id,
            created_at,
            expires_at,
        };
        let mut came: Vec<Change> = account_fields(rotation, fields).into_iter().collect();
        came.extend(searched.then_some(Change::Searched { version }));
        let mut values = Vec::new();
        for (name, secret) in others {
            let added = self.further_key(rotation, version, &name);
            values.push((added.version.id, secret));
            came.push(Change::Added(Box::new(added)));
        }
        // Last: once it is found after a crash, all that came with it is there too.
        values.push((version, secret));
        if !in_place(Guard::KeychainFirst) {
            fresh.values = values;
            return once(minted(told)).chain(came).collect();
        }
        let mut own = None;
        for (at, secret) in values {
            match self.put_new(at, &secret).await {
                Ok(in_its_place) => {
                    came.extend(in_its_place.then(|| self.held(at, &secret)));
                    own = Some(secret);
                }
                Err(_) => fresh.values.push((at, secret)),
            }
        }
        let refused = || fresh.values.last().map(|(_, secret)| secret);
        let remote_id = match own.as_ref().filter(|_| fresh.is_empty()).or_else(refused) {
            Some(secret) => self.id_of(rotation, version, told, secret).await,
            None => told,
        };
        once(minted(remote_id)).chain(came).collect()
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
