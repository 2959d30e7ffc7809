//! Whose the id of a new key is, asked before the key is discarded by it.

use super::drive::Driver;
use super::journal::Rotation;
use super::moves::Ours;
use super::state::State;
use super::whose::GoesBy;
use crate::failure::Failure;
use crate::guard::{Guard, in_place};
use crate::model::KeyVersion;

/// What a list shows by the id of a new key.
#[derive(Debug, PartialEq, Eq)]
enum Shown {
    /// The key itself: its name tells, by this id or the one that was written down instead.
    Named,
    /// Another key, or one that may be another.
    Anothers,
    /// A key that nothing but the id tells of.
    Untold,
    /// No key.
    Nothing,
}

impl Driver {
    /// Whether the id can only be that of the key that this rotation made, or the list shows by which one it goes. By any other
    /// one, a key that is in use would be revoked.
    pub(super) async fn whose_id(&self, rotation: &Rotation, remote_id: &str) -> Result<Ours, Failure> {
        if !in_place(Guard::OursById) {
            return Ok(Ours::Yes);
        }
        let is_sent = !matches!(rotation.position.state, State::Discarding(_));
        let mut shown = self.shown_new(rotation, remote_id).await?;
        if shown == Some(Shown::Nothing) && !is_sent {
            // It may not be listed yet.
            self.list_settles(rotation).await?;
            shown = self.shown_new(rotation, remote_id).await?;
        }
        match shown {
            Some(Shown::Named) => return Ok(Ours::Yes),
            Some(Shown::Anothers) => return Ok(Ours::No),
            Some(Shown::Nothing) if !is_sent => {
                let new = rotation.subject.new.as_ref().filter(|new| new.held);
                let is_gone = match new {
                    Some(new) => self.is_dead(rotation, new).await?,
                    None => false,
                };
                return Ok(if is_gone { Ours::Gone } else { Ours::No });
            }
            // After a revocation of ours, that it is not listed is what was wanted.
            Some(Shown::Nothing | Shown::Untold) | None => {}
        }
        let is = |id: &String| id == remote_id;
        let old = rotation.subject.old.as_ref().and_then(|old| old.remote_id.as_ref());
        let is_anothers = old.is_some_and(is)
            || self.journal.snapshot(rotation.id).await?.iter().any(is)
            || self.journal.known_remote_ids(rotation.id).await?.iter().any(is);
        Ok(if is_anothers { Ours::No } else { Ours::Yes })
    }

    /// What the provider lists by that id. Where it lists nothing, or entries that cannot be read, nothing tells.
    async fn shown_new(&self, rotation: &Rotation, remote_id: &str) -> Result<Option<Shown>, Failure> {
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
        let Some(new) = rotation
            .subject
            .new
            .as_ref()
            .filter(|_| workspace.definition.capabilities().list)
        else {
            return Ok(None);
        };
        let listed = self.effects.provider.list(&workspace).await?;
        match self.goes_by(&workspace, new, (remote_id, &listed)).await? {
            GoesBy::Id(id) if id != remote_id => {
                self.journal.listed_as(new.id, &id, self.effects.clock.now()).await?;
                return Ok(Some(Shown::Named));
            }
            GoesBy::Id(_) => {}
            GoesBy::Anothers => return Ok(Some(Shown::Anothers)),
            GoesBy::Nothing => return Ok(listed.unread().is_none().then_some(Shown::Nothing)),
        }
        let Some(entry) = listed.entry(remote_id) else {
            return Ok(None);
        };
        let whose = self.whose(&workspace, new, entry).await?;
        if whose.is_named() {
            return Ok(Some(Shown::Named));
        }
        // Where a list shows how values begin, whoever has lost the value has picked the id from it.
        let was_picked = !new.held && entry.prefix.is_some();
        let doubted = !was_picked
            && self
                .may_be_another(rotation, &workspace, new, (remote_id, &listed))
                .await?;
        Ok(Some(if doubted { Shown::Anothers } else { Shown::Untold }))
    }

    /// Whether a call with the new value is refused, and another one accepted.
    pub(super) async fn is_dead(&self, rotation: &Rotation, new: &KeyVersion) -> Result<bool, Failure> {
        Ok(self.is_refused(rotation, new.id).await && self.is_controlled(rotation).await?)
    }
}
