//! The ports of one process, each of them on the tape: journal, keychain, clipboard.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use keywheel_core::failure::{Code, Failure};
use keywheel_core::model::{Binding, Fingerprint, KeyVersion, RotationId, Secret, Verdict, VersionId};
use keywheel_core::rotation::{
    AtRisk, Change, Clipboard, Copied, DriverIdentity, Event, Fence, Journal, Observer, Reading, Rotation,
};
use keywheel_core::vault::{MemoryVault, Vault, VaultRef, VaultState};

use crate::tape::{Port, Tape, What};

/// A journal whose writes are crossings. A failing one says that the disk is full.
pub struct TapedJournal {
    pub inner: Arc<dyn Journal>,
    pub vault: Arc<MemoryVault>,
    pub tape: Tape,
    last: Mutex<Option<Fence>>,
    /// Goes with the process.
    life: Arc<()>,
}

impl TapedJournal {
    pub fn new(inner: Arc<dyn Journal>, vault: Arc<MemoryVault>, tape: Tape) -> TapedJournal {
        TapedJournal {
            inner,
            vault,
            tape,
            last: Mutex::default(),
            life: Arc::default(),
        }
    }

    async fn write<T>(&self, what: What, write: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        let (n, mishap) = self.tape.before(Port::Journal, what).await;
        if mishap.is_some() {
            return Err(Failure::new(Code::StoreFull));
        }
        let written = write.await?;
        match self.tape.after(n).await {
            Some(_) => Err(Failure::new(Code::StoreUnavailable)),
            None => Ok(written),
        }
    }
}

#[async_trait]
impl Journal for TapedJournal {
    async fn load(&self, id: RotationId) -> Result<Rotation, Failure> {
        self.inner.load(id).await
    }

    async fn acquire(&self, id: RotationId, driver: &DriverIdentity) -> Result<Fence, Failure> {
        let acquire = async {
            let fence = self.inner.acquire(id, driver).await?;
            self.tape.driven(id, &self.life);
            *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(fence);
            Ok(fence)
        };
        let acquired = self.write(What::Write("acquire"), acquire).await;
        // A take-over that was written and not reported is no longer driven by this process.
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let (Err(_), Some(fence)) = (&acquired, last) {
            self.tape.let_go(id);
            self.inner.release(fence).await?;
        }
        acquired
    }

    async fn release(&self, fence: Fence) -> Result<(), Failure> {
        let (n, mishap) = self.tape.before(Port::Journal, What::Write("release")).await;
        // Whatever the disk says, the process itself knows that it no longer drives.
        self.tape.let_go(fence.rotation_id);
        self.inner.release(fence).await?;
        match mishap.or(self.tape.after(n).await) {
            Some(_) => Err(Failure::new(Code::StoreUnavailable)),
            None => Ok(()),
        }
    }

    async fn record(&self, fence: Fence, at: Timestamp, event: Event, changes: Vec<Change>) -> Result<(), Failure> {
        for change in &changes {
            // I6: the database says held only of what the keychain has.
            if let Change::Held { version, .. } = change
                && !self.vault.holds(&VaultRef::version(*version))
            {
                self.tape.alarm(format!(
                    "I6: {event:?} says that a value is held, and the keychain has none"
                ));
            }
        }
        self.write(What::Record(event), self.inner.record(fence, at, event, changes))
            .await
    }

    async fn readings(&self, id: RotationId) -> Result<Vec<Reading>, Failure> {
        self.inner.readings(id).await
    }

    async fn snapshot(&self, id: RotationId) -> Result<Vec<String>, Failure> {
        self.inner.snapshot(id).await
    }

    async fn known_remote_ids(&self, id: RotationId) -> Result<Vec<String>, Failure> {
        self.inner.known_remote_ids(id).await
    }

    async fn is_held_elsewhere(&self, id: RotationId, remote_id: &str) -> Result<bool, Failure> {
        self.inner.is_held_elsewhere(id, remote_id).await
    }

    async fn is_known_value(&self, id: RotationId, value: &Fingerprint) -> Result<bool, Failure> {
        self.inner.is_known_value(id, value).await
    }

    async fn mint_names(&self, id: RotationId) -> Result<Vec<String>, Failure> {
        self.inner.mint_names(id).await
    }

    async fn mint_name(&self, version: VersionId) -> Result<Option<String>, Failure> {
        self.inner.mint_name(version).await
    }

    async fn listed_before(&self, version: VersionId) -> Result<Option<Vec<String>>, Failure> {
        self.inner.listed_before(version).await
    }

    async fn names_beside(&self, id: RotationId) -> Result<Vec<String>, Failure> {
        self.inner.names_beside(id).await
    }

    async fn vouched(&self, version: VersionId) -> Result<(), Failure> {
        self.write(What::Write("vouched"), self.inner.vouched(version)).await
    }

    async fn told_made_at(&self, version: VersionId) -> Result<Option<Timestamp>, Failure> {
        self.inner.told_made_at(version).await
    }

    async fn is_credential(&self, value: &Fingerprint) -> Result<bool, Failure> {
        self.inner.is_credential(value).await
    }

    async fn sharing(&self, id: RotationId) -> Result<Vec<Vec<Binding>>, Failure> {
        self.inner.sharing(id).await
    }

    async fn held_beside(&self, id: RotationId) -> Result<Vec<KeyVersion>, Failure> {
        self.inner.held_beside(id).await
    }

    async fn lost_since(&self, id: RotationId, since: Timestamp) -> Result<u32, Failure> {
        self.inner.lost_since(id, since).await
    }

    async fn listed_as(&self, version: VersionId, remote_id: &str, at: Timestamp) -> Result<(), Failure> {
        self.write(What::Write("listed_as"), self.inner.listed_as(version, remote_id, at))
            .await
    }

    async fn answered(&self, version: VersionId, verdict: &Verdict) -> Result<(), Failure> {
        self.write(What::Write("answered"), self.inner.answered(version, verdict))
            .await
    }

    async fn forgotten(&self, version: VersionId) -> Result<(), Failure> {
        self.write(What::Write("forgotten"), self.inner.forgotten(version))
            .await
    }
}

/// A keychain whose calls are crossings. A failing one refuses before, and does not answer after.
pub struct TapedVault {
    pub inner: Arc<MemoryVault>,
    pub tape: Tape,
}

impl TapedVault {
    async fn call<T>(
        &self,
        verb: &'static str,
        at: &VaultRef,
        call: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        // It decides whether anything is done, and not how: `store::copies` shows that.
        if at.is_seal() {
            return call.await;
        }
        let what = What::Keychain {
            verb,
            item: at.as_str().to_owned(),
        };
        let (n, mishap) = self.tape.before(Port::Keychain, what).await;
        if mishap.is_some() {
            return Err(Failure::new(Code::KeychainFailed));
        }
        let called = call.await?;
        match self.tape.after(n).await {
            Some(_) => Err(Failure::unknown(Code::KeychainTooLong)),
            None => Ok(called),
        }
    }
}

#[async_trait]
impl Vault for TapedVault {
    async fn put(&self, at: &VaultRef, secret: &Secret) -> Result<(), Failure> {
        self.call("put", at, self.inner.put(at, secret)).await
    }

    async fn get(&self, at: &VaultRef) -> Result<Option<Secret>, Failure> {
        self.call("get", at, self.inner.get(at)).await
    }

    async fn settled(&self) -> Result<(), Failure> {
        self.inner.settled().await
    }

    async fn delete(&self, at: &VaultRef) -> Result<(), Failure> {
        self.call("delete", at, self.inner.delete(at)).await
    }

    async fn state(&self) -> VaultState {
        self.inner.state().await
    }

    async fn unlock(&self) -> Result<(), Failure> {
        self.inner.unlock().await
    }

    async fn lock(&self) -> Result<(), Failure> {
        self.inner.lock().await
    }

    async fn items(&self) -> Result<Option<Vec<VaultRef>>, Failure> {
        self.inner.items().await
    }

    async fn backend(&self) -> Result<String, Failure> {
        self.inner.backend().await
    }
}

/// A clipboard that remembers what was put on it.
pub struct TapedClipboard {
    pub tape: Tape,
    pub copied: Mutex<Vec<String>>,
}

impl TapedClipboard {
    /// Values in the order they were copied.
    pub fn copied(&self) -> Vec<String> {
        self.copied.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Clipboard for TapedClipboard {
    async fn put(&self, secret: &Secret, _: &Copied) -> Result<(), Failure> {
        let (n, mishap) = self.tape.before(Port::Clipboard, What::Copied).await;
        if mishap.is_some() {
            return Err(Failure::new(Code::ClipboardUnavailable));
        }
        self.copied
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(secret.expose().to_owned());
        match self.tape.after(n).await {
            Some(_) => Err(Failure::unknown(Code::ClipboardUnavailable)),
            None => Ok(()),
        }
    }
}

/// Remembers what a window would have shown.
#[derive(Default)]
pub struct Seen {
    at_risk: Mutex<Vec<AtRisk>>,
}

impl Seen {
    /// What an end of the process would have lost, as the shell was told: each change in its order.
    pub fn at_risk(&self) -> Vec<AtRisk> {
        self.at_risk.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the shell was ever told that a value exists only in memory.
    pub fn held_in_memory(&self) -> bool {
        self.at_risk().contains(&AtRisk::Held)
    }
}

impl Observer for Seen {
    fn changed(&self, _: &Rotation) {}

    fn at_risk(&self, _: RotationId, what: AtRisk) {
        self.at_risk.lock().unwrap_or_else(PoisonError::into_inner).push(what);
    }
}
