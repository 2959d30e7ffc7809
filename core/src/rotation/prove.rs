//! The proof that the old key has ended: refused, no longer listed, or by somebody's word.

use std::time::Duration;

use super::drive::Driver;
use super::journal::{Change, Rotation};
use super::moves::{After, Deed, Entry, Learnt, Move, Settled};
use super::plan::{Act, Proof, StepKind};
use super::retire::old_version;
use super::scene::Scene;
use super::state::Event;
use super::verify::unsaid;
use crate::failure::{Code, Failure, Family};
use crate::guard::{Guard, in_place};
use crate::model::{Answer, Receipt, Verdict, VersionId};
use crate::provider::Strategy;
use crate::vault::VaultRef;

/// Revocations that a provider is sent again by itself.
const REVOKED_AGAIN: usize = 2;

/// What is known of the end of the old key.
pub(super) struct Ended {
    pub(super) shown: Shown,
    /// What calls told on the way.
    pub(super) told: Vec<Change>,
    /// Whether nothing but a revocation that was not carried out explains that it lives on: it is still listed, or
    /// there is no list.
    pub(super) is_there: bool,
}

/// What shows the end of the old key, or what shows that it has not come.
pub(super) type Shown = Result<Receipt, Code>;

pub(super) fn next(scene: &Scene<'_>) -> Result<Move, Failure> {
    scene.old_version()?;
    let looks = may_revoke_again(scene);
    Ok(Move::step(StepKind::ProveDead, Deed::ProveEnded { looks }))
}

pub(super) fn settle(scene: &Scene<'_>, ended: Result<Ended, Failure>) -> Result<Settled, Failure> {
    let (kind, version) = (StepKind::ProveDead, scene.old_version()?.id);
    let Ended {
        shown,
        mut told,
        is_there,
    } = match ended {
        Ok(ended) => ended,
        Err(failure) => return Ok(Settled::one(scene.undetermined(kind, &failure, vec![]))),
    };
    Ok(match shown {
        Ok(receipt) => {
            let proven = receipt.is_proof();
            told.push(Change::Ended {
                version,
                at: scene.now,
                receipt: Some(receipt),
            });
            Settled::one(Entry::new(Event::Applied(kind), told)).after(After::Ended(version, proven))
        }
        Err(still) if is_there => Settled {
            // What follows a revocation there is done, and is not done twice: it is sent again from here.
            learnt: scene
                .rotation
                .plan
                .revokes_first()
                .then_some(Learnt::RevokeAgain(still)),
            ..Settled::one(Entry::new(Event::RevokeAgain, told))
        },
        Err(still) => Settled::one(scene.park(kind, still, told)),
    })
}

/// Still there after every lag, the revocation was not carried out. A person is asked as often as it takes, the provider
/// twice.
fn may_revoke_again(scene: &Scene<'_>) -> bool {
    let plan = &scene.rotation.plan;
    let by_api = plan.sends(StepKind::RevokeOld);
    let (Some(at), Ok(provider)) = (scene.history.revoked_at(), scene.provider()) else {
        return false;
    };
    // A person who is asked again would be led through all that follows; the proof shows that it still works.
    if plan.revokes_first() && !by_api {
        return false;
    }
    let bounded = !by_api || scene.history.revoked_again() < REVOKED_AGAIN || !in_place(Guard::AgainBounded);
    let lag = match in_place(Guard::LagBeforeAgain) {
        true => provider.lag,
        false => Duration::ZERO,
    };
    bounded && scene.since(at) > lag
}

impl Driver {
    /// Calls with the old value, or looks for it in the list; where it lives on, the list is asked whether that is all
    /// there is to it.
    pub(super) async fn ended(&self, rotation: &Rotation, looks: bool) -> Result<Ended, Failure> {
        let old = old_version(rotation)?;
        let (shown, told) = match rotation.plan.proof {
            _ if !in_place(Guard::ProvenDead) => (Ok(self.word()), vec![]),
            Proof::Refusal => self.refused(rotation, old.id).await?,
            Proof::Unlisted => self.unlisted(rotation).await?,
            Proof::Word => (Ok(self.word()), vec![]),
        };
        let lives = matches!(shown, Err(Code::KeyStillAccepted | Code::KeyStillListed));
        let is_there = lives && looks && self.lives_in_list(rotation).await;
        Ok(Ended { shown, told, is_there })
    }

    /// Gone from the list, it was revoked and dies late. Elsewhere, that it is accepted is all there is to go by.
    async fn lives_in_list(&self, rotation: &Rotation) -> bool {
        let Ok(workspace) = self.effects.workspaces.using(&rotation.subject.account).await else {
            return false;
        };
        let listed = old_version(rotation).ok().and_then(|old| old.remote_id.clone());
        match listed.filter(|_| workspace.definition.capabilities().list) {
            Some(remote_id) => self.is_listed(rotation, &remote_id).await.unwrap_or(false),
            None => true,
        }
    }

    pub(super) fn word(&self) -> Receipt {
        Receipt::Word {
            at: self.effects.clock.now(),
        }
    }

    async fn refused(&self, rotation: &Rotation, old: VersionId) -> Result<(Shown, Vec<Change>), Failure> {
        let verdict = match self.asked(rotation, old).await {
            Err(failure) if matches!(failure.code, Code::KeychainMismatch | Code::KeychainAmbiguous) => None,
            asked => asked?,
        };
        let Some(verdict) = verdict else {
            return self.unlisted(rotation).await;
        };
        let mut told = Vec::new();
        let receipt = match verdict.answer {
            Answer::Dead => match self.controlled(rotation, &mut told).await? {
                Some(refused) => Err(refused),
                None => self.is_off_the_list(rotation).await?.map(|()| refusal(&verdict)),
            },
            Answer::Live => Err(Code::KeyStillAccepted),
            Answer::Undetermined => return Err(unsaid(&verdict)),
        };
        told.push(Change::Verdict { version: old, verdict });
        Ok((receipt, told))
    }

    /// Why a refusal of the old key proves nothing: another key is refused in the same moment as well.
    pub(super) async fn controlled(
        &self,
        rotation: &Rotation,
        told: &mut Vec<Change>,
    ) -> Result<Option<Code>, Failure> {
        let Some((version, verdict)) = self.control(rotation).await? else {
            return Ok(None);
        };
        let refused = verdict.answer == Answer::Dead;
        // Of another key it is not written down: what is said of everything is said of nothing.
        if refused && !is_new(rotation, version) {
            return Ok(Some(Code::ProviderRefusesAll));
        }
        told.push(Change::Verdict { version, verdict });
        Ok(refused.then_some(Code::KeySuccessorRefused))
    }

    /// Where a list tells of its end, it has to lack the key as well, and to show the new one.
    async fn is_off_the_list(&self, rotation: &Rotation) -> Result<Result<(), Code>, Failure> {
        match self.is_still_there(rotation).await {
            Ok(true) => Ok(Err(Code::KeyStillListed)),
            Ok(false) => Ok(Ok(())),
            // What was told by the calls is kept.
            Err(failure) if failure.code == Code::ProviderListLacks => Ok(Err(failure.code)),
            Err(failure) => Err(failure),
        }
    }

    /// What the new key is answered in the same moment, where there is one: whoever refuses everything proves nothing.
    async fn control(&self, rotation: &Rotation) -> Result<Option<(VersionId, Verdict)>, Failure> {
        let new = rotation.subject.new.as_ref();
        // Where each call waits for its turn, that it was accepted since it was made has to do.
        let workspace = self.effects.workspaces.using(&rotation.subject.account).await?;
        if workspace.definition.pace().is_some() || !in_place(Guard::RefusalControlled) {
            return Ok(None);
        }
        let Some(new) = new.filter(|new| new.held && rotation.act() == Act::Rotate) else {
            return self.control_beside(rotation).await;
        };
        match self.asked(rotation, new.id).await {
            Ok(Some(verdict)) if verdict.answer == Answer::Undetermined => Err(unsaid(&verdict)),
            Ok(Some(verdict)) => Ok(Some((new.id, verdict))),
            // Its value is gone or another one: that is found where it is used, and another key of the account tells.
            Ok(None) => self.control_beside(rotation).await,
            Err(failure) if failure.code == Code::KeychainMismatch => self.control_beside(rotation).await,
            Err(failure) => Err(failure),
        }
    }

    /// What another key of the account is answered, where the rotation has none besides: the first that is accepted, or the
    /// last of those that are not.
    async fn control_beside(&self, rotation: &Rotation) -> Result<Option<(VersionId, Verdict)>, Failure> {
        if !in_place(Guard::ControlBeside) {
            return Ok(None);
        }
        let mut refused = None;
        for other in self.journal.held_beside(rotation.id).await? {
            let Ok(value) = self.value_of(Some(&other)).await else {
                continue;
            };
            let workspace = self.effects.workspaces.using(&rotation.subject.account).await?;
            let verdict = self.effects.provider.verify(&workspace, &value).await;
            match verdict.answer {
                Answer::Live => return Ok(Some((other.id, verdict))),
                Answer::Dead => refused = Some((other.id, verdict)),
                Answer::Undetermined => return Err(unsaid(&verdict)),
            }
        }
        Ok(refused)
    }

    /// Whether a refusal of the new key is about that key: the old one, where its value is held, is accepted in the same moment.
    /// Where there is none, no other key of the account is refused as well.
    pub(super) async fn is_controlled(&self, rotation: &Rotation) -> Result<bool, Failure> {
        if !in_place(Guard::RefusalControlled) {
            return Ok(true);
        }
        let old = rotation.subject.old.as_ref();
        let Some(old) = old.filter(|old| old.held && old.ended_at.is_none() && rotation.act() == Act::Rotate) else {
            let workspace = self.effects.workspaces.using(&rotation.subject.account).await?;
            if workspace.definition.pace().is_some() {
                return Ok(true);
            }
            let beside = self.control_beside(rotation).await?;
            return Ok(beside.is_none_or(|(_, verdict)| verdict.answer == Answer::Live));
        };
        match self.asked(rotation, old.id).await? {
            Some(verdict) if verdict.answer == Answer::Undetermined => Err(unsaid(&verdict)),
            verdict => Ok(verdict.is_some_and(|verdict| verdict.answer == Answer::Live)),
        }
    }

    /// A receipt without a call: a build of the tests that goes without the proof.
    pub(super) fn no_call(&self) -> Receipt {
        Receipt::Refused {
            at: self.effects.clock.now(),
            status: 0,
        }
    }

    /// Whether the other key of the rotation is accepted now, so that a refusal of this one is about this one.
    pub(super) async fn accepts_another(&self, rotation: &Rotation, than: VersionId) -> Result<bool, Failure> {
        let subject = &rotation.subject;
        let both = [&subject.old, &subject.new].into_iter().flatten();
        for other in both.filter(|one| one.id != than && one.held) {
            let verdict = self.asked(rotation, other.id).await?;
            if verdict.is_some_and(|verdict| verdict.answer == Answer::Live) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What is refused now may be so for another reason, such as an outage of whoever checks it: where a list tells of its end,
    /// it has to lack the key as well.
    async fn is_still_there(&self, rotation: &Rotation) -> Result<bool, Failure> {
        let workspace = self.effects.workspaces.using(&rotation.subject.account).await?;
        let plan = &rotation.plan;
        let leaves_the_list = !plan.rolls() && plan.strategy != Strategy::TwoSlot;
        let tells = workspace.definition.capabilities().list;
        let id = old_version(rotation)?.remote_id.as_deref();
        let Some(id) = id.filter(|_| leaves_the_list && tells && in_place(Guard::RefusedAndGone)) else {
            return Ok(false);
        };
        match self.is_in_whole_list(rotation, id).await {
            // Who may not list learns from the successor, which is accepted by whoever has just refused the old key.
            Err(failure) if failure.code.family() == Family::Credential => match &rotation.subject.new {
                Some(new) => match self.asked(rotation, new.id).await? {
                    Some(verdict) if verdict.answer == Answer::Live => Ok(false),
                    _ => Err(failure),
                },
                None => Err(failure),
            },
            // Such a list can never tell it: the refusal does, which is controlled.
            Err(failure) if failure.code == Code::ProviderEntryUnread => Ok(false),
            listed => listed,
        }
    }

    /// Whether it is listed, by a list that shows the new key as well: one that lacks both says nothing of either.
    async fn is_in_whole_list(&self, rotation: &Rotation, remote_id: &str) -> Result<bool, Failure> {
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
        let listed = self.effects.provider.list(&workspace).await?;
        let new = rotation.subject.new.as_ref().filter(|_| rotation.act() == Act::Rotate);
        let lacks_new = match new.filter(|new| new.remote_id.is_some()) {
            Some(new) => !self.shows_new(&workspace, new, &listed).await?,
            None => false,
        };
        match listed.shows(remote_id)? {
            false if lacks_new && in_place(Guard::RefusalControlled) => Err(Failure::new(Code::ProviderListLacks)),
            shown => Ok(shown),
        }
    }

    /// Where nobody can make a call with the value, the list tells; without one, the provider's or the person's word is all.
    async fn unlisted(&self, rotation: &Rotation) -> Result<(Shown, Vec<Change>), Failure> {
        let workspace = self.effects.workspaces.using(&rotation.subject.account).await?;
        if !workspace.definition.capabilities().list {
            return Ok((Ok(self.word()), vec![]));
        }
        let old = old_version(rotation)?;
        let remote_id = old
            .remote_id
            .as_deref()
            .ok_or_else(|| Failure::new(Code::KeyIdUnknown))?;
        let shown = match self.is_in_whole_list(rotation, remote_id).await? {
            true => Err(Code::KeyStillListed),
            false => Ok(Receipt::Unlisted {
                at: self.effects.clock.now(),
            }),
        };
        Ok((shown, vec![]))
    }

    pub(super) async fn is_listed(&self, rotation: &Rotation, remote_id: &str) -> Result<bool, Failure> {
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
        self.effects.provider.list(&workspace).await?.shows(remote_id)
    }

    /// Proven dead, its value leaves the keychain. On anybody's word it is kept: it may be the only one that works; but not
    /// said to be there where the keychain has lost it.
    pub(super) async fn keep_or_forget(&self, version: VersionId, proven: bool) {
        let at = VaultRef::version(version);
        let there = self.effects.vault.get(&at);
        if proven || !in_place(Guard::KeptUnproven) || matches!(there.await, Ok(None)) {
            self.forget(version).await;
        }
    }

    /// Takes the value of an ended version out of the keychain. One that stays is taken at the next start.
    pub(super) async fn forget(&self, version: VersionId) {
        if self.effects.vault.delete(&VaultRef::version(version)).await.is_ok()
            && let Err(failure) = self.journal.forgotten(version).await
        {
            tracing::warn!(
                code = failure.code.as_str(),
                "an ended value is gone, its record says it is held"
            );
        }
    }
}

fn is_new(rotation: &Rotation, version: VersionId) -> bool {
    rotation.subject.new.as_ref().is_some_and(|new| new.id == version)
}

/// What a refused call proves.
pub(super) fn refusal(verdict: &Verdict) -> Receipt {
    Receipt::Refused {
        at: verdict.at,
        status: verdict.status.unwrap_or_default(),
    }
}
