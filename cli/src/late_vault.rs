//! The keychain, chosen once it is known what the data directory is: a demo's values lie apart.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use keywheel_core::clock::SystemClock;
use keywheel_core::model::Secret;
use keywheel_core::vault::{Deadlines, Keychain, Vault, VaultRef, VaultState};
use keywheel_core::{Code, Failure};

/// Name under which all items lie in the keychain.
const SERVICE: &str = "app.keywheel";
const DEMO_SERVICE: &str = "app.keywheel.demo";

/// A vault that is told later which keychain it is.
#[derive(Default)]
pub struct LateVault(OnceLock<Keychain>);

impl LateVault {
    pub fn choose(&self, data_dir: &Path, demo: bool) {
        let service = if demo { DEMO_SERVICE } else { SERVICE };
        let keychain = Keychain::new(service, Arc::new(SystemClock::new()), Deadlines::default())
            .with_lock_file(data_dir.join("keychain.lock"));
        // The first choice stands.
        let _ = self.0.set(keychain);
    }

    fn chosen(&self) -> Result<&Keychain, Failure> {
        self.0.get().ok_or_else(|| Failure::new(Code::KeychainFailed))
    }
}

#[async_trait]
impl Vault for LateVault {
    async fn put(&self, at: &VaultRef, secret: &Secret) -> Result<(), Failure> {
        self.chosen()?.put(at, secret).await
    }

    async fn get(&self, at: &VaultRef) -> Result<Option<Secret>, Failure> {
        self.chosen()?.get(at).await
    }

    async fn delete(&self, at: &VaultRef) -> Result<(), Failure> {
        self.chosen()?.delete(at).await
    }

    async fn state(&self) -> VaultState {
        match self.chosen() {
            Ok(keychain) => keychain.state().await,
            Err(_) => VaultState::Failed,
        }
    }

    async fn unlock(&self) -> Result<(), Failure> {
        self.chosen()?.unlock().await
    }

    async fn backend(&self) -> Result<String, Failure> {
        self.chosen()?.backend().await
    }
}
