//! Whether a list vouches for an id that nothing else tells: by the id of a key that somebody else has made at the same time, or
//! by that of another key here, theirs would go.

use jiff::SignedDuration;

use super::drive::Driver;
use super::journal::Rotation;
use super::nonce;
use super::whose::Whose;
use crate::failure::Failure;
use crate::guard::{Guard, in_place};
use crate::model::KeyVersion;
use crate::provider::{KeyList, Strategy, Workspace};

impl Driver {
    /// Whether the list shows by that id a key that bears the name of another one here, and not its own: each of the two may
    /// have the other's id.
    pub(super) async fn bears_anothers_name(
        &self,
        rotation: &Rotation,
        (remote_id, listed): (&str, &KeyList),
    ) -> Result<bool, Failure> {
        let shown = listed.entry(remote_id).and_then(|entry| entry.name.as_deref());
        // One with the mark of a mint is told by that.
        let own = rotation.subject.key.name.as_str();
        let Some(other) = shown.filter(|name| *name != own && nonce::base(name).is_none()) else {
            return Ok(false);
        };
        let others = self.journal.names_beside(rotation.id).await?;
        Ok(others.iter().any(|name| name == other) && in_place(Guard::NameOfAnother))
    }

    /// Whether the list shows another key that the mint of the version may have made, and nothing tells the two apart. Once it
    /// showed none, it never may again.
    pub(super) async fn may_be_another(
        &self,
        rotation: &Rotation,
        workspace: &Workspace,
        version: &KeyVersion,
        (remote_id, listed): (&str, &KeyList),
    ) -> Result<bool, Failure> {
        let value = self.readable(version).await;
        let marks = self.marks(workspace, version).await?;
        let untold = |entry| marks.whose(entry, value.as_ref()) == Whose::Untold;
        if !listed.entry(remote_id).is_some_and(untold) || !in_place(Guard::IdVouched) {
            return Ok(false);
        }
        let Some(mut before) = self.journal.listed_before(version.id).await? else {
            return Ok(false);
        };
        // What replaces a key in its place has its id, or may have that of one that had to go first; what is made beside others
        // has none of theirs.
        if before.iter().any(|id| id == remote_id) {
            return Ok(workspace.definition.strategy() == Strategy::Overlap);
        }
        before.extend(self.journal.known_remote_ids(rotation.id).await?);
        before.extend(rotation.subject.new.as_ref().and_then(|new| new.remote_id.clone()));
        let mut others = listed.keys().iter().filter(|entry| entry.remote_id != remote_id);
        let has_other = others.any(|entry| !before.contains(&entry.remote_id) && untold(entry));
        // Ours may not be listed yet where another one is.
        let lag = SignedDuration::try_from(workspace.definition.reconcile().lag()).unwrap_or(SignedDuration::MAX);
        let shown_by = version.born().0.checked_add(lag);
        if !has_other && shown_by.is_ok_and(|at| at <= self.effects.clock.now()) {
            self.journal.vouched(version.id).await?;
        }
        Ok(has_other)
    }
}
