//! What the providers beside Overten remember of accounts and keys; of a value only its digest and its beginning.

mod bearer;
mod change;
mod issued;

use std::collections::BTreeMap;

use jiff::Timestamp;

pub(crate) use bearer::{Presented, present};
pub(crate) use change::{Fresh, Grace, Wish, mint, replace, revoke};
pub(crate) use issued::Issued;

use crate::account::Account;
use crate::lab::Answered;
use crate::material::digest;
use crate::snapshot::{KeySnapshot, Memory};
use crate::world::SeedKey;

/// Accounts, keys, and how often they have called lately.
#[derive(Clone, Debug)]
pub(crate) struct Issuer {
    accounts: Vec<Account>,
    keys: Vec<Issued>,
    /// Calls in the present window, by whom they count for.
    pub(crate) windows: BTreeMap<String, (i64, u32)>,
    /// The last call that was let through, by whom it counts for.
    pub(crate) paced: BTreeMap<String, Timestamp>,
    /// Answers of the invented provider that it gives again, by path and key.
    pub(crate) answered: BTreeMap<String, Answered>,
}

impl Issuer {
    /// Starts with these accounts and those of the keys that belong to them.
    pub(crate) fn new(accounts: Vec<Account>, seeds: &[SeedKey]) -> Self {
        let mut keys: Vec<Issued> = Vec::new();
        for seed in seeds {
            if let Some(account) = accounts.iter().find(|account| account.id == seed.org_id) {
                for earlier in keys.iter_mut().filter(|key| key.key_id == seed.key_id) {
                    earlier.replaced = true;
                    earlier.listed_until = Some(seed.created_at);
                }
                keys.push(Issued::seeded(account.provider, seed));
            }
        }
        Self {
            accounts,
            keys,
            windows: BTreeMap::new(),
            paced: BTreeMap::new(),
            answered: BTreeMap::new(),
        }
    }

    /// Starts with what was written down of these accounts and their keys.
    pub(crate) fn restored(accounts: Vec<Account>, keys: &[KeySnapshot]) -> Self {
        let provider = |key: &KeySnapshot| accounts.iter().find(|one| one.id == key.org_id).map(|one| one.provider);
        let keys = keys
            .iter()
            .filter_map(|key| Some(Issued::restored(provider(key)?, key)));
        let keys = keys.collect();
        Self {
            keys,
            ..Self::new(accounts, &[])
        }
    }

    /// What is remembered of this value.
    pub(crate) fn memory(&self, value: &str) -> Option<Memory> {
        let digest = digest(value);
        self.keys.iter().find(|key| key.digest == digest).map(Issued::memory)
    }

    /// All accounts.
    pub(crate) fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// The account with this id.
    pub(crate) fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }

    /// The account with this id, to change it.
    pub(crate) fn account_mut(&mut self, id: &str) -> Option<&mut Account> {
        self.accounts.iter_mut().find(|account| account.id == id)
    }

    /// Whether this value authenticates now.
    pub(crate) fn accepts(&self, value: &str, now: Timestamp) -> bool {
        let digest = digest(value);
        let mut keys = self.keys.iter();
        keys.any(|key| key.digest == digest && key.is_accepted(now) && !key.has_expired(now))
    }

    /// The keys of an account that its list shows now, oldest first.
    pub(crate) fn listed(&self, account_id: &str, now: Timestamp) -> Vec<&Issued> {
        let of_account = self.keys.iter().filter(|key| key.account_id == account_id);
        of_account.filter(|key| key.is_listed(now)).collect()
    }

    /// The keys of an account, revoked ones included, without the values that were replaced.
    pub(crate) fn ever(&self, account_id: &str) -> Vec<&Issued> {
        let of_account = self.keys.iter().filter(|key| key.account_id == account_id);
        of_account.filter(|key| !key.replaced).collect()
    }

    /// How many keys of an account are in force.
    pub(crate) fn live_count(&self, account_id: &str, now: Timestamp) -> usize {
        let of_account = self.keys.iter().filter(|key| key.account_id == account_id);
        of_account.filter(|key| key.is_in_force(now)).count()
    }

    /// The key of an account that has this id and is not revoked.
    pub(crate) fn unrevoked(&self, account_id: &str, key_id: &str) -> Option<&Issued> {
        let mut keys = self.keys.iter();
        keys.find(|key| key.account_id == account_id && key.key_id == key_id && key.is_unrevoked())
    }

    /// Every value of a key, to change it.
    pub(crate) fn keys_with_id(&mut self, key_id: &str) -> impl Iterator<Item = &mut Issued> {
        self.keys.iter_mut().filter(move |key| key.key_id == key_id)
    }
}
