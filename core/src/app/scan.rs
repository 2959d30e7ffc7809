//! Looking for the values of held keys in text: all at once, in time that grows with the text alone; and in the files
//! that git tracks under a folder, as they lie there now.

use std::path::Path;

use aho_corasick::{AhoCorasick, MatchKind};
use zeroize::Zeroizing;

use super::App;
use crate::failure::{Code, Failure};
use crate::model::{AccountId, Key, OrgId, VersionId};
use crate::store::{Pick, SeenAt};
use crate::tracked;
use crate::vault::VaultRef;

/// A shorter value is a word that stands everywhere.
const SHORTEST: usize = 8;
/// Larger files are counted and passed over, in bytes.
const LARGEST: u64 = 5 * 1024 * 1024;

/// The keys that have one value, each in a version.
type Held = Vec<(Key, VersionId)>;

/// Knows the values, and tells nothing of them but where they stand.
pub struct Scanner {
    values: AhoCorasick,
    /// Whose each value is.
    keys: Vec<Held>,
    /// Values that are too short to look for.
    pub too_short: usize,
    /// Keys whose value Keywheel does not hold, so that it could not be looked for.
    pub not_held: usize,
}

/// Where the value of a key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sighting<'a> {
    /// Counted from one.
    pub line: usize,
    pub key: &'a Key,
    pub version: VersionId,
}

/// What a folder was found to hold, and what was not looked at.
#[derive(Debug, Default)]
pub struct Scanned {
    pub places: Vec<Place>,
    pub files: usize,
    /// Files larger than 5 MB.
    pub too_large: usize,
    /// Links, folders of other repositories, and what cannot be read.
    pub not_read: usize,
    pub values: usize,
    pub not_held: usize,
    pub too_short: usize,
}

/// A value in a file.
#[derive(Debug)]
pub struct Place {
    /// Below the folder.
    pub path: String,
    /// Counted from one.
    pub line: usize,
    pub key: Key,
    pub org: OrgId,
    version: VersionId,
}

impl App {
    /// Reads every held value once.
    pub async fn scanner(&self) -> Result<Scanner, Failure> {
        let rows = self.store.keys(Pick::All).await?;
        let not_held = rows
            .iter()
            .filter(|row| row.version.as_ref().is_some_and(|version| !version.held));
        let not_held = not_held.count();
        let mut held: Vec<(Zeroizing<String>, Held)> = Vec::new();
        let mut too_short = 0;
        for (key_id, version) in self.store.held_versions().await? {
            let Some(row) = rows.iter().find(|row| row.key.id == key_id) else {
                continue;
            };
            let value = self.looked_for(row.key.account_id, version).await?;
            if value.len() < SHORTEST {
                too_short += 1;
                continue;
            }
            match held.iter_mut().find(|(known, _)| *known == value) {
                Some((_, keys)) if keys.iter().any(|(key, _)| key.id == key_id) => {}
                Some((_, keys)) => keys.push((row.key.clone(), version)),
                None => held.push((value, vec![(row.key.clone(), version)])),
            }
        }
        for (_, keys) in &mut held {
            keys.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
        }
        let patterns = held.iter().map(|(value, _)| value.as_bytes());
        let values = AhoCorasick::builder().match_kind(MatchKind::Standard).build(patterns);
        Ok(Scanner {
            values: values.map_err(|_| Failure::new(Code::KeychainTooLarge))?,
            keys: held.into_iter().map(|(_, keys)| keys).collect(),
            too_short,
            not_held,
        })
    }

    /// Looks through the files that git tracks under the folder, and flags the keys whose values stand there; what an
    /// earlier scan of the folder found is forgotten. The folder is named by its whole path.
    pub async fn scan(&self, folder: &Path) -> Result<Scanned, Failure> {
        if !folder.is_absolute() {
            return Err(Failure::new(Code::InputNotTracked).field("folder"));
        }
        let scanner = self.scanner().await?;
        let (root, accounts) = (folder.to_owned(), self.store.accounts().await?);
        let orgs: Vec<(AccountId, OrgId)> = accounts.iter().map(|(one, _)| (one.id, one.org_id)).collect();
        let looked = tokio::task::spawn_blocking(move || scanner.through(&root, &orgs)).await;
        let scanned = looked.unwrap_or_else(|_| Err(Failure::new(Code::InputNotTracked).field("folder")))?;
        let seen: Vec<SeenAt> = scanned
            .places
            .iter()
            .map(|place| SeenAt {
                version: place.version,
                path: place.path.clone(),
                line: place.line,
            })
            .collect();
        self.store
            .note_sightings(&folder.to_string_lossy(), &seen, self.clock.now())
            .await?;
        Ok(scanned)
    }

    /// The held value; of one in parts the secret, wherever its id stands.
    async fn looked_for(&self, account: AccountId, version: VersionId) -> Result<Zeroizing<String>, Failure> {
        let secret = self.vault.get(&VaultRef::version(version)).await?;
        let secret = secret.ok_or_else(|| Failure::new(Code::KeychainMissing))?;
        let definition = self.definitions.of(&self.store.account(account).await?);
        let mut parts = definition.iter().flat_map(|definition| definition.parts());
        let hidden = parts.rfind(|part| part.is_secret());
        let hidden = hidden.and_then(|part| definition.as_ref()?.part_of(&secret, part.name()));
        Ok(Zeroizing::new(hidden.unwrap_or(secret).expose().to_owned()))
    }
}

impl Scanner {
    fn through(&self, folder: &Path, orgs: &[(AccountId, OrgId)]) -> Result<Scanned, Failure> {
        let mut scanned = Scanned {
            values: self.values(),
            not_held: self.not_held,
            too_short: self.too_short,
            ..Scanned::default()
        };
        for path in tracked::list(folder)? {
            let bytes = match tracked::read(folder, &folder.join(&path), LARGEST) {
                tracked::Read::Bytes(bytes) => bytes,
                tracked::Read::TooLarge => {
                    scanned.too_large += 1;
                    continue;
                }
                tracked::Read::Not => {
                    scanned.not_read += 1;
                    continue;
                }
            };
            scanned.files += 1;
            for hit in self.look(&bytes) {
                let org = orgs.iter().find(|(account, _)| *account == hit.key.account_id);
                // A key whose account was removed is none of the person's any more.
                if let Some((_, org)) = org {
                    scanned.places.push(Place {
                        path: path.to_string_lossy().into_owned(),
                        line: hit.line,
                        key: hit.key.clone(),
                        org: *org,
                        version: hit.version,
                    });
                }
            }
        }
        Ok(scanned)
    }

    /// How many values are looked for.
    pub fn values(&self) -> usize {
        self.keys.len()
    }

    /// Finds where values stand, each key once a line.
    pub fn look<'a>(&'a self, bytes: &[u8]) -> Vec<Sighting<'a>> {
        let (mut found, mut line, mut counted) = (Vec::<Sighting<'a>>::new(), 1, 0);
        // Overlapping, so that a value that begins like another one is not hidden by it.
        for hit in self.values.find_overlapping_iter(bytes) {
            let Some(passed) = bytes.get(counted..hit.end()) else {
                continue;
            };
            line += passed.iter().filter(|byte| **byte == b'\n').count();
            counted = hit.end();
            for (key, version) in self.keys.get(hit.pattern().as_usize()).into_iter().flatten() {
                let here = found.iter().rev().take_while(|one| one.line == line);
                if here.into_iter().all(|one| one.key.id != key.id) {
                    found.push(Sighting {
                        line,
                        key,
                        version: *version,
                    });
                }
            }
        }
        found
    }
}
