//! What a world keeps, once more: on the disk, and in its keychain.

use std::path::Path;

use keywheel_core::store::DB_FILE;
use keywheel_core::vault::{MemoryVault, Vault};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tempfile::TempDir;

use crate::world::directory;

/// The same values in another keychain.
pub(crate) async fn copied(vault: &MemoryVault) -> MemoryVault {
    let copy = MemoryVault::new();
    for at in vault.refs() {
        let value = vault.get(&at).await.expect("the keychain answers");
        let kept = copy.put(&at, &value.expect("it is there")).await;
        kept.expect("the keychain answers");
    }
    copy
}

/// A copy of a data directory that nobody has open: the database, and definitions of the user's own. As if it had always
/// lain where it lies: the one that it was copied from is forgotten.
pub(crate) async fn data_of(dir: &TempDir) -> TempDir {
    let copy = directory();
    let own = Path::new("providers/lab.toml");
    for file in [Path::new(DB_FILE), own] {
        let from = dir.path().join(file);
        if from.is_file() {
            let to = copy.path().join(file);
            std::fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
            std::fs::copy(from, to).expect("a copy");
        }
    }
    let file = SqliteConnectOptions::new().filename(copy.path().join(DB_FILE));
    let mut database = file.connect().await.expect("the copy opens");
    let settled = sqlx::query("UPDATE data_dir SET home = NULL").execute(&mut database);
    settled.await.expect("it is written");
    database.close().await.expect("it is closed");
    copy
}
