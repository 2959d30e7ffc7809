//! The places that use the key: written one after the other, and put back in the reverse order.
//!
//! A write may be done again, and puts one known value in the place of another known one. So whatever became of it,
//! doing it again or taking it back in full is right, and nothing of it is ever unknown.

use super::check::said_once;
use super::drive::Driver;
use super::history::History;
use super::journal::{Change, Rotation};
use super::moves::{Deed, Entry, Move, Settled};
use super::plan::{Act, StepKind};
use super::scene::{Scene, new_version};
use super::state::{Event, State};
use crate::failure::{Code, Failure, SafeDetail};
use crate::guard::{Guard, in_place};
use crate::model::{Binding, KeyVersion, Secret, Target};
use crate::target::Way;
use crate::vault::VaultRef;

/// Puts the former value back at the target of this step, where the new one may be.
pub(super) fn put_back(scene: &Scene<'_>) -> Result<Move, Failure> {
    let rotation = scene.rotation;
    let Some(kind @ StepKind::Deploy(n)) = rotation.position.step(&rotation.plan) else {
        return Err(Failure::new(Code::RotationIllegal));
    };
    let intent = Event::RestoreIntended(kind).into();
    Ok(match scene.history.was_touched(kind) || !in_place(Guard::OnlyTouched) {
        true => Move::Do(vec![intent], Deed::PutBack(n)),
        false => Move::note([intent, Event::Restored(kind).into()]),
    })
}

pub(super) fn settle(scene: &Scene<'_>, n: u8, written: Result<Option<Change>, Failure>) -> Settled {
    let kind = StepKind::Deploy(n);
    Settled::one(match written {
        Ok(deployed) => {
            let changes = deployed.into_iter().chain(in_use_after(scene.rotation, kind));
            Entry::new(Event::Applied(kind), changes.collect())
        }
        Err(failure) => Event::NotApplied(kind, failure.code).into(),
    })
}

pub(super) fn settle_back(n: u8, written: Result<Option<Change>, Failure>) -> Settled {
    let kind = StepKind::Deploy(n);
    Settled::one(match written {
        Ok(deployed) => Entry::new(Event::Restored(kind), deployed.into_iter().collect()),
        Err(failure) => Event::NotRestored(kind, failure.code).into(),
    })
}

/// Whether what uses another key of ours has the old one's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shared {
    No,
    /// Nobody can say.
    Untold,
    Yes,
}

impl Driver {
    /// Says what keeps a target from being written, before anything has been done.
    pub(super) async fn targets_are_ready(&self, rotation: &Rotation) -> Result<(), Failure> {
        let written = |binding: &&Binding| binding.target.is_written();
        let mut written = rotation.subject.bindings.iter().filter(written).peekable();
        // In place, the old value dies before anybody is asked.
        if rotation.act() == Act::Rotate && rotation.plan.pivot().is_some_and(|at| at <= 1) {
            let shares = || Failure::new(Code::KeyShared);
            // One that is revoked by a request of its own is asked about before that.
            let dies_here = rotation.plan.index(StepKind::RevokeOld).is_none();
            match self.nobody_shares_it(rotation, &rotation.history()).await? {
                Shared::Yes => return Err(shares()),
                Shared::Untold => said_once(rotation, dies_here.then(shares))?,
                Shared::No => {}
            }
        }
        if rotation.act() != Act::Rotate || written.peek().is_none() {
            return Ok(());
        }
        let old = self.value_of(rotation.subject.old.as_ref()).await?;
        for binding in written {
            self.is_allowed(&binding.target).await?;
            self.effects.targets.rests(&binding.target).await?;
            self.effects.targets.check(&binding.target, &old).await?;
        }
        match self.no_file_holds_more(rotation, &old).await {
            Err(failure) if failure.code == Code::TargetHoldsMore => said_once(rotation, Some(failure)),
            looked => looked,
        }
    }

    /// Looks whether a file of the key holds its old value under a name that is none of its targets: what reads that would be
    /// left with a dead one.
    async fn no_file_holds_more(&self, rotation: &Rotation, old: &Secret) -> Result<(), Failure> {
        if !in_place(Guard::WholeFile) {
            return Ok(());
        }
        let files = || {
            rotation
                .subject
                .bindings
                .iter()
                .filter_map(|binding| binding.target.file())
        };
        for binding in &rotation.subject.bindings {
            let Some(at) = binding.target.file() else { continue };
            let ours = |name: &String| files().any(|other| other.file == at.file && other.name == *name);
            let names = match self.effects.targets.names_of(&binding.target, old).await {
                // It is looked at by itself, and a person knows of it.
                Err(failure) if failure.code == Code::TargetGone => continue,
                names => names?,
            };
            if let Some(other) = names.into_iter().find(|name| !ours(name)) {
                return Err(Failure::new(Code::TargetHoldsMore).detail(SafeDetail::assigned(&other)));
            }
        }
        Ok(())
    }

    /// Looks once more before the old key is revoked: a file that holds it again would be left with a dead one.
    pub(super) async fn nothing_went_back(&self, rotation: &Rotation) -> Result<(), Failure> {
        let history = rotation.history();
        let revoked = rotation.plan.index(StepKind::RevokeOld);
        for (n, binding) in (0..).zip(&rotation.subject.bindings) {
            let written = rotation.plan.index(StepKind::Deploy(n));
            if written.is_none() || written > revoked {
                continue;
            }
            // It may put the old value back after all looks.
            self.effects.targets.rests(&binding.target).await?;
            let there = match self.effects.targets.look(&binding.target).await {
                // It may be away for a moment: only a person knows that nobody reads a key there any more.
                Err(failure)
                    if failure.code == Code::TargetGone
                        && (history.is_waived(Code::TargetGone) || !in_place(Guard::GoneIsUnknown)) =>
                {
                    None
                }
                other => other?,
            };
            if let Some(there) = there
                && there.same_as(&self.value_of(rotation.subject.old.as_ref()).await?)
            {
                return Err(Failure::new(Code::TargetDrifted));
            }
        }
        let files = rotation
            .subject
            .bindings
            .iter()
            .any(|binding| binding.target.file().is_some());
        if files
            && !history.is_waived(Code::TargetHoldsMore)
            && let Ok(old) = self.value_of(rotation.subject.old.as_ref()).await
        {
            self.no_file_holds_more(rotation, &old).await?;
        }
        match history.is_waived(Code::KeyShared) {
            true => Ok(()),
            false => match self.nobody_shares_it(rotation, &history).await? {
                Shared::No => Ok(()),
                // Whoever orders a revocation has read in its plan which keys die with it, and a leak does not wait.
                Shared::Untold if rotation.act() == Act::Revoke => Ok(()),
                Shared::Untold | Shared::Yes => Err(Failure::new(Code::KeyShared)),
            },
        }
    }

    /// Looks before the new key is discarded: a command that still runs may put it back after all looks.
    pub(super) async fn commands_rest(&self, rotation: &Rotation) -> Result<(), Failure> {
        for (n, binding) in (0..).zip(&rotation.subject.bindings) {
            if rotation.plan.index(StepKind::Deploy(n)).is_some() {
                self.effects.targets.rests(&binding.target).await?;
            }
        }
        Ok(())
    }

    /// Looks before the new key is discarded: a file that has it, or has it again, would be left with a dead one.
    pub(super) async fn no_file_has_new(&self, rotation: &Rotation) -> Result<(), Failure> {
        let Some(new) = rotation.subject.new.as_ref().filter(|new| new.held) else {
            return Ok(());
        };
        if rotation.subject.bindings.is_empty() {
            return Ok(());
        }
        // What was changed in the keychain can be compared with nothing.
        let Some(value) = self.readable(new).await else {
            return Ok(());
        };
        let history = rotation.history();
        for (n, binding) in (0..).zip(&rotation.subject.bindings) {
            let there = match self.effects.targets.look(&binding.target).await {
                Err(failure) if failure.code == Code::TargetGone && !history.was_touched(StepKind::Deploy(n)) => None,
                there => there?,
            };
            if there.is_some_and(|there| there.same_as(&value)) {
                return Err(Failure::new(Code::TargetDrifted));
            }
        }
        self.no_file_holds_more(rotation, &value).await
    }

    /// Looks where other keys of ours are used that have this very value: they would be left with a dead one. A place that
    /// does not tell may hold it, and so may whatever uses a key of which no place is named.
    async fn nobody_shares_it(&self, rotation: &Rotation, history: &History) -> Result<Shared, Failure> {
        let twins = self.journal.sharing(rotation.id).await?;
        let mut shared = Shared::No;
        for twin in twins.into_iter().filter(|_| in_place(Guard::SharedValue)) {
            let mut untold = twin.is_empty();
            for place in twin {
                match self.effects.targets.look(&place.target).await {
                    Err(failure) if failure.code == Code::TargetGone && history.is_waived(Code::TargetGone) => {}
                    // What cannot be read may hold it.
                    Err(_) if !in_place(Guard::UnreadMayShare) => {}
                    // What nobody holds is compared with nothing.
                    Ok(Some(there)) => match rotation.subject.old.as_ref().filter(|old| old.held) {
                        Some(old) if there.same_as(&self.value_of(Some(old)).await?) => return Ok(Shared::Yes),
                        Some(_) => {}
                        None => untold = true,
                    },
                    there => untold |= there?.is_none(),
                }
            }
            if untold && in_place(Guard::UntoldMayShare) {
                shared = Shared::Untold;
            }
        }
        Ok(shared)
    }

    /// Replaces the value at one target; none where there is nothing of ours to be put back.
    pub(super) async fn replace(&self, rotation: &Rotation, n: u8, way: Way) -> Result<Option<Change>, Failure> {
        let subject = &rotation.subject;
        let binding = subject
            .bindings
            .get(usize::from(n))
            .ok_or_else(|| Failure::new(Code::RotationIllegal))?;
        let (from, to) = match way {
            Way::Deploy => (subject.old.as_ref(), subject.new.as_ref()),
            Way::Restore => (subject.new.as_ref(), subject.old.as_ref()),
        };
        let version = to.ok_or_else(|| Failure::new(Code::RotationIllegal))?.id;
        let (from, to) = (self.value_of(from).await?, self.value_of(to).await?);
        self.is_allowed(&binding.target).await?;
        let replaced = self.effects.targets.replace(&binding.target, &from, &to, way).await?;
        Ok(replaced.then_some(Change::Deployed {
            binding: binding.id,
            version,
        }))
    }

    /// What is run is what was allowed, down to the contents of its files.
    async fn is_allowed(&self, target: &Target) -> Result<(), Failure> {
        let Target::Command(command) = target else {
            return Ok(());
        };
        let contents = self.effects.targets.contents(command).await?;
        let as_allowed = command.allowed == Some(self.effects.fingerprints.of(&contents));
        match as_allowed || !in_place(Guard::HookConsent) {
            true => Ok(()),
            false => Err(Failure::new(Code::TargetNotAllowed)),
        }
    }

    pub(super) async fn value_of(&self, version: Option<&KeyVersion>) -> Result<Secret, Failure> {
        let version = version.ok_or_else(|| Failure::new(Code::RotationIllegal))?;
        let found = self.effects.vault.get(&VaultRef::version(version.id)).await?;
        let found = found.ok_or_else(|| Failure::new(Code::KeychainMissing))?;
        let stored = version.fingerprint.as_ref();
        match stored.is_some_and(|stored| *stored != self.effects.fingerprints.of(&found)) {
            true => Err(Failure::new(Code::KeychainMismatch)),
            false => Ok(found),
        }
    }
}

impl Rotation {
    /// The target that was not written, and that the person may see to.
    pub fn put_by_hand(&self) -> Option<StepKind> {
        let kind = self
            .position
            .step(&self.plan)
            .filter(|kind| matches!(kind, StepKind::Deploy(_)))?;
        self.position.after(&self.plan, Event::ByHand(kind)).ok().map(|_| kind)
    }

    /// Whether it waits for the person to put the new key to use.
    pub fn waits_to_be_replaced(&self) -> bool {
        let asked =
            self.position.state == State::AwaitingPerson && self.position.step(&self.plan) == Some(StepKind::Confirm);
        asked || self.put_by_hand().is_some()
    }

    /// The target of a step *Deploy*.
    pub fn binding(&self, kind: StepKind) -> Option<&Binding> {
        match kind {
            StepKind::Deploy(n) => self.subject.bindings.get(usize::from(n)),
            _ => None,
        }
    }
}

/// After the last target, where nobody else has to confirm, the new version serves.
pub fn in_use_after(rotation: &Rotation, kind: StepKind) -> Option<Change> {
    let at = rotation.plan.index(kind)?;
    let next = rotation.plan.steps.get(at + 1).map(|step| step.kind);
    if matches!(next, Some(StepKind::Deploy(_) | StepKind::Confirm)) {
        return None;
    }
    let new = new_version(rotation).ok()?;
    Some(Change::Promoted { new })
}
