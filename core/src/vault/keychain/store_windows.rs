//! Windows: the Credential Manager. Never run; written from the store's source.
//!
//! A value is at most 2560 bytes here; a longer one is `keychain.too_large`.

use async_trait::async_trait;
use keyring_core::CredentialStore;
use std::collections::HashMap;
use std::sync::Arc;

use super::platform::{Native, Platform};
use crate::vault::VaultState;

#[async_trait]
impl Platform for Native {
    async fn state(&self, _service: &str, _item: Option<&str>) -> VaultState {
        VaultState::Ready
    }

    async fn unlock(&self, _service: &str) -> VaultState {
        VaultState::Ready
    }

    /// It is locked with the session and in no other way.
    async fn lock(&self) -> VaultState {
        VaultState::Ready
    }

    /// The store has no call that names items without their values.
    async fn items(&self, _service: &str) -> Result<Option<Vec<String>>, VaultState> {
        Ok(None)
    }

    async fn backend(&self) -> Result<String, VaultState> {
        Ok(String::from("credential-manager"))
    }

    fn connect(&self) -> keyring_core::Result<Arc<CredentialStore>> {
        // Item and service are joined to one name; neither holds this divider, so no two names collide.
        let config = HashMap::from([("divider", "@"), ("service_no_divider", "true")]);
        Ok(windows_native_keyring_store::Store::new_with_configuration(&config)?)
    }

    /// The default would roam to other machines.
    fn modifiers<'a>(&self, _label: &'a str) -> HashMap<&'a str, &'a str> {
        HashMap::from([("persistence", "Local")])
    }
}
