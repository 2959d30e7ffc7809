//! The ways a value leaves or enters: copied, revealed, pasted in.

use super::App;
use super::pasted::PastedHandle;
use crate::failure::{Code, Failure};
use crate::model::{Hint, KeyId, KeyVersion, Purpose, Secret, VersionId};
use crate::rotation::Copied;
use crate::store::{ActivityResult, NewActivity};
use crate::vault::VaultRef;

impl App {
    /// Puts the value on the shell's clipboard.
    pub async fn copy(&self, id: VersionId) -> Result<Copied, Failure> {
        let (version, secret) = self.value(id).await?;
        let key = self.store.key(version.key_id).await?.key;
        let what = Copied {
            version_id: id,
            key_name: key.name.to_string(),
            hint: Hint::of(&secret),
        };
        self.clipboard().put(&secret, &what).await?;
        self.note_value(&version, "key.copied").await?;
        Ok(what)
    }

    /// Lends the value for the one timed reveal.
    pub async fn reveal(&self, id: VersionId) -> Result<Secret, Failure> {
        let (version, secret) = self.value(id).await?;
        self.note_value(&version, "key.revealed").await?;
        Ok(secret)
    }

    /// Keeps the value of a key that was not held. It has to be that key's.
    pub async fn hold(&self, id: KeyId, handle: &PastedHandle) -> Result<(), Failure> {
        let secret = self.take_pasted(handle, "key")?;
        match self.hold_value(id, &secret).await {
            Ok(()) => Ok(()),
            Err(failure) => {
                self.put_back(handle.clone(), secret);
                Err(failure)
            }
        }
    }

    async fn hold_value(&self, id: KeyId, secret: &Secret) -> Result<(), Failure> {
        let row = self.store.key(id).await?;
        let version = row.version.ok_or_else(|| Failure::new(Code::KeyEnded))?;
        if version.held {
            return Err(Failure::new(Code::KeyHeld));
        }
        let account = self.store.account(row.key.account_id).await?;
        let definition = self.catalog.require(&account.provider_id)?;
        if row.key.purpose == Purpose::Service && !definition.may_be_key(secret) {
            return Err(Failure::new(Code::InputWrongKeyFormat).field("key"));
        }
        if version
            .prefix
            .as_deref()
            .is_some_and(|prefix| !secret.expose().starts_with(prefix))
        {
            return Err(Failure::new(Code::InputOtherKey).field("key"));
        }
        let fingerprint = self.fingerprints().await?.of(secret);
        self.put(&VaultRef::version(version.id), secret).await?;
        self.store
            .note_held(version.id, &Hint::of(secret), &fingerprint)
            .await?;
        self.note_value(&version, "key.held").await
    }

    async fn value(&self, id: VersionId) -> Result<(KeyVersion, Secret), Failure> {
        let version = self.store.version(id).await?;
        if !version.held {
            return Err(Failure::new(Code::KeyNotHeld));
        }
        let secret = self.vault.get(&VaultRef::version(id)).await?;
        Ok((version, secret.ok_or_else(|| Failure::new(Code::KeychainMissing))?))
    }

    async fn note_value(&self, version: &KeyVersion, verb: &'static str) -> Result<(), Failure> {
        let noted = NewActivity {
            key_id: Some(version.key_id),
            version_id: Some(version.id),
            ..NewActivity::new(&self.who.who, verb, ActivityResult::Done)
        };
        self.store.note(&noted, self.clock.now()).await
    }
}
