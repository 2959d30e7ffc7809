//! Which key of ours an entry of a list is: where nobody knows its id yet, by the name of our mint or by how its value begins;
//! and where the id is one of ours, whether the entry is.

use std::collections::HashMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::App;
use crate::failure::Failure;
use crate::guard::{Guard, in_place};
use crate::model::{KeyVersion, Purpose, Secret, VersionState};
use crate::provider::{RemoteKey, Strategy, Workspace};
use crate::rotation::{Marks, Whose, nonce};
use crate::store::{KnownVersion, NamedMint, UnansweredMint};
use crate::vault::VaultRef;

impl App {
    /// Whether another key is listed under the id of one that is held: it is made or begins otherwise than was told before. What
    /// was told first stays, for by that an id is recognised later. While a key is rotated, the rotation itself finds out; and
    /// where values are replaced in place, an id outlives them.
    pub(super) async fn is_anothers_by_id(
        &self,
        workspace: &Workspace,
        one: &KnownVersion,
        remote: &RemoteKey,
    ) -> Result<bool, Failure> {
        let version = &one.version;
        let replaces_in_place = matches!(
            workspace.definition.strategy(),
            Strategy::Roll | Strategy::RollWithGrace | Strategy::TwoSlot
        );
        if !version.held
            || version.ended_at.is_some()
            || one.rotating
            || replaces_in_place
            || !in_place(Guard::MarksStay)
        {
            return Ok(false);
        }
        let is_moved = remote.created_at.is_some() && remote.created_at != version.created_at;
        if !is_moved && !one.tells_more(remote) {
            return Ok(false);
        }
        // A provider knows it better than a person.
        let told = KeyVersion {
            created_at: version.created_at.filter(|_| !one.told),
            ..version.clone()
        };
        let marks = Marks::of_version(&*self.journal, workspace, &told).await?;
        Ok(marks.whose(remote, None).is_anothers())
    }

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
            // One that lists have shown before is away, perhaps for a moment: what bears its name now may be another.
            let is_told_only = !version.was_listed || !in_place(Guard::ShownIdStays);
            mint.is_newest && is_open && is_told_only && version.held && version.ended_at.is_none()
        });
        let Some(one) = of else { return Ok(None) };
        let value = self.vault.get(&VaultRef::version(one.version.id)).await?;
        let marks = Marks::of(&*self.journal, workspace, one.version.id).await?;
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
                let marks = Marks::of_version(&*self.journal, workspace, version).await?;
                if !marks.whose(remote, Some(&secret)).is_anothers() && found.replace(one).is_some() {
                    return Ok(None);
                }
            }
        }
        Ok(found)
    }
}

/// Mints of an account, by what a listed name tells of them.
pub(super) struct Mints<'a> {
    by_name: &'a HashMap<String, NamedMint>,
    by_nonce: HashMap<Vec<u8>, (&'a str, &'a NamedMint)>,
}

impl Mints<'_> {
    pub(super) fn of(by_name: &HashMap<String, NamedMint>) -> Mints<'_> {
        let nonces = by_name.iter();
        let by_nonce = nonces.filter_map(|(sent, mint)| {
            Some((
                nonce::of(sent)?.to_ascii_lowercase().into_bytes(),
                (sent.as_str(), mint),
            ))
        });
        Mints {
            by_name,
            by_nonce: by_nonce.collect(),
        }
    }

    /// By the whole of it, in whatever letters.
    pub(super) fn named(&self, listed: &str) -> Option<&NamedMint> {
        let holds = || {
            let letters = listed.to_ascii_lowercase();
            let parts = letters.as_bytes().windows(nonce::LENGTH);
            let mut sent = parts.filter_map(|part| self.by_nonce.get(part));
            sent.find_map(|(sent, mint)| nonce::is(listed, sent).then_some(*mint))
        };
        self.by_name.get(listed).or_else(holds)
    }
}

/// So far the moment that a list tells may be from the one at which a key was made: some tell days, or the hour of a zone.
const ABOUT: SignedDuration = SignedDuration::from_hours(24);

/// The mint without an answer that may have made a key without a name: made at about that time, or, where the list does not tell
/// that, shown by the first list after it. `before`: when the list was last read.
pub(super) fn perhaps_of<'a>(
    mints: &'a [UnansweredMint],
    remote: &RemoteKey,
    (before, lag): (Option<Timestamp>, Duration),
) -> Option<&'a UnansweredMint> {
    let lag = SignedDuration::try_from(lag).unwrap_or_default();
    let fits = |mint: &&UnansweredMint| {
        let span = (
            mint.sent_at.saturating_sub(ABOUT).ok(),
            mint.settled_at.saturating_add(lag + ABOUT).ok(),
        );
        let (Some(from), Some(to)) = span else { return true };
        match remote.created_at {
            Some(made) => (from..=to).contains(&made),
            None => before.is_none_or(|before| before <= to),
        }
    };
    let unnamed = remote.name.is_none() && in_place(Guard::LateMayBeOurs);
    mints.iter().rev().filter(|_| unnamed).find(fits)
}

/// Versions by the ids that their provider gave them.
pub(super) fn by_id(known: &[KnownVersion]) -> HashMap<&str, &KnownVersion> {
    let with_id = |known| -> Option<(&str, &KnownVersion)> {
        let known: &KnownVersion = known;
        Some((known.version.remote_id.as_deref()?, known))
    };
    known.iter().filter_map(with_id).collect()
}
