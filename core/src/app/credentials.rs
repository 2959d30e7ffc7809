//! What becomes of a management credential that another one took the place of: nothing has shown that the new one may do
//! what the former one could, so the former one is kept, and can be brought back.

use super::App;
use crate::failure::{Code, Failure};
use crate::model::{Credential, KeyVersion, Purpose, VersionId};
use crate::rotation::{Event, Rotation, StepKind};
use crate::store::{ActivityResult, NewActivity};
use crate::vault::VaultRef;

impl App {
    /// Brings the value of a version back that does not serve, whatever kind of key it is of. `anyway`: by the person's word,
    /// where no call tells.
    pub async fn bring_back(&self, id: VersionId, anyway: bool) -> Result<(), Failure> {
        let version = self.store.version(id).await?;
        match self.store.key(version.key_id).await?.key.purpose {
            Purpose::Management => self.restore_credential(&version, anyway).await,
            Purpose::Service | Purpose::Webhook => self.restore_kept(id, anyway).await,
        }
    }

    /// Gives an account a former credential back that is accepted now. The present one is kept in its turn.
    async fn restore_credential(&self, version: &KeyVersion, anyway: bool) -> Result<(), Failure> {
        if !version.is_kept() {
            return Err(Failure::new(Code::KeyNotKept));
        }
        let key = self.store.key(version.key_id).await?.key;
        let account = self.store.account(key.account_id).await?;
        let at = VaultRef::version(version.id);
        let secret = self.vault.get(&at).await?;
        let credential = Credential {
            scheme: account.scheme.clone(),
            fields: account.fields.clone(),
            secret: secret.ok_or_else(|| Failure::new(Code::KeychainMissing))?,
        };
        let workspace = self.workspaces.with(&account, Some(credential))?;
        let accepted = self.provider.authenticate(&workspace).await;
        let accepted = accepted.map_err(|failure| match failure.code {
            Code::CredentialRefused => Failure::new(Code::KeyRefused),
            _ => failure,
        })?;
        if !accepted.asked && !anyway {
            return Err(Failure::new(Code::ProviderNoCall));
        }
        self.is_of(&account, &workspace, anyway).await?;
        if let Some(successor) = &accepted.renewed {
            self.vault.put(&at, successor).await?;
        }
        let now = self.clock.now();
        self.store.return_credential(version, now).await?;
        let restored = NewActivity {
            account_id: Some(account.id),
            key_id: Some(version.key_id),
            version_id: Some(version.id),
            ..NewActivity::new(&self.who.who, "key.value_restored", ActivityResult::Done)
        };
        self.store.note(&restored, now).await
    }

    /// Lets former credentials go whose successor has had a key created or revoked.
    pub(super) async fn mark_former_credentials(&self) -> Result<(), Failure> {
        for (former, account, since) in self.store.former_credentials().await? {
            for id in self.store.mutated_since(account, since).await? {
                if has_managed(&self.journal.load(id).await?, since) {
                    self.has_the_keys().await?;
                    self.store.note_to_be_forgotten(former).await?;
                    break;
                }
            }
        }
        Ok(())
    }
}

/// Whether a mutation was sent after that moment, and its answer said that it was done. What is found out later may have been
/// done by another credential, or by somebody else.
fn has_managed(rotation: &Rotation, since: jiff::Timestamp) -> bool {
    rotation.records.windows(2).any(|pair| match pair {
        [sent, answered] if sent.at > since => [StepKind::Mint, StepKind::RevokeOld].into_iter().any(|kind| {
            let both = (sent.event, answered.event) == (Event::Intended(kind), Event::Applied(kind));
            both && rotation.plan.sends(kind)
        }),
        _ => false,
    })
}
