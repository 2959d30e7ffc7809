//! What the driver does in the world: it asks, sends and puts away, and decides nothing.

use super::drive::Driver;
use super::fresh::Fresh;
use super::journal::Rotation;
use super::moves::{Deed, Seen};
use super::scene::{Scene, new_version};
use crate::failure::Failure;
use crate::target::Way;
use crate::vault::VaultRef;

impl Driver {
    /// Carries one deed out. It fails only where nothing can be said of it at all.
    pub(super) async fn perform(&self, scene: &Scene<'_>, deed: Deed, fresh: &mut Fresh<'_>) -> Result<Seen, Failure> {
        let rotation = scene.rotation;
        Ok(match deed {
            Deed::Check => Seen::Checked(self.checked(rotation).await),
            Deed::Prepare(prepared) => Seen::Prepared(self.prepare(rotation, prepared).await),
            Deed::Mint(prepared) => self.send(rotation, *prepared, fresh).await,
            Deed::LookForPasted => Seen::Pasted(self.look_for_pasted(rotation).await?),
            Deed::Store => Seen::Stored(self.put_away(rotation, &mut fresh.values).await?),
            Deed::CallNew => {
                let answer = self.asked(rotation, scene.new_version()?).await;
                Seen::NewCalled(answer, self.other_slot(rotation).await)
            }
            Deed::Copy => Seen::Copied(self.copy(rotation).await),
            Deed::Deploy(n) => Seen::Deployed(n, self.replace(rotation, n, Way::Deploy).await),
            Deed::PutBack(n) => Seen::PutBack(n, self.replace(rotation, n, Way::Restore).await),
            Deed::ReadClocks => {
                let now = self.reading(self.their_time(rotation).await);
                Seen::Clocks(self.journal.readings(rotation.id).await?, now)
            }
            Deed::ReadSteady => {
                let now = self.reading(None);
                Seen::Steady(self.journal.readings(rotation.id).await?, now)
            }
            Deed::LookAtTargets => Seen::Targets(self.nothing_went_back(rotation).await),
            Deed::AskLastUse => Seen::LastUse(self.ask_use(rotation).await),
            Deed::LookAtList => Seen::Looked(Box::new(self.look_at_list(rotation).await)),
            Deed::AskSuccessor => Seen::Successor(self.successor_serves(rotation).await),
            Deed::Revoke(cleared) => Seen::Revoked(self.send_revoke(rotation, cleared, None).await),
            Deed::RevokeAgain(cleared, still) => {
                if let Err(failure) = self.send_again(rotation, cleared).await {
                    tracing::info!(code = failure.code.as_str(), "the old key was not revoked again");
                }
                Seen::RevokedAgain(still)
            }
            Deed::ProveEnded { looks } => Seen::Ended(self.ended(rotation, looks).await),
            Deed::LookForValue => Seen::Value(self.has_value(rotation).await),
            Deed::LookAtRepeat => Seen::Repeatable(self.may_repeat(rotation).await),
            Deed::Repeat => Seen::Repeated(self.repeat(rotation, fresh).await),
            Deed::Search { is_stored } => Seen::Found(self.search(rotation, is_stored).await),
            Deed::AskOld => Seen::Old(self.ask_old(rotation).await?),
            Deed::AskPredecessor => Seen::Predecessor(self.predecessor_serves(rotation).await),
            Deed::Identify(id) => Seen::Identified(self.whose_id(rotation, &id).await),
            Deed::Discard(id) => {
                let gone = self.revoke_new(rotation, &id).await;
                Seen::Discarded(id, gone)
            }
            Deed::AskDiscarded(id) => {
                let gone = self.ask_discarded(rotation, &id).await;
                Seen::Discarded(id, gone)
            }
            Deed::AskDeleted => Seen::Deleted(self.ask_deleted(rotation).await?),
        })
    }

    /// Whether a value of the mint whose answer got lost is in the keychain.
    async fn has_value(&self, rotation: &Rotation) -> Result<bool, Failure> {
        let version = new_version(rotation)?;
        let stored = self.effects.vault.get(&VaultRef::version(version)).await?;
        Ok(stored.is_some())
    }
}
