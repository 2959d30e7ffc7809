//! What one list shows right before the old key goes: by which id each of the two keys goes, whether somebody else replaces the
//! key, and whether it was used since its use was asked for. All of it is judged by the same list: two of different moments
//! leave room for what happens in between.

use jiff::{SignedDuration, Timestamp};

use super::drive::Driver;
use super::journal::{Change, Rotation};
use super::moves::{Entry, Learnt, Settled};
use super::plan::{Act, StepKind};
use super::retire::old_version;
use super::scene::{Scene, parked};
use super::silence::{Heard, Told, called_at};
use super::state::Event;
use super::whose::GoesBy;
use crate::failure::{Code, Effect, Failure, Family};
use crate::guard::{Guard, in_place};
use crate::model::KeyVersion;
use crate::provider::{KeyList, ReconcileBy, RemoteKey, Strategy, Workspace};

/// A list that was read just now shows nothing that keeps the old key; but perhaps something of the new one, which a call with
/// that may tell better.
#[derive(Debug)]
pub(super) struct Listed {
    successor: Option<Failure>,
}

impl Listed {
    /// For a revocation that is sent once more, which reads the list by itself.
    pub(super) fn again(scene: &Scene<'_>) -> Option<Listed> {
        (!asks_for_rival(scene.rotation)).then_some(Listed { successor: None })
    }

    /// What the list shows of the new key that keeps the old one.
    pub(super) fn of_successor(&self) -> Option<&Failure> {
        self.successor.as_ref()
    }
}

/// What the list shows.
#[derive(Debug)]
pub(super) struct Look {
    /// Whether a revocation of ours, whose answer got lost, has been carried out since.
    pub(super) came_late: bool,
    /// Whether somebody else replaces the key.
    pub(super) has_rival: bool,
    /// By which id the old key goes; none where that was not looked for.
    pub(super) id: Result<Option<String>, Failure>,
    /// What of the new key keeps the old one.
    pub(super) successor: Option<Failure>,
    /// When the old key was used, and what that means, where it keeps the key.
    pub(super) used: Option<(Timestamp, Heard)>,
}

impl Look {
    pub(super) const NOTHING: Look = Look {
        came_late: false,
        has_rival: false,
        id: Ok(None),
        successor: None,
        used: None,
    };
}

/// Where the old key goes first, after a leak above all, nothing holds that up; nor where a person has decided.
fn asks_for_rival(rotation: &Rotation) -> bool {
    let at_once = rotation.act() != Act::Rotate || rotation.plan.strategy == Strategy::ReplaceFirst;
    !at_once && !rotation.history().is_decided(Code::KeyReplacedElsewhere) && in_place(Guard::NoRival)
}

/// Shows that nothing keeps the old key, or says what does.
pub(super) fn settle(scene: &Scene<'_>, looked: Result<Look, Failure>) -> Settled {
    let kind = StepKind::RevokeOld;
    let look = match looked {
        Ok(look) => look,
        // Time does not cure a credential.
        Err(failure) if failure.code.family() == Family::Credential => return scene.held_up(kind, failure),
        Err(failure) => return Settled::one(scene.undetermined(kind, &failure, vec![])),
    };
    if look.came_late {
        return Settled::all([Event::Intended(kind).into(), Event::Applied(kind).into()]);
    }
    if look.has_rival {
        return Settled::one(scene.park(kind, Code::KeyReplacedElsewhere, vec![]));
    }
    match look.id {
        Ok(_) => {}
        // Nothing is sent by an id that no list has shown. The proof that follows shows whether the key has ended.
        Err(failure) if failure.code == Code::ProviderKeyGone && scene.rotation.plan.strategy != Strategy::TwoSlot => {
            return Settled::all([Event::Intended(kind).into(), Event::Skipped(kind, failure.code).into()]);
        }
        Err(failure) => {
            return Settled::all([
                Event::Intended(kind).into(),
                scene.not_applied(kind, &failure.with_effect(Effect::NotApplied), true),
            ]);
        }
    }
    match (look.used, scene.rotation.subject.old.as_ref()) {
        (Some((at, Heard::Used { left, ours })), Some(old)) => {
            let code = match ours {
                true => Code::KeyUsedByUs,
                false => Code::KeyStillUsed,
            };
            let used = Change::Used { version: old.id, at };
            Settled::one(Entry::new(parked(kind, scene.after(left), Some(code)), vec![used]))
        }
        _ => Settled::learnt(Learnt::Listed(Listed {
            successor: look.successor,
        })),
    }
}

impl Driver {
    /// Reads the list once, and looks at it for all that may keep the old key. What looks like another's deed may be a late one
    /// of ours.
    pub(super) async fn look_at_list(&self, rotation: &Rotation) -> Result<Look, Failure> {
        let look = self.read_list(rotation).await?;
        let by_another = matches!(&look.id, Err(failure) if failure.code == Code::KeyIdAnothers);
        match (look.has_rival || by_another) && self.came_late(rotation).await? {
            true => Ok(Look {
                came_late: true,
                ..Look::NOTHING
            }),
            false => Ok(look),
        }
    }

    async fn read_list(&self, rotation: &Rotation) -> Result<Look, Failure> {
        let using = self.effects.workspaces.using(&rotation.subject.account).await?;
        let asks = asks_for_rival(rotation);
        if asks && self.is_slot_filled(rotation, &using).await? {
            return Ok(Look {
                has_rival: true,
                ..Look::NOTHING
            });
        }
        let by_name = asks && using.definition.reconcile().by == ReconcileBy::Name;
        let sends = rotation.plan.sends(StepKind::RevokeOld);
        if !using.definition.capabilities().list || !(by_name || sends) {
            return Ok(Look::NOTHING);
        }
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
        let history = rotation.history();
        let listed = match self.effects.provider.list(&workspace).await {
            // A person has decided, or the key has leaked.
            Err(_) if history.is_revoked_anyway() || rotation.act() == Act::Revoke => return Ok(Look::NOTHING),
            listed => listed?,
        };
        let has_rival = by_name && self.shows_rival(rotation, &listed).await?;
        let id = match sends && in_place(Guard::IdIsTheirs) {
            true => self.ids_are_theirs(rotation, &workspace, &listed).await,
            false => Ok(None),
        };
        let successor = match id {
            Ok(Some(_)) => self.successor_is_its(rotation, &workspace, &listed).await.err(),
            _ => None,
        };
        let used = self.used_since(rotation, &workspace, &listed);
        Ok(Look {
            came_late: false,
            has_rival,
            id,
            successor,
            used,
        })
    }

    /// Whether the ids of both keys are theirs: by another's id that one would go, and by the value of another as the new one
    /// ours would be nobody's. Tells the one by which the old key goes.
    async fn ids_are_theirs(
        &self,
        rotation: &Rotation,
        workspace: &Workspace,
        listed: &KeyList,
    ) -> Result<Option<String>, Failure> {
        let history = rotation.history();
        let old = old_version(rotation)?;
        let told = old
            .remote_id
            .as_deref()
            .ok_or_else(|| Failure::new(Code::KeyIdUnknown))?;
        let id = match self.goes_by(workspace, old, (told, listed)).await? {
            // By the name of our mint another key is listed than lists have shown before: each may be ours.
            GoesBy::Id(id) if id != told && self.was_shown(rotation, old, told).await? => {
                return Err(Failure::new(Code::KeyIdAnothers));
            }
            GoesBy::Id(id) => id,
            GoesBy::Anothers if history.is_waived(Code::KeyIdAnothers) => told.to_owned(),
            GoesBy::Anothers => return Err(Failure::new(Code::KeyIdAnothers)),
            GoesBy::Nothing => self.was_listed(rotation, workspace, old, (told, listed)).await?,
        };
        if let Some(entry) = listed.entry(&id)
            && !history.is_waived(Code::KeyIdAnothers)
            && self.died_before_it_went(rotation, workspace, old, entry).await?
        {
            return Err(Failure::new(Code::KeyIdAnothers));
        }
        if !history.is_waived(Code::KeyIdAnothers)
            && (self.may_be_another(rotation, workspace, old, (&id, listed)).await?
                || self.bears_anothers_name(rotation, (&id, listed)).await?)
        {
            return Err(Failure::new(Code::KeyIdAnothers));
        }
        if id != told {
            self.journal.listed_as(old.id, &id, self.effects.clock.now()).await?;
        }
        Ok(Some(id))
    }

    /// Whether a list has shown the key by that id.
    async fn was_shown(&self, rotation: &Rotation, old: &KeyVersion, told: &str) -> Result<bool, Failure> {
        let before = self.journal.snapshot(rotation.id).await?;
        Ok((old.was_listed || before.iter().any(|id| id == told)) && in_place(Guard::ShownIdStays))
    }

    /// The id of a key that the list does not show now: one that it has shown before is sent, for what becomes of it the
    /// provider knows best; one that only the answer to a mint has told is not.
    async fn was_listed(
        &self,
        rotation: &Rotation,
        workspace: &Workspace,
        old: &KeyVersion,
        (told, listed): (&str, &KeyList),
    ) -> Result<String, Failure> {
        let is_minted = self.journal.mint_name(old.id).await?.is_some();
        let was_shown = self.journal.snapshot(rotation.id).await?.iter().any(|id| id == told);
        if !is_minted || was_shown || rotation.history().is_revoked_anyway() {
            return Ok(told.to_owned());
        }
        if let Some(unread) = listed.unread() {
            return Err(unread);
        }
        let lag = SignedDuration::try_from(workspace.definition.reconcile().lag()).unwrap_or(SignedDuration::MAX);
        let shown_by = old.born().0.checked_add(lag).ok();
        match shown_by.filter(|at| *at > self.effects.clock.now()) {
            Some(at) => Err(Failure::new(Code::ProviderUndetermined).retry_at(at)),
            None => Err(Failure::new(Code::ProviderKeyGone)),
        }
    }

    /// That the new key is listed, by an id that is its own, and does not end soon.
    async fn successor_is_its(
        &self,
        rotation: &Rotation,
        workspace: &Workspace,
        listed: &KeyList,
    ) -> Result<(), Failure> {
        let history = rotation.history();
        let new = rotation.subject.new.as_ref().filter(|_| rotation.act() == Act::Rotate);
        let Some((new, id)) = new.and_then(|new| Some((new, new.remote_id.as_deref()?))) else {
            return Ok(());
        };
        let id = match self.goes_by(workspace, new, (id, listed)).await? {
            GoesBy::Id(found) => found,
            _ => id.to_owned(),
        };
        if Some(&id) != new.remote_id.as_ref() {
            self.journal.listed_as(new.id, &id, self.effects.clock.now()).await?;
        }
        // For the day on which it is the old one: then more keys may have been made.
        self.may_be_another(rotation, workspace, new, (&id, listed)).await?;
        match listed.entry(&id) {
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
            // Whoever accepts it may answer from what was known before somebody switched it off.
            Some(entry)
                if entry.switched_off == Some(true)
                    && !history.is_waived(Code::KeySuccessorOff)
                    && in_place(Guard::NewIsOn) =>
            {
                Err(Failure::new(Code::KeySuccessorOff))
            }
            Some(_) => Ok(()),
            None if history.is_waived(Code::KeySuccessorUnlisted) => Ok(()),
            // Whoever accepts it may answer from what was known before somebody deleted it.
            None => self.lists_later(workspace, new, listed).await,
        }
    }

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
        let by_its_id = Some(&entry.remote_id) == old.remote_id.as_ref();
        let named = by_name && by_its_id && entry.name.is_some() && self.journal.mint_name(old.id).await?.is_some();
        // What is only switched off is refused, and listed.
        let asks = old.held && definition.verifies(&workspace.fields) && !definition.deactivates();
        if named || entry.prefix.is_some() || !asks || definition.pace().is_some() || !in_place(Guard::OldIsAsked) {
            return Ok(false);
        }
        Ok(self.is_refused(rotation, old.id).await && self.controlled(rotation, &mut Vec::new()).await?.is_none())
    }

    /// Whether the list shows a use of the old key that was not told when it was asked for, where the plan waits for silence.
    fn used_since(&self, rotation: &Rotation, workspace: &Workspace, listed: &KeyList) -> Option<(Timestamp, Heard)> {
        let history = rotation.history();
        let waits = rotation.plan.listens() && !history.is_decided(Code::KeyStillUsed) && in_place(Guard::UseSeenLast);
        let old = rotation.subject.old.as_ref().filter(|_| waits)?;
        let used = listed.entry(old.remote_id.as_deref()?)?.last_used_at?;
        if old.last_used_at.is_some_and(|known| used <= known) {
            return None;
        }
        let now = self.effects.clock.now();
        let told = Told {
            at: now,
            here: now,
            last_used_at: Some(used),
            born: old.born().0,
            called_at: old.verdict.as_ref().map(called_at),
        };
        match told.heard(rotation.plan.quiet, workspace.definition.reconcile().last_used_lag) {
            heard @ Heard::Used { .. } => Some((used, heard)),
            _ => None,
        }
    }
}
