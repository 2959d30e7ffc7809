//! Minting and storing: from the intent to a value in the keychain, read back equal.

use jiff::SignedDuration;
use std::time::Duration;

use super::drive::{AtRisk, Driver, Next, new_version};
use super::fresh::Fresh;
use super::journal::{Change, Fence, NewKey, Rotation};
use super::nonce;
use super::plan::{Act, StepKind};
use super::signup::account_fields;
use super::state::Event;
use crate::failure::{Code, Effect, Failure, SafeDetail};
use crate::guard::{Guard, in_place};
use crate::model::{Hint, Key, KeyId, KeyVersion, Name, Purpose, Secret, VersionId, VersionState};
use crate::provider::{Minted, Order, SignedUp, Strategy, Workspace};
use crate::vault::VaultRef;

/// Mints of an account whose values may be lost within an hour: bounds what can go astray.
const LOST_PER_HOUR: u32 = 3;
/// Age from which the checks are made again before a mint.
const CHECKS_HOLD: Duration = Duration::from_secs(300);
/// How long a value is held in memory for a keychain that refuses.
const HOLD: Duration = Duration::from_secs(600);
/// Pause between two tries of such a keychain.
const HOLD_RETRY: Duration = Duration::from_secs(2);

impl Driver {
    pub(super) async fn mint(&self, fence: Fence, rotation: &Rotation, fresh: &mut Fresh<'_>) -> Result<Next, Failure> {
        let kind = StepKind::Mint;
        if !self.tries_since_check(rotation) && in_place(Guard::FreshChecks) {
            self.record(fence, Event::CheckedAgain, vec![]).await?;
            return Ok(Next::Go);
        }
        let name = self.effects.mint_name(rotation.subject.key.name.as_str());
        let version = self.pending_version(rotation);
        let version_id = version.id;
        let bound = self.mints_are_bounded(rotation).await;
        let named = Change::MintNamed {
            name: name.clone(),
            version: Box::new(version),
            repeatable: self.repeatable(rotation, &name).await,
        };
        // What the bound holds back is not sent, and so not counted; nor is what was sent before it.
        let changes = vec![if bound.is_ok() { named } else { Change::NotRepeatable }];
        let sending = async {
            bound?;
            let answer = self.send_mint(rotation, &name).await?;
            self.as_new(rotation, answer).await
        };
        let intent = (Guard::MintIntent, Event::Intended(kind));
        fresh.now(AtRisk::Creating);
        match self.intend(fence, intent, changes, sending).await? {
            Ok(answer) => {
                let changes = self.keep(rotation, version_id, answer, fresh).await;
                let recorded = self.record(fence, Event::Applied(kind), changes).await;
                recorded.map_err(|failure| failure.with_effect(Effect::Applied).detail(SafeDetail::Created(name)))?;
            }
            Err(failure) if failure.effect == Effect::NotApplied => {
                self.not_applied(fence, kind, &failure, false).await?;
            }
            Err(failure) => {
                let recorded = self.record(fence, Event::Unclear(kind, failure.code), vec![]).await;
                recorded.map_err(|failure| failure.with_effect(Effect::Unknown).detail(SafeDetail::Created(name)))?;
            }
        }
        fresh.settle();
        Ok(Next::Go)
    }

    async fn send_mint(&self, rotation: &Rotation, name: &str) -> Result<SignedUp, Failure> {
        let workspace = self.minting(rotation, name).await?;
        if rotation.act() == Act::SignUp {
            let mut inputs = rotation.inputs.clone();
            inputs.insert("key_name".to_owned(), name.to_owned());
            return self.effects.provider.sign_up(&workspace, &inputs).await;
        }
        let order = self.order(rotation, &workspace, name)?;
        let mut before = self.journal.snapshot(rotation.id).await?;
        before.extend(self.journal.known_remote_ids(rotation.id).await?);
        let minted = match order.replaces() {
            Some(id) => self.effects.provider.roll(&workspace, id).await?,
            None => self.effects.provider.mint(&workspace, name).await?,
        };
        as_ordered(&order, minted, &before)
    }

    /// The account as a mint needs it, with the nonce of its name.
    pub(super) async fn minting(&self, rotation: &Rotation, name: &str) -> Result<Workspace, Failure> {
        Ok(Workspace {
            nonce: nonce::of(name).map(str::to_owned),
            ..self.effects.workspaces.managing(&rotation.subject.account).await?
        })
    }

    pub(super) fn order(&self, rotation: &Rotation, workspace: &Workspace, name: &str) -> Result<Order, Failure> {
        let slot = self.slot_of(rotation, workspace)?;
        Ok(slot.map_or_else(|| Order::mint(name), |slot| Order::roll(&slot)))
    }

    /// Believes an answer that can be true: a new value is neither the old one, with which it would be revoked, nor that
    /// of any other key; and an id, which goes into the database, does not hold it.
    pub(super) async fn as_new(&self, rotation: &Rotation, answer: SignedUp) -> Result<SignedUp, Failure> {
        let Minted { secret, remote_id, .. } = &answer.key;
        let tells = |id: &String| id.contains(secret.expose()) && in_place(Guard::IdWithoutValue);
        let value = self.effects.fingerprints.of(secret);
        let known = self.journal.is_known_value(rotation.id, &value).await;
        let known = known.map_err(|failure| failure.with_effect(Effect::Unknown))? && in_place(Guard::KnownValue);
        if known || remote_id.as_ref().is_some_and(tells) {
            return Err(Failure::unknown(Code::ProviderUnexpected));
        }
        Ok(answer)
    }

    /// Returns what is rolled: the key itself, or the slot that nobody uses; none where a key is added.
    pub(super) fn slot_of(&self, rotation: &Rotation, workspace: &Workspace) -> Result<Option<String>, Failure> {
        let old = rotation.subject.old.as_ref().and_then(|old| old.remote_id.clone());
        let unknown = || Failure::new(Code::KeyIdUnknown);
        if rotation.plan.rolls() {
            return old.ok_or_else(unknown).map(Some);
        }
        if rotation.act() == Act::Rotate && rotation.plan.strategy == Strategy::TwoSlot {
            let (old, slots) = old.zip(workspace.definition.slots()).ok_or_else(unknown)?;
            let mut others = slots.iter().filter(|slot| **slot != old);
            // Neither of them: then nobody can say which one is in use.
            let other = others.next().filter(|_| others.next().is_none());
            return other.cloned().ok_or_else(unknown).map(Some);
        }
        Ok(None)
    }

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
            match self.effects.vault.put(&VaultRef::version(version), &secret).await {
                Ok(()) => changes.push(self.held(version, &secret)),
                Err(_) => fresh.values.push((version, secret)),
            }
        }
        changes
    }

    /// In the keychain, read back equal. A keychain that refuses is asked again while the value is held.
    pub(super) async fn store(
        &self,
        fence: Fence,
        rotation: &Rotation,
        fresh: &mut Fresh<'_>,
    ) -> Result<Next, Failure> {
        let stored = self.put_away(fence, rotation, &mut fresh.values).await;
        fresh.settle();
        stored
    }

    async fn put_away(
        &self,
        fence: Fence,
        rotation: &Rotation,
        values: &mut Vec<(VersionId, Secret)>,
    ) -> Result<Next, Failure> {
        let kind = StepKind::Store;
        let version = new_version(rotation)?;
        self.record(fence, Event::Intended(kind), vec![]).await?;
        let mut changes = Vec::new();
        let mut refused = None;
        for (version, secret) in std::mem::take(values) {
            match self.effects.vault.put(&VaultRef::version(version), &secret).await {
                Ok(()) => changes.push(self.held(version, &secret)),
                Err(failure) => {
                    refused = Some(failure);
                    values.push((version, secret));
                }
            }
        }
        if let Some(failure) = refused {
            // After the point of no return there is nothing to go back to: it is held for as long as it takes.
            let no_way_back = rotation
                .plan
                .pivot()
                .is_some_and(|pivot| rotation.position.cursor > pivot);
            if no_way_back || self.tries_for(rotation, kind, HOLD) {
                let until = Some(self.effects.after(HOLD_RETRY));
                let parked = Event::Parked {
                    step: kind,
                    until,
                    code: Some(failure.code),
                };
                self.record(fence, parked, changes).await?;
            } else {
                // Undo is possible and the old key is untouched: better no new key than one nobody holds.
                values.clear();
                self.record(fence, Event::UndoBegun, changes).await?;
            }
            return Ok(Next::Go);
        }
        if !in_place(Guard::StoredIsThere) {
            return self
                .record(fence, Event::Applied(kind), changes)
                .await
                .map(|()| Next::Go);
        }
        match self.effects.vault.get(&VaultRef::version(version)).await {
            Ok(Some(secret)) => {
                changes.push(self.held(version, &secret));
                // Without a predecessor and a way to ask, it serves from now on.
                if rotation.subject.old.is_none() && rotation.plan.index(StepKind::VerifyNew).is_none() {
                    changes.push(Change::Promoted { new: version });
                }
                self.record(fence, Event::Applied(kind), changes).await?;
                self.drop_answer(rotation, version).await;
            }
            // The provider's page may still show it.
            Ok(None) if !rotation.plan.sends(StepKind::Mint) => {
                self.record(fence, Event::PasteAgain, changes).await?;
            }
            Ok(None) => self.record(fence, Event::ValueLost, changes).await?,
            Err(failure) => self.park(fence, kind, rotation, failure.code, changes).await?,
        }
        Ok(Next::Go)
    }

    /// Not every provider tells the id of a new key; its list does, by how the value begins.
    pub(super) async fn id_by_prefix(&self, rotation: &Rotation, secret: &Secret) -> Option<String> {
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await.ok()?;
        let listed = self.effects.provider.list(&workspace).await.ok()?;
        let before = self.journal.snapshot(rotation.id).await.ok()?;
        let begins = |prefix: &str| !prefix.is_empty() && secret.expose().starts_with(prefix);
        let mut ours = listed
            .into_iter()
            .filter(|key| !before.contains(&key.remote_id) && key.prefix.as_deref().is_some_and(begins));
        let found = ours.next();
        let alone = ours.next().is_none() || !in_place(Guard::OwnId);
        found.filter(|_| alone).map(|key| key.remote_id)
    }

    pub(super) fn held(&self, version: VersionId, secret: &Secret) -> Change {
        Change::Held {
            version,
            hint: Hint::of(secret),
            fingerprint: self.effects.fingerprints.of(secret),
        }
    }

    /// The version that this mint fills: the one made with the rotation, or a fresh one after a discard.
    /// A mint that created nothing leaves its version to the next one.
    pub(super) fn pending_version(&self, rotation: &Rotation) -> KeyVersion {
        match &rotation.subject.new {
            Some(version) if version.state == VersionState::Pending => version.clone(),
            _ => self.blank_version(rotation.subject.key.id),
        }
    }

    fn blank_version(&self, key_id: KeyId) -> KeyVersion {
        KeyVersion::pending(self.effects.version_id(), key_id, self.effects.clock.now())
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

    /// At most one automatic re-mint, and three mints per account and hour whose values are not stored.
    async fn mints_are_bounded(&self, rotation: &Rotation) -> Result<(), Failure> {
        let now = self.effects.clock.now();
        let hour_ago = now.checked_sub(SignedDuration::from_hours(1)).unwrap_or(now);
        let lost = self.journal.lost_since(rotation.id, hour_ago).await?;
        let last = rotation
            .records
            .iter()
            .rposition(|record| record.event == Event::Intended(StepKind::Mint));
        let asked_for = rotation.records[last.map_or(0, |at| at + 1)..]
            .iter()
            .any(|record| record.event == Event::Retried);
        let too_many = lost >= LOST_PER_HOUR && in_place(Guard::MintsAnHour);
        let repeated = rotation.mints >= 2 && !asked_for && in_place(Guard::OneRepeat);
        if too_many || repeated {
            return Err(Failure::new(Code::RotationTooManyMints));
        }
        Ok(())
    }

    fn tries_since_check(&self, rotation: &Rotation) -> bool {
        let checked = rotation
            .records
            .iter()
            .rfind(|record| record.event == Event::Applied(StepKind::Check));
        checked.is_some_and(|record| {
            let since = self.effects.clock.now().duration_since(record.at);
            Duration::try_from(since).is_ok_and(|since| since < CHECKS_HOLD)
        })
    }
}

/// What the order gave: in a place it has that place's id, else one that nothing had before.
pub(super) fn as_ordered(order: &Order, minted: Minted, before: &[String]) -> Result<SignedUp, Failure> {
    let remote_id = match order.replaces() {
        // By another key's id, that one would be rolled next time.
        Some(place) => {
            let told = minted.remote_id.filter(|id| id == place || !before.contains(id));
            told.or_else(|| Some(place.to_owned()))
        }
        // By that id another key would be revoked one day.
        None if minted.remote_id.as_ref().is_some_and(|id| before.contains(id)) && in_place(Guard::NewId) => {
            return Err(Failure::unknown(Code::ProviderUnexpected));
        }
        None => minted.remote_id,
    };
    Ok(SignedUp {
        fields: Default::default(),
        key: Minted { remote_id, ..minted },
        others: Vec::new(),
    })
}

impl KeyVersion {
    /// A version that is intended: it has an id, and so a place in the keychain, and nothing else.
    pub fn pending(id: VersionId, key_id: KeyId, now: jiff::Timestamp) -> KeyVersion {
        KeyVersion {
            id,
            key_id,
            state: VersionState::Pending,
            remote_id: None,
            prefix: None,
            hint: None,
            fingerprint: None,
            held: false,
            created_at: None,
            first_seen_at: now,
            expires_at: None,
            last_used_at: None,
            unlisted_since: None,
            verdict: None,
            ended_at: None,
            receipt: None,
        }
    }
}

impl Purpose {
    /// Whether a rotation can replace it: a program's key, made by the provider's key API.
    pub fn is_rotated(self) -> bool {
        matches!(self, Purpose::Service)
    }
}
