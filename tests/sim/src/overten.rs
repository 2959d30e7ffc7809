//! Overten, `https://backend.overtenai.com/api/v1` (apidocs.overtenai.com, /authentication).

mod access;
mod keys;
mod refusal;
mod signup;
mod verify;

use jiff::Timestamp;

pub(crate) use refusal::refusal;

use crate::exchange::Turn;
use crate::material::{Material, digest};
use crate::reply::Reply;
use crate::snapshot::{KeySnapshot, Memory};
use crate::world::{Org, SeedKey};

/// Host of the documented base URL.
pub(crate) const HOST: &str = "backend.overtenai.com";

/// Characters of a value that the list shows (length unconfirmed).
const PREFIX: usize = 12;

/// Overten's own memory; of a value only the digest (older /authentication).
#[derive(Clone, Debug)]
pub(crate) struct Overten {
    pub(crate) orgs: Vec<Org>,
    /// Id that the next key gets, once.
    pub(crate) next_id: Option<String>,
    keys: Vec<StoredKey>,
}

/// A key as Overten remembers it, with what its parts do not agree on yet.
#[derive(Clone, Debug)]
struct StoredKey {
    key_id: String,
    org_id: String,
    digest: [u8; 32],
    prefix: String,
    created_at: Timestamp,
    revoked_at: Option<Timestamp>,
    listed_from: Timestamp,
    listed_until: Option<Timestamp>,
    accepted_from: Timestamp,
    accepted_until: Option<Timestamp>,
}

impl StoredKey {
    fn restored(key: &KeySnapshot) -> Self {
        let memory = &key.memory;
        Self {
            key_id: key.key_id.clone(),
            org_id: key.org_id.clone(),
            digest: digest(&key.value),
            prefix: prefix(&key.value),
            created_at: memory.made_at,
            revoked_at: memory.revoked_at,
            listed_from: memory.listed_from,
            listed_until: memory.listed_until,
            accepted_from: memory.accepted_from,
            accepted_until: memory.accepted_until,
        }
    }

    fn memory(&self) -> Memory {
        Memory {
            made_at: self.created_at,
            revoked_at: self.revoked_at,
            replaced: false,
            listed_from: self.listed_from,
            listed_until: self.listed_until,
            accepted_from: self.accepted_from,
            accepted_until: self.accepted_until,
            first_use_grace_seconds: None,
        }
    }

    fn is_listed(&self, now: Timestamp) -> bool {
        now >= self.listed_from && self.listed_until.is_none_or(|until| now < until)
    }

    fn is_accepted(&self, now: Timestamp) -> bool {
        now >= self.accepted_from && self.accepted_until.is_none_or(|until| now < until)
    }
}

impl Overten {
    /// Starts with these organisations and those of the keys that belong to them.
    pub(crate) fn new(orgs: Vec<Org>, keys: &[SeedKey]) -> Self {
        let stored = |key: &SeedKey| StoredKey {
            key_id: key.key_id.clone(),
            org_id: key.org_id.clone(),
            digest: digest(&key.value),
            prefix: prefix(&key.value),
            created_at: key.created_at,
            revoked_at: key.revoked_at,
            listed_from: key.created_at,
            listed_until: key.revoked_at,
            accepted_from: key.created_at,
            accepted_until: key.revoked_at,
        };
        let is_ours = |key: &&SeedKey| orgs.iter().any(|org| org.id == key.org_id);
        let keys = keys.iter().filter(is_ours).map(stored).collect();
        Self {
            orgs,
            next_id: None,
            keys,
        }
    }

    /// Starts with what was written down of these organisations and their keys.
    pub(crate) fn restored(orgs: Vec<Org>, keys: &[KeySnapshot]) -> Self {
        let is_ours = |key: &&KeySnapshot| orgs.iter().any(|org| org.id == key.org_id);
        let keys = keys.iter().filter(is_ours).map(StoredKey::restored).collect();
        Self {
            orgs,
            next_id: None,
            keys,
        }
    }

    /// What is remembered of this value.
    pub(crate) fn memory(&self, value: &str) -> Option<Memory> {
        self.find(value).map(StoredKey::memory)
    }

    /// Whether this value authenticates now.
    pub(crate) fn accepts(&self, value: &str, now: Timestamp) -> bool {
        self.find(value).is_some_and(|key| key.is_accepted(now))
    }

    fn find(&self, value: &str) -> Option<&StoredKey> {
        let digest = digest(value);
        self.keys.iter().find(|key| key.digest == digest)
    }

    fn org(&self, org_id: &str) -> Option<&Org> {
        self.orgs.iter().find(|org| org.id == org_id)
    }
}

/// Answers one request to Overten.
pub(crate) fn answer(turn: &mut Turn<'_>) -> Reply {
    route(turn).unwrap_or_else(|refused| refused)
}

fn route(turn: &mut Turn<'_>) -> Result<Reply, Reply> {
    let call = turn.call;
    let segments = call.segments();
    let Some(rest) = segments.strip_prefix(&["api", "v1"]) else {
        return Err(refusal::no_route());
    };
    match (call.method.as_str(), rest) {
        ("POST", ["signup"]) => signup::signup(turn),
        ("GET", ["organizations", org_id, "api-keys"]) => keys::list(turn, org_id),
        ("POST", ["organizations", org_id, "api-keys"]) => keys::mint(turn, org_id),
        ("DELETE", ["organizations", org_id, "api-keys", key_id]) => keys::revoke(turn, org_id, key_id),
        ("GET", ["verify"]) => verify::verify(turn),
        (_, ["signup" | "verify"] | ["organizations", _, "api-keys"] | ["organizations", _, "api-keys", _]) => {
            Err(refusal::wrong_method())
        }
        _ => Err(refusal::no_route()),
    }
}

fn prefix(value: &str) -> String {
    value.chars().take(PREFIX).collect()
}

fn key_id(material: &mut Material) -> String {
    material.id("key")
}
