//! One key with its value, as only the witness knows it.

use jiff::Timestamp;
use serde::Serialize;

use crate::world::{Grant, SeedKey};

/// One key with its value, as only the witness knows it.
#[derive(Clone, Debug, Serialize)]
pub struct KeyRecord {
    /// `key_id`; two records share it where a key was replaced under its id.
    pub key_id: String,
    /// Organisation or account.
    pub org_id: String,
    /// Name given at minting, or the world's suggestion.
    pub name: Option<String>,
    /// The world's suggestion.
    pub environment: Option<String>,
    /// The value itself.
    pub value: String,
    /// When it was minted.
    pub created_at: Timestamp,
    /// When it was revoked, or will be at the end of a grace period.
    pub revoked_at: Option<Timestamp>,
    /// Request that minted it; `None` for the world's keys.
    pub minted_by_request: Option<u64>,
    /// Request that revoked it.
    pub revoked_by_request: Option<u64>,
    /// Last call that it authenticated.
    pub last_used_at: Option<Timestamp>,
    /// Calls that it authenticated.
    pub calls: u64,
    /// Calls in which it was recognised and refused.
    pub refused_calls: u64,
    /// What else its provider knows of it.
    #[serde(flatten)]
    pub grant: Grant,
}

impl KeyRecord {
    /// Whether it has not been revoked.
    pub fn is_live(&self) -> bool {
        self.revoked_at.is_none()
    }

    pub(super) fn count(&mut self, accepted: bool, at: Timestamp) {
        if accepted {
            self.calls += 1;
            self.last_used_at = Some(at);
        } else {
            self.refused_calls += 1;
        }
    }

    pub(super) fn end(&mut self, request: u64, at: Timestamp) {
        self.revoked_at = Some(at);
        self.revoked_by_request = Some(request);
    }
}

impl From<SeedKey> for KeyRecord {
    fn from(key: SeedKey) -> Self {
        Self {
            key_id: key.key_id,
            org_id: key.org_id,
            name: key.suggested_name,
            environment: key.environment,
            value: key.value,
            created_at: key.created_at,
            revoked_at: key.revoked_at,
            minted_by_request: None,
            revoked_by_request: None,
            last_used_at: None,
            calls: 0,
            refused_calls: 0,
            grant: key.grant,
        }
    }
}

impl From<&KeyRecord> for SeedKey {
    fn from(key: &KeyRecord) -> Self {
        Self {
            key_id: key.key_id.clone(),
            org_id: key.org_id.clone(),
            value: key.value.clone(),
            created_at: key.created_at,
            revoked_at: key.revoked_at,
            suggested_name: key.name.clone(),
            environment: key.environment.clone(),
            grant: key.grant.clone(),
        }
    }
}
