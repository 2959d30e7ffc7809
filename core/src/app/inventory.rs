//! Everything the lists show, as one snapshot.

use jiff::Timestamp;

use super::App;
use crate::failure::Failure;
use crate::model::{Account, Environment, Org, Policy};
use crate::policy::{self, Acts, Age, Flag, Standing};
use crate::rotation::Rotation;
use crate::store::{KeyRow, Listing, Unaccounted};
use crate::vault::VaultState;

/// A key with all that is derived from it at `now`.
#[derive(Debug, Clone)]
pub struct KeyFacts {
    pub row: KeyRow,
    pub policy: Policy,
    pub age: Option<Age>,
    pub standing: Standing,
    pub acts: Acts,
    /// What is amiss beside its age, worst first.
    pub flags: Vec<Flag>,
}

/// All of it.
#[derive(Debug, Clone)]
pub struct Inventory {
    pub now: Timestamp,
    pub orgs: Vec<Org>,
    pub environments: Vec<Environment>,
    pub policies: Vec<Policy>,
    pub accounts: Vec<(Account, Listing)>,
    /// Worst first, then oldest, then by name.
    pub keys: Vec<KeyFacts>,
    pub rotations: Vec<Rotation>,
    pub unaccounted: Vec<Unaccounted>,
}

/// Whether the keychain was asked; a list does not wait for it.
pub type Unlocked = VaultState;

impl App {
    /// Reads it all. `keychain` is the state as the shell last saw it, so that a list never waits for it.
    pub async fn inventory(&self, keychain: VaultState) -> Result<Inventory, Failure> {
        let now = self.clock.now();
        let policies = self.store.policies().await?;
        let accounts = self.store.accounts().await?;
        let rows = self.store.keys().await?;
        let mut flags = self.flags(&rows, &accounts).await?;
        let mut keys = Vec::new();
        for row in rows {
            let flags = flags.remove(&row.key.id).unwrap_or_default();
            keys.push(KeyFacts {
                flags,
                ..self.facts(row, &policies, &accounts, keychain, now)
            });
        }
        keys.sort_by(|a, b| {
            let days = |facts: &KeyFacts| facts.age.map_or(0, |age| age.days);
            (a.standing.rank(), days(b), &a.row.key.name).cmp(&(b.standing.rank(), days(a), &b.row.key.name))
        });
        let mut rotations = Vec::new();
        for id in self.store.open_rotations().await? {
            rotations.push(self.journal.load(id).await?);
        }
        Ok(Inventory {
            now,
            orgs: self.store.orgs().await?,
            environments: self.store.environments().await?,
            policies,
            accounts,
            keys,
            rotations,
            unaccounted: self.store.unaccounted().await?,
        })
    }

    /// Without the flags, which only all keys together tell.
    pub(super) fn facts(
        &self,
        row: KeyRow,
        policies: &[Policy],
        accounts: &[(Account, Listing)],
        keychain: VaultState,
        now: Timestamp,
    ) -> KeyFacts {
        let policy = policy::in_force(policies, row.key.environment_id);
        let account = accounts.iter().find(|(account, _)| account.id == row.key.account_id);
        let ways = account.and_then(|(account, _)| self.ways(account));
        let version = row.version.as_ref();
        let standing = version.map_or(Standing::Revoked { at: now }, |version| {
            policy::standing(row.key.purpose, version, &policy, row.open_rotation, now)
        });
        let acts = policy::acts(row.key.purpose, version, row.open_rotation.is_some(), ways, keychain);
        KeyFacts {
            age: version.map(|version| policy::age(version, now)),
            policy,
            standing,
            acts,
            flags: Vec::new(),
            row,
        }
    }
}
