//! Taking back: the new key is revoked by its recorded id, once the old one is shown to serve.

use std::time::Duration;

use super::drive::{Driver, Next, new_version};
use super::journal::{Change, Fence, Rotation};
use super::plan::{Discard, StepKind};
use super::retire::refusal;
use super::serves::{NotShown, Serves};
use super::state::{Ending, Event, State, Then};
use super::verify::unsaid;
use crate::failure::{Code, Effect, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{Answer, Receipt, RotationId, VersionId, VersionState};

/// A person's order to take the new key back.
#[derive(Debug, Clone, Default)]
pub struct TakeBack {
    /// The key's name, where the person knows that the new key is in use and that programs will fail.
    pub in_use: Option<String>,
    /// Whatever is known of the old key.
    pub anyway: bool,
}

/// How the new key came to its end.
enum Gone {
    /// A call with its value was refused, after an act of ours.
    Refused(Receipt),
    /// The list lacks it, or the provider's or the person's word is all there is.
    Told(Receipt),
    /// Nothing ended it: it lies in a slot that nobody uses.
    SetAside,
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
                let mut changes = self.untouched(rotation, order).await?;
                changes.extend(rotation.never(self.effects.clock.now()));
                return self.record(fence, Event::Closed(Ending::Stopped), changes).await;
            }
            let named = order.in_use.as_deref() == Some(rotation.subject.key.name.as_str());
            if rotation.is_in_use() && !named && in_place(Guard::NewInUse) {
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

    /// Where a value may have been replaced in place and nobody has the new one, the old one is asked before the
    /// rotation ends as if nothing had been changed.
    async fn untouched(&self, rotation: &Rotation, order: &TakeBack) -> Result<Vec<Change>, Failure> {
        if !rotation.may_have_minted() || order.anyway {
            return Ok(vec![]);
        }
        let old = rotation.subject.old.as_ref().filter(|old| old.held);
        let old = old.ok_or_else(|| Failure::new(Code::RotationMayHaveChanged))?;
        let shown = self.serves(rotation, old, Code::RotationMayHaveChanged).await;
        let told = self.or_noted(shown).await?;
        match told.is_empty() {
            // Nobody could ask.
            true => Err(Failure::new(Code::RotationMayHaveChanged)),
            false => Ok(told),
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

    /// One move of a discard: revoke, or find out what became of a revocation.
    pub(super) async fn discard(&self, fence: Fence, rotation: &Rotation) -> Result<Next, Failure> {
        let version = new_version(rotation)?;
        let begins = matches!(rotation.position.state, State::Discarding(_));
        // One that is discarded to be made anew has lost its value: nobody can use it.
        let told = match rotation.position.state {
            State::Discarding(Then::End) => match self.predecessor_serves(rotation).await {
                Ok(mut serves) => serves.told(),
                Err(NotShown { failure, told }) => {
                    self.record(fence, Event::DiscardIntended, told).await?;
                    return self.not_discarded(fence, rotation, failure.code).await;
                }
            },
            _ => vec![],
        };
        let known = rotation.subject.new.as_ref().and_then(|new| new.remote_id.clone());
        if rotation.plan.discard == Discard::Forget {
            return self.lay_aside(fence, rotation, version, told).await;
        }
        let ours = match known.filter(|_| rotation.plan.discard == Discard::Api) {
            Some(id) => self.is_ours(rotation, &id).await?.then_some(id),
            None => None,
        };
        // One whose id nobody knows, or which is another key's, is found by a person, by how its value begins.
        let Some(remote_id) = ours else {
            return self.discard_by_person(fence, rotation, version, told).await;
        };
        let discarded = match begins {
            true => {
                let intent = (Guard::DiscardIntent, Event::DiscardIntended);
                let sending = self.revoke_new(rotation, &remote_id);
                match self.intend(fence, intent, told, sending).await? {
                    // That it is gone is shown, not taken on trust: its value is about to be forgotten.
                    Ok(()) if in_place(Guard::DiscardShown) => self.goes(rotation, &remote_id).await,
                    Ok(()) => Ok(Gone::Refused(self.no_call())),
                    Err(failure) => Err(failure),
                }
            }
            // A process ended inside it, or nobody answered: a call, or the list, says whether it still exists.
            false => match self.list_settles(rotation).await {
                Ok(()) => self.is_gone(rotation, &remote_id).await,
                Err(failure) => Err(failure.with_effect(Effect::Unknown)),
            },
        };
        match discarded {
            Ok(gone) => self.discarded(fence, rotation, version, Some(remote_id), gone).await,
            Err(failure) if failure.effect == Effect::Unknown => {
                self.record(fence, Event::DiscardUnclear(failure.code), vec![]).await?;
                self.once_more(rotation)
            }
            Err(failure) => self.not_discarded(fence, rotation, failure.code).await,
        }
    }

    async fn not_discarded(&self, fence: Fence, rotation: &Rotation, code: Code) -> Result<Next, Failure> {
        self.record(fence, Event::DiscardNotApplied(code), vec![]).await?;
        self.once_more(rotation)
    }

    /// Whether the id can only be that of the key that this rotation made. By any other one, a key that is in use would
    /// be revoked.
    async fn is_ours(&self, rotation: &Rotation, remote_id: &str) -> Result<bool, Failure> {
        if !in_place(Guard::OursById) {
            return Ok(true);
        }
        let is = |id: &String| id == remote_id;
        let old = rotation.subject.old.as_ref().and_then(|old| old.remote_id.as_ref());
        Ok(!old.is_some_and(is)
            && !self.journal.snapshot(rotation.id).await?.iter().any(is)
            && !self.journal.known_remote_ids(rotation.id).await?.iter().any(is))
    }

    async fn discarded(
        &self,
        fence: Fence,
        rotation: &Rotation,
        version: VersionId,
        remote_id: Option<String>,
        gone: Gone,
    ) -> Result<Next, Failure> {
        let at = self.effects.clock.now();
        let proven = matches!(gone, Gone::Refused(_));
        let receipt = match gone {
            Gone::Refused(receipt) | Gone::Told(receipt) => Some(receipt),
            Gone::SetAside => None,
        };
        let mut changes = vec![Change::Ended { version, at, receipt }];
        changes.extend(remote_id.map(|id| Change::Accounted {
            remote_id: Some(id),
            settled_as: "revoked",
        }));
        // Confirmed before, the old key had retired: it serves again.
        let retired = rotation
            .subject
            .old
            .as_ref()
            .filter(|old| old.state == VersionState::Retiring);
        changes.extend(retired.map(|old| Change::Promoted { new: old.id }));
        self.record(fence, Event::Discarded, changes).await?;
        self.keep_or_forget(version, proven).await;
        Ok(Next::Go)
    }

    /// A slot cannot be taken away, and nobody uses this one: it is set aside, and nothing is sent.
    async fn lay_aside(
        &self,
        fence: Fence,
        rotation: &Rotation,
        version: VersionId,
        told: Vec<Change>,
    ) -> Result<Next, Failure> {
        if let State::Discarding(_) = rotation.position.state {
            self.record(fence, Event::DiscardIntended, told).await?;
        }
        let slot = rotation.subject.new.as_ref().and_then(|new| new.remote_id.clone());
        self.discarded(fence, rotation, version, slot, Gone::SetAside).await
    }

    /// The person deletes it; a call with its value shows it, where the provider can tell.
    async fn discard_by_person(
        &self,
        fence: Fence,
        rotation: &Rotation,
        version: VersionId,
        told: Vec<Change>,
    ) -> Result<Next, Failure> {
        if let State::Discarding(_) = rotation.position.state {
            self.record(fence, Event::DiscardParked, told).await?;
            return Ok(Next::Go);
        }
        let verifies = rotation.plan.index(StepKind::VerifyNew).is_some();
        let verdict = match verifies {
            true => self.asked(rotation, version).await?,
            false => None,
        };
        let gone = match verdict {
            Some(verdict) if verdict.answer == Answer::Live => {
                let still = Event::DiscardNotApplied(Code::KeyStillAccepted);
                self.record(fence, still, vec![]).await?;
                return Ok(Next::Go);
            }
            Some(verdict) if verdict.answer == Answer::Undetermined => {
                let unclear = Event::DiscardUnclear(Code::ProviderUndetermined);
                self.record(fence, unclear, vec![]).await?;
                return Ok(Next::Rest);
            }
            Some(verdict) => Gone::Refused(refusal(&verdict)),
            None => match self.still_listed(rotation).await {
                Ok(false) => Gone::Told(self.word()),
                Ok(true) => {
                    let still = Event::DiscardNotApplied(Code::KeyStillListed);
                    self.record(fence, still, vec![]).await?;
                    return Ok(Next::Go);
                }
                Err(failure) => {
                    self.record(fence, Event::DiscardUnclear(failure.code), vec![]).await?;
                    return Ok(Next::Rest);
                }
            },
        };
        self.discarded(fence, rotation, version, None, gone).await
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

    async fn revoke_new(&self, rotation: &Rotation, remote_id: &str) -> Result<(), Failure> {
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
        match self.effects.provider.revoke(&workspace, remote_id).await {
            Err(failure) if failure.code == Code::ProviderKeyGone => Ok(()),
            other => other,
        }
    }

    /// A call with the value tells, and the list where no call can be made. One that is only switched off is refused as
    /// well, and is still listed.
    async fn is_gone(&self, rotation: &Rotation, remote_id: &str) -> Result<Gone, Failure> {
        self.shown_gone(rotation, remote_id)
            .await
            .map_err(|failure| match failure.code {
                code if lives_on(code) => failure,
                _ => failure.with_effect(Effect::Unknown),
            })
    }

    async fn shown_gone(&self, rotation: &Rotation, remote_id: &str) -> Result<Gone, Failure> {
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
        let definition = &workspace.definition;
        let verdict = match definition.verifies(&workspace.fields) {
            true => self.asked(rotation, new_version(rotation)?).await?,
            false => None,
        };
        let refused = match verdict {
            Some(verdict) if verdict.answer == Answer::Live => return Err(Failure::new(Code::KeyStillAccepted)),
            Some(verdict) if verdict.answer == Answer::Undetermined => return Err(unsaid(&verdict)),
            verdict => verdict.as_ref().map(refusal),
        };
        let lists = definition.capabilities().list;
        let asks_list = lists && (refused.is_none() || definition.deactivates());
        if asks_list && self.is_listed(rotation, remote_id).await? {
            return Err(Failure::new(Code::KeyStillListed));
        }
        match refused {
            Some(receipt) => Ok(Gone::Refused(receipt)),
            None if lists => Ok(Gone::Told(Receipt::Unlisted {
                at: self.effects.clock.now(),
            })),
            // The provider has taken its revocation; else it is revoked again by its id until it has.
            None if matches!(rotation.position.state, State::Discarding(_)) => Ok(Gone::Told(self.word())),
            None => Err(Failure::new(Code::KeyEndUnknown)),
        }
    }

    /// A receipt without a call: a build of the tests that goes without the proof.
    fn no_call(&self) -> Receipt {
        Receipt::Refused {
            at: self.effects.clock.now(),
            status: 0,
        }
    }

    /// After a revocation that the provider took, its parts may show the key for as long as they lag.
    async fn goes(&self, rotation: &Rotation, remote_id: &str) -> Result<Gone, Failure> {
        match self.is_gone(rotation, remote_id).await {
            Err(failure) if lives_on(failure.code) => {
                let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
                self.effects.clock.sleep(workspace.definition.reconcile().lag()).await;
                self.is_gone(rotation, remote_id).await
            }
            other => other,
        }
    }

    /// A list that may not show the new key yet proves nothing: waits until it would.
    async fn list_settles(&self, rotation: &Rotation) -> Result<(), Failure> {
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
        let minted = rotation
            .records
            .iter()
            .rfind(|record| record.event == Event::Applied(StepKind::Mint));
        let since = minted.map_or(rotation.opened_at, |record| record.at);
        let since = Duration::try_from(self.effects.clock.now().duration_since(since)).unwrap_or(Duration::ZERO);
        let left = workspace.definition.reconcile().lag().saturating_sub(since);
        if !left.is_zero() && in_place(Guard::DiscardLag) {
            self.effects.clock.sleep(left).await;
        }
        Ok(())
    }

    /// A first miss is looked at once more at once; after that the person, or the next start, goes on.
    fn once_more(&self, rotation: &Rotation) -> Result<Next, Failure> {
        let begun = rotation.records.iter().rposition(|record| {
            matches!(
                record.event,
                Event::UndoBegun | Event::UndoAnyway | Event::ValueLost | Event::AnsweredDiscard
            )
        });
        let missed = rotation.records[begun.unwrap_or(0)..]
            .iter()
            .filter(|record| matches!(record.event, Event::DiscardUnclear(_) | Event::DiscardNotApplied(_)))
            .count();
        Ok(if missed == 0 { Next::Go } else { Next::Rest })
    }
}

/// Whether the revocation may be sent again: the key is still there, or nothing can show that it is not.
fn lives_on(code: Code) -> bool {
    matches!(
        code,
        Code::KeyStillAccepted | Code::KeyStillListed | Code::KeyEndUnknown
    )
}
