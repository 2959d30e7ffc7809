//! The value store: a port, and the OS keychain behind it.
//!
//! Deliberately absent: any other place for values. Where the keychain cannot be used, nothing that
//! needs it is begun.

mod keychain;
mod memory;

pub use keychain::{Deadlines, Keychain};
pub use memory::{MemoryVault, VaultFault};

use async_trait::async_trait;

use crate::failure::{Code, Failure};
use crate::model::{Secret, VersionId};

/// The name that all items of every shell carry in the keychain.
pub const SERVICE: &str = "app.keywheel";

/// Where a value lies: the name of one item. Opaque, so that the keychain's attributes, which are
/// readable while it is locked, tell nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VaultRef(String);

impl VaultRef {
    /// The value of a key version. Made with the intent, before the value exists.
    pub fn version(id: VersionId) -> VaultRef {
        VaultRef(format!("version/{id}"))
    }

    /// What an answer said beside the values, kept until it is recorded.
    pub fn answer(id: VersionId) -> VaultRef {
        VaultRef(format!("answer/{id}"))
    }

    /// The key of all fingerprints of one data directory.
    pub fn fingerprint_key(data_dir_id: &str) -> VaultRef {
        VaultRef(format!("fingerprint-key/{data_dir_id}"))
    }

    /// The same of a demo: by it the keychain says too that the data directory is one.
    pub fn demo_key(data_dir_id: &str) -> VaultRef {
        VaultRef(format!("demo-fingerprint-key/{data_dir_id}"))
    }

    /// How far a data directory has come.
    pub fn seal(data_dir_id: &str) -> VaultRef {
        VaultRef(format!("seal/{data_dir_id}"))
    }

    /// A canary, written and deleted before anything is minted.
    pub fn canary(id: &str) -> VaultRef {
        VaultRef(format!("canary/{id}"))
    }

    /// The item of that name.
    pub fn named(name: String) -> VaultRef {
        VaultRef(name)
    }

    /// Whether it tells how far a data directory has come.
    pub fn is_seal(&self) -> bool {
        self.0.starts_with("seal/")
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The version whose value it is.
    pub fn version_id(&self) -> Option<VersionId> {
        VersionId::parse(self.0.strip_prefix("version/")?)
    }
}

/// Whether values can be read and stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VaultState {
    Ready,
    Locked,
    /// It is open, and asks the person for each value before it gives it to a program (KeePassXC, as it is set at first).
    AsksEach,
    /// The person dismissed the prompt.
    Dismissed,
    NoService,
    NoDefaultCollection,
    /// It did not answer in time.
    TooLong,
    Failed,
}

impl VaultState {
    /// The failure that this state stands for; none when ready.
    pub fn failure(self) -> Option<Failure> {
        let code = match self {
            VaultState::Ready => return None,
            VaultState::Locked => Code::KeychainLocked,
            VaultState::AsksEach => Code::KeychainAsksEach,
            VaultState::Dismissed => Code::KeychainDismissed,
            VaultState::NoService => Code::KeychainNoService,
            VaultState::NoDefaultCollection => Code::KeychainNoDefault,
            VaultState::TooLong => Code::KeychainTooLong,
            VaultState::Failed => Code::KeychainFailed,
        };
        Some(Failure::new(code))
    }
}

/// Stores, reads and deletes values. No call blocks the caller's thread, and each ends within its deadline.
#[async_trait]
pub trait Vault: Send + Sync {
    /// Stores the value and reads it back equal, both on the same thread; else it is a failure.
    async fn put(&self, at: &VaultRef, secret: &Secret) -> Result<(), Failure>;

    /// Reads a value; `None` where there is no such item.
    async fn get(&self, at: &VaultRef) -> Result<Option<Secret>, Failure>;

    /// Returns when all that was stored is on the disk, where the keychain writes later than it answers.
    async fn settled(&self) -> Result<(), Failure> {
        Ok(())
    }

    /// Deletes an item; one that is not there is no failure.
    async fn delete(&self, at: &VaultRef) -> Result<(), Failure>;

    /// Tells the state without a prompt.
    async fn state(&self) -> VaultState;

    /// How many items lie in a keyring of the system that is locked, beside the one that new items go to. `unlock` asks for
    /// them too.
    async fn locked_elsewhere(&self) -> usize {
        0
    }

    /// Asks the person to unlock, and waits for that as long as the hard deadline allows.
    async fn unlock(&self) -> Result<(), Failure>;

    /// Locks the store, between two calls and where the system lets a program do that; else it stays as it is.
    async fn lock(&self) -> Result<(), Failure>;

    /// Names all items of Keywheel, of every data directory; none where the system has no question for that. Also while it
    /// is locked.
    async fn items(&self) -> Result<Option<Vec<VaultRef>>, Failure>;

    /// Names the store that is in use, so that another one is never used by mistake: e.g.
    /// `secret-service:/org/freedesktop/secrets/collection/login`.
    async fn backend(&self) -> Result<String, Failure>;
}

/// Writes a canary of `size` bytes, reads it back and deletes it: turns "locked after the mint" into
/// "nothing was minted".
pub async fn check_writable(vault: &dyn Vault, canary_id: &str, size: usize) -> Result<(), Failure> {
    let at = VaultRef::canary(canary_id);
    let canary = Secret::new("c".repeat(size));
    vault.put(&at, &canary).await?;
    // Some take a value from every program, and give it to none before a person has said so.
    let read = vault.get(&at).await;
    vault.delete(&at).await?;
    match read? {
        Some(read) if read.same_as(&canary) => Ok(()),
        _ => Err(Failure::new(Code::KeychainMismatch)),
    }
}
