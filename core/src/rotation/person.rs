//! What a person does in the provider's place: creates a value on its page, deletes a key there.
//!
//! Nothing of it is sent by us, so nothing of it is ever unknown: it was said, or it was not said yet.

use std::time::Duration;

use super::drive::{Driver, Next, new_version};
use super::journal::{Change, Fence, Rotation};
use super::plan::StepKind;
use super::state::{Event, State};
use crate::failure::{Code, Failure};
use crate::model::{RotationId, Secret};
use crate::vault::VaultRef;

impl Driver {
    /// Waits for a value that the person creates on the provider's page.
    pub(super) async fn ask_to_mint(&self, fence: Fence, rotation: &Rotation) -> Result<Next, Failure> {
        let named = Change::MintNamed {
            name: rotation.subject.key.name.to_string(),
            version: Box::new(self.pending_version(rotation)),
            repeatable: None,
        };
        self.record(fence, Event::Intended(StepKind::Mint), vec![named]).await?;
        let parked = Event::Parked {
            step: StepKind::Mint,
            until: None,
            code: None,
        };
        self.record(fence, parked, vec![]).await?;
        Ok(Next::Go)
    }

    /// A crash may have come between the keychain and the record: what was pasted is there.
    pub(super) async fn arrived(&self, fence: Fence, rotation: &Rotation) -> Result<Next, Failure> {
        // Pasted again, the keychain holds what was refused.
        let again = rotation
            .records
            .last()
            .is_some_and(|record| record.event == Event::PasteAgain);
        if rotation.position.step(&rotation.plan) != Some(StepKind::Mint) || again {
            return Ok(Next::Rest);
        }
        let version = new_version(rotation)?;
        match self.effects.vault.get(&VaultRef::version(version)).await? {
            Some(secret) => {
                self.pasted(fence, rotation, &secret).await?;
                Ok(Next::Go)
            }
            None => Ok(Next::Rest),
        }
    }

    /// Takes the value that the person created: into the keychain, then on the record, then the plan goes on.
    pub async fn take(&self, id: RotationId, secret: &Secret, patience: Duration) -> Result<Rotation, Failure> {
        self.under_fence(id, patience, async |fence, rotation: &Rotation| {
            let asked = rotation.position.state == State::AwaitingPerson
                && rotation.position.step(&rotation.plan) == Some(StepKind::Mint);
            if !asked {
                return Err(Failure::new(Code::RotationNotNow));
            }
            let old = rotation.subject.old.as_ref().and_then(|old| old.fingerprint.as_ref());
            if old == Some(&self.effects.fingerprints.of(secret)) {
                return Err(Failure::new(Code::InputSameKey).field("key"));
            }
            let version = new_version(rotation)?;
            self.effects.vault.put(&VaultRef::version(version), secret).await?;
            self.pasted(fence, rotation, secret).await
        })
        .await
    }

    async fn pasted(&self, fence: Fence, rotation: &Rotation, secret: &Secret) -> Result<(), Failure> {
        let version = new_version(rotation)?;
        // In place, the provider goes on calling it by the same id.
        let same = rotation.subject.old.as_ref().and_then(|old| old.remote_id.clone());
        let remote_id = match rotation.plan.rolls() {
            true => same,
            // A list tells it, by how the value begins: then it can be looked for, and revoked by the API.
            false => self.id_by_prefix(rotation, secret).await,
        };
        let minted = Change::Minted {
            version,
            remote_id,
            created_at: None,
            expires_at: None,
        };
        let changes = vec![minted, self.held(version, secret)];
        self.record(fence, Event::Applied(StepKind::Mint), changes).await
    }

    /// The person says that the key was deleted on the provider's page: the old one, or the one not wanted.
    pub async fn deleted(&self, id: RotationId, patience: Duration) -> Result<Rotation, Failure> {
        self.under_fence(id, patience, async |fence, rotation: &Rotation| {
            let event = match (rotation.position.state, rotation.position.step(&rotation.plan)) {
                (State::AwaitingPerson, Some(StepKind::RevokeOld)) => Event::Applied(StepKind::RevokeOld),
                (State::DiscardAwaiting(_), _) => Event::DiscardConfirmed,
                // The provider did not take the revocation, so the person did it there.
                (State::Discarding(_), _) => {
                    self.record(fence, Event::DiscardParked, vec![]).await?;
                    Event::DiscardConfirmed
                }
                _ => return Err(Failure::new(Code::RotationNotNow)),
            };
            self.record(fence, event, vec![]).await
        })
        .await
    }
}
