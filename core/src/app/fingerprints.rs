//! The key of all fingerprints: found in the keychain, made at first use, and made anew by a person's order.

use std::sync::Arc;

use super::App;
use crate::clock::Entropy;
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{Fingerprint, FingerprintKey, Hint, Secret};
use crate::store::Arrived;
use crate::vault::VaultRef;

impl App {
    /// The key of all fingerprints, made at first use. The keychain it lies in is pinned with it.
    pub(super) async fn fingerprints(&self) -> Result<Arc<FingerprintKey>, Failure> {
        self.fingerprints
            .get_or_try_init(|| self.find_fingerprints())
            .await
            .cloned()
    }

    async fn find_fingerprints(&self) -> Result<Arc<FingerprintKey>, Failure> {
        let pinned = self.pinned_keychain().await?;
        if let Some(key) = self.fingerprint_key().await? {
            if !pinned {
                self.store.pin_keychain(&self.vault.backend().await?).await?;
            }
            return Ok(Arc::new(key));
        }
        // Of a demo it was made with the row.
        if pinned || self.is_demo() && in_place(Guard::DemoIsTwice) {
            return Err(Failure::new(self.no_key()));
        }
        let key = drawn_key(&*self.entropy);
        self.vault.put(&self.fingerprint_place(), &key.to_secret()).await?;
        self.store.check_fingerprints_by(&self.check_of(&key)).await?;
        // A keychain that gives nothing back without a question is found out before it holds a value.
        self.fingerprint_key().await?;
        self.store.pin_keychain(&self.vault.backend().await?).await?;
        Ok(Arc::new(key))
    }

    /// Whether values can be recognised: the key is there, or there is nothing yet that one was made for; and no value has
    /// come back since that was not there when the key was made anew.
    pub async fn recognises(&self) -> Result<(), Failure> {
        let lost = || Err(Failure::new(self.no_key()));
        // Of a demo it was made with the row.
        if !self.pinned_keychain().await? && !self.is_demo() {
            return Ok(());
        }
        if self.fingerprint_key().await?.is_none() {
            return lost();
        }
        for id in self.store.values_unrecognised().await? {
            if self.vault.get(&VaultRef::version(id)).await?.is_some() {
                return lost();
            }
        }
        Ok(())
    }

    /// Makes the key anew where the keychain has lost it, and takes the fingerprint of every value as it lies there now: by
    /// a person's order, for what was changed meanwhile can no longer be told. Where the key is there, it does so for those
    /// values only that were not there then. Returns how many were taken.
    ///
    /// In another keychain than the one that is pinned, that one is pinned from now on: what it does not have is missing, and
    /// can be given again.
    pub async fn renew_fingerprints(&self) -> Result<usize, Failure> {
        let moved = match self.pinned_keychain().await {
            Err(failure) if failure.code == Code::KeychainOther => true,
            pinned if !pinned.clone()? => return Ok(0),
            _ => false,
        };
        let (key, is_new) = match self.fingerprint_key().await? {
            Some(key) => (key, false),
            None if self.is_demo() => return Err(Failure::new(Code::StoreNotDemo)),
            None => (drawn_key(&*self.entropy), true),
        };
        let wanted = match is_new {
            true => self.store.values_held().await?,
            false => self.store.values_unrecognised().await?,
        };
        let mut taken = Vec::new();
        for id in wanted {
            if let Some(value) = self.vault.get(&VaultRef::version(id)).await? {
                taken.push(Arrived {
                    version: id,
                    hint: Hint::of(&value),
                    fingerprint: key.of(&value),
                });
            }
        }
        // Rows first: ended in between, the key is still missing, and all of it is done once more.
        let check = self.check_of(&key);
        self.store.take_fingerprints(&taken, is_new.then_some(&check)).await?;
        if is_new {
            self.vault.put(&self.fingerprint_place(), &key.to_secret()).await?;
        }
        if moved {
            self.store.repin_keychain(&self.vault.backend().await?).await?;
        }
        Ok(taken.len())
    }

    /// Whether a keychain is pinned; another one than that is used for nothing.
    pub(super) async fn pinned_keychain(&self) -> Result<bool, Failure> {
        let backend = self.vault.backend().await?;
        let pinned = self.store.data_dir().await?.and_then(|dir| dir.keychain_backend);
        match pinned {
            Some(pinned) if pinned != backend && in_place(Guard::PinnedKeychain) => {
                Err(Failure::new(Code::KeychainOther))
            }
            pinned => Ok(pinned.is_some()),
        }
    }

    /// The key as the keychain has it; none where it has none that is one, or another one than they were made with: by that
    /// one each value would look as if it were another.
    async fn fingerprint_key(&self) -> Result<Option<FingerprintKey>, Failure> {
        let found = self.vault.get(&self.fingerprint_place()).await?;
        let Some(key) = found.and_then(|found| FingerprintKey::parse(&found)) else {
            return Ok(None);
        };
        let check = self.check_of(&key);
        let made = self.store.data_dir().await?.and_then(|dir| dir.fingerprint_check);
        match made {
            Some(made) if made != check && in_place(Guard::KeyAsMade) => return Ok(None),
            Some(_) => {}
            None => {
                // An earlier version kept none. One that cannot be written now is kept the next time.
                if let Err(failure) = self.store.check_fingerprints_by(&check).await {
                    tracing::info!(code = failure.code.as_str(), "the key of fingerprints has no check yet");
                }
            }
        }
        Ok(Some(key))
    }

    /// By what a key is known as this one: the fingerprint of what is no value.
    fn check_of(&self, key: &FingerprintKey) -> Fingerprint {
        key.of(&Secret::new(self.data_dir.id.clone()))
    }

    fn fingerprint_place(&self) -> VaultRef {
        match self.is_demo() && in_place(Guard::DemoIsTwice) {
            true => VaultRef::demo_key(&self.data_dir.id),
            false => VaultRef::fingerprint_key(&self.data_dir.id),
        }
    }

    /// Why there is none. A row can be written by whoever may write the file; in a demo the keychain has to say so too.
    fn no_key(&self) -> Code {
        match self.is_demo() {
            true => Code::StoreNotDemo,
            false => Code::KeychainNoFingerprints,
        }
    }

    /// Before anything is sent with a credential: a demo sends to this machine, whatever a definition says.
    pub(super) async fn demo_is_true(&self) -> Result<(), Failure> {
        match self.is_demo() {
            true => self.fingerprints().await.map(drop),
            false => Ok(()),
        }
    }
}

/// A key that nobody has yet.
pub(super) fn drawn_key(entropy: &dyn Entropy) -> FingerprintKey {
    let mut bytes = [0u8; 32];
    entropy.fill(&mut bytes);
    FingerprintKey::new(bytes)
}
