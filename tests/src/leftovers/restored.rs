//! A leftover built again: a data directory that nobody has open, its keychain, its provider.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use keywheel_core::App;
use keywheel_core::app::Wiring;
use keywheel_core::failure::Failure;
use keywheel_core::model::{Secret, VersionId};
use keywheel_core::store::DB_FILE;
use keywheel_core::target::Machine;
use keywheel_core::vault::{MemoryVault, Vault, VaultRef};
use provider_sim::{Clock, Options, Simulator};
use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;

use super::kept::Kept;
use crate::clock::{SeededEntropy, SimulatedClock};
use crate::keyring::Keyring;
use crate::ports::{Seen, TapedClipboard};
use crate::tape::Tape;
use crate::transport::InProcess;
use crate::world::directory;

/// A leftover, ready to be opened by this version, in process: its keychain is in memory, its provider honest, its clock
/// stands where it stood.
pub struct Restored {
    pub kept: Kept,
    pub dir: TempDir,
    pub vault: Arc<MemoryVault>,
    pub sim: Simulator,
    pub clock: Clock,
    entropy: Arc<SeededEntropy>,
}

impl Restored {
    /// Builds it from its folder.
    pub async fn from(folder: &Path) -> std::io::Result<Restored> {
        let kept = Kept::read(folder)?;
        let dir = directory();
        kept.place(dir.path()).await?;
        let vault = Arc::new(MemoryVault::new());
        if let Some(backend) = backend(dir.path()).await {
            vault.set_backend(&backend);
        }
        for (name, value) in &kept.keychain {
            let at = vault_ref(name).ok_or_else(|| std::io::Error::other(format!("{name} is no item of ours")))?;
            let put = vault.put(&at, &Secret::new(value.clone())).await;
            put.map_err(|failure| std::io::Error::other(format!("{failure:?}")))?;
        }
        let clock = Clock::manual(kept.provider.now);
        let options = Options {
            clock: clock.clone(),
            seed: Some(7),
            ..Options::default()
        };
        Ok(Restored {
            sim: Simulator::restored(&kept.provider, options),
            kept,
            dir,
            vault,
            clock,
            entropy: Arc::new(SeededEntropy::new(7)),
        })
    }

    /// Opens the data directory with this version, which migrates it.
    pub async fn open(&self) -> Result<App, Failure> {
        let tape = Tape::new(self.clock.clone());
        App::open(Wiring {
            data_dir: self.dir.path().to_owned(),
            who: "cli",
            entropy: self.entropy.clone(),
            vault: self.vault.clone(),
            clipboard: Arc::new(TapedClipboard {
                tape: tape.clone(),
                copied: Default::default(),
            }),
            observer: Arc::new(Seen::default()),
            targets: Arc::new(Machine::new(self.dir.path(), |name| {
                std::env::var_os(name).filter(|_| name == "PATH")
            })),
            transport: Some(Arc::new(InProcess::new(self.sim.clone(), tape))),
            clock: Some(Arc::new(SimulatedClock::new(self.clock.clone()))),
            journal_tap: None,
        })
        .await
    }

    /// The database, as a reader outside of Keywheel opens it.
    pub async fn database(&self) -> SqliteConnection {
        opened(&self.dir.path().join(DB_FILE)).await
    }
}

impl Kept {
    /// Puts database, definitions and files into an empty data directory; the targets lead to the files there.
    pub async fn place(&self, dir: &Path) -> std::io::Result<()> {
        std::fs::write(dir.join(DB_FILE), &self.database)?;
        let providers = dir.join("providers");
        if !self.providers.is_empty() {
            std::fs::create_dir_all(&providers)?;
        }
        for (name, text) in &self.providers {
            std::fs::write(providers.join(name), text)?;
        }
        let mut files: Vec<PathBuf> = Vec::new();
        for (name, text) in &self.files {
            let folder = dir.canonicalize()?.join("files").join(name.trim_end_matches(".env"));
            std::fs::create_dir_all(&folder)?;
            std::fs::write(folder.join(".env"), text)?;
            files.push(folder.join(".env"));
        }
        if files.is_empty() {
            return Ok(());
        }
        let mut database = opened(&dir.join(DB_FILE)).await;
        let sql = "SELECT id FROM bindings WHERE file IS NOT NULL ORDER BY added_at, id";
        let bindings: Vec<String> = sqlx::query_scalar(sql)
            .fetch_all(&mut database)
            .await
            .map_err(std::io::Error::other)?;
        for (id, file) in bindings.iter().zip(&files) {
            let file = file.to_string_lossy().into_owned();
            sqlx::query("UPDATE bindings SET path = ?, file = ? WHERE id = ?")
                .bind(&file)
                .bind(&file)
                .bind(id)
                .execute(&mut database)
                .await
                .map_err(std::io::Error::other)?;
        }
        Ok(())
    }
}

/// Puts the items of a leftover into a real keychain, under their names: those of one data directory, for a command that
/// takes it over.
pub async fn into_keyring(kept: &Kept, keyring: &Keyring) {
    for (name, value) in &kept.keychain {
        keyring.put(name, value).await;
    }
}

/// Where a value of that name lies.
fn vault_ref(name: &str) -> Option<VaultRef> {
    let (kind, id) = name.split_once('/')?;
    match kind {
        "version" => VersionId::parse(id).map(VaultRef::version),
        "answer" => VersionId::parse(id).map(VaultRef::answer),
        "fingerprint-key" => Some(VaultRef::fingerprint_key(id)),
        "demo-fingerprint-key" => Some(VaultRef::demo_key(id)),
        "canary" => Some(VaultRef::canary(id)),
        _ => None,
    }
}

/// The keychain that the data directory is pinned to.
async fn backend(dir: &Path) -> Option<String> {
    let mut database = opened(&dir.join(DB_FILE)).await;
    let pinned = sqlx::query_scalar("SELECT keychain_backend FROM data_dir");
    let pinned: Option<Option<String>> = pinned.fetch_optional(&mut database).await.expect("the query is right");
    pinned.flatten()
}

async fn opened(file: &Path) -> SqliteConnection {
    let opened = SqliteConnectOptions::new().filename(file).connect().await;
    opened.expect("the database opens")
}
