//! Short-lived tokens, held in memory only.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::clock::Entropy;
use crate::model::{AccountId, Credential, Fingerprint, FingerprintKey, Secret};

/// A token is replaced this long before it runs out.
const MARGIN: SignedDuration = SignedDuration::from_mins(5);

/// Whose token it is: a replaced credential is another owner, and is not answered with the old one's token.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Owner {
    account: AccountId,
    scheme: String,
    fields: BTreeMap<String, String>,
    secret: Fingerprint,
}

/// A token and when it runs out.
#[derive(Clone)]
pub(super) struct Held {
    pub token: Arc<Secret>,
    pub expires_at: Timestamp,
}

pub(super) struct Tokens {
    key: FingerprintKey,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    held: HashMap<Owner, Held>,
    /// Successors of a long-lived secret, until they have been handed up and come back as the credential.
    successors: HashMap<Owner, Arc<Secret>>,
}

impl Tokens {
    pub fn new(entropy: &dyn Entropy) -> Tokens {
        let mut bytes = [0u8; 32];
        entropy.fill(&mut bytes);
        Tokens {
            key: FingerprintKey::new(bytes),
            inner: Mutex::default(),
        }
    }

    pub fn owner(&self, account: AccountId, credential: &Credential) -> Owner {
        Owner {
            account,
            scheme: credential.scheme.clone(),
            fields: credential.fields.clone(),
            secret: self.key.of(&credential.secret),
        }
    }

    /// Returns a token that is good for a while longer.
    pub fn get(&self, owner: &Owner, now: Timestamp) -> Option<Held> {
        let inner = self.lock();
        inner
            .held
            .get(owner)
            .filter(|held| held.expires_at.duration_since(now) > MARGIN)
            .cloned()
    }

    /// Keeps a token, in place of any other of the account.
    pub fn put(&self, owner: &Owner, held: Held) {
        let mut inner = self.lock();
        inner.held.retain(|other, _| other.account != owner.account);
        inner.held.insert(owner.clone(), held);
    }

    /// Drops all tokens of the account.
    pub fn forget(&self, account: AccountId) {
        self.lock().held.retain(|owner, _| owner.account != account);
    }

    pub fn successor(&self, owner: &Owner) -> Option<Arc<Secret>> {
        self.lock().successors.get(owner).cloned()
    }

    pub fn succeed(&self, owner: &Owner, secret: Arc<Secret>) {
        let mut inner = self.lock();
        inner
            .successors
            .retain(|other, _| other.account != owner.account || other == owner);
        inner.successors.insert(owner.clone(), secret);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic elsewhere leaves whole entries behind, so they can be used on.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
