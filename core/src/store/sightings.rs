//! Where values of ours were seen in files that git tracks.

use jiff::Timestamp;

use super::Store;
use super::failures::{any, damaged};
use super::time::to_ms;
use crate::failure::Failure;
use crate::model::VersionId;

/// A value's place in a file, below the folder that was looked through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenAt {
    pub version: VersionId,
    pub path: String,
    pub line: usize,
}

impl Store {
    /// Keeps what a scan of the folder found, in place of what was known of it.
    pub async fn note_sightings(&self, folder: &str, seen: &[SeenAt], now: Timestamp) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM sightings WHERE folder = ?")
            .bind(folder)
            .execute(&mut *tx)
            .await
            .map_err(any)?;
        for one in seen {
            sqlx::query(
                "INSERT OR IGNORE INTO sightings (version_id, folder, path, line, seen_at) VALUES (?, ?, ?, ?, ?)",
            )
            .bind(one.version.to_string())
            .bind(folder)
            .bind(&one.path)
            .bind(i64::try_from(one.line).unwrap_or(i64::MAX))
            .bind(to_ms(now))
            .execute(&mut *tx)
            .await
            .map_err(any)?;
        }
        tx.commit().await.map_err(any)
    }

    /// Every place at which a version's value was last seen, as `folder/path:line`.
    pub async fn sightings(&self) -> Result<Vec<(VersionId, String)>, Failure> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT version_id, rtrim(folder, '/') || '/' || path || ':' || line FROM sightings
             ORDER BY version_id, folder, path, line",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(any)?;
        rows.into_iter()
            .map(|(id, place)| {
                let id = VersionId::parse(&id).ok_or_else(|| damaged("sightings.version_id"))?;
                Ok((id, place))
            })
            .collect()
    }
}
