//! macOS: the user's login keychain. Never run; written from the store's source.
//!
//! Deliberately absent: the data-protection keychain, which needs a provisioning profile.

use async_trait::async_trait;
use keyring_core::CredentialStore;
use std::collections::HashMap;
use std::sync::Arc;

use super::platform::{Native, Platform};
use crate::vault::VaultState;

#[async_trait]
impl Platform for Native {
    /// The system prompts by itself and offers no question that would not: a locked keychain shows as too long.
    async fn state(&self, _service: &str, _item: Option<&str>) -> VaultState {
        VaultState::Ready
    }

    async fn unlock(&self, _service: &str) -> VaultState {
        VaultState::Ready
    }

    /// Other programs' items lie in the same keychain, and the store has no call for it.
    async fn lock(&self) -> VaultState {
        VaultState::Ready
    }

    /// The store finds items by a call that may prompt.
    async fn items(&self, _service: &str) -> Result<Option<Vec<String>>, VaultState> {
        Ok(None)
    }

    async fn backend(&self) -> Result<String, VaultState> {
        Ok(String::from("keychain"))
    }

    fn connect(&self) -> keyring_core::Result<Arc<CredentialStore>> {
        Ok(apple_native_keyring_store::keychain::Store::new()?)
    }

    fn modifiers<'a>(&self, _label: &'a str) -> HashMap<&'a str, &'a str> {
        HashMap::new()
    }
}
