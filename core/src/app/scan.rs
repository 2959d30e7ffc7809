//! Looking for the values of held keys in text: all at once, in time that grows with the text alone.
//!
//! Deliberately absent: files and git. A shell brings the bytes.

use aho_corasick::{AhoCorasick, MatchKind};
use zeroize::Zeroizing;

use super::App;
use crate::failure::{Code, Failure};
use crate::model::{Key, VersionId};
use crate::vault::VaultRef;

/// A shorter value is a word that stands everywhere.
const SHORTEST: usize = 8;

/// Knows the values, and tells nothing of them but where they stand.
pub struct Scanner {
    values: AhoCorasick,
    /// Whose each value is.
    keys: Vec<Vec<Key>>,
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
}

impl App {
    /// Reads every held value once.
    pub async fn scanner(&self) -> Result<Scanner, Failure> {
        let rows = self.store.keys().await?;
        let not_held = rows
            .iter()
            .filter(|row| row.version.as_ref().is_some_and(|version| !version.held));
        let not_held = not_held.count();
        let mut held: Vec<(Zeroizing<String>, Vec<Key>)> = Vec::new();
        let mut too_short = 0;
        for (key_id, version) in self.store.held_versions().await? {
            let Some(row) = rows.iter().find(|row| row.key.id == key_id) else {
                continue;
            };
            let value = self.held_value(version).await?;
            if value.len() < SHORTEST {
                too_short += 1;
                continue;
            }
            match held.iter_mut().find(|(known, _)| *known == value) {
                Some((_, keys)) if keys.iter().any(|key| key.id == key_id) => {}
                Some((_, keys)) => keys.push(row.key.clone()),
                None => held.push((value, vec![row.key.clone()])),
            }
        }
        for (_, keys) in &mut held {
            keys.sort_by(|a, b| a.name.cmp(&b.name));
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

    async fn held_value(&self, version: VersionId) -> Result<Zeroizing<String>, Failure> {
        let secret = self.vault.get(&VaultRef::version(version)).await?;
        let secret = secret.ok_or_else(|| Failure::new(Code::KeychainMissing))?;
        Ok(Zeroizing::new(secret.expose().to_owned()))
    }
}

impl Scanner {
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
            for key in self.keys.get(hit.pattern().as_usize()).into_iter().flatten() {
                let here = found.iter().rev().take_while(|one| one.line == line);
                if here.into_iter().all(|one| one.key.id != key.id) {
                    found.push(Sighting { line, key });
                }
            }
        }
        found
    }
}
