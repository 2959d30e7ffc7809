//! A vault for tests, with faults on demand.

use async_trait::async_trait;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::failure::{Code, Failure};
use crate::model::Secret;
use crate::vault::{Vault, VaultRef, VaultState};

/// What goes wrong in one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VaultFault {
    /// It fails and nothing happened.
    Before(Code),
    /// It happened and fails all the same; the effect is unknown to the caller.
    After(Code),
}

/// Keeps values in memory. Counts `put`, `get` and `delete` of all that is no seal, from 1.
pub struct MemoryVault {
    contents: Mutex<Contents>,
}

struct Contents {
    items: HashMap<VaultRef, Secret>,
    state: VaultState,
    calls: usize,
    faults: BTreeMap<usize, VaultFault>,
    corrupts: bool,
    largest: usize,
    backend: String,
}

impl MemoryVault {
    pub fn new() -> MemoryVault {
        let contents = Contents {
            items: HashMap::new(),
            state: VaultState::Ready,
            calls: 0,
            faults: BTreeMap::new(),
            corrupts: false,
            largest: usize::MAX,
            backend: String::from("memory"),
        };
        MemoryVault {
            contents: Mutex::new(contents),
        }
    }

    /// Sets the state; every call fails while it is not ready. `unlock` makes `Locked` ready and no other.
    pub fn set_state(&self, state: VaultState) {
        self.contents().state = state;
    }

    /// Makes the n-th call fail, counted from 1 over the vault's whole life.
    pub fn fail_call(&self, n: usize, fault: VaultFault) {
        self.contents().faults.insert(n, fault);
    }

    /// Makes every `put` store another value than it was given, and notice.
    pub fn corrupt_writes(&self, corrupts: bool) {
        self.contents().corrupts = corrupts;
    }

    /// Makes every `put` of a larger value fail.
    pub fn set_largest(&self, bytes: usize) {
        self.contents().largest = bytes;
    }

    pub fn set_backend(&self, name: &str) {
        self.contents().backend = name.to_owned();
    }

    /// How often `put`, `get` and `delete` were called.
    pub fn calls(&self) -> usize {
        self.contents().calls
    }

    pub fn len(&self) -> usize {
        self.contents().items.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn holds(&self, at: &VaultRef) -> bool {
        self.contents().items.contains_key(at)
    }

    /// Where values lie, in order.
    pub fn refs(&self) -> Vec<VaultRef> {
        let mut refs: Vec<_> = self.contents().items.keys().cloned().collect();
        refs.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        refs
    }

    fn contents(&self) -> MutexGuard<'_, Contents> {
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a data directory tells of itself is not counted: it decides whether anything is done, and not how.
    fn call<T>(&self, at: &VaultRef, act: impl FnOnce(&mut Contents) -> Result<T, Failure>) -> Result<T, Failure> {
        let mut contents = self.contents();
        contents.calls += usize::from(!at.is_seal());
        let n = contents.calls;
        if let Some(failure) = contents.state.failure() {
            return Err(failure);
        }
        let fault = match at.is_seal() {
            true => None,
            false => contents.faults.remove(&n),
        };
        match fault {
            None => act(&mut contents),
            Some(VaultFault::Before(code)) => Err(Failure::new(code)),
            Some(VaultFault::After(code)) => act(&mut contents).and(Err(Failure::unknown(code))),
        }
    }
}

impl Default for MemoryVault {
    fn default() -> Self {
        MemoryVault::new()
    }
}

fn copy(secret: &Secret) -> Secret {
    Secret::new(secret.expose().to_owned())
}

#[async_trait]
impl Vault for MemoryVault {
    async fn put(&self, at: &VaultRef, secret: &Secret) -> Result<(), Failure> {
        self.call(at, |contents| {
            if secret.expose().len() > contents.largest {
                return Err(Failure::new(Code::KeychainTooLarge));
            }
            if contents.corrupts {
                contents
                    .items
                    .insert(at.clone(), Secret::new(String::from("corrupted")));
                return Err(Failure::unknown(Code::KeychainMismatch));
            }
            contents.items.insert(at.clone(), copy(secret));
            Ok(())
        })
    }

    async fn get(&self, at: &VaultRef) -> Result<Option<Secret>, Failure> {
        self.call(at, |contents| {
            let value = contents.items.get(at).map(copy);
            Ok(value.filter(|value| !value.expose().is_empty()))
        })
    }

    async fn delete(&self, at: &VaultRef) -> Result<(), Failure> {
        self.call(at, |contents| {
            contents.items.remove(at);
            Ok(())
        })
    }

    async fn state(&self) -> VaultState {
        self.contents().state
    }

    async fn unlock(&self) -> Result<(), Failure> {
        let mut contents = self.contents();
        if contents.state == VaultState::Locked {
            contents.state = VaultState::Ready;
        }
        contents.state.failure().map_or(Ok(()), Err)
    }

    async fn lock(&self) -> Result<(), Failure> {
        let mut contents = self.contents();
        if contents.state == VaultState::Ready {
            contents.state = VaultState::Locked;
        }
        Ok(())
    }

    async fn items(&self) -> Result<Option<Vec<VaultRef>>, Failure> {
        Ok(Some(self.refs()))
    }

    async fn backend(&self) -> Result<String, Failure> {
        let contents = self.contents();
        match contents.state {
            VaultState::Ready | VaultState::Locked | VaultState::AsksEach | VaultState::Dismissed => {
                Ok(contents.backend.clone())
            }
            other => Err(other.failure().unwrap_or_else(|| Failure::new(Code::KeychainFailed))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MemoryVault, VaultFault};
    use crate::failure::{Code, Effect};
    use crate::model::Secret;
    use crate::vault::{Vault, VaultRef, VaultState, check_writable};

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    #[tokio::test]
    async fn a_value_is_stored_read_and_deleted() {
        let (vault, at) = (MemoryVault::new(), VaultRef::canary("a"));
        assert!(vault.get(&at).await.unwrap().is_none(), "nothing is there at first");
        vault.put(&at, &secret("value")).await.unwrap();
        assert_eq!(vault.get(&at).await.unwrap().unwrap().expose(), "value");
        vault.delete(&at).await.unwrap();
        vault.delete(&at).await.unwrap();
        assert!(vault.is_empty() && vault.calls() == 5, "{} calls", vault.calls());
    }

    #[tokio::test]
    async fn a_fault_strikes_its_call_only_and_before_or_after_its_effect() {
        let (vault, at) = (MemoryVault::new(), VaultRef::canary("a"));
        vault.fail_call(1, VaultFault::Before(Code::KeychainLocked));
        vault.fail_call(2, VaultFault::After(Code::KeychainTooLong));
        let before = vault.put(&at, &secret("value")).await.unwrap_err();
        assert_eq!(
            (before.code, before.effect, vault.len()),
            (Code::KeychainLocked, Effect::NotApplied, 0)
        );
        let after = vault.put(&at, &secret("value")).await.unwrap_err();
        assert_eq!(
            (after.code, after.effect, vault.holds(&at)),
            (Code::KeychainTooLong, Effect::Unknown, true)
        );
        assert!(vault.get(&at).await.is_ok(), "the third call has no fault");
    }

    #[tokio::test]
    async fn a_vault_that_is_not_ready_does_nothing_and_says_why() {
        let (vault, at) = (MemoryVault::new(), VaultRef::canary("a"));
        vault.put(&at, &secret("value")).await.unwrap();
        for state in [
            VaultState::Locked,
            VaultState::AsksEach,
            VaultState::NoService,
            VaultState::TooLong,
            VaultState::Failed,
        ] {
            vault.set_state(state);
            let expected = state.failure().unwrap();
            assert_eq!(vault.delete(&at).await.unwrap_err(), expected);
            assert!(vault.holds(&at), "{state:?}: nothing is deleted");
        }
        vault.set_state(VaultState::Locked);
        vault.unlock().await.unwrap();
        assert_eq!(vault.state().await, VaultState::Ready);
    }

    #[tokio::test]
    async fn a_corrupting_vault_fails_the_canary() {
        let vault = MemoryVault::new();
        check_writable(&vault, "a", 64).await.unwrap();
        assert!(vault.is_empty(), "the canary is gone");
        vault.corrupt_writes(true);
        assert_eq!(
            check_writable(&vault, "a", 64).await.unwrap_err().code,
            Code::KeychainMismatch
        );
    }
}
