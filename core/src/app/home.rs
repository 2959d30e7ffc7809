//! Where a data directory lies: copied, two of them have the same keys, and what one takes out of the keychain is gone for
//! both.

use std::path::{Path, PathBuf};

use super::App;
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::store::Store;

impl App {
    /// The other data directory that has the same keys: where this one lay when it was last the only one, as long as it is
    /// there. One that was moved has taken its place with it.
    pub async fn copied_from(&self) -> Result<Option<PathBuf>, Failure> {
        let here = place(self.directory());
        let home = self.store.data_dir().await?.and_then(|dir| dir.home);
        let Some(home) = home.filter(|home| *home != here) else {
            return Ok(None);
        };
        let home = PathBuf::from(home);
        match Store::is_of(&home, &self.data_dir.id).await && in_place(Guard::OnlyHome) {
            true => Ok(Some(home)),
            false => {
                self.store.settle_home(&here).await?;
                Ok(None)
            }
        }
    }

    /// Refuses what would send something or take a value out of the keychain, where another data directory has the same keys,
    /// or a later state of this one had them: each of the two would go on without knowing of the other.
    pub async fn has_the_keys(&self) -> Result<(), Failure> {
        match self.copied_from().await? {
            Some(_) => Err(Failure::new(Code::KeychainShared)),
            None => self.is_abreast().await,
        }
    }
}

/// The directory as it is written down: by its whole path, without links.
pub(super) fn place(dir: &Path) -> String {
    let whole = std::fs::canonicalize(dir);
    whole
        .unwrap_or_else(|_| dir.to_path_buf())
        .to_string_lossy()
        .into_owned()
}
