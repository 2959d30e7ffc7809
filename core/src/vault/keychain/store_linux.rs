//! Linux: any Secret Service, such as GNOME Keyring, KWallet or KeePassXC.
//!
//! Deliberately absent: the modifier `target`, which would create a collection of its own.

use async_trait::async_trait;
use keyring_core::CredentialStore;
use std::collections::HashMap;
use std::sync::Arc;

use super::platform::{Native, Platform};
use super::secret_service;
use crate::vault::VaultState;

#[async_trait]
impl Platform for Native {
    async fn state(&self, service: &str, item: Option<&str>) -> VaultState {
        secret_service::state(service, item).await
    }

    async fn unlock(&self, service: &str) -> VaultState {
        secret_service::unlock(service).await
    }

    async fn locked_elsewhere(&self, service: &str) -> usize {
        secret_service::locked_items(service)
            .await
            .map_or(0, |items| items.len())
    }

    async fn lock(&self) -> VaultState {
        secret_service::lock().await
    }

    async fn items(&self, service: &str) -> Result<Option<Vec<String>>, VaultState> {
        secret_service::items(service).await.map(Some)
    }

    async fn backend(&self) -> Result<String, VaultState> {
        let collection = secret_service::default_collection().await?;
        Ok(format!("secret-service:{collection}"))
    }

    async fn writes_late(&self) -> bool {
        !secret_service::writes_at_once().await
    }

    fn connect(&self) -> keyring_core::Result<Arc<CredentialStore>> {
        Ok(zbus_secret_service_keyring_store::Store::new()?)
    }

    fn modifiers<'a>(&self, label: &'a str) -> HashMap<&'a str, &'a str> {
        HashMap::from([("label", label)])
    }
}
