//! The witness: what really was asked, answered, minted and revoked, whatever was said.

mod deed;
mod key_record;

use jiff::Timestamp;
use serde::Serialize;

pub(crate) use deed::{Deed, Who};
pub use key_record::KeyRecord;

use crate::material::digest;
use crate::pattern::{method_matches, path_matches};

/// Every request and every key, in order.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Ledger {
    /// Requests by arrival.
    pub requests: Vec<RequestRecord>,
    /// Keys by minting.
    pub keys: Vec<KeyRecord>,
    /// Requests that came before it was begun.
    #[serde(skip)]
    pub before: u64,
}

/// One request; its query, its body and all headers but one are not kept.
#[derive(Clone, Debug, Serialize)]
pub struct RequestRecord {
    /// Number from 1.
    pub n: u64,
    /// When it arrived, on the simulator's clock.
    pub at: Timestamp,
    /// Host asked for, without port.
    pub host: String,
    /// Method.
    pub method: String,
    /// Path without query.
    pub path: String,
    /// `Idempotency-Key`, as it was sent.
    pub idempotency_key: Option<String>,
    /// What went back.
    pub status: Sent,
    /// How much of the body went out before the connection was cut.
    pub cut_at: Option<usize>,
    /// Key that authenticated it.
    pub key_id: Option<String>,
    /// Key that was recognised and refused: revoked, or not yet known everywhere.
    pub refused_key_id: Option<String>,
    /// Firebase user that authenticated it.
    pub user: Option<String>,
    /// What it changed.
    pub effect: Effect,
    /// Faults that fired on it.
    pub faults: Vec<String>,
}

/// What went back to the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Nothing yet; a caller that gave up leaves it so.
    Pending,
    /// An answer with this status.
    Status(u16),
    /// Nothing: the connection was closed.
    Dropped,
    /// Nothing, for ever.
    Hung,
}

impl Serialize for Sent {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Pending => serializer.serialize_str("pending"),
            Self::Status(status) => serializer.serialize_u16(*status),
            Self::Dropped => serializer.serialize_str("dropped"),
            Self::Hung => serializer.serialize_str("hung"),
        }
    }
}

/// What a request changed at the provider; all empty for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Effect {
    /// Keys it minted.
    pub minted: Vec<String>,
    /// Keys it revoked.
    pub revoked: Vec<String>,
    /// Organisations it opened.
    pub orgs: Vec<String>,
}

impl Effect {
    /// Whether nothing changed.
    pub fn is_none(&self) -> bool {
        self == &Self::default()
    }
}

impl Ledger {
    /// Keys of `org_id` that are not revoked, oldest record first.
    pub fn live_keys(&self, org_id: &str) -> Vec<KeyRecord> {
        let live = self.keys.iter().filter(|key| key.org_id == org_id && key.is_live());
        live.cloned().collect()
    }

    /// The key with this value.
    pub fn key_by_value(&self, value: &str) -> Option<&KeyRecord> {
        self.keys.iter().find(|key| key.value == value)
    }

    /// The key with this id.
    pub fn key(&self, key_id: &str) -> Option<&KeyRecord> {
        self.keys.iter().find(|key| key.key_id == key_id)
    }

    /// How many requests had this method (`*` for any) and a path that fits.
    pub fn count(&self, method: &str, path_pattern: &str) -> usize {
        let fits = |record: &&RequestRecord| {
            method_matches(method, &record.method) && path_matches(path_pattern, &record.path)
        };
        self.requests.iter().filter(fits).count()
    }

    pub(crate) fn open(&mut self, record: RequestRecord) {
        self.requests.push(record);
    }

    /// Enters what request `n` turned out to be and do, at the time it did it.
    pub(crate) fn settle(&mut self, n: u64, at: Timestamp, who: Who, deeds: Vec<Deed>) {
        let Some(record) = self.requests.iter_mut().find(|record| record.n == n) else {
            return;
        };
        match who {
            Who::Nobody => {}
            Who::User(uid) => record.user = Some(uid),
            Who::Key(key_id) => {
                for key in self.keys.iter_mut().filter(|key| key.key_id == key_id) {
                    key.count(true, at);
                }
                record.key_id = Some(key_id);
            }
            Who::RefusedKey(key_id) => {
                for key in self.keys.iter_mut().filter(|key| key.key_id == key_id) {
                    key.count(false, at);
                }
                record.refused_key_id = Some(key_id);
            }
            Who::Value { value, accepted } => {
                let mut keys = self.keys.iter_mut();
                if let Some(key) = keys.find(|key| key.value == value) {
                    key.count(accepted, at);
                    let entry = if accepted {
                        &mut record.key_id
                    } else {
                        &mut record.refused_key_id
                    };
                    *entry = Some(key.key_id.clone());
                }
            }
        }
        for deed in deeds {
            record.enter(&mut self.keys, deed, at);
        }
    }

    pub(crate) fn close(&mut self, n: u64, status: Sent, cut_at: Option<usize>) {
        for record in self.requests.iter_mut().filter(|record| record.n == n) {
            record.status = status;
            record.cut_at = cut_at;
        }
    }
}

impl RequestRecord {
    fn enter(&mut self, keys: &mut Vec<KeyRecord>, deed: Deed, at: Timestamp) {
        match deed {
            Deed::Minted {
                key_id,
                org_id,
                name,
                value,
                grant,
            } => {
                self.effect.minted.push(key_id.clone());
                keys.push(KeyRecord {
                    key_id,
                    org_id,
                    name: Some(name),
                    environment: None,
                    value,
                    created_at: at,
                    revoked_at: None,
                    minted_by_request: Some(self.n),
                    revoked_by_request: None,
                    last_used_at: None,
                    calls: 0,
                    refused_calls: 0,
                    grant,
                });
            }
            Deed::Revoked { key_id } => {
                let alive = |key: &&mut KeyRecord| key.revoked_at.is_none_or(|end| end > at);
                for key in keys.iter_mut().filter(|key| key.key_id == key_id).filter(alive) {
                    key.end(self.n, at);
                }
                self.effect.revoked.push(key_id);
            }
            Deed::Ended { digest: ended, at } => {
                for key in keys.iter_mut().filter(|key| digest(&key.value) == ended) {
                    key.end(self.n, at);
                    self.effect.revoked.push(key.key_id.clone());
                }
            }
            Deed::Opened { org_id } => self.effect.orgs.push(org_id),
        }
    }
}
