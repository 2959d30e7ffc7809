//! What a person does in the provider's place: creates a value on its page, deletes a key there.
//!
//! Nothing of it is sent by us, so nothing of it is ever unknown: it was said, or it was not said yet.

use std::time::Duration;

use super::drive::Driver;
use super::journal::{Change, Rotation};
use super::moves::{Deed, Entry, Move, Onward, Settled};
use super::plan::StepKind;
use super::scene::{Scene, new_version};
use super::state::{Event, State};
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{RotationId, Secret};
use crate::vault::VaultRef;

/// A crash may have come between the keychain and the record: what was pasted is there. Pasted again, it is what was
/// refused.
pub(super) fn arrived(scene: &Scene<'_>) -> Result<Move, Failure> {
    let again = scene.history.last() == Some(Event::PasteAgain);
    if scene.rotation.position.step(&scene.rotation.plan) != Some(StepKind::Mint) || again {
        return Ok(Move::Rest);
    }
    scene.new_version()?;
    Ok(Move::ask(Deed::LookForPasted))
}

pub(super) fn settle(pasted: Option<Vec<Change>>) -> Settled {
    match pasted {
        Some(changes) => Settled::one(Entry::new(Event::Applied(StepKind::Mint), changes)),
        None => Settled::default().onward(Onward::Rest),
    }
}

impl Driver {
    /// What was pasted, where a process ended between the keychain and the record: then it is there.
    pub(super) async fn look_for_pasted(&self, rotation: &Rotation) -> Result<Option<Vec<Change>>, Failure> {
        let version = new_version(rotation)?;
        Ok(match self.effects.vault.get(&VaultRef::version(version)).await? {
            Some(secret) => Some(self.as_pasted(rotation, &secret).await?),
            None => None,
        })
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
            // Nor is it that of any other key, or of the account's credential.
            let value = self.effects.fingerprints.of(secret);
            if self.journal.is_known_value(id, &value).await? && in_place(Guard::KnownValue) {
                return Err(Failure::new(Code::InputOtherKey).field("key"));
            }
            let version = new_version(rotation)?;
            self.put_over(version, secret).await?;
            let changes = self.as_pasted(rotation, secret).await?;
            self.record(fence, Event::Applied(StepKind::Mint), changes).await
        })
        .await
    }

    async fn as_pasted(&self, rotation: &Rotation, secret: &Secret) -> Result<Vec<Change>, Failure> {
        let version = new_version(rotation)?;
        // In place, the provider goes on calling it by the same id.
        let same = rotation.subject.old.as_ref().and_then(|old| old.remote_id.clone());
        let remote_id = match rotation.plan.rolls() {
            true => same,
            // A list tells it, by how the value begins: then it can be looked for, and revoked by the API.
            false => self.id_in_list(rotation, secret).await,
        };
        let minted = Change::Minted {
            version,
            remote_id,
            created_at: None,
            expires_at: None,
        };
        Ok(vec![minted, self.held(version, secret)])
    }

    /// The person says that the key was deleted on the provider's page: the old one, or the one not wanted.
    pub async fn deleted(&self, id: RotationId, patience: Duration) -> Result<Rotation, Failure> {
        self.under_fence(id, patience, async |fence, rotation: &Rotation| {
            let event = match (rotation.position.state, rotation.position.step(&rotation.plan)) {
                (State::AwaitingPerson, Some(StepKind::RevokeOld)) => Event::Applied(StepKind::RevokeOld),
                (State::Failed(_), Some(kind @ StepKind::RevokeOld))
                    if rotation.position.after(&rotation.plan, Event::ByHand(kind)).is_ok() =>
                {
                    Event::ByHand(kind)
                }
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
