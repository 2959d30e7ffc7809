//! The end of the old key: what has to be shown before, one thing after the other, and the revocation by its recorded id.

use super::drive::Driver;
use super::journal::Rotation;
use super::moves::{Cleared, Deed, Entry, Evidence, Learnt, Move, Settled};
use super::plan::{Act, StepKind};
use super::proof::{MayRevoke, NotInUse};
use super::rival::NoRival;
use super::scene::{Scene, asks_person};
use super::serves::Serves;
use super::state::Event;
use crate::failure::{Code, Effect, Failure};
use crate::guard::{Guard, in_place};
use crate::model::KeyVersion;
use crate::provider::{ReconcileBy, RemoteKey, Strategy, Workspace};

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
    let Some(no_rival) = evidence.no_rival.take().or_else(|| NoRival::unasked(scene)) else {
        evidence.not_in_use = Some(not_in_use);
        return Ok(Move::ask(Deed::LookForRival));
    };
    // Last of what a provider is asked: what it shows may change at any moment.
    let Some(mut serves) = evidence.serves.take().or_else(|| Serves::unasked(scene)) else {
        (evidence.not_in_use, evidence.no_rival) = (Some(not_in_use), Some(no_rival));
        return Ok(Move::ask(Deed::AskSuccessor));
    };
    // Files are looked at when nothing is asked any more.
    if !evidence.targets_keep {
        evidence.not_in_use = Some(not_in_use);
        (evidence.no_rival, evidence.serves) = (Some(no_rival), Some(serves));
        return Ok(Move::ask(Deed::LookAtTargets));
    }
    let intent = Entry::new(Event::Intended(kind), serves.told());
    if !plan.sends(kind) {
        return Ok(Move::note([intent, asks_person(kind).into()]));
    }
    let cleared = Cleared {
        _may_revoke: may_revoke,
        _not_in_use: not_in_use,
        _no_rival: no_rival,
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
        .zip(NoRival::unasked(scene).zip(Serves::unasked(scene)));
    let Some(((may_revoke, not_in_use), (no_rival, serves))) = shown else {
        return Err(Failure::new(Code::RotationIllegal));
    };
    let cleared = Cleared {
        _may_revoke: may_revoke,
        _not_in_use: not_in_use,
        _no_rival: no_rival,
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
        Err(failure) => Entry::from(Event::Unclear(kind, failure.code)).or(Effect::Unknown, None),
    })
}

pub(super) fn settle_again(scene: &Scene<'_>, still: Code) -> Settled {
    Settled::one(scene.park(StepKind::ProveDead, still, vec![]))
}

impl Driver {
    /// Whether the old value is refused already though its id is listed, by an entry that nothing else shows to be its own: then
    /// somebody has ended the key, and its id is another one's.
    async fn died_before_it_went(
        &self,
        rotation: &Rotation,
        workspace: &Workspace,
        old: &KeyVersion,
        entry: &RemoteKey,
    ) -> Result<bool, Failure> {
        let definition = &workspace.definition;
        // A name is kept where a value is replaced: it tells only where the provider is known to keep names apart.
        let by_name = definition.reconcile().by == ReconcileBy::Name;
        let named = by_name && entry.name.is_some() && self.journal.mint_name(old.id).await?.is_some();
        // What is only switched off is refused, and listed.
        let asks = old.held && definition.verifies(&workspace.fields) && !definition.deactivates();
        if named || entry.prefix.is_some() || !asks || definition.pace().is_some() || !in_place(Guard::OldIsAsked) {
            return Ok(false);
        }
        Ok(self.is_refused(rotation, old.id).await && self.controlled(rotation, &mut Vec::new()).await?.is_none())
    }

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
            Ok(listed) => self.lists_another(workspace, old, (id, &listed)).await,
            Err(_) => Ok(false),
        }
    }

    /// Whether the ids of both keys are theirs, right before one of them is revoked: by another's id that one would go, and by
    /// the value of another as the new one ours would be nobody's. A list that cannot be read is waited for, but after a leak.
    async fn ids_are_theirs(&self, rotation: &Rotation, workspace: &Workspace, old_id: &str) -> Result<(), Failure> {
        if !workspace.definition.capabilities().list || !in_place(Guard::IdIsTheirs) {
            return Ok(());
        }
        let history = rotation.history();
        let listed = match self.effects.provider.list(workspace).await {
            Err(_) if history.is_revoked_anyway() || rotation.act() == Act::Revoke => return Ok(()),
            listed => listed.map_err(|failure| failure.with_effect(Effect::NotApplied))?,
        };
        let old = old_version(rotation)?;
        if let Some(entry) = listed.entry(old_id)
            && !history.is_waived(Code::KeyIdAnothers)
            && (self.lists_another(workspace, old, (old_id, &listed)).await?
                || self.died_before_it_went(rotation, workspace, old, entry).await?)
        {
            return Err(Failure::new(Code::KeyIdAnothers));
        }
        let new = rotation.subject.new.as_ref().filter(|_| rotation.act() == Act::Rotate);
        let Some((new, id)) = new.and_then(|new| Some((new, new.remote_id.as_deref()?))) else {
            return Ok(());
        };
        match listed.entry(id) {
            Some(entry)
                if !history.is_waived(Code::KeySuccessorAnothers)
                    && self.whose(workspace, new, entry).await?.is_anothers() =>
            {
                Err(Failure::new(Code::KeySuccessorAnothers))
            }
            // Its answer may not have told it.
            Some(entry) if !history.is_waived(Code::KeySuccessorEnds) && self.ends_soon(entry.expires_at) => {
                Err(Failure::new(Code::KeySuccessorEnds))
            }
            Some(_) => Ok(()),
            None if history.is_waived(Code::KeySuccessorUnlisted) => Ok(()),
            // Whoever accepts it may answer from what was known before somebody deleted it.
            None => self.lists_later(workspace, new, &listed).await,
        }
    }

    pub(super) async fn send_revoke(&self, rotation: &Rotation, _: Cleared) -> Result<(), Failure> {
        let old = old_version(rotation)?;
        let remote_id = old
            .remote_id
            .as_deref()
            .ok_or_else(|| Failure::new(Code::KeyIdUnknown))?;
        let new_id = rotation.subject.new.as_ref().and_then(|new| new.remote_id.as_deref());
        if new_id == Some(remote_id) && in_place(Guard::NotItsSuccessor) {
            return Err(Failure::new(Code::RotationIllegal));
        }
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
        if self.manages(&workspace, old) {
            return Err(Failure::new(Code::KeyManagesAccount));
        }
        self.ids_are_theirs(rotation, &workspace, remote_id).await?;
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
