//! One value of one key, as its provider remembers it.

use jiff::{SignedDuration, Timestamp};

use crate::account::Provider;
use crate::material::digest;
use crate::snapshot::{KeySnapshot, Memory};
use crate::world::{Grant, SeedKey};

/// One value of one key; a key that is replaced under its id has several.
#[derive(Clone, Debug)]
pub(crate) struct Issued {
    pub(crate) key_id: String,
    pub(crate) account_id: String,
    pub(crate) name: String,
    pub(crate) grant: Grant,
    pub(crate) prefix: String,
    pub(crate) digest: [u8; 32],
    /// When the key was made, not its value.
    pub(crate) created_at: Timestamp,
    pub(crate) revoked_at: Option<Timestamp>,
    /// Whether the key goes on with another value.
    pub(crate) replaced: bool,
    pub(crate) listed_from: Timestamp,
    pub(crate) listed_until: Option<Timestamp>,
    pub(crate) accepted_from: Timestamp,
    pub(crate) accepted_until: Option<Timestamp>,
    /// How long the value before this one lives on once this one is used.
    pub(crate) first_use_grace: Option<SignedDuration>,
    /// Calls of the key, those with earlier values included.
    pub(crate) uses: u64,
    pub(crate) last_used_at: Option<Timestamp>,
    /// Whether its share of the quota is used up.
    pub(crate) used_up: bool,
}

impl Issued {
    /// A key of the world.
    pub(super) fn seeded(provider: Provider, seed: &SeedKey) -> Self {
        Self {
            key_id: seed.key_id.clone(),
            account_id: seed.org_id.clone(),
            name: seed.suggested_name.clone().unwrap_or_default(),
            grant: seed.grant.clone(),
            prefix: beginning(provider, &seed.value),
            digest: digest(&seed.value),
            created_at: seed.created_at,
            revoked_at: seed.revoked_at,
            replaced: false,
            listed_from: seed.created_at,
            listed_until: seed.revoked_at,
            accepted_from: seed.created_at,
            accepted_until: seed.revoked_at,
            first_use_grace: None,
            uses: 0,
            last_used_at: None,
            used_up: false,
        }
    }

    /// What was written down of a key.
    pub(super) fn restored(provider: Provider, key: &KeySnapshot) -> Self {
        let memory = &key.memory;
        Self {
            key_id: key.key_id.clone(),
            account_id: key.org_id.clone(),
            name: key.name.clone().unwrap_or_default(),
            grant: key.grant.clone(),
            prefix: beginning(provider, &key.value),
            digest: digest(&key.value),
            created_at: memory.made_at,
            revoked_at: memory.revoked_at,
            replaced: memory.replaced,
            listed_from: memory.listed_from,
            listed_until: memory.listed_until,
            accepted_from: memory.accepted_from,
            accepted_until: memory.accepted_until,
            first_use_grace: memory.first_use_grace(),
            uses: 0,
            last_used_at: key.last_used_at,
            used_up: false,
        }
    }

    /// What the provider's parts go by.
    pub(super) fn memory(&self) -> Memory {
        Memory {
            made_at: self.created_at,
            revoked_at: self.revoked_at,
            replaced: self.replaced,
            listed_from: self.listed_from,
            listed_until: self.listed_until,
            accepted_from: self.accepted_from,
            accepted_until: self.accepted_until,
            first_use_grace_seconds: self.first_use_grace.map(|grace| grace.as_secs()),
        }
    }

    /// Whether lists show it.
    pub(crate) fn is_listed(&self, now: Timestamp) -> bool {
        !self.replaced && now >= self.listed_from && self.listed_until.is_none_or(|until| now < until)
    }

    /// Whether it authenticates, its expiry aside.
    pub(crate) fn is_accepted(&self, now: Timestamp) -> bool {
        now >= self.accepted_from && self.accepted_until.is_none_or(|until| now < until)
    }

    /// Whether it has stopped by itself.
    pub(crate) fn has_expired(&self, now: Timestamp) -> bool {
        self.grant.expires_at.is_some_and(|at| now >= at)
    }

    /// Whether it is the present value of a key that was not revoked.
    pub(crate) fn is_unrevoked(&self) -> bool {
        !self.replaced && self.revoked_at.is_none()
    }

    /// Whether it counts against a limit of live keys.
    pub(crate) fn is_in_force(&self, now: Timestamp) -> bool {
        self.is_unrevoked() && !self.has_expired(now)
    }

    /// Whether it was given this permission.
    pub(crate) fn may(&self, permission: &str) -> bool {
        self.grant.permissions.iter().any(|given| given == permission)
    }
}

/// What lists show of a value.
pub(super) fn beginning(provider: Provider, value: &str) -> String {
    value.chars().take(provider.shown()).collect()
}
