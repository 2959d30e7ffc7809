//! Accounts and keys at the providers beside Overten.

use jiff::Timestamp;

use super::{Grant, SeedKey, World};
use crate::account::{Account, GraceFrom, LabRules, Pace, Provider, Strategy};
use crate::material::ALPHANUMERIC;

/// The fixed places of a project with two.
const SLOTS: [&str; 2] = ["primary", "secondary"];

impl World {
    /// Adds an account.
    pub fn add_account(&mut self, provider: Provider, name: &str) -> Account {
        let account = Account {
            id: self.material.id(provider.account_kind()),
            provider,
            name: name.to_owned(),
            suspended: false,
            used_up: Vec::new(),
            billed: 0,
            pace: Pace::default(),
            lab: None,
        };
        self.accounts.push(account.clone());
        account
    }

    /// Adds a project of the invented provider; one with two places has both filled.
    pub fn add_project(
        &mut self,
        name: &str,
        strategy: Strategy,
        grace_seconds: u32,
        grace_from: GraceFrom,
        now: Timestamp,
    ) -> Account {
        let mut project = self.add_account(Provider::Lab, name);
        project.lab = Some(LabRules {
            admin_key: format!("lab_admin_{}", self.material.pick(ALPHANUMERIC, 32)),
            strategy,
            grace_seconds,
            grace_from,
            page_size: None,
            live_limit: None,
            remembers_seconds: None,
        });
        if let Some(known) = self.accounts.last_mut() {
            *known = project.clone();
        }
        if strategy == Strategy::TwoSlot {
            for slot in SLOTS {
                let grant = Grant {
                    slot: Some(slot.to_owned()),
                    ..Grant::default()
                };
                self.add_granted(&project, slot, grant, now);
            }
        }
        project
    }

    /// Adds a live key with these permissions, made at `created_at`.
    pub fn add_account_key(
        &mut self,
        account: &Account,
        name: &str,
        permissions: &[&str],
        created_at: Timestamp,
    ) -> SeedKey {
        let grant = Grant {
            permissions: permissions.iter().map(|&permission| permission.to_owned()).collect(),
            ..Grant::default()
        };
        self.add_granted(account, name, grant, created_at)
    }

    /// Adds a live key with all that its provider knows of it.
    pub fn add_granted(&mut self, account: &Account, name: &str, grant: Grant, created_at: Timestamp) -> SeedKey {
        let key = SeedKey {
            key_id: account.provider.key_id(&mut self.material),
            org_id: account.id.clone(),
            value: account.provider.value(&mut self.material),
            created_at,
            revoked_at: None,
            suggested_name: Some(name.to_owned()),
            environment: None,
            grant,
        };
        self.keys.push(key.clone());
        key
    }
}
