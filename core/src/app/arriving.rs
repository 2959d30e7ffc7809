//! Values that were on their way into the keychain when Keywheel was stopped: looked for, and written down where they are.

use std::time::Duration;

use super::App;
use crate::failure::{Code, Effect, Failure};
use crate::model::{Hint, Secret, VersionId, VersionState};
use crate::store::Arrived;
use crate::vault::VaultRef;

/// No call of a keychain takes longer; what has not come by then does not come.
const COMES_WITHIN: Duration = Duration::from_secs(600);

impl App {
    /// What is written down of a value that the keychain has.
    pub(super) async fn arrived(&self, version: VersionId, secret: &Secret) -> Result<Arrived, Failure> {
        Ok(Arrived {
            version,
            hint: Hint::of(secret),
            fingerprint: self.fingerprints().await?.of(secret),
        })
    }

    /// How many values are on their way into the keychain, or were when Keywheel was stopped.
    pub async fn count_arriving(&self) -> Result<usize, Failure> {
        Ok(self.store.arriving().await?.len())
    }

    /// Whether nothing of a value is in the keychain after a failure to put it there. Where that is not known its row stays,
    /// and it is looked for later.
    pub(super) async fn takes_back(&self, version: VersionId, failure: &Failure) -> bool {
        failure.effect == Effect::NotApplied || self.vault.delete(&VaultRef::version(version)).await.is_ok()
    }

    /// Looks for each in the keychain. One that is there is held from now on; of a credential that was to replace another
    /// one nothing shows that the act came to its end, so it is kept beside the former one.
    pub(super) async fn settle_arriving(&self) -> Result<(), Failure> {
        for (id, since) in self.store.arriving().await? {
            match self.vault.get(&VaultRef::version(id)).await? {
                Some(secret) => {
                    let arrived = self.arrived(id, &secret).await?;
                    match self.store.version(id).await?.state {
                        VersionState::Pending => self.store.note_left_over(&arrived, self.clock.now()).await?,
                        // That of a removed key leaves again.
                        _ => match self.store.note_held(&arrived).await {
                            Err(failure) if failure.code != Code::Removed => return Err(failure),
                            _ => {}
                        },
                    }
                }
                None => {
                    let waited = Duration::try_from(self.clock.now().duration_since(since)).unwrap_or_default();
                    if waited > COMES_WITHIN {
                        self.store.note_not_arrived(id).await?;
                    }
                }
            }
        }
        Ok(())
    }
}
