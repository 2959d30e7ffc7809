//! Rotations and their siblings: opened, told what the person says, resumed.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::time::Duration;

use jiff::SignedDuration;

use super::App;
use super::import::{Description, described};
use super::open::PATIENCE;
use super::places::named;
use crate::failure::{Code, Effect, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{About, AccountId, EnvironmentId, Key, KeyId, KeyVersion, Purpose, RotationId, VersionId};
use crate::rotation::{
    Act, Change, Claims, Ending, Event, Plan, Rotation, State, StepKind, TakeBack, Then, in_use_after,
};
use crate::store::NewRotation;
use crate::vault::VaultRef;

impl App {
    /// Opens the creation of one more key.
    pub async fn new_key(
        &self,
        account: AccountId,
        environment: EnvironmentId,
        name: &str,
        about: &Description,
    ) -> Result<RotationId, Failure> {
        let account = self.store.account(account).await?;
        let about = described(About::default(), about, &*self.definitions.require(&account)?)?;
        if self
            .store
            .environments()
            .await?
            .iter()
            .all(|known| known.id != environment)
        {
            return Err(Failure::new(Code::NotFound).field("environment"));
        }
        let key = self.named_key(account.id, environment, name)?;
        self.open_creation(Act::Create, key, about, BTreeMap::new()).await
    }

    pub(super) async fn open_creation(
        &self,
        act: Act,
        key: Key,
        about: About,
        inputs: BTreeMap<String, String>,
    ) -> Result<RotationId, Failure> {
        let account = self.store.account(key.account_id).await?;
        let facts = self.plan_facts(act, &account, false, Duration::ZERO)?;
        let new = NewRotation {
            id: self.rotation_id(),
            plan: Plan::decide(facts),
            key_id: key.id,
            account_id: key.account_id,
            old: None,
            new: Some(self.blank(key.id)),
            new_key: Some((key, about)),
            inputs,
        };
        self.open_rotation(new).await
    }

    /// A key that is to be, under that name.
    pub(super) fn named_key(
        &self,
        account_id: AccountId,
        environment_id: EnvironmentId,
        name: &str,
    ) -> Result<Key, Failure> {
        Ok(Key {
            id: self.key_id(),
            account_id,
            environment_id,
            name: named(name, "name")?,
            purpose: Purpose::Service,
        })
    }

    pub(super) async fn open_rotation(&self, new: NewRotation) -> Result<RotationId, Failure> {
        self.has_the_keys().await?;
        // The keychain has to answer before there is anything to take back.
        self.fingerprints().await?;
        let id = new.id;
        self.store.open_rotation(new, &self.who.who, self.clock.now()).await?;
        Ok(id)
    }

    pub async fn rotation(&self, id: RotationId) -> Result<Rotation, Failure> {
        self.journal.load(id).await
    }

    /// The open rotation of a key, else its newest.
    pub async fn rotation_of(&self, key: KeyId) -> Result<Option<Rotation>, Failure> {
        match self.store.newest_rotation(key).await? {
            Some(id) => self.journal.load(id).await.map(Some),
            None => Ok(None),
        }
    }

    pub async fn open_rotations(&self) -> Result<Vec<Rotation>, Failure> {
        Ok(self.loaded(self.store.open_rotations().await?).await?.0)
    }

    /// Open ones whose record cannot be read, and why. They hold up no other one.
    pub async fn unread_rotations(&self) -> Result<Vec<(RotationId, Failure)>, Failure> {
        Ok(self.loaded(self.store.open_rotations().await?).await?.1)
    }

    /// Those that can be read, and those whose own record cannot.
    pub(super) async fn loaded(
        &self,
        ids: Vec<RotationId>,
    ) -> Result<(Vec<Rotation>, Vec<(RotationId, Failure)>), Failure> {
        let (mut loaded, mut unread) = (Vec::with_capacity(ids.len()), Vec::new());
        for id in ids {
            match self.journal.load(id).await {
                Ok(rotation) => loaded.push(rotation),
                Err(failure) if matches!(failure.code, Code::StoreDamaged | Code::NotFound) => {
                    tracing::warn!(code = failure.code.as_str(), "a rotation cannot be read");
                    unread.push((id, failure));
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok((loaded, unread))
    }

    /// The open ones, and those that closed in the last so many days; oldest first.
    pub async fn recent_rotations(&self, days: u32) -> Result<Vec<Rotation>, Failure> {
        let since = self.clock.now() - SignedDuration::from_hours(24 * i64::from(days));
        Ok(self.loaded(self.store.rotations_since(since).await?).await?.0)
    }

    /// Drives as far as it goes without a person. A failed step is tried again, and a question that was to be
    /// asked later is asked now; only what the provider itself put off stays so.
    pub async fn go_on(&self, id: RotationId) -> Result<Rotation, Failure> {
        let driver = self.driver().await?;
        let rotation = self.journal.load(id).await?;
        let driven = match rotation.position.state {
            State::Failed(_) | State::RestoreFailed(_) => driver.tell(id, Event::Retried, vec![], PATIENCE).await?,
            State::AwaitingTime { code: Some(code), .. } if code != Code::ProviderRateLimited => {
                driver.tell(id, Event::Woken, vec![], PATIENCE).await?
            }
            _ => driver.drive(id, PATIENCE).await?,
        };
        self.tidy(&driven).await?;
        Ok(driven)
    }

    /// The same where nobody looks on: what takes a person's word waits for it.
    pub async fn go_on_alone(&self, id: RotationId) -> Result<Rotation, Failure> {
        let rotation = self.journal.load(id).await?;
        if rotation.is_unseen() {
            self.has_the_keys().await?;
            return Err(Failure::new(Code::RotationBehind));
        }
        match rotation.goes_on_by_word() {
            true => Ok(rotation),
            false => self.go_on(id).await,
        }
    }

    /// *I have replaced it*: the new key serves, the old one retires. At a target that Keywheel could not write, it
    /// is that target only, and on the way back the old key is there again.
    pub async fn confirm_replaced(&self, id: RotationId) -> Result<Rotation, Failure> {
        let rotation = self.journal.load(id).await?;
        if let Some(kind) = rotation.put_by_hand() {
            self.is_put_by_hand(&rotation, kind).await?;
            let changes = match rotation.position.is_restoring() {
                true => None,
                false => in_use_after(&rotation, kind),
            };
            let driver = self.driver().await?;
            let told = driver
                .tell(id, Event::ByHand(kind), changes.into_iter().collect(), PATIENCE)
                .await?;
            self.tidy(&told).await?;
            return Ok(told);
        }
        let new = rotation.subject.new.as_ref().map(|version| version.id);
        let asked = rotation.position.state == State::AwaitingPerson
            && rotation.position.step(&rotation.plan) == Some(StepKind::Confirm);
        let Some(new) = new.filter(|_| asked) else {
            return Err(not_now(&rotation));
        };
        let told = self
            .driver()
            .await?
            .tell(id, Event::Confirmed, vec![Change::Promoted { new }], PATIENCE)
            .await?;
        self.tidy(&told).await?;
        Ok(told)
    }

    /// A file that can be read has to hold what a person says they have put there. Of what cannot be read, the word stands.
    async fn is_put_by_hand(&self, rotation: &Rotation, kind: StepKind) -> Result<(), Failure> {
        let wanted = match rotation.position.is_restoring() {
            true => rotation.subject.old.as_ref(),
            false => rotation.subject.new.as_ref(),
        };
        let (Some(binding), Some(wanted)) = (rotation.binding(kind), wanted) else {
            return Ok(());
        };
        let Ok(Some(there)) = self.targets.look(&binding.target).await else {
            return Ok(());
        };
        let holds = there.same_as(&self.value_of(wanted).await?);
        match holds || !in_place(Guard::HandIsSeen) {
            true => Ok(()),
            false => Err(Failure::new(Code::TargetDrifted)),
        }
    }

    /// Ends the overlap early.
    pub async fn revoke_old_now(&self, id: RotationId) -> Result<Rotation, Failure> {
        let rotation = self.journal.load(id).await?;
        let waits = matches!(rotation.position.state, State::AwaitingTime { .. })
            && rotation.position.step(&rotation.plan) == Some(StepKind::Wait)
            && rotation.plan.grace.is_none();
        if !waits {
            return Err(not_now(&rotation));
        }
        let told = self.driver().await?.tell(id, Event::CutShort, vec![], PATIENCE).await?;
        self.tidy(&told).await?;
        Ok(told)
    }

    /// Has the old key revoked although it may still be in use.
    pub async fn revoke_anyway(&self, id: RotationId) -> Result<Rotation, Failure> {
        let rotation = self.journal.load(id).await?;
        if !rotation.may_revoke_anyway() {
            return Err(not_now(&rotation));
        }
        let told = self.driver().await?.tell(id, Event::Anyway, vec![], PATIENCE).await?;
        self.tidy(&told).await?;
        Ok(told)
    }

    /// Discards the new key; where nothing was minted yet, closes. Refused where the new key is in use and the order does
    /// not say so, and where it is not shown that the old one serves.
    pub async fn undo(&self, id: RotationId, order: &TakeBack) -> Result<Rotation, Failure> {
        let rotation = self.journal.load(id).await?;
        let again = order.anyway && rotation.position.state == State::Discarding(Then::End);
        if !rotation.position.can_undo(&rotation.plan) && !again {
            return Err(not_now(&rotation));
        }
        let told = self.driver().await?.undo(id, order, PATIENCE).await?;
        self.tidy(&told).await?;
        Ok(told)
    }

    /// Ends the rotation by what a person says of each of its keys.
    pub async fn settle_rotation(&self, id: RotationId, claims: Claims) -> Result<Rotation, Failure> {
        let told = self.driver().await?.settle(id, claims, PATIENCE).await?;
        self.tidy(&told).await?;
        Ok(told)
    }

    /// Goes on with every rotation whose moment has come. Both shells call it: the window by its timer,
    /// the CLI as `resume`. Returns those it drove.
    pub async fn tick(&self) -> Result<Vec<Rotation>, Failure> {
        let (now, written) = (self.clock.now(), self.store.last_written());
        let mut driven = Vec::new();
        // Without an open rotation nothing comes due, unless somebody writes.
        if written.is_some() && *self.rests.lock().unwrap_or_else(PoisonError::into_inner) == written {
            return Ok(driven);
        }
        let open = self.open_rotations().await?;
        let none_open = open.is_empty();
        for rotation in open {
            let due = matches!(rotation.position.state, State::AwaitingTime { until, .. } if until <= now);
            if due && rotation.driver.is_none() && !rotation.is_unseen() {
                match self.go_on(rotation.id).await {
                    Ok(rotation) => driven.push(rotation),
                    Err(failure) if failure.effect == Effect::NotApplied => {
                        tracing::info!(code = failure.code.as_str(), "a rotation could not go on");
                    }
                    Err(failure) => return Err(failure),
                }
            }
        }
        let rests = self.settle_values().await && none_open;
        self.keep_abreast().await;
        *self.rests.lock().unwrap_or_else(PoisonError::into_inner) = written.filter(|_| rests);
        Ok(driven)
    }

    /// What a rotation's end leaves to do: ended values out of the keychain, an account that never came to be.
    pub(super) async fn tidy(&self, rotation: &Rotation) -> Result<(), Failure> {
        use Ending::{Settled, Stopped, Undone};
        if let State::Closed(Stopped | Settled) = rotation.position.state {
            self.forget_canary(rotation).await;
        }
        // One whose value is kept stays in the list, so that a person finds it.
        let nothing = |new: &KeyVersion| new.ended_at.is_some() && !new.is_kept();
        let nothing = rotation.subject.new.as_ref().is_none_or(nothing);
        match rotation.position.state {
            State::Closed(Stopped | Settled) if rotation.act() == Act::SignUp && nothing => {
                // What is open of it a person was asked about in its own question.
                self.take_out(rotation.subject.account.id, true).await
            }
            State::Closed(Stopped | Undone | Settled) if rotation.act() == Act::Create && nothing => {
                let key = rotation.subject.key.id;
                self.store.remove_key(key, self.clock.now(), None).await
            }
            State::Closed(ending) => {
                let ended = rotation.subject.old.as_ref().and_then(|old| old.remote_id.as_deref());
                if let (Ending::Completed, Act::Revoke, Some(remote_id)) = (ending, rotation.act(), ended) {
                    let account = rotation.subject.account.id;
                    self.store
                        .settle_unaccounted_key(account, remote_id, self.clock.now())
                        .await?;
                }
                self.forget_what_may_go().await;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// A check that failed at the canary may have left it; it is no value.
    async fn forget_canary(&self, rotation: &Rotation) {
        let canary = VaultRef::canary(&rotation.id.to_string());
        if let Err(failure) = self.vault.delete(&canary).await {
            tracing::info!(code = failure.code.as_str(), "a canary is still in the keychain");
        }
    }

    /// A keychain that refuses now is asked again at the next tick: the act itself is over. Returns whether nothing is left.
    pub(super) async fn forget_what_may_go(&self) -> bool {
        let forgotten = self.forget_marked().await;
        if let Err(failure) = &forgotten {
            tracing::info!(code = failure.code.as_str(), "an ended value is still in the keychain");
        }
        forgotten.is_ok()
    }

    /// Looks for values that were on their way into the keychain, and takes out those that are to leave it. Returns whether
    /// nothing is left to do.
    pub async fn settle_values(&self) -> bool {
        let arrived = self.has_arrived().await;
        self.forget_what_may_go().await && arrived
    }

    async fn has_arrived(&self) -> bool {
        let settled = self.settle_arriving().await;
        if let Err(failure) = &settled {
            tracing::info!(
                code = failure.code.as_str(),
                "whether a value came into the keychain is not known yet"
            );
        }
        settled.is_ok() && self.count_arriving().await.is_ok_and(|count| count == 0)
    }

    pub(super) fn blank(&self, key: KeyId) -> KeyVersion {
        let (ms, random) = self.id_parts();
        KeyVersion::pending(VersionId::new(ms, random), key, self.clock.now())
    }

    pub(super) fn rotation_id(&self) -> RotationId {
        let (ms, random) = self.id_parts();
        RotationId::new(ms, random)
    }
}

pub(super) fn not_now(rotation: &Rotation) -> Failure {
    let code = match rotation.position.state {
        State::Asking => Code::RotationNeedsAnswer,
        _ if rotation.driver.is_some() => Code::RotationElsewhere,
        _ => Code::RotationNotNow,
    };
    Failure::new(code)
}
