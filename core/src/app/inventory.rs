//! Everything the lists show, as one snapshot.

use jiff::Timestamp;

use std::collections::{HashMap, HashSet};

use super::App;
use super::definitions::ChangedDefinition;
use crate::failure::Failure;
use crate::model::{Account, Environment, EnvironmentId, KeyId, Org, Policy, Tier, Waiver};
use crate::policy::{self, Acts, Age, Flag, InForce, Looked, Overview, Place, Standing};
use crate::rotation::Rotation;
use crate::store::{KeyRow, Listing, Pick, Unaccounted};
use crate::vault::VaultState;

/// A key with all that is derived from it at `now`.
#[derive(Debug, Clone)]
pub struct KeyFacts {
    pub row: KeyRow,
    /// What the scopes of policies go by.
    pub place: Place,
    /// Each setting from the narrowest scope that sets it.
    pub policy: InForce,
    pub age: Option<Age>,
    pub standing: Standing,
    /// Where what is found with it is put off or accepted now.
    pub waiver: Option<Waiver>,
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
    /// Accounts that go by a definition which means something else now, until a person accepts it.
    pub changed: Vec<ChangedDefinition>,
    /// Worst first, then by the time that is left, then by name.
    pub keys: Vec<KeyFacts>,
    pub rotations: Vec<Rotation>,
    pub unaccounted: Vec<Unaccounted>,
    pub overview: Overview,
}

/// What facts are derived from, read once for all keys.
pub(super) struct Rules {
    pub policies: Vec<Policy>,
    pub waivers: HashMap<KeyId, Waiver>,
    pub accounts: Vec<(Account, Listing)>,
    pub keychain: VaultState,
    pub now: Timestamp,
}

/// Whether the keychain was asked; a list does not wait for it.
pub type Unlocked = VaultState;

impl App {
    /// Reads it all. `keychain` is the state as the shell last saw it, so that a list never waits for it.
    pub async fn inventory(&self, keychain: VaultState) -> Result<Inventory, Failure> {
        let rules = self.rules(keychain).await?;
        let mut keys = self.judged(Pick::All, &rules).await?;
        let mut flags = self.flags(keys.iter().map(|facts| &facts.row), &rules.accounts).await?;
        for facts in &mut keys {
            facts.flags = flags.remove(&facts.row.key.id).unwrap_or_default();
        }
        let rotations = self.open_rotations().await?;
        let environments = self.store.environments().await?;
        Ok(Inventory {
            overview: overview(&keys, &rules, &environments, &rotations),
            now: rules.now,
            orgs: self.store.orgs().await?,
            environments,
            policies: rules.policies,
            changed: self
                .definitions
                .changed(rules.accounts.iter().map(|(account, _)| account)),
            accounts: rules.accounts,
            keys,
            rotations,
            unaccounted: self.store.unaccounted().await?,
        })
    }

    pub(super) async fn rules(&self, keychain: VaultState) -> Result<Rules, Failure> {
        Ok(Rules {
            policies: self.store.policies().await?,
            waivers: self.store.waivers().await?,
            accounts: self.store.accounts().await?,
            keychain,
            now: self.clock.now(),
        })
    }

    /// The keys that are picked, in the inventory's order and without their flags.
    pub(super) async fn judged(&self, pick: Pick, rules: &Rules) -> Result<Vec<KeyFacts>, Failure> {
        let rows = self.store.keys(pick).await?.into_iter();
        let mut keys: Vec<KeyFacts> = rows.map(|row| self.facts(row, rules)).collect();
        // Thousands of them are a kilobyte each: they change places once.
        keys.sort_by_cached_key(|facts| {
            let name = facts.row.key.name.clone();
            (facts.standing.status(), days_left(facts), name)
        });
        Ok(keys)
    }

    /// Without the flags, which only all keys together tell.
    pub(super) fn facts(&self, row: KeyRow, rules: &Rules) -> KeyFacts {
        let (key, now) = (&row.key, rules.now);
        let account = rules.accounts.iter().map(|(account, _)| account);
        let account = account.into_iter().find(|account| account.id == key.account_id);
        let place = account.map_or_else(Place::default, |account| Place::of_key(key, account));
        let policy = policy::in_force(&rules.policies, &place);
        let ways = account.and_then(|account| self.ways(account));
        let version = row.version.as_ref();
        let standing = version.map_or(Standing::Revoked { at: now }, |version| {
            let can_ask = ways.is_none_or(|ways| ways.verify);
            policy::standing(key.purpose, version, &policy, row.under_way, can_ask, now)
        });
        let rotating = row.under_way.is_some();
        let acts = policy::acts(key.purpose, version, rotating, ways, rules.keychain);
        let waiver = rules.waivers.get(&key.id);
        KeyFacts {
            age: version.map(|version| policy::age(version, now)),
            waiver: waiver.filter(|waiver| waiver.holds(standing.status(), now)).cloned(),
            place,
            policy,
            standing,
            acts,
            flags: Vec::new(),
            row,
        }
    }
}

/// Days until its maximum age; fewer than none where it is past it.
fn days_left(facts: &KeyFacts) -> i64 {
    let days = facts.age.map_or(0, |age| age.days);
    i64::from(facts.policy.max_age_days.value) - i64::from(days)
}

fn overview(keys: &[KeyFacts], rules: &Rules, environments: &[Environment], rotations: &[Rotation]) -> Overview {
    let production: HashSet<EnvironmentId> = environments
        .iter()
        .filter(|environment| environment.tier == Tier::Production)
        .map(|environment| environment.id)
        .collect();
    let waiting: HashSet<KeyId> = rotations
        .iter()
        .filter(|rotation| rotation.needs_person())
        .map(|rotation| rotation.subject.key.id)
        .collect();
    let orgs: HashMap<_, _> = rules
        .accounts
        .iter()
        .map(|(account, _)| (account.id, account.org_id))
        .collect();
    let looked: Vec<Looked<'_>> = keys
        .iter()
        .filter_map(|facts| {
            let (key, version) = (&facts.row.key, facts.row.version.as_ref());
            Some(Looked {
                key: key.id,
                org: *orgs.get(&key.account_id)?,
                environment: key.environment_id,
                production: production.contains(&key.environment_id),
                purpose: key.purpose,
                held: version.is_some_and(|version| version.held),
                standing: facts.standing,
                age: facts.age,
                limit_days: facts.policy.max_age_days.value,
                verdict: version.and_then(|version| version.verdict.as_ref()),
                waived: facts.waiver.is_some(),
                rotating: facts.row.under_way.is_some(),
                waiting: waiting.contains(&key.id),
            })
        })
        .collect();
    policy::overview(&looked, rules.now)
}
