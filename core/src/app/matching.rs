//! Which key of ours an entry of a list is whose id nobody knows yet: by the name of our mint, or by how its value begins.

use super::App;
use crate::failure::Failure;
use crate::model::{Purpose, Secret, VersionState};
use crate::provider::{RemoteKey, Workspace};
use crate::rotation::{Marks, Whose};
use crate::store::{KnownVersion, NamedMint};
use crate::vault::VaultRef;

impl App {
    /// The version whose mint carried that name, where its answer told no id, or one that the list does not show; not one that is
    /// made or begins otherwise.
    pub(super) async fn named_without_id<'a>(
        &self,
        workspace: &Workspace,
        known: &'a [KnownVersion],
        mint: &NamedMint,
        (remote, listed): (&RemoteKey, &[RemoteKey]),
    ) -> Result<Option<&'a KnownVersion>, Failure> {
        let of = known.iter().find(|one| one.version.id == mint.version);
        let is_shown = |id: &str| listed.iter().any(|key| key.remote_id == id);
        let of = of.filter(|one| {
            let version = &one.version;
            let is_open = version.remote_id.as_deref().is_none_or(|id| !is_shown(id));
            mint.is_newest && is_open && version.held && version.ended_at.is_none()
        });
        let Some(one) = of else { return Ok(None) };
        let value = self.vault.get(&VaultRef::version(one.version.id)).await?;
        let marks = Marks::of(&*self.journal, workspace, one.version.id, None).await?;
        let is_its = value.is_some_and(|value| marks.whose(remote, Some(&value)) == Whose::Named);
        Ok(is_its.then_some(one))
    }

    /// The one version that is held, has no id, and whose value begins as the list shows it, where no other one could.
    pub(super) async fn held_without_id<'a>(
        &self,
        workspace: &Workspace,
        known: &'a [KnownVersion],
        (remote, listed): (&RemoteKey, &[RemoteKey]),
    ) -> Result<Option<&'a KnownVersion>, Failure> {
        let Some(prefix) = remote.prefix.as_deref() else {
            return Ok(None);
        };
        // By an id that was guessed wrong another key would be revoked one day.
        let alike = |other: &&RemoteKey| {
            let other = other.prefix.as_deref().unwrap_or_default();
            other.starts_with(prefix) || prefix.starts_with(other) && !other.is_empty()
        };
        if listed.iter().filter(alike).count() != 1 {
            return Ok(None);
        }
        let mut found = None;
        for one in known {
            let version = &one.version;
            // While it is rotated, the rotation itself finds out.
            let open = one.rotating || version.state == VersionState::Pending;
            if one.purpose == Purpose::Service && version.remote_id.is_none() && version.held && !open {
                let secret: Option<Secret> = self.vault.get(&VaultRef::version(version.id)).await?;
                let Some(secret) = secret.filter(|secret| workspace.definition.shows(prefix, secret)) else {
                    continue;
                };
                let marks = Marks::of(&*self.journal, workspace, version.id, version.created_at).await?;
                if !marks.whose(remote, Some(&secret)).is_anothers() && found.replace(one).is_some() {
                    return Ok(None);
                }
            }
        }
        Ok(found)
    }
}
