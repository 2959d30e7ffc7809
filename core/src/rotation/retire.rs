//! The end of the old key: what has to be shown before, one thing after the other, and the revocation by its recorded id.

use super::drive::Driver;
use super::journal::Rotation;
use super::listed::Listed;
use super::moves::{Cleared, Deed, Entry, Evidence, Learnt, Move, Settled};
use super::plan::StepKind;
use super::proof::{MayRevoke, NotInUse};
use super::scene::{Scene, asks_person};
use super::serves::Serves;
use super::state::Event;
use super::whose::GoesBy;
use crate::failure::{Code, Effect, Failure};
use crate::guard::{Guard, in_place};
use crate::model::KeyVersion;
use crate::provider::{Strategy, Workspace};

/// Asks for what is not shown yet; once all of it is, the key is revoked, or its person is asked to delete it. Who does that
/// makes no difference before.
pub(super) fn next(scene: &Scene<'_>, evidence: &mut Evidence) -> Result<Move, Failure> {
    let (kind, plan) = (StepKind::RevokeOld, &scene.rotation.plan);
    let may_revoke = MayRevoke::shown_by(plan, &scene.history);
    let may_revoke = may_revoke.ok_or_else(|| Failure::new(Code::RotationIllegal))?;
    // The checks were made again after it: it is not done twice, and no more is said of it than before.
    if let Some(event) = scene.history.revoked_by().filter(|_| in_place(Guard::RevokedOnce)) {
        return Ok(match event {
            // A person's word stays theirs.
            Event::ByHand(_) => Move::note([event.into()]),
            Event::Skipped(..) => Move::note([Event::Intended(kind).into(), event.into()]),
            _ => Move::note([Event::Intended(kind).into(), Event::Applied(kind).into()]),
        });
    }
    let not_in_use = evidence.not_in_use.take();
    let Some(not_in_use) = not_in_use.or_else(|| NotInUse::shown_by(plan, &scene.history, None)) else {
        return Ok(Move::ask(Deed::AskLastUse));
    };
    let Some(listed) = evidence.listed.take() else {
        evidence.not_in_use = Some(not_in_use);
        return Ok(Move::ask(Deed::LookAtList));
    };
    // Last of what a provider is asked: without the new key nothing would serve.
    let Some(mut serves) = evidence.serves.take().or_else(|| Serves::unasked(scene)) else {
        (evidence.not_in_use, evidence.listed) = (Some(not_in_use), Some(listed));
        return Ok(Move::ask(Deed::AskSuccessor));
    };
    if let Some(failure) = listed.of_successor() {
        let intent = Entry::new(Event::Intended(kind), serves.told());
        let failure = failure.clone().with_effect(Effect::NotApplied);
        return Ok(Move::note([intent, scene.not_applied(kind, &failure, true)]));
    }
    // Files are looked at when nothing is asked any more.
    if !evidence.targets_keep {
        evidence.not_in_use = Some(not_in_use);
        (evidence.listed, evidence.serves) = (Some(listed), Some(serves));
        return Ok(Move::ask(Deed::LookAtTargets));
    }
    let intent = Entry::new(Event::Intended(kind), serves.told());
    if !plan.sends(kind) {
        return Ok(Move::note([intent, asks_person(kind).into()]));
    }
    let cleared = Cleared {
        _may_revoke: may_revoke,
        _not_in_use: not_in_use,
        _listed: listed,
        _serves: serves,
    };
    Ok(Move::Do(vec![intent], Deed::Revoke(cleared)))
}

/// Revokes it once more, from the proof of its end, where a new key is in use already: whether that had an effect, the next
/// proof shows.
pub(super) fn again(scene: &Scene<'_>, still: Code) -> Result<Move, Failure> {
    let plan = &scene.rotation.plan;
    let shown = MayRevoke::shown_by(plan, &scene.history)
        .zip(NotInUse::shown_by(plan, &scene.history, None))
        .zip(Listed::again(scene).zip(Serves::unasked(scene)));
    let Some(((may_revoke, not_in_use), (listed, serves))) = shown else {
        return Err(Failure::new(Code::RotationIllegal));
    };
    let cleared = Cleared {
        _may_revoke: may_revoke,
        _not_in_use: not_in_use,
        _listed: listed,
        _serves: serves,
    };
    Ok(Move::ask(Deed::RevokeAgain(cleared, still)))
}

pub(super) fn settle_targets(scene: &Scene<'_>, looked: Result<(), Failure>) -> Settled {
    let kind = StepKind::RevokeOld;
    match looked {
        Ok(()) => Settled::learnt(Learnt::TargetsKeep),
        // Whatever became of the look, nothing was revoked.
        Err(failure) => Settled::all([
            Event::Intended(kind).into(),
            scene.not_applied(kind, &failure.with_effect(Effect::NotApplied), true),
        ]),
    }
}

pub(super) fn settle(scene: &Scene<'_>, sent: Result<(), Failure>) -> Settled {
    let kind = StepKind::RevokeOld;
    Settled::one(match sent {
        Ok(()) => Entry::from(Event::Applied(kind)).or(Effect::Applied, None),
        // Gone is what was wanted; but nothing of ours ended it, and the proof that follows shows whether it has.
        Err(failure) if failure.code == Code::ProviderKeyGone && scene.rotation.plan.strategy != Strategy::TwoSlot => {
            Event::Skipped(kind, failure.code).into()
        }
        Err(failure) if failure.effect == Effect::NotApplied => scene.not_applied(kind, &failure, true),
        Err(failure) => Entry::because(Event::Unclear(kind, failure.code), &failure).or(Effect::Unknown, None),
    })
}

pub(super) fn settle_again(scene: &Scene<'_>, still: Code) -> Settled {
    Settled::one(scene.park(StepKind::ProveDead, still, vec![]))
}

impl Driver {
    /// Whether what is told by the old key's id is told of another key, as far as the list shows it now.
    pub(super) async fn is_of_another(
        &self,
        rotation: &Rotation,
        workspace: &Workspace,
        old: &KeyVersion,
    ) -> Result<bool, Failure> {
        let is_told = rotation.history().is_waived(Code::KeyIdAnothers);
        let Some(id) = old
            .remote_id
            .as_deref()
            .filter(|_| !is_told && in_place(Guard::UseIsItsOwn))
        else {
            return Ok(false);
        };
        match self.effects.provider.list(workspace).await {
            Ok(listed) if listed.entry(id).is_some() => {
                Ok(self.goes_by(workspace, old, (id, &listed)).await? != GoesBy::Id(id.to_owned()))
            }
            Ok(_) => Ok(false),
            Err(_) => Ok(false),
        }
    }

    /// Sends it once more, by the id that the list shows now.
    pub(super) async fn send_again(&self, rotation: &Rotation, cleared: Cleared) -> Result<(), Failure> {
        let look = self.look_at_list(rotation).await?;
        let id = look.id?;
        if let Some(failure) = look.successor {
            return Err(failure);
        }
        self.send_revoke(rotation, cleared, id).await
    }

    /// Sends it by that id, else by the one that is known. Nothing else is asked any more.
    pub(super) async fn send_revoke(
        &self,
        rotation: &Rotation,
        _: Cleared,
        listed: Option<String>,
    ) -> Result<(), Failure> {
        let old = old_version(rotation)?;
        let remote_id = listed.as_ref().or(old.remote_id.as_ref());
        let remote_id = remote_id.ok_or_else(|| Failure::new(Code::KeyIdUnknown))?.as_str();
        let new_id = rotation.subject.new.as_ref().and_then(|new| new.remote_id.as_deref());
        if new_id == Some(remote_id) && in_place(Guard::NotItsSuccessor) {
            return Err(Failure::new(Code::KeyIdOfBoth));
        }
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
        if self.manages(&workspace, old).await? {
            return Err(Failure::new(Code::KeyManagesAccount));
        }
        if rotation.plan.strategy == Strategy::TwoSlot {
            // Its value stands for nothing: the slot is filled anew when its turn comes.
            return self.effects.provider.roll(&workspace, remote_id).await.map(drop);
        }
        self.effects.provider.revoke(&workspace, remote_id).await
    }
}

pub(super) fn old_version(rotation: &Rotation) -> Result<&KeyVersion, Failure> {
    rotation
        .subject
        .old
        .as_ref()
        .ok_or_else(|| Failure::new(Code::RotationIllegal))
}
