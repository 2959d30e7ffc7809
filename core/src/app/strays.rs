//! Values that no row tells to be there, and rows whose values are not there: after a data directory was put back from a
//! backup, copied, or a keychain was, or lost what was done last.
//!
//! Nothing is deleted but by a person's order: an item without a row may be another data directory's.

use std::collections::HashSet;

use super::App;
use crate::failure::{Code, Failure};
use crate::model::{Fingerprint, Hint, Key, KeyId, KeyVersion, Secret, VersionId};
use crate::store::{ActivityResult, NewActivity, Pick};
use crate::vault::VaultRef;

/// What the keychain and the database do not agree on.
#[derive(Debug, Default)]
pub struct Disagreement {
    /// Values that no row tells to be there.
    pub strays: Vec<VersionId>,
    /// Whether other data directories keep values in this keychain too, so that some of them may be theirs.
    pub shared: bool,
    /// Keys whose values should be there and are not.
    pub missing: Vec<Key>,
}

/// A value that no row tells to be there.
#[derive(Debug)]
pub struct Stray {
    pub id: VersionId,
    pub hint: Hint,
    /// A key holds this value already, under its own item.
    pub copied: bool,
    /// The key whose version has this very id, or else this value.
    pub of: Option<Of>,
    /// The one key that is not held, and whose value begins like this one as its provider lists it.
    pub fits: Option<KeyId>,
}

/// What a row tells of a value, whether its key has ended or not.
#[derive(Debug, Clone)]
pub struct Of {
    pub key: Key,
    /// That version of it has ended.
    pub ended: bool,
    /// It lies in the place of that version, and another value was stored there.
    pub altered: bool,
}

impl App {
    /// Compares names; no value is read. None where the system does not name its items.
    pub async fn disagreement(&self) -> Result<Option<Disagreement>, Failure> {
        let Some(items) = self.vault.items().await? else {
            return Ok(None);
        };
        let there: HashSet<VersionId> = items.iter().filter_map(VaultRef::version_id).collect();
        let known = self.store.versions_in_place().await?;
        let marks = [VaultRef::fingerprint_key(""), VaultRef::demo_key("")];
        let is_mark = |at: &&VaultRef| marks.iter().any(|mark| at.as_str().starts_with(mark.as_str()));
        let directories = items.iter().filter(is_mark);
        let mut strays: Vec<VersionId> = there.iter().filter(|id| !known.contains(*id)).copied().collect();
        strays.sort();
        let keys = self.store.keys(Pick::All).await?.into_iter();
        let missing = keys.filter(|row| {
            let version = row.version.as_ref();
            version.is_some_and(|version| version.held && version.ended_at.is_none() && !there.contains(&version.id))
        });
        Ok(Some(Disagreement {
            strays,
            shared: directories.count() > 1,
            missing: missing.map(|row| row.key).collect(),
        }))
    }

    /// Keys in whose place another value lies than was stored, or an item twice. Each value is read.
    pub async fn altered(&self) -> Result<Vec<Key>, Failure> {
        let mut altered = Vec::new();
        for row in self.store.keys(Pick::All).await? {
            let Some(version) = row.version.filter(|version| version.held && version.ended_at.is_none()) else {
                continue;
            };
            match self.value_of(&version).await {
                Err(failure) if matches!(failure.code, Code::KeychainMismatch | Code::KeychainAmbiguous) => {
                    altered.push(row.key);
                }
                // What is missing is found by its name.
                Err(failure) if failure.code == Code::KeychainMissing => {}
                read => read.map(drop)?,
            }
        }
        Ok(altered)
    }

    /// Reads the values that no row tells to be there, and says what can be said of each.
    pub async fn strays(&self) -> Result<Vec<Stray>, Failure> {
        let found = self.disagreement().await?.unwrap_or_default();
        let fingerprints = self.fingerprints().await?;
        let mut strays = Vec::new();
        for id in found.strays {
            let secret = match self.vault.get(&VaultRef::version(id)).await {
                // Twice there, it is another directory's own trouble.
                Err(failure) if failure.code == Code::KeychainAmbiguous => continue,
                read => read?,
            };
            let Some(secret) = secret else { continue };
            let value = fingerprints.of(&secret);
            let same = self.store.versions_of_value(&value).await?;
            let copied = same.iter().any(|version| version.held);
            strays.push(Stray {
                id,
                hint: Hint::of(&secret),
                copied,
                of: self.of(id, &value, same).await?,
                fits: self.fits(&secret).await?,
            });
        }
        Ok(strays)
    }

    /// Whose it is by its row: by its id, which is that of a version, then by its value. What is no longer held counts too.
    async fn of(&self, id: VersionId, value: &Fingerprint, same: Vec<KeyVersion>) -> Result<Option<Of>, Failure> {
        let of_id = match self.store.version(id).await {
            Err(failure) if failure.code == Code::NotFound => None,
            found => Some(found?),
        };
        let is_other = |version: &KeyVersion| version.fingerprint.as_ref().is_some_and(|stored| stored != value);
        let (of_id, in_place) = match of_id {
            Some(version) if is_other(&version) => (None, Some(version)),
            of_id => (of_id, None),
        };
        // The newest first, and one that has not ended before all others.
        let serving = same.iter().find(|version| version.ended_at.is_none()).cloned();
        let of_value = of_id.or(serving).or_else(|| same.into_iter().next());
        let altered = of_value.is_none();
        let Some(version) = of_value.or(in_place) else {
            return Ok(None);
        };
        Ok(Some(Of {
            key: self.store.key(version.key_id).await?.key,
            ended: version.ended_at.is_some(),
            altered,
        }))
    }

    /// The one key whose value this can be, by how its provider shows its beginning.
    async fn fits(&self, secret: &Secret) -> Result<Option<KeyId>, Failure> {
        let keys = self.store.keys(Pick::All).await?.into_iter();
        let mut begins = keys.filter(|row| {
            let version = row
                .version
                .as_ref()
                .filter(|version| !version.held && version.ended_at.is_none());
            let prefix = version.and_then(|version| version.prefix.as_deref());
            prefix.is_some_and(|prefix| !prefix.is_empty() && secret.expose().starts_with(prefix))
        });
        let first = begins.next();
        Ok(first.filter(|_| begins.next().is_none()).map(|row| row.key.id))
    }

    /// Takes a value that no row tells to be there as that of a key, under the key's own item. The stray itself stays.
    pub async fn take_stray(&self, id: VersionId, key: KeyId) -> Result<(), Failure> {
        let secret = self.stray(id).await?;
        self.hold_value(key, &secret).await
    }

    /// Takes it out of the keychain, by a person's order.
    pub async fn forget_stray(&self, id: VersionId) -> Result<(), Failure> {
        self.stray(id).await?;
        // To a copy, what the other one has put there since is a stray.
        self.has_the_keys().await?;
        self.vault.delete(&VaultRef::version(id)).await?;
        let forgotten = NewActivity {
            word: Some(id.to_string()),
            ..NewActivity::new(&self.who.who, "value.forgotten", ActivityResult::Done)
        };
        self.store.note(&forgotten, self.clock.now()).await
    }

    /// One that its row tells to be there goes by its row.
    async fn stray(&self, id: VersionId) -> Result<Secret, Failure> {
        let known = self.store.versions_in_place().await?.contains(&id);
        let value = match known {
            true => None,
            false => self.vault.get(&VaultRef::version(id)).await?,
        };
        value.ok_or_else(|| Failure::new(Code::NotFound).field("value"))
    }
}
