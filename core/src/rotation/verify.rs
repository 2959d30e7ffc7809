//! The new key is shown to work, by a call with it.

use std::time::Duration;

use super::drive::Driver;
use super::journal::{Change, Rotation};
use super::moves::{Entry, Settled};
use super::plan::{Act, StepKind};
use super::scene::Scene;
use super::state::Event;
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{Answer, Standing, Verdict, VersionId};
use crate::provider::Strategy;
use crate::vault::VaultRef;

/// How long a refusal of a new key may be propagation.
const PROPAGATION: Duration = Duration::from_secs(600);

pub(super) fn settle(
    scene: &Scene<'_>,
    answer: Result<Option<Verdict>, Failure>,
    old: Option<Verdict>,
) -> Result<Settled, Failure> {
    let (kind, rotation) = (StepKind::VerifyNew, scene.rotation);
    let version = scene.new_version()?;
    let verdict = match answer {
        Ok(Some(verdict)) => verdict,
        Ok(None) => return Ok(Settled::one(Event::NotApplied(kind, Code::KeychainMissing))),
        Err(failure) => return Ok(Settled::one(scene.undetermined(kind, &failure, vec![]))),
    };
    let unsaid = unsaid(&verdict);
    let answer = match in_place(Guard::VerifiedLive) {
        true => verdict.answer,
        false => Answer::Live,
    };
    // A call that waits for its turn was not made, and says nothing.
    let waits = verdict.status.is_none() && verdict.retry_at.is_some();
    let mut changes = Vec::new();
    if !waits {
        changes.push(Change::Verdict { version, verdict });
    }
    let refused = Event::NotApplied(kind, Code::KeyNotAccepted);
    // Whoever goes on has been told.
    let stopped = Event::NotApplied(kind, Code::KeySlotWasInUse);
    let is_told = rotation.records.iter().any(|record| record.event == stopped);
    if let (Some(old), Some(verdict)) = (&rotation.subject.old, old)
        && verdict.answer == Answer::Dead
        && answer == Answer::Live
        && !is_told
    {
        changes.push(Change::Verdict {
            version: old.id,
            verdict,
        });
        return Ok(Settled::one(Entry::new(stopped, changes)));
    }
    Ok(Settled::one(match answer {
        Answer::Live => {
            // Without a predecessor it serves from now on; else only when the person has replaced it.
            if rotation.subject.old.is_none() {
                changes.push(Change::Promoted { new: version });
            }
            Entry::new(Event::Applied(kind), changes)
        }
        // What a person pasted may be a slip of theirs: they look at it before anything is waited for.
        Answer::Dead if !rotation.plan.sends(StepKind::Mint) => Entry::new(refused, changes),
        // A refusal right after the mint may be propagation; ten minutes are long enough for that.
        Answer::Dead if scene.tries_for(kind, PROPAGATION) && in_place(Guard::Propagation) => {
            scene.park(kind, Code::KeyNotAccepted, changes)
        }
        Answer::Dead => Entry::new(refused, changes),
        Answer::Undetermined => scene.undetermined(kind, &unsaid, changes),
    }))
}

impl Driver {
    /// What the old key is answered once the other slot is filled: it was another one's only if it goes on. A call is a use,
    /// which who listens would wait for.
    async fn slot_of_the_old(&self, rotation: &Rotation) -> Option<Verdict> {
        let old = rotation.subject.old.as_ref().filter(|old| old.held)?;
        let worked = old
            .verdict
            .as_ref()
            .is_none_or(|verdict| verdict.answer != Answer::Dead);
        self.asked(rotation, old.id).await.ok().flatten().filter(|_| worked)
    }

    pub(super) async fn other_slot(&self, rotation: &Rotation) -> Option<Verdict> {
        let in_slots = rotation.plan.strategy == Strategy::TwoSlot && rotation.act() == Act::Rotate;
        match in_slots && !rotation.plan.listens() && in_place(Guard::OldSlotLives) {
            true => self.slot_of_the_old(rotation).await,
            false => None,
        }
    }

    /// Whether a call with the value of a version is refused now. One that comes to nothing says nothing.
    pub(super) async fn is_refused(&self, rotation: &Rotation, version: VersionId) -> bool {
        let asked = self.asked(rotation, version).await;
        asked.is_ok_and(|verdict| verdict.is_some_and(|verdict| verdict.answer == Answer::Dead))
    }

    /// Calls with the value of a version; `None` where the keychain does not hold it.
    pub(super) async fn asked(&self, rotation: &Rotation, version: VersionId) -> Result<Option<Verdict>, Failure> {
        let subject = &rotation.subject;
        let known = [&subject.old, &subject.new].into_iter().flatten();
        let known = known.into_iter().find(|known| known.id == version);
        let Some(secret) = self.effects.vault.get(&VaultRef::version(version)).await? else {
            return Ok(None);
        };
        // What lies in its place and is not what was stored says nothing of it, and goes nowhere.
        let stored = known.and_then(|known| known.fingerprint.as_ref());
        if stored.is_some_and(|stored| *stored != self.effects.fingerprints.of(&secret)) {
            return Err(Failure::new(Code::KeychainMismatch));
        }
        let workspace = self.effects.workspaces.using(&rotation.subject.account).await?;
        Ok(Some(self.effects.provider.verify(&workspace, &secret).await))
    }
}

/// Why an answer decides nothing yet, and when asking again makes sense.
pub(super) fn unsaid(verdict: &Verdict) -> Failure {
    let code = match (verdict.standing, verdict.retry_at) {
        (Some(Standing::RateLimited), _) | (_, Some(_)) => Code::ProviderRateLimited,
        _ => Code::ProviderUndetermined,
    };
    let failure = Failure::new(code);
    match verdict.retry_at {
        Some(at) => failure.retry_at(at),
        None => failure,
    }
}
