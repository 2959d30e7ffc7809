//! What has to be shown right before a value that may be in use is taken away: that another value of the key serves.
//!
//! Its value is read from the keychain, is what was stored there, and is accepted by a call made now. Where nobody can
//! ask, the person's word stands, and nothing says that somebody asked.

use jiff::{SignedDuration, Timestamp};

use super::drive::Driver;
use super::journal::{Change, Rotation};
use super::moves::{Entry, Learnt, Settled};
use super::plan::{Act, StepKind};
use super::scene::Scene;
use super::state::Event;
use super::verify::unsaid;
use crate::failure::{Code, Effect, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{Answer, KeyVersion};
use crate::provider::Strategy;
use crate::vault::VaultRef;

/// A key that ends within this time takes the place of none.
const ENDS_SOON: SignedDuration = SignedDuration::from_hours(1);

/// Another value of the key serves, or the person goes on without that being asked. Made only here.
#[derive(Debug)]
pub(super) struct Serves {
    /// What the call answered, where one was made; written with the intent that follows.
    told: Vec<Change>,
}

impl Serves {
    const UNASKED: Serves = Serves { told: Vec::new() };

    /// Where the confirmed plan says that the old key goes without a successor.
    pub(super) fn unasked(scene: &Scene<'_>) -> Option<Serves> {
        let rotation = scene.rotation;
        let alone = rotation.act() != Act::Rotate || rotation.plan.strategy == Strategy::ReplaceFirst;
        (alone || !in_place(Guard::SuccessorServes)).then_some(Serves::UNASKED)
    }

    /// As if a call had answered so.
    #[cfg(test)]
    pub(super) fn as_told(told: Vec<Change>) -> Serves {
        Serves { told }
    }

    /// Takes what the call answered.
    pub(super) fn told(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.told)
    }
}

/// Why nothing is taken away, and what the call answered, where one was made.
pub(super) struct NotShown {
    pub(super) failure: Failure,
    pub(super) told: Vec<Change>,
}

impl From<Failure> for NotShown {
    fn from(failure: Failure) -> NotShown {
        NotShown {
            // Whatever became of the look, nothing was taken away.
            failure: failure.with_effect(Effect::NotApplied),
            told: Vec::new(),
        }
    }
}

/// Shows that the successor serves, or says why the old key stays.
pub(super) fn settle(scene: &Scene<'_>, shown: Result<Serves, NotShown>) -> Settled {
    let kind = StepKind::RevokeOld;
    let NotShown { failure, told } = match shown {
        Ok(serves) => return Settled::learnt(Learnt::Serves(serves)),
        Err(not_shown) => not_shown,
    };
    match failure.is_passing() {
        true => Settled::one(scene.undetermined(kind, &failure, told)),
        false => Settled::all([
            Entry::new(Event::Intended(kind), told),
            Event::NotApplied(kind, failure.code).into(),
        ]),
    }
}

impl Driver {
    /// Asks the successor, right before the old key is revoked or a person is asked to delete it.
    pub(super) async fn successor_serves(&self, rotation: &Rotation) -> Result<Serves, NotShown> {
        let new = rotation.subject.new.as_ref();
        let new = new.ok_or_else(|| Failure::new(Code::RotationIllegal))?;
        if !new.held {
            return Err(Failure::new(Code::KeychainMissing).into());
        }
        self.effects.vault.settled().await?;
        let serves = self.serves(rotation, new, Code::KeySuccessorRefused).await?;
        if self.ends_soon(new.expires_at) && !rotation.history().is_revoked_anyway() {
            return Err(NotShown {
                failure: Failure::new(Code::KeySuccessorEnds),
                told: serves.told,
            });
        }
        if serves.told.is_empty() && !rotation.history().is_decided() {
            self.is_as_usual(rotation, new).await?;
            self.is_among_listed(rotation, new).await?;
        }
        Ok(serves)
    }

    /// Whether a key that ends then takes the place of none.
    pub(super) fn ends_soon(&self, expires_at: Option<Timestamp>) -> bool {
        let soon = self.effects.clock.now().checked_add(ENDS_SOON);
        expires_at.is_some_and(|at| soon.is_ok_and(|soon| at <= soon))
    }

    /// Where no call can be made, the new value at least looks like a key of its provider.
    async fn is_as_usual(&self, rotation: &Rotation, new: &KeyVersion) -> Result<(), NotShown> {
        let workspace = self.effects.workspaces.using(&rotation.subject.account).await?;
        let value = self.value_of(Some(new)).await?;
        match workspace.definition.matches_key(&value) || !in_place(Guard::SuccessorUsual) {
            true => Ok(()),
            false => Err(Failure::new(Code::KeySuccessorUnusual).into()),
        }
    }

    /// Where no call can be made, the list at least shows the new key, as soon as it no longer may lag.
    async fn is_among_listed(&self, rotation: &Rotation, new: &KeyVersion) -> Result<(), NotShown> {
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
        let definition = &workspace.definition;
        let id = new.remote_id.as_deref().filter(|_| definition.capabilities().list);
        let (Some(id), true) = (id, in_place(Guard::SuccessorListed)) else {
            return Ok(());
        };
        if self.is_listed(rotation, id).await? {
            return Ok(());
        }
        let lag = SignedDuration::try_from(definition.reconcile().lag()).unwrap_or(SignedDuration::MAX);
        let shown_by = new.born().0.checked_add(lag).ok();
        match shown_by.filter(|at| *at > self.effects.clock.now()) {
            Some(at) => Err(Failure::new(Code::ProviderUndetermined).retry_at(at).into()),
            None => Err(Failure::new(Code::KeySuccessorUnlisted).into()),
        }
    }

    /// Shows that the old key serves, before the new one, which works or may be in use, is taken back.
    pub(super) async fn predecessor_serves(&self, rotation: &Rotation) -> Result<Serves, NotShown> {
        let held = rotation.subject.new.as_ref().is_some_and(|new| new.held);
        let Some(old) = rotation.subject.old.as_ref().filter(|_| rotation.act() == Act::Rotate) else {
            return Ok(Serves::UNASKED);
        };
        // One whose value nobody has serves nobody; and a person may decide, whatever is known.
        if !held || rotation.history().is_taken_back_anyway() || !in_place(Guard::PredecessorServes) {
            return Ok(Serves::UNASKED);
        }
        if old.held {
            return self.serves(rotation, old, Code::KeyPredecessorRefused).await;
        }
        let workspace = self.effects.workspaces.using(&rotation.subject.account).await?;
        match old.remote_id.as_deref() {
            Some(id) if workspace.definition.capabilities().list && !self.is_listed(rotation, id).await? => {
                Err(Failure::new(Code::KeyPredecessorUnlisted).into())
            }
            _ => Ok(Serves::UNASKED),
        }
    }

    /// Reads the value, compares it with what was stored, and calls with it where that can be done.
    pub(super) async fn serves(
        &self,
        rotation: &Rotation,
        version: &KeyVersion,
        refused: Code,
    ) -> Result<Serves, NotShown> {
        let value = self.effects.vault.get(&VaultRef::version(version.id)).await?;
        let value = value.ok_or_else(|| Failure::new(Code::KeychainMissing))?;
        if version.fingerprint.as_ref() != Some(&self.effects.fingerprints.of(&value)) {
            return Err(Failure::new(Code::KeychainMismatch).into());
        }
        let workspace = self.effects.workspaces.using(&rotation.subject.account).await?;
        if !workspace.definition.verifies(&workspace.fields) {
            return Ok(Serves::UNASKED);
        }
        let verdict = self.effects.provider.verify(&workspace, &value).await;
        let (answer, unsaid) = (verdict.answer, unsaid(&verdict));
        let told = vec![Change::Verdict {
            version: version.id,
            verdict,
        }];
        match answer {
            Answer::Live => Ok(Serves { told }),
            Answer::Dead => Err(NotShown {
                failure: Failure::new(refused),
                told,
            }),
            Answer::Undetermined => Err(unsaid.into()),
        }
    }
}
