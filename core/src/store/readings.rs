//! Readings of clocks, each beside the record that it was taken with.

use std::time::Duration;

use sqlx::SqliteConnection;

use super::Store;
use super::failures::any;
use super::time::{from_ms, to_ms};
use crate::clock::Steady;
use crate::failure::Failure;
use crate::model::RotationId;
use crate::rotation::Reading;

/// Keeps it with the newest record of the rotation.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    rotation: RotationId,
    reading: &Reading,
) -> Result<(), Failure> {
    sqlx::query(
        "INSERT INTO readings (seq, boot, up_ms, provider_at)
         SELECT max(seq), ?, ?, ? FROM journal WHERE rotation_id = ?",
    )
    .bind(&reading.steady.boot)
    .bind(i64::try_from(reading.steady.up.as_millis()).unwrap_or(i64::MAX))
    .bind(reading.provider_at.map(to_ms))
    .bind(rotation.to_string())
    .execute(connection)
    .await
    .map_err(any)
    .map(drop)
}

impl Store {
    pub(super) async fn readings_since_mint(&self, rotation: RotationId) -> Result<Vec<Reading>, Failure> {
        let rows: Vec<(String, i64, i64, Option<i64>)> = sqlx::query_as(
            "SELECT r.boot, r.up_ms, j.at, r.provider_at FROM readings r JOIN journal j ON j.seq = r.seq
             WHERE j.rotation_id = ?1 AND j.seq > ifnull(
                 (SELECT max(seq) FROM journal WHERE rotation_id = ?1 AND event = 'intended' AND step = 'mint'), 0)
             ORDER BY r.seq",
        )
        .bind(rotation.to_string())
        .fetch_all(&self.readers)
        .await
        .map_err(any)?;
        let read = |(boot, up_ms, at, provider_at): (String, i64, i64, Option<i64>)| Reading {
            steady: Steady {
                boot,
                up: Duration::from_millis(u64::try_from(up_ms).unwrap_or(0)),
            },
            here: from_ms(at),
            provider_at: provider_at.map(from_ms),
        };
        Ok(rows.into_iter().map(read).collect())
    }
}
