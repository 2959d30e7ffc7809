//! Taking back: the new key is revoked by its recorded id, once the old one is shown to serve.

use std::time::Duration;

use super::drive::Driver;
use super::gone::Gone;
use super::journal::{Change, Rotation};
use super::moves::{After, Deed, Deleted, Entry, Evidence, Learnt, Move, Onward, Ours, Settled};
use super::plan::{Discard, StepKind};
use super::prove::refusal;
use super::scene::{Scene, new_version};
use super::serves::{NotShown, Serves};
use super::silence::is_used_by_others;
use super::state::{Ending, Event, State, Then};
use crate::failure::{Code, Effect, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{Answer, KeyVersion, Receipt, RotationId, VersionState};
use crate::provider::Workspace;

/// A person's order to take the new key back.
#[derive(Debug, Clone, Default)]
pub struct TakeBack {
    /// The key's name, where the person knows that the new key is in use and that programs will fail.
    pub in_use: Option<String>,
    /// Whatever is known of the old key.
    pub anyway: bool,
}

/// The next move of a discard: what has to be shown, then the revocation by whoever the plan says, or what became of it.
pub(super) fn next(scene: &Scene<'_>, evidence: &mut Evidence) -> Result<Move, Failure> {
    let rotation = scene.rotation;
    let begins = matches!(rotation.position.state, State::Discarding(_));
    let version = scene.new_version()?;
    let new = rotation.subject.new.as_ref();
    let known = new.and_then(|new| new.remote_id.clone());
    let by_api = known.clone().filter(|_| rotation.plan.discard == Discard::Api);
    if let (Some(id), None) = (&by_api, evidence.ours) {
        return Ok(Move::ask(Deed::Identify(id.clone())));
    }
    // Last of what a provider is asked: without the old key nothing would serve. One that is discarded to be made anew has lost
    // its value: nobody can use it.
    if rotation.position.state == State::Discarding(Then::End) && evidence.serves.is_none() {
        return Ok(Move::ask(Deed::AskPredecessor));
    }
    let told = match evidence.serves.take() {
        Some(mut serves) => serves.told(),
        None => Vec::new(),
    };
    // A slot cannot be taken away, and nobody uses this one: it is set aside, and nothing is sent.
    if rotation.plan.discard == Discard::Forget {
        let intent = begins.then(|| Entry::new(Event::DiscardIntended, told));
        let aside = discarded(scene, known, Gone::SetAside);
        return Ok(Move::Finish(
            intent.into_iter().chain([aside]).collect(),
            After::Ended(version, false),
        ));
    }
    // One whose id nobody knows, or which is another key's, is found by a person, by how its value begins.
    Ok(match (by_api.filter(|_| evidence.ours != Some(Ours::No)), begins) {
        (Some(id), true) => {
            let deed = match evidence.ours {
                Some(Ours::Gone) => Deed::AskDiscarded(id),
                _ => Deed::Discard(id),
            };
            Move::Do(vec![Entry::new(Event::DiscardIntended, told)], deed)
        }
        // A process ended inside it, or nobody answered: a call, or the list, says whether it still exists.
        (Some(id), false) => Move::ask(Deed::AskDiscarded(id)),
        (None, true) => Move::note([Entry::new(Event::DiscardParked, told)]),
        (None, false) => Move::ask(Deed::AskDeleted),
    })
}

pub(super) fn settle_predecessor(scene: &Scene<'_>, shown: Result<Serves, NotShown>) -> Settled {
    match shown {
        Ok(serves) => Settled::learnt(Learnt::Serves(serves)),
        Err(NotShown { failure, told }) => Settled::all([
            Entry::new(Event::DiscardIntended, told),
            Event::DiscardNotApplied(failure.code).into(),
        ])
        .onward(once_more(scene)),
    }
}

pub(super) fn identified(scene: &Scene<'_>, ours: Result<Ours, Failure>) -> Settled {
    match ours {
        Ok(ours) => Settled::learnt(Learnt::Ours(ours)),
        Err(failure) if matches!(scene.rotation.position.state, State::Discarding(_)) => Settled::all([
            Event::DiscardIntended.into(),
            Event::DiscardNotApplied(failure.code).into(),
        ])
        .onward(once_more(scene)),
        // It was sent already: what became of it is asked all the same.
        Err(_) => Settled::learnt(Learnt::Ours(Ours::Yes)),
    }
}

pub(super) fn settle(scene: &Scene<'_>, id: String, gone: Result<Gone, Failure>) -> Result<Settled, Failure> {
    let version = scene.new_version()?;
    Ok(match gone {
        Ok(gone) => {
            let proven = matches!(gone, Gone::Refused(_));
            Settled::one(discarded(scene, Some(id), gone)).after(After::Ended(version, proven))
        }
        Err(failure) if failure.effect == Effect::Unknown => {
            Settled::one(Entry::because(Event::DiscardUnclear(failure.code), &failure)).onward(once_more(scene))
        }
        Err(failure) => {
            Settled::one(Entry::because(Event::DiscardNotApplied(failure.code), &failure)).onward(once_more(scene))
        }
    })
}

/// The person has deleted it; a call with its value shows it, where the provider can tell.
pub(super) fn settle_deleted(scene: &Scene<'_>, deleted: Deleted) -> Result<Settled, Failure> {
    let version = scene.new_version()?;
    let gone = match (deleted.verdict, deleted.listed) {
        (Some(verdict), _) if verdict.answer == Answer::Live => {
            return Ok(Settled::one(Event::DiscardNotApplied(Code::KeyStillAccepted)));
        }
        (Some(verdict), _) if verdict.answer == Answer::Undetermined => {
            let unclear = Settled::one(Event::DiscardUnclear(Code::ProviderUndetermined));
            return Ok(unclear.onward(Onward::Rest));
        }
        (Some(verdict), _) if deleted.is_controlled => Gone::Refused(refusal(&verdict)),
        (Some(_), _) => Gone::Told(Receipt::Word { at: scene.now }),
        (None, Ok(false)) => Gone::Told(Receipt::Word { at: scene.now }),
        (None, Ok(true)) => return Ok(Settled::one(Event::DiscardNotApplied(Code::KeyStillListed))),
        (None, Err(failure)) => {
            return Ok(Settled::one(Event::DiscardUnclear(failure.code)).onward(Onward::Rest));
        }
    };
    let proven = matches!(gone, Gone::Refused(_));
    Ok(Settled::one(discarded(scene, None, gone)).after(After::Ended(version, proven)))
}

/// The row of a discard that is over.
fn discarded(scene: &Scene<'_>, remote_id: Option<String>, gone: Gone) -> Entry {
    let subject = &scene.rotation.subject;
    let receipt = match gone {
        Gone::Refused(receipt) | Gone::Told(receipt) => Some(receipt),
        Gone::SetAside => None,
    };
    let ended = subject.new.as_ref().map(|new| Change::Ended {
        version: new.id,
        at: scene.now,
        receipt,
    });
    let accounted = remote_id.map(|id| Change::Accounted {
        remote_id: Some(id),
        settled_as: "revoked",
    });
    // Confirmed before, the old key had retired: it serves again.
    let retired = subject.old.as_ref().filter(|old| old.state == VersionState::Retiring);
    let serves = retired.map(|old| Change::Promoted { new: old.id });
    Entry::new(
        Event::Discarded,
        ended.into_iter().chain(accounted).chain(serves).collect(),
    )
}

/// A first miss is looked at once more at once; after that the person, or the next start, goes on.
fn once_more(scene: &Scene<'_>) -> Onward {
    match scene.history.missed_discards() {
        0 => Onward::Go,
        _ => Onward::Rest,
    }
}

impl Driver {
    /// Takes the new key back, or ends a rotation that has none yet, where what has to be shown is shown right now.
    pub async fn undo(&self, id: RotationId, order: &TakeBack, patience: Duration) -> Result<Rotation, Failure> {
        self.under_fence(id, patience, async |fence, rotation: &Rotation| {
            let (position, plan) = (rotation.position, &rotation.plan);
            if position.state == State::Discarding(Then::End) && order.anyway {
                return self.record(fence, Event::UndoAnyway, vec![]).await;
            }
            if !position.can_undo(plan) {
                return Err(Failure::new(Code::RotationNotNow));
            }
            if !position.has_minted(plan) {
                // A value came, and the process that asked for it is gone, or the record of it.
                if !order.anyway && self.find_new(&mut rotation.clone()).await?.is_some() {
                    return Err(Failure::new(Code::RotationMayHaveChanged));
                }
                let mut changes = self.untouched(rotation, order).await?;
                changes.extend(rotation.never(self.effects.clock.now()));
                return self.record(fence, Event::Closed(Ending::Stopped), changes).await;
            }
            let named = order.in_use.as_deref() == Some(rotation.subject.key.name.as_str());
            let is_used = rotation.is_in_use() || self.lists_use_of_new(rotation).await;
            if is_used && !named && in_place(Guard::NewInUse) {
                return Err(Failure::new(Code::RotationNewInUse).field("in_use"));
            }
            if order.anyway {
                return self.record(fence, Event::UndoAnyway, vec![]).await;
            }
            // Before anything is put back: a dead key would be put into every file.
            let told = self.predecessor_serves(rotation).await;
            let told = self.or_noted(told).await?;
            self.record(fence, Event::UndoBegun, told).await
        })
        .await
    }

    /// Whether the list shows that somebody uses the new key. One that cannot be read shows nothing.
    async fn lists_use_of_new(&self, rotation: &Rotation) -> bool {
        let Some((new, id)) = rotation
            .subject
            .new
            .as_ref()
            .and_then(|new| Some((new, new.remote_id.as_deref()?)))
        else {
            return false;
        };
        let Ok(workspace) = self.effects.workspaces.managing(&rotation.subject.account).await else {
            return false;
        };
        if !workspace.definition.capabilities().reports_last_use {
            return false;
        }
        let used = match workspace.definition.tells_last_use_apart() {
            true => self
                .effects
                .provider
                .last_used(&workspace, id)
                .await
                .ok()
                .and_then(|used| used.at),
            false => {
                let listed = self.effects.provider.list(&workspace).await.ok();
                listed.and_then(|listed| listed.entry(id).and_then(|entry| entry.last_used_at))
            }
        };
        let seen = KeyVersion {
            last_used_at: used.max(new.last_used_at),
            ..new.clone()
        };
        is_used_by_others(&seen)
    }

    /// Where a value may have been replaced in place and nobody has the new one, the old one is asked before the
    /// rotation ends as if nothing had been changed. So it is where the provider said that it did nothing; but there only
    /// a call that is refused says otherwise.
    async fn untouched(&self, rotation: &Rotation, order: &TakeBack) -> Result<Vec<Change>, Failure> {
        let (may, sent) = (rotation.may_have_minted(), rotation.plan.rolls() && rotation.mints > 0);
        if !(may || sent) || order.anyway {
            return Ok(vec![]);
        }
        let changed = || Failure::new(Code::RotationMayHaveChanged);
        let Some(old) = rotation.subject.old.as_ref().filter(|old| old.held) else {
            return if may { Err(changed()) } else { Ok(vec![]) };
        };
        let shown = self.serves(rotation, old, Code::RotationMayHaveChanged).await;
        match self.or_noted(shown).await {
            // Nobody could ask.
            Ok(told) if told.is_empty() && may => Err(changed()),
            Err(failure) if !may && failure.code != Code::RotationMayHaveChanged => Ok(vec![]),
            asked => asked,
        }
    }

    /// What was told by a call that shows something; what one told that shows nothing is kept all the same.
    async fn or_noted(&self, shown: Result<Serves, NotShown>) -> Result<Vec<Change>, Failure> {
        match shown {
            Ok(mut serves) => Ok(serves.told()),
            Err(NotShown { failure, told }) => {
                for change in told {
                    if let Change::Verdict { version, verdict } = change {
                        self.journal.answered(version, &verdict).await?;
                    }
                }
                Err(failure)
            }
        }
    }

    /// Revokes the new key. That it is gone is shown, not taken on trust: its value is about to be forgotten.
    pub(super) async fn revoke_new(&self, rotation: &Rotation, remote_id: &str) -> Result<Gone, Failure> {
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
        let new = rotation.subject.new.as_ref();
        if let Some(new) = new.filter(|_| in_place(Guard::DiscardManages))
            && self.manages(&workspace, new).await?
        {
            return Err(Failure::new(Code::KeyManagesAccount));
        }
        if let Some(new) = new
            && self.died_before(rotation, new).await?
        {
            // By its id the list shows whoever has it now.
            return match self.is_gone(rotation, remote_id).await {
                Err(failure) if failure.code == Code::KeyStillListed => Err(Failure::new(Code::KeyIdAnothers)),
                gone => gone,
            };
        }
        if in_place(Guard::UndoLooksAtFiles) && !rotation.history().is_taken_back_anyway() {
            self.no_file_has_new(rotation).await?;
        }
        // Whatever a person's word is: it is about the old key.
        self.commands_rest(rotation).await?;
        match self.effects.provider.revoke(&workspace, remote_id).await {
            // What nobody has ended may live under another id.
            Err(failure)
                if failure.code == Code::ProviderKeyGone && !self.explains_gone(rotation, &workspace).await =>
            {
                return Err(failure);
            }
            Err(failure) if failure.code == Code::ProviderKeyGone => {}
            sent => sent?,
        }
        match in_place(Guard::DiscardShown) {
            true => self.goes(rotation, remote_id).await,
            false => Ok(Gone::Refused(self.no_call())),
        }
    }

    /// Whether something else than a provider's word that it knows no such key shows, or may show, what became of the new one: a
    /// request of ours that may have arrived, a list, or a call with the value.
    async fn explains_gone(&self, rotation: &Rotation, workspace: &Workspace) -> bool {
        let definition = &workspace.definition;
        let tells = rotation.history().lost_a_discard() || definition.capabilities().list;
        let new = rotation.subject.new.as_ref();
        let new = new.filter(|_| !tells && definition.verifies(&workspace.fields));
        match new {
            Some(new) => self.readable(new).await.is_some(),
            None => tells || !in_place(Guard::GoneIsAWord),
        }
    }

    /// Whether a call with the new value, which was accepted before, is refused already: somebody has ended the key.
    async fn died_before(&self, rotation: &Rotation, new: &KeyVersion) -> Result<bool, Failure> {
        let worked = new
            .verdict
            .as_ref()
            .is_some_and(|verdict| verdict.answer == Answer::Live);
        if !new.held || !worked || !in_place(Guard::DeadIsNotSent) {
            return Ok(false);
        }
        self.is_dead(rotation, new).await
    }

    /// What became of a revocation that may have been sent.
    pub(super) async fn ask_discarded(&self, rotation: &Rotation, remote_id: &str) -> Result<Gone, Failure> {
        match self.list_settles(rotation).await {
            Ok(()) => self.is_gone(rotation, remote_id).await,
            Err(failure) => Err(failure.with_effect(Effect::Unknown)),
        }
    }

    /// What a call, or a list where no call tells, says of a key that a person has deleted.
    pub(super) async fn ask_deleted(&self, rotation: &Rotation) -> Result<Deleted, Failure> {
        let version = new_version(rotation)?;
        let verdict = match rotation.plan.index(StepKind::VerifyNew).is_some() {
            true => self.asked(rotation, version).await?,
            false => None,
        };
        let listed = match verdict.is_some() {
            true => Ok(false),
            false => self.still_listed(rotation).await,
        };
        Ok(Deleted {
            // It is kept where that is not known.
            is_controlled: verdict.is_some() && self.is_controlled(rotation).await.unwrap_or(false),
            verdict,
            listed,
        })
    }

    /// Whether a list shows the key that a person says is deleted; not where there is no list, or no id to look for.
    async fn still_listed(&self, rotation: &Rotation) -> Result<bool, Failure> {
        let workspace = self.effects.workspaces.using(&rotation.subject.account).await?;
        let id = rotation.subject.new.as_ref().and_then(|new| new.remote_id.as_deref());
        match id.filter(|_| workspace.definition.capabilities().list) {
            Some(id) => self.is_listed(rotation, id).await,
            None => Ok(false),
        }
    }
}
