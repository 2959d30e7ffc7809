//! The id of a key that was just made: as its answer tells it, and as the provider's list shows it.

use super::drive::Driver;
use super::journal::Rotation;
use super::mint::slot_of;
use super::scene::new_version;
use super::whose::{Marks, Whose};
use crate::guard::{Guard, in_place};
use crate::model::{Secret, VersionId};
use crate::provider::{KeyList, Minted, Order, RemoteKey, SignedUp, Workspace};

/// What the order gave: in a place it has that place's id, else one that nothing had before.
pub(super) fn as_ordered(rotation: &Rotation, order: &Order, minted: Minted, before: &[String]) -> SignedUp {
    let old = rotation.subject.old.as_ref().and_then(|old| old.remote_id.as_ref());
    let remote_id = match order.replaces() {
        // By another key's id, that one would be rolled next time.
        Some(place) => {
            let told = minted.remote_id.filter(|id| id == place || !before.contains(id));
            told.or_else(|| Some(place.to_owned()))
        }
        // By that id another key would be revoked one day. The value may be right: it is kept, and the list tells its id. That of
        // the old one stays, so that nothing is revoked by it: the new one may have been made in its place.
        None => minted
            .remote_id
            .filter(|id| Some(id) == old || !before.contains(id) || !in_place(Guard::NewId)),
    };
    SignedUp {
        fields: Default::default(),
        key: Minted { remote_id, ..minted },
        others: Vec::new(),
    }
}

impl Driver {
    /// The id of what was made, as far as the answer and the list tell it.
    pub(super) async fn id_of(
        &self,
        rotation: &Rotation,
        version: VersionId,
        told: Option<String>,
        secret: &Secret,
    ) -> Option<String> {
        let Ok(workspace) = self.effects.workspaces.managing(&rotation.subject.account).await else {
            return told;
        };
        if let Ok(Some(place)) = slot_of(rotation, workspace.definition.slots()) {
            return self.in_its_own_place(&workspace, place, told).await;
        }
        let old = rotation.subject.old.as_ref().and_then(|old| old.remote_id.as_ref());
        if told.is_some() && told.as_ref() != old {
            return told;
        }
        let Some(listed) = self.list_of(&workspace).await else {
            return told;
        };
        let Ok(marks) = Marks::of(&*self.journal, &workspace, version).await else {
            return told;
        };
        match marks.named_among(listed.keys(), Some(secret)) {
            Some(found) => Some(found.remote_id.clone()),
            None => self.id_by_prefix(rotation, &marks, &listed, secret).await.or(told),
        }
    }

    /// The id that the list shows for a value that a person gave.
    pub(super) async fn id_in_list(&self, rotation: &Rotation, secret: &Secret) -> Option<String> {
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await.ok()?;
        let listed = self.list_of(&workspace).await?;
        let version = new_version(rotation).ok()?;
        let marks = Marks::of(&*self.journal, &workspace, version).await.ok()?;
        self.id_by_prefix(rotation, &marks, &listed, secret).await
    }

    async fn list_of(&self, workspace: &Workspace) -> Option<KeyList> {
        match workspace.definition.capabilities().list {
            true => self.effects.provider.list(workspace).await.ok(),
            false => None,
        }
    }

    /// An id that an answer tells for what was replaced in place is believed once the list no longer shows the place's own:
    /// it may be one that somebody has made meanwhile.
    async fn in_its_own_place(&self, workspace: &Workspace, place: String, told: Option<String>) -> Option<String> {
        let is_other = told.as_ref().is_some_and(|id| *id != place);
        if !is_other || !workspace.definition.capabilities().list || !in_place(Guard::OwnPlace) {
            return told;
        }
        let moved = self.list_of(workspace).await.map(|listed| listed.shows(&place));
        match moved {
            Some(Ok(false)) => told,
            _ => Some(place),
        }
    }

    /// Not every provider tells the id of a new key; its list does, by how the value begins.
    async fn id_by_prefix(
        &self,
        rotation: &Rotation,
        marks: &Marks<'_>,
        listed: &KeyList,
        secret: &Secret,
    ) -> Option<String> {
        let mut before = self.journal.snapshot(rotation.id).await.ok()?;
        before.extend(self.journal.known_remote_ids(rotation.id).await.ok()?);
        let begins = |key: &RemoteKey| marks.whose(key, Some(secret)) == Whose::Begins;
        let new = listed.keys().iter().filter(|key| !before.contains(&key.remote_id));
        alone(new.filter(|key| begins(key)))
    }
}

/// The id of the only one.
fn alone<'a>(mut found: impl Iterator<Item = &'a RemoteKey>) -> Option<String> {
    let first = found.next();
    let alone = found.next().is_none() || !in_place(Guard::OwnId);
    first.filter(|_| alone).map(|key| key.remote_id.clone())
}
