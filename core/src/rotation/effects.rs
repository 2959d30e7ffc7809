//! What a driver acts through: the ports, together.

use async_trait::async_trait;
use std::sync::Arc;

use super::nonce;
use super::scene::Draw;
use crate::clock::{Clock, Entropy};
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{Account, FingerprintKey, Hint, Secret, VersionId};
use crate::provider::{Provider, Workspace};
use crate::target::Targets;
use crate::vault::Vault;

/// Turns an account into what a request needs: its definition and its credential from the keychain.
#[async_trait]
pub trait Workspaces: Send + Sync {
    /// With the management credential.
    async fn managing(&self, account: &Account) -> Result<Workspace, Failure>;

    /// Without: for calls that only use a key's own value.
    async fn using(&self, account: &Account) -> Result<Workspace, Failure>;

    /// Keeps the successor of the management credential's long-lived secret.
    async fn renewed(&self, account: &Account, was: &Secret, secret: &Secret) -> Result<(), Failure>;
}

/// What is about to lie on the clipboard.
#[derive(Debug, Clone)]
pub struct Copied {
    pub version_id: VersionId,
    pub key_name: String,
    pub hint: Hint,
}

/// The shell's clipboard, marked as secret and cleared after a while.
#[async_trait]
pub trait Clipboard: Send + Sync {
    async fn put(&self, secret: &Secret, what: &Copied) -> Result<(), Failure>;
}

/// A shell without a clipboard: the value stays in the keychain, to be copied later.
pub struct NoClipboard;

#[async_trait]
impl Clipboard for NoClipboard {
    async fn put(&self, _: &Secret, _: &Copied) -> Result<(), Failure> {
        Err(Failure::new(Code::ClipboardUnavailable))
    }
}

/// All ports of a driver.
pub struct Effects {
    pub provider: Arc<dyn Provider>,
    pub vault: Arc<dyn Vault>,
    pub clipboard: Arc<dyn Clipboard>,
    pub targets: Arc<dyn Targets>,
    pub workspaces: Arc<dyn Workspaces>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub fingerprints: Arc<FingerprintKey>,
}

impl Draw for Effects {
    fn id_parts(&self) -> (u64, [u8; 10]) {
        let mut random = [0u8; 10];
        self.entropy.fill(&mut random);
        (u64::try_from(self.clock.now().as_millisecond()).unwrap_or(0), random)
    }

    fn mint_name(&self, key_name: &str) -> String {
        let mut random = [0u8; 10];
        if in_place(Guard::Nonce) {
            self.entropy.fill(&mut random);
        }
        nonce::name(key_name, &random)
    }
}
