//! Definitions as accounts were connected with them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sqlx::SqliteConnection;

use super::Store;
use super::failures::any;
use crate::failure::Failure;
use crate::model::AccountId;

/// A definition's text, and the digest that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pinned {
    pub digest: String,
    pub source: String,
}

/// Texts that were read once: they never change.
#[derive(Default)]
pub(super) struct Sources(Mutex<HashMap<String, Arc<str>>>);

impl Sources {
    fn all(&self) -> MutexGuard<'_, HashMap<String, Arc<str>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) async fn insert(connection: &mut SqliteConnection, pinned: &Pinned) -> Result<(), Failure> {
    sqlx::query("INSERT INTO definitions (digest, source) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING")
        .bind(&pinned.digest)
        .bind(&pinned.source)
        .execute(connection)
        .await
        .map_err(any)
        .map(drop)
}

impl Store {
    /// The text that a digest of an account which was read names.
    pub fn definition_source(&self, digest: &str) -> Option<Arc<str>> {
        self.sources.all().get(digest).cloned()
    }

    /// Reads the texts of these digests that are not known yet.
    pub(super) async fn load_sources(&self, digests: impl Iterator<Item = &str>) -> Result<(), Failure> {
        let missing: Vec<String> = {
            let known = self.sources.all();
            let missing = digests.filter(|digest| !known.contains_key(*digest));
            missing.map(str::to_owned).collect()
        };
        for digest in missing {
            let source: Option<String> = sqlx::query_scalar("SELECT source FROM definitions WHERE digest = ?")
                .bind(&digest)
                .fetch_optional(&self.readers)
                .await
                .map_err(any)?;
            if let Some(source) = source {
                self.sources.all().insert(digest, source.into());
            }
        }
        Ok(())
    }

    /// From now on the account goes by this definition.
    pub async fn pin_definition(&self, account: AccountId, pinned: &Pinned) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        insert(&mut tx, pinned).await?;
        sqlx::query("UPDATE accounts SET definition = ? WHERE id = ?")
            .bind(&pinned.digest)
            .bind(account.to_string())
            .execute(&mut *tx)
            .await
            .map_err(any)?;
        tx.commit().await.map_err(any)
    }
}
