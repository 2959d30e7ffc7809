//! What differs between operating systems.

use async_trait::async_trait;
use keyring_core::CredentialStore;
use std::collections::HashMap;
use std::sync::Arc;

use crate::vault::VaultState;

/// An operating system's keychain. The async questions may be dropped at any time; `connect` may block and
/// is called on the keychain's own thread only.
#[async_trait]
pub(super) trait Platform: Send + Sync {
    /// Tells whether a call would be answered without a prompt: one for this item of the service, or for any.
    async fn state(&self, service: &str, item: Option<&str>) -> VaultState;

    /// Asks the person to unlock where new items go, and where items of the service lie; `Ready` when that went well.
    async fn unlock(&self, service: &str) -> VaultState;

    /// How many items of the service lie in a keyring that is locked, beside the one that new items go to.
    async fn locked_elsewhere(&self, _service: &str) -> usize {
        0
    }

    /// Locks what new items go to; `Ready` when that went well, or when there is nothing to lock.
    async fn lock(&self) -> VaultState;

    /// Names of all items of the service, without a prompt; none where nothing tells.
    async fn items(&self, service: &str) -> Result<Option<Vec<String>>, VaultState>;

    async fn backend(&self) -> Result<String, VaultState>;

    /// Whether it may write its file some seconds after a change, so that a crash takes the change along.
    async fn writes_late(&self) -> bool {
        false
    }

    fn connect(&self) -> keyring_core::Result<Arc<CredentialStore>>;

    /// What an item is created with, beside its attributes.
    fn modifiers<'a>(&self, label: &'a str) -> HashMap<&'a str, &'a str>;
}

/// This machine's.
pub(super) struct Native;
