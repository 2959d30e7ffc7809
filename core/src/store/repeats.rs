//! What was sent with the last mint of a rotation, where it may be sent again.

use std::time::Duration;

use sqlx::SqliteConnection;

use super::failures::any;
use crate::clock::Steady;
use crate::failure::Failure;
use crate::model::RotationId;
use crate::rotation::SentMint;

pub(super) const COLUMNS: &str = "mint_request, mint_boot, mint_up_ms";

/// In the order of [`COLUMNS`]; all or none are there.
#[derive(serde::Deserialize)]
pub(super) struct Columns {
    mint_request: Option<String>,
    mint_boot: Option<String>,
    mint_up_ms: Option<i64>,
}

impl Columns {
    pub fn read(self) -> Option<SentMint> {
        Some(SentMint {
            request: self.mint_request?,
            steady: Steady {
                boot: self.mint_boot?,
                up: Duration::from_millis(u64::try_from(self.mint_up_ms?).ok()?),
            },
        })
    }
}

/// Keeps it in the place of what was sent before.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    rotation: RotationId,
    sent: Option<SentMint>,
) -> Result<(), Failure> {
    let (request, steady) = sent.map(|sent| (sent.request, sent.steady)).unzip();
    let (boot, up) = steady.map(|steady| (steady.boot, steady.up)).unzip();
    sqlx::query("UPDATE rotations SET mint_request = ?, mint_boot = ?, mint_up_ms = ? WHERE id = ?")
        .bind(request)
        .bind(boot)
        .bind(up.map(|up| i64::try_from(up.as_millis()).unwrap_or(i64::MAX)))
        .bind(rotation.to_string())
        .execute(connection)
        .await
        .map_err(any)
        .map(drop)
}
