//! What a simulator is at one moment, written down: enough to build an equal one elsewhere.
//!
//! Not in it: the requests so far, of which only the number counts on; answers that are given again for an
//! `Idempotency-Key`; how often somebody has called lately; ID tokens; lags that are only set and have not begun.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::fault::Fault;
use crate::ledger::KeyRecord;
use crate::world::{Grant, Org, User};

/// A simulator at one moment, values included.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Snapshot {
    /// The present.
    pub now: Timestamp,
    /// Requests so far: the next one gets the number after it.
    pub requests: u64,
    /// Firebase users.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<User>,
    /// Overten organisations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub orgs: Vec<Org>,
    /// Accounts at the other providers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<Account>,
    /// Every value of every key, oldest first.
    pub keys: Vec<KeySnapshot>,
    /// Standing faults, which an equal simulator is not given by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
}

/// One value of one key: what the witness knows, and what its provider remembers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeySnapshot {
    /// `key_id`; two entries share it where a key was replaced under its id.
    pub key_id: String,
    /// Organisation or account.
    pub org_id: String,
    /// Name given at minting, or the world's suggestion.
    pub name: Option<String>,
    /// The value itself.
    pub value: String,
    /// Whether it authenticates at that moment. Read by people; it follows from the rest.
    pub live: bool,
    /// When the value was minted.
    pub created_at: Timestamp,
    /// When it was revoked, or will be at the end of a grace period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
    /// Request that minted it; none for the world's keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minted_by_request: Option<u64>,
    /// Request that revoked it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_by_request: Option<u64>,
    /// Last call that it authenticated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Timestamp>,
    /// What else its provider knows of it.
    #[serde(flatten)]
    pub grant: Grant,
    /// What its provider's parts go by.
    pub memory: Memory,
}

/// What the parts of a provider go by, which may disagree for a while.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Memory {
    /// When the key was made, not its value.
    pub made_at: Timestamp,
    /// When the key itself was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
    /// Whether the key goes on with another value.
    pub replaced: bool,
    /// Lists show it from then on.
    pub listed_from: Timestamp,
    /// Lists show it until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed_until: Option<Timestamp>,
    /// It authenticates from then on.
    pub accepted_from: Timestamp,
    /// It authenticates until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_until: Option<Timestamp>,
    /// So long the value before this one lives on, once this one is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_use_grace_seconds: Option<i64>,
}

impl KeySnapshot {
    /// What the witness knows, with what the provider remembers of it.
    pub(crate) fn of(key: &KeyRecord, memory: Memory, now: Timestamp) -> Self {
        let until = [memory.accepted_until, key.grant.expires_at];
        let live = now >= memory.accepted_from && until.into_iter().flatten().all(|until| now < until);
        Self {
            key_id: key.key_id.clone(),
            org_id: key.org_id.clone(),
            name: key.name.clone(),
            value: key.value.clone(),
            live,
            created_at: key.created_at,
            revoked_at: key.revoked_at,
            minted_by_request: key.minted_by_request,
            revoked_by_request: key.revoked_by_request,
            last_used_at: key.last_used_at,
            grant: key.grant.clone(),
            memory,
        }
    }
}

impl Memory {
    /// How long the value before lives on once this one is used.
    pub(crate) fn first_use_grace(&self) -> Option<SignedDuration> {
        self.first_use_grace_seconds.map(SignedDuration::from_secs)
    }
}

impl From<&KeySnapshot> for KeyRecord {
    fn from(key: &KeySnapshot) -> Self {
        Self {
            key_id: key.key_id.clone(),
            org_id: key.org_id.clone(),
            name: key.name.clone(),
            environment: None,
            value: key.value.clone(),
            created_at: key.created_at,
            revoked_at: key.revoked_at,
            minted_by_request: key.minted_by_request,
            revoked_by_request: key.revoked_by_request,
            last_used_at: key.last_used_at,
            calls: 0,
            refused_calls: 0,
            grant: key.grant.clone(),
        }
    }
}
