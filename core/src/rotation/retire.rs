//! The end of the old key: revoked by its recorded id, then proven dead.

use super::drive::{Driver, Next};
use super::journal::{Change, Fence, Rotation};
use super::plan::{Proof, StepKind};
use super::proof::MayRevoke;
use super::state::Event;
use crate::failure::{Code, Effect, Failure};
use crate::model::{Answer, KeyVersion, Receipt, VersionId};
use crate::vault::VaultRef;

impl Driver {
    pub(super) async fn revoke_old(&self, fence: Fence, rotation: &Rotation) -> Result<Next, Failure> {
        let kind = StepKind::RevokeOld;
        let Some(proof) = MayRevoke::shown_by(rotation) else {
            return Err(Failure::new(Code::RotationIllegal));
        };
        self.record(fence, Event::Intended(kind), vec![]).await?;
        match self.send_revoke(rotation, proof).await {
            Ok(()) => self.record(fence, Event::Applied(kind), vec![]).await?,
            Err(failure) if failure.effect == Effect::NotApplied => {
                self.not_applied(fence, kind, &failure, true).await?;
            }
            Err(failure) => self.record(fence, Event::Unclear(kind, failure.code), vec![]).await?,
        }
        Ok(Next::Go)
    }

    async fn send_revoke(&self, rotation: &Rotation, _: MayRevoke) -> Result<(), Failure> {
        let old = old_version(rotation)?;
        let remote_id = old
            .remote_id
            .as_deref()
            .ok_or_else(|| Failure::new(Code::KeyIdUnknown))?;
        let new_id = rotation.subject.new.as_ref().and_then(|new| new.remote_id.as_deref());
        if new_id == Some(remote_id) {
            return Err(Failure::new(Code::RotationIllegal));
        }
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
        match self.effects.provider.revoke(&workspace, remote_id).await {
            // Gone is what was wanted; the proof that follows confirms it.
            Err(failure) if failure.code == Code::ProviderKeyGone => Ok(()),
            other => other,
        }
    }

    /// Calls with the old value until the provider refuses it, or looks for it in the list.
    pub(super) async fn prove_dead(&self, fence: Fence, rotation: &Rotation) -> Result<Next, Failure> {
        let kind = StepKind::ProveDead;
        let old = old_version(rotation)?.id;
        self.record(fence, Event::Intended(kind), vec![]).await?;
        let proof = match rotation.plan.proof {
            Proof::Refusal => self.refused(rotation, old).await,
            Proof::Unlisted => self.unlisted(rotation).await,
        };
        match proof {
            Ok((Some(receipt), mut changes)) => {
                let at = self.effects.clock.now();
                changes.push(Change::Ended {
                    version: old,
                    at,
                    receipt: Some(receipt),
                });
                self.record(fence, Event::Applied(kind), changes).await?;
                self.forget(old).await;
            }
            Ok((None, changes)) => {
                self.park(fence, kind, rotation, Code::KeyStillAccepted, changes)
                    .await?
            }
            Err(failure) => self.park(fence, kind, rotation, failure.code, vec![]).await?,
        }
        Ok(Next::Go)
    }

    async fn refused(&self, rotation: &Rotation, old: VersionId) -> Result<(Option<Receipt>, Vec<Change>), Failure> {
        let Some(verdict) = self.asked(rotation, old).await? else {
            return self.unlisted(rotation).await;
        };
        let receipt = match verdict.answer {
            Answer::Dead => Some(Receipt::Refused {
                at: verdict.at,
                status: verdict.status.unwrap_or_default(),
            }),
            Answer::Live => None,
            Answer::Undetermined => return Err(Failure::new(Code::ProviderUndetermined)),
        };
        Ok((receipt, vec![Change::Verdict { version: old, verdict }]))
    }

    async fn unlisted(&self, rotation: &Rotation) -> Result<(Option<Receipt>, Vec<Change>), Failure> {
        let old = old_version(rotation)?;
        let remote_id = old
            .remote_id
            .as_deref()
            .ok_or_else(|| Failure::new(Code::KeyIdUnknown))?;
        let listed = self.is_listed(rotation, remote_id).await?;
        Ok((
            (!listed).then(|| Receipt::Unlisted {
                at: self.effects.clock.now(),
            }),
            vec![],
        ))
    }

    pub(super) async fn is_listed(&self, rotation: &Rotation, remote_id: &str) -> Result<bool, Failure> {
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
        let listed = self.effects.provider.list(&workspace).await?;
        Ok(listed.iter().any(|key| key.remote_id == remote_id))
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

pub(super) fn old_version(rotation: &Rotation) -> Result<&KeyVersion, Failure> {
    rotation
        .subject
        .old
        .as_ref()
        .ok_or_else(|| Failure::new(Code::RotationIllegal))
}
