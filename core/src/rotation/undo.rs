//! Taking back: the new key is revoked by its recorded id; the old one is as before.

use std::time::Duration;

use super::drive::{Driver, Next, new_version};
use super::journal::{Change, Fence, Rotation};
use super::plan::{Actor, StepKind};
use super::state::{Event, State};
use super::verify::unsaid;
use crate::failure::{Code, Effect, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{Answer, VersionId, VersionState};
use crate::provider::Strategy;

impl Driver {
    /// One move of a discard: revoke, or find out what became of a revocation.
    pub(super) async fn discard(&self, fence: Fence, rotation: &Rotation) -> Result<Next, Failure> {
        let version = new_version(rotation)?;
        let by_person = rotation.plan.actor(StepKind::Mint) == Some(Actor::Person);
        let known = rotation.subject.new.as_ref().and_then(|new| new.remote_id.clone());
        // One whose id nobody knows is found by a person, by how its value begins.
        let Some(remote_id) = known.filter(|_| !by_person) else {
            return self.discard_by_person(fence, rotation, version).await;
        };
        let discarded = match rotation.position.state {
            State::Discarding(_) => {
                let intent = (Guard::DiscardIntent, Event::DiscardIntended);
                let sending = self.revoke_new(rotation, &remote_id);
                match self.intend(fence, intent, vec![], sending).await? {
                    // That it is gone is shown, not taken on trust: its value is about to be forgotten.
                    Ok(()) if in_place(Guard::DiscardShown) => self.goes(rotation, &remote_id).await,
                    refused => refused,
                }
            }
            // A process ended inside it, or nobody answered: the list says whether it still exists.
            _ => match self.list_settles(rotation).await {
                Ok(()) => self.is_gone(rotation, &remote_id).await,
                Err(failure) => Err(failure.with_effect(Effect::Unknown)),
            },
        };
        match discarded {
            Ok(()) => self.discarded(fence, rotation, version, Some(remote_id)).await,
            Err(failure) if failure.effect == Effect::Unknown => {
                self.record(fence, Event::DiscardUnclear(failure.code), vec![]).await?;
                self.once_more(rotation)
            }
            Err(failure) => {
                self.record(fence, Event::DiscardNotApplied(failure.code), vec![])
                    .await?;
                self.once_more(rotation)
            }
        }
    }

    async fn discarded(
        &self,
        fence: Fence,
        rotation: &Rotation,
        version: VersionId,
        remote_id: Option<String>,
    ) -> Result<Next, Failure> {
        self.forget(version).await;
        let at = self.effects.clock.now();
        let mut changes = vec![Change::Ended {
            version,
            at,
            receipt: None,
        }];
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
        Ok(Next::Go)
    }

    /// The person deletes it; a call with its value shows it, where the provider can tell.
    async fn discard_by_person(&self, fence: Fence, rotation: &Rotation, version: VersionId) -> Result<Next, Failure> {
        if let State::Discarding(_) = rotation.position.state {
            self.record(fence, Event::DiscardParked, vec![]).await?;
            return Ok(Next::Go);
        }
        let verifies = rotation.plan.index(StepKind::VerifyNew).is_some();
        let answer = match verifies {
            true => self.asked(rotation, version).await?.map(|verdict| verdict.answer),
            false => None,
        };
        match answer {
            Some(Answer::Live) => {
                let still = Event::DiscardNotApplied(Code::KeyStillAccepted);
                self.record(fence, still, vec![]).await?;
                Ok(Next::Go)
            }
            Some(Answer::Undetermined) => {
                let unclear = Event::DiscardUnclear(Code::ProviderUndetermined);
                self.record(fence, unclear, vec![]).await?;
                Ok(Next::Rest)
            }
            Some(Answer::Dead) | None => self.discarded(fence, rotation, version, None).await,
        }
    }

    async fn revoke_new(&self, rotation: &Rotation, remote_id: &str) -> Result<(), Failure> {
        // A slot cannot be taken away, and nobody uses this one: its value is forgotten, and that is all.
        if rotation.plan.strategy == Strategy::TwoSlot {
            return Ok(());
        }
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
        match self.effects.provider.revoke(&workspace, remote_id).await {
            Err(failure) if failure.code == Code::ProviderKeyGone => Ok(()),
            other => other,
        }
    }

    async fn is_gone(&self, rotation: &Rotation, remote_id: &str) -> Result<(), Failure> {
        if rotation.plan.strategy == Strategy::TwoSlot {
            return Ok(());
        }
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
        let there = match workspace.definition.capabilities().list {
            true => self.is_listed(rotation, remote_id).await,
            false => self.is_accepted(rotation).await,
        };
        match there {
            Ok(false) => Ok(()),
            Ok(true) => Err(Failure::new(Code::KeyStillAccepted)),
            Err(failure) => Err(failure.with_effect(Effect::Unknown)),
        }
    }

    /// Where nothing is listed, a call with the value tells; one that nobody holds is as good as gone once the
    /// provider has taken its revocation, and is revoked again by its id until it has.
    async fn is_accepted(&self, rotation: &Rotation) -> Result<bool, Failure> {
        let verdict = self.asked(rotation, new_version(rotation)?).await?;
        match verdict.map(|verdict| (verdict.answer, unsaid(&verdict))) {
            Some((Answer::Live, _)) => Ok(true),
            Some((Answer::Undetermined, failure)) => Err(failure),
            Some((Answer::Dead, _)) => Ok(false),
            None => Ok(!matches!(rotation.position.state, State::Discarding(_))),
        }
    }

    /// After a revocation that the provider took, its list may show the key for as long as it lags.
    async fn goes(&self, rotation: &Rotation, remote_id: &str) -> Result<(), Failure> {
        match self.is_gone(rotation, remote_id).await {
            Err(failure) if failure.code == Code::KeyStillAccepted => {
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
                Event::UndoBegun | Event::ValueLost | Event::AnsweredDiscard
            )
        });
        let missed = rotation.records[begun.unwrap_or(0)..]
            .iter()
            .filter(|record| matches!(record.event, Event::DiscardUnclear(_) | Event::DiscardNotApplied(_)))
            .count();
        Ok(if missed == 0 { Next::Go } else { Next::Rest })
    }
}
