//! The end of the old key: revoked by its recorded id, then proven dead.

use std::time::Duration;

use super::drive::{Driver, Next};
use super::journal::{Change, Fence, Record, Rotation};
use super::plan::{Proof, StepKind};
use super::proof::{MayRevoke, NotInUse};
use super::rival::NoRival;
use super::serves::Serves;
use super::state::Event;
use super::verify::unsaid;
use crate::failure::{Code, Effect, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{Answer, KeyVersion, Receipt, Verdict, VersionId};
use crate::provider::Strategy;
use crate::vault::VaultRef;

/// Revocations that a provider is sent again by itself.
const REVOKED_AGAIN: usize = 2;

impl Driver {
    pub(super) async fn revoke_old(&self, fence: Fence, rotation: &Rotation) -> Result<Next, Failure> {
        let kind = StepKind::RevokeOld;
        let Some(proof) = MayRevoke::shown_by(&rotation.plan, &rotation.records) else {
            return Err(Failure::new(Code::RotationIllegal));
        };
        // The checks were made again after it: it is not done twice.
        if already_revoked(rotation) && in_place(Guard::RevokedOnce) {
            self.record(fence, Event::Intended(kind), vec![]).await?;
            self.record(fence, Event::Applied(kind), vec![]).await?;
            return Ok(Next::Go);
        }
        if let Err(failure) = self.nothing_went_back(rotation).await {
            self.record(fence, Event::Intended(kind), vec![]).await?;
            // Whatever became of the look, nothing was revoked.
            let failure = failure.with_effect(Effect::NotApplied);
            self.not_applied(fence, kind, &failure, true).await?;
            return Ok(Next::Go);
        }
        let Some(not_in_use) = self.listen(fence, rotation).await? else {
            return Ok(Next::Go);
        };
        let Some(no_rival) = self.look_for_rival(fence, rotation).await? else {
            return Ok(Next::Go);
        };
        // Last: what it shows may change at any moment.
        let Some(mut serves) = self.successor_serves(fence, rotation).await? else {
            return Ok(Next::Go);
        };
        if !rotation.plan.sends(kind) {
            return self.rest_with(fence, kind, None, serves.told()).await;
        }
        let intent = (Guard::RevokeIntent, Event::Intended(kind));
        let told = serves.told();
        let sending = self.send_revoke(rotation, proof, not_in_use, no_rival, serves);
        match self.intend(fence, intent, told, sending).await? {
            Ok(()) => {
                let recorded = self.record(fence, Event::Applied(kind), vec![]).await;
                recorded.map_err(|failure| failure.with_effect(Effect::Applied))?;
            }
            // Gone is what was wanted; but nothing of ours ended it, and the proof that follows shows whether it has.
            Err(failure) if failure.code == Code::ProviderKeyGone && rotation.plan.strategy != Strategy::TwoSlot => {
                self.record(fence, Event::Skipped(kind, failure.code), vec![]).await?;
            }
            Err(failure) if failure.effect == Effect::NotApplied => {
                self.not_applied(fence, kind, &failure, true).await?;
            }
            Err(failure) => {
                let recorded = self.record(fence, Event::Unclear(kind, failure.code), vec![]).await;
                recorded.map_err(|failure| failure.with_effect(Effect::Unknown))?;
            }
        }
        Ok(Next::Go)
    }

    async fn send_revoke(
        &self,
        rotation: &Rotation,
        _: MayRevoke,
        _: NotInUse,
        _: NoRival,
        _: Serves,
    ) -> Result<(), Failure> {
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
        if rotation.plan.strategy == Strategy::TwoSlot {
            // Its value stands for nothing: the slot is filled anew when its turn comes.
            return self.effects.provider.roll(&workspace, remote_id).await.map(drop);
        }
        self.effects.provider.revoke(&workspace, remote_id).await
    }

    /// Calls with the old value until the provider refuses it, or looks for it in the list.
    pub(super) async fn prove_dead(&self, fence: Fence, rotation: &Rotation) -> Result<Next, Failure> {
        let kind = StepKind::ProveDead;
        let old = old_version(rotation)?.id;
        self.record(fence, Event::Intended(kind), vec![]).await?;
        let proof = match rotation.plan.proof {
            Proof::Refusal => self.refused(rotation, old).await,
            Proof::Unlisted => self.unlisted(rotation).await,
            Proof::Word => Ok((Ok(self.word()), vec![])),
        };
        let proof = match in_place(Guard::ProvenDead) {
            true => proof,
            false => Ok((Ok(self.word()), vec![])),
        };
        match proof {
            Ok((Ok(receipt), mut changes)) => {
                let at = self.effects.clock.now();
                let proven = receipt.is_proof();
                changes.push(Change::Ended {
                    version: old,
                    at,
                    receipt: Some(receipt),
                });
                self.record(fence, Event::Applied(kind), changes).await?;
                self.keep_or_forget(old, proven).await;
            }
            Ok((Err(still), changes)) if self.may_revoke_again(rotation).await => {
                self.record(fence, Event::RevokeAgain, changes).await?;
                if rotation.plan.revokes_first() {
                    self.send_again(fence, rotation).await?;
                    self.park(fence, kind, rotation, still, vec![]).await?;
                }
            }
            Ok((Err(still), changes)) => self.park(fence, kind, rotation, still, changes).await?,
            Err(failure) => self.undetermined(fence, rotation, kind, &failure, vec![]).await?,
        }
        Ok(Next::Go)
    }

    pub(super) fn word(&self) -> Receipt {
        Receipt::Word {
            at: self.effects.clock.now(),
        }
    }

    /// Revokes the old key once more, from the proof of its end: whether that had an effect, the next proof shows.
    async fn send_again(&self, fence: Fence, rotation: &Rotation) -> Result<(), Failure> {
        let proof = MayRevoke::shown_by(&rotation.plan, &rotation.records);
        let not_in_use = NotInUse::shown_by(&rotation.plan, &rotation.records, None);
        let Some((proof, not_in_use)) = proof.zip(not_in_use) else {
            return Err(Failure::new(Code::RotationIllegal));
        };
        let Some(no_rival) = self.look_for_rival(fence, rotation).await? else {
            return Ok(());
        };
        let Some(serves) = self.successor_serves(fence, rotation).await? else {
            return Ok(());
        };
        let sent = self.send_revoke(rotation, proof, not_in_use, no_rival, serves).await;
        if let Err(failure) = sent {
            tracing::info!(code = failure.code.as_str(), "the old key was not revoked again");
        }
        Ok(())
    }

    /// Still there after every lag, the revocation was not carried out. A person is asked as often as it takes,
    /// the provider twice.
    async fn may_revoke_again(&self, rotation: &Rotation) -> bool {
        let revoked = |record: &&Record| is_through(record.event) || record.event == Event::RevokeAgain;
        let Some(at) = rotation.records.iter().rfind(revoked).map(|record| record.at) else {
            return false;
        };
        let Ok(workspace) = self.effects.workspaces.using(&rotation.subject.account).await else {
            return false;
        };
        let since = Duration::try_from(self.effects.clock.now().duration_since(at)).unwrap_or(Duration::ZERO);
        let again = rotation
            .records
            .iter()
            .filter(|record| record.event == Event::RevokeAgain);
        // A person who is asked again would be led through all that follows; the proof shows that it still works.
        if rotation.plan.revokes_first() && !rotation.plan.sends(StepKind::RevokeOld) {
            return false;
        }
        let bounded = !rotation.plan.sends(StepKind::RevokeOld)
            || again.count() < REVOKED_AGAIN
            || !in_place(Guard::AgainBounded);
        let lag = match in_place(Guard::LagBeforeAgain) {
            true => workspace.definition.reconcile().lag(),
            false => Duration::ZERO,
        };
        if !bounded || since <= lag {
            return false;
        }
        // Gone from the list, it was revoked and dies late. Elsewhere, that it is accepted is all there is to go by.
        let listed = old_version(rotation).ok().and_then(|old| old.remote_id.clone());
        match listed.filter(|_| workspace.definition.capabilities().list) {
            Some(remote_id) => self.is_listed(rotation, &remote_id).await.unwrap_or(false),
            None => true,
        }
    }

    async fn refused(&self, rotation: &Rotation, old: VersionId) -> Result<(Shown, Vec<Change>), Failure> {
        let Some(verdict) = self.asked(rotation, old).await? else {
            return self.unlisted(rotation).await;
        };
        let receipt = match verdict.answer {
            Answer::Dead => Ok(refusal(&verdict)),
            Answer::Live => Err(Code::KeyStillAccepted),
            Answer::Undetermined => return Err(unsaid(&verdict)),
        };
        Ok((receipt, vec![Change::Verdict { version: old, verdict }]))
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
        let shown = match self.is_listed(rotation, remote_id).await? {
            true => Err(Code::KeyStillListed),
            false => Ok(Receipt::Unlisted {
                at: self.effects.clock.now(),
            }),
        };
        Ok((shown, vec![]))
    }

    pub(super) async fn is_listed(&self, rotation: &Rotation, remote_id: &str) -> Result<bool, Failure> {
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
        let listed = self.effects.provider.list(&workspace).await?;
        Ok(listed.iter().any(|key| key.remote_id == remote_id))
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

/// What shows the end of the old key, or what shows that it has not come.
type Shown = Result<Receipt, Code>;

fn already_revoked(rotation: &Rotation) -> bool {
    let last = rotation
        .records
        .iter()
        .rfind(|record| is_through(record.event) || record.event == Event::RevokeAgain);
    last.is_some_and(|record| is_through(record.event))
}

/// Whether the revocation is over: carried out, or the provider does not know or list the key.
fn is_through(event: Event) -> bool {
    matches!(
        event,
        Event::Applied(StepKind::RevokeOld) | Event::Skipped(StepKind::RevokeOld, _)
    )
}

/// What a refused call proves.
pub(super) fn refusal(verdict: &Verdict) -> Receipt {
    Receipt::Refused {
        at: verdict.at,
        status: verdict.status.unwrap_or_default(),
    }
}

pub(super) fn old_version(rotation: &Rotation) -> Result<&KeyVersion, Failure> {
    rotation
        .subject
        .old
        .as_ref()
        .ok_or_else(|| Failure::new(Code::RotationIllegal))
}
