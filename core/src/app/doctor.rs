//! What is amiss, in one look.

use std::path::PathBuf;

use super::App;
use super::definitions::ChangedDefinition;
use super::strays::Disagreement;
use crate::failure::{Code, Failure, SafeDetail};
use crate::model::RotationId;
use crate::provider::CatalogProblem;
use crate::rotation::Rotation;
use crate::store::Unaccounted;
use crate::vault::VaultState;

/// What a look at everything found.
pub struct Examination {
    /// SQLite's own check of the whole file.
    pub database: Result<(), Failure>,
    pub keychain: VaultState,
    /// The keychain in use; none where it does not answer.
    pub backend: Option<String>,
    /// Whether it is the one that this data directory was made with.
    pub same_keychain: bool,
    /// Whether values can be recognised; also where the keychain does not answer, which is told by its state.
    pub recognises: Result<(), Failure>,
    /// Another data directory that has the same keys.
    pub copied_from: Option<PathBuf>,
    /// Whether this one has the keys, as far as the keychain was told.
    pub has_the_keys: Result<(), Failure>,
    /// User definitions that could not be read, by file.
    pub left_out: Vec<String>,
    /// Accounts that go on by a former definition.
    pub changed: Vec<ChangedDefinition>,
    pub open: Vec<Rotation>,
    /// Open rotations whose own record cannot be read, and why.
    pub unread: Vec<(RotationId, Failure)>,
    pub unaccounted: Vec<Unaccounted>,
    /// Values that are kept of keys which have ended.
    pub kept: u32,
    /// Values that are to leave the keychain and are still there.
    pub leaving: u32,
    /// Where the keychain and the database do not agree; none where the system does not name its items.
    pub disagreement: Option<Disagreement>,
    /// Values that are on their way into the keychain, or were when Keywheel was stopped.
    pub arriving: usize,
}

impl App {
    pub async fn examine(&self) -> Examination {
        let database = match self.integrity().await {
            Ok(true) => self.is_writable().await,
            Ok(false) => Err(Failure::new(Code::StoreDamaged).detail(SafeDetail::Part("integrity_check"))),
            Err(failure) => Err(failure),
        };
        let backend = self.vault.backend().await.ok();
        let pinned = self
            .store
            .data_dir()
            .await
            .ok()
            .flatten()
            .and_then(|dir| dir.keychain_backend);
        Examination {
            database,
            keychain: self.vault.state().await,
            same_keychain: pinned.is_none() || backend.is_none() || pinned == backend,
            backend,
            recognises: match self.recognises().await {
                Err(failure) if matches!(failure.code, Code::KeychainNoFingerprints | Code::StoreNotDemo) => {
                    Err(failure)
                }
                _ => Ok(()),
            },
            copied_from: self.copied_from().await.ok().flatten(),
            has_the_keys: self.has_the_keys().await,
            left_out: self.catalog_problems().iter().map(file_of).collect(),
            changed: self.changed_definitions().await.unwrap_or_default(),
            open: self.open_rotations().await.unwrap_or_default(),
            unread: self.unread_rotations().await.unwrap_or_default(),
            unaccounted: self.store.unaccounted().await.unwrap_or_default(),
            disagreement: self.disagreement().await.ok().flatten(),
            kept: self.store.count_kept().await.unwrap_or_default(),
            arriving: self.count_arriving().await.unwrap_or_default(),
            leaving: self.store.count_to_be_forgotten().await.unwrap_or_default(),
        }
    }

    /// Whether the keychain takes a value and gives it back; nothing of it stays.
    pub async fn keychain_is_writable(&self) -> Result<(), Failure> {
        crate::vault::check_writable(self.vault.as_ref(), "doctor", 64).await
    }

    /// How many values are kept of keys that have ended.
    pub async fn count_kept(&self) -> Result<u32, Failure> {
        self.store.count_kept().await
    }

    /// How many values are to leave the keychain and are still there.
    pub async fn count_leaving(&self) -> Result<u32, Failure> {
        self.store.count_to_be_forgotten().await
    }

    /// Nothing has been connected yet.
    pub async fn is_empty(&self) -> Result<bool, Failure> {
        Ok(self.store.accounts().await?.is_empty() && self.store.orgs().await?.is_empty())
    }

    /// The account that a key is of.
    pub async fn account_of(&self, key: crate::model::KeyId) -> Result<crate::model::Account, Failure> {
        let key = self.store.key(key).await?.key;
        self.store.account(key.account_id).await
    }
}

fn file_of(problem: &CatalogProblem) -> String {
    format!("{}: {}", problem.file, problem.problem)
}
