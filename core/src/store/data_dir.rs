//! The one row that says what this data directory is.

use std::io::ErrorKind;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use super::failures::{any, damaged};
use super::row::row;
use super::time::to_ms;
use super::{DB_FILE, Store};
use crate::failure::Failure;
use crate::model::Fingerprint;

/// What a data directory is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataDir {
    pub id: String,
    /// The keychain that holds the values, once there are any.
    pub keychain_backend: Option<String>,
    pub demo: Option<Demo>,
    /// Where it lay when it was last the only one that has its keys.
    pub home: Option<String>,
    /// By what the key of all fingerprints is known as the one that they were made with, once that is known.
    pub fingerprint_check: Option<Fingerprint>,
}

/// A directory that was created as demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demo {
    /// Loopback address that answers for all built-in hosts.
    pub simulator: String,
    /// Added to real time.
    pub clock_offset: SignedDuration,
}

row! {
    struct Row {
        id: String,
        keychain_backend: Option<String>,
        demo_simulator: Option<String>,
        demo_clock_offset_ms: i64,
        home: Option<String>,
        fingerprint_check: Option<String>,
    }
}

impl Store {
    /// Returns what the directory is; `None` in a new one.
    pub async fn data_dir(&self) -> Result<Option<DataDir>, Failure> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT id, keychain_backend, demo_simulator, demo_clock_offset_ms, home, fingerprint_check FROM data_dir",
        )
        .fetch_optional(&self.readers)
        .await
        .map_err(any)?;
        Ok(row.map(|row| DataDir {
            id: row.id,
            keychain_backend: row.keychain_backend,
            home: row.home,
            fingerprint_check: row.fingerprint_check.map(Fingerprint::stored),
            demo: row.demo_simulator.map(|simulator| Demo {
                simulator,
                clock_offset: SignedDuration::from_millis(row.demo_clock_offset_ms),
            }),
        }))
    }

    /// Says once what a new directory is. It can never become a demo, or stop being one, later.
    pub async fn create_data_dir(&self, id: &str, at: Timestamp, demo: Option<&Demo>) -> Result<DataDir, Failure> {
        let offset = demo.map_or(0, |demo| {
            i64::try_from(demo.clock_offset.as_millis()).unwrap_or_default()
        });
        sqlx::query(
            "INSERT INTO data_dir (one, id, created_at, demo_simulator, demo_clock_offset_ms) VALUES (1, ?, ?, ?, ?)
             ON CONFLICT (one) DO NOTHING",
        )
        .bind(id)
        .bind(to_ms(at))
        .bind(demo.map(|demo| demo.simulator.as_str()))
        .bind(offset)
        .execute(&self.writer)
        .await
        .map_err(any)?;
        self.data_dir().await?.ok_or_else(|| damaged("data_dir"))
    }

    /// A demo's simulator listens at another port after a restart; only a demo has one.
    pub async fn move_demo(&self, simulator: &str) -> Result<(), Failure> {
        sqlx::query("UPDATE data_dir SET demo_simulator = ? WHERE demo_simulator IS NOT NULL")
            .bind(simulator)
            .execute(&self.writer)
            .await
            .map_err(any)
            .map(drop)
    }

    /// Writes down where the directory lies.
    pub async fn settle_home(&self, home: &str) -> Result<(), Failure> {
        sqlx::query("UPDATE data_dir SET home = ?")
            .bind(home)
            .execute(&self.writer)
            .await
            .map_err(any)
            .map(drop)
    }

    /// Whether a directory holds the database of that id. One that cannot be read is not taken for another one.
    pub async fn is_of(dir: &Path, id: &str) -> bool {
        let file = dir.join(DB_FILE);
        match std::fs::metadata(&file) {
            Err(error) => error.kind() != ErrorKind::NotFound,
            Ok(_) => {
                let options = SqliteConnectOptions::new().filename(&file).read_only(true);
                let read = async {
                    let mut connection = options.connect().await?;
                    sqlx::query_scalar("SELECT id FROM data_dir")
                        .fetch_optional(&mut connection)
                        .await
                };
                let found: Result<Option<String>, sqlx::Error> = read.await;
                found.map_or(true, |found| found.as_deref() == Some(id))
            }
        }
    }

    /// Keeps by what the key of all fingerprints is known, where that is not known yet.
    pub async fn check_fingerprints_by(&self, check: &Fingerprint) -> Result<(), Failure> {
        sqlx::query("UPDATE data_dir SET fingerprint_check = ? WHERE fingerprint_check IS NULL")
            .bind(check.as_str())
            .execute(&self.writer)
            .await
            .map_err(any)
            .map(drop)
    }

    /// Pins the keychain at its first use.
    pub async fn pin_keychain(&self, backend: &str) -> Result<(), Failure> {
        sqlx::query("UPDATE data_dir SET keychain_backend = ? WHERE keychain_backend IS NULL")
            .bind(backend)
            .execute(&self.writer)
            .await
            .map_err(any)
            .map(drop)
    }

    /// Pins another keychain, by a person's order.
    pub async fn repin_keychain(&self, backend: &str) -> Result<(), Failure> {
        sqlx::query("UPDATE data_dir SET keychain_backend = ?")
            .bind(backend)
            .execute(&self.writer)
            .await
            .map_err(any)
            .map(drop)
    }
}
