//! What a person was told of, so that it is not told again.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};

use super::Store;
use super::failures::any;
use super::time::to_ms;
use crate::failure::Failure;

/// What is older is forgotten; by then it is news again.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 180);

impl Store {
    pub async fn told(&self) -> Result<HashSet<String>, Failure> {
        let rows: Vec<(String,)> = sqlx::query_as("SELECT matter FROM told")
            .fetch_all(&self.readers)
            .await
            .map_err(any)?;
        Ok(rows.into_iter().map(|(matter,)| matter).collect())
    }

    pub async fn note_told(&self, matters: &[String], at: Timestamp) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        for matter in matters {
            sqlx::query("INSERT OR REPLACE INTO told (matter, at) VALUES (?, ?)")
                .bind(matter)
                .bind(to_ms(at))
                .execute(&mut *tx)
                .await
                .map_err(any)?;
        }
        sqlx::query("DELETE FROM told WHERE at < ?")
            .bind(to_ms(at - KEPT))
            .execute(&mut *tx)
            .await
            .map_err(any)?;
        tx.commit().await.map_err(any)
    }
}
