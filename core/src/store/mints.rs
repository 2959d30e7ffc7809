//! The names that mints of ours were sent with. Whatever becomes of one, a key of that name is no stranger's.

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::Store;
use super::failures::{any, damaged};
use super::time::{from_ms, to_ms};
use crate::failure::Failure;
use crate::model::{AccountId, RotationId, VersionId};

/// A mint that was sent, by what its name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedMint {
    pub rotation: RotationId,
    pub version: VersionId,
    pub sent_at: Timestamp,
    /// Its rotation has sent no other one since.
    pub is_newest: bool,
}

/// Keeps a name that is about to be sent.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    (name, version): (&str, VersionId),
    rotation: RotationId,
    at: Timestamp,
) -> Result<(), Failure> {
    sqlx::query(
        "INSERT INTO mints (name, account_id, rotation_id, version_id, sent_at)
         SELECT ?, account_id, id, ?, ? FROM rotations WHERE id = ?
         ON CONFLICT (name) DO UPDATE SET version_id = excluded.version_id, sent_at = excluded.sent_at",
    )
    .bind(name)
    .bind(version.to_string())
    .bind(to_ms(at))
    .bind(rotation.to_string())
    .execute(connection)
    .await
    .map_err(any)
    .map(drop)
}

impl Store {
    /// All mints of an account, by their names.
    pub async fn named_mints(&self, account: AccountId) -> Result<HashMap<String, NamedMint>, Failure> {
        let rows: Vec<(String, String, String, i64, bool)> = sqlx::query_as(
            "SELECT m.name, m.rotation_id, m.version_id, m.sent_at, r.mint_name IS m.name
             FROM mints m JOIN rotations r ON r.id = m.rotation_id WHERE m.account_id = ?",
        )
        .bind(account.to_string())
        .fetch_all(&self.readers)
        .await
        .map_err(any)?;
        let read = |(name, rotation, version, at, is_newest): (String, String, String, i64, bool)| {
            let mint = NamedMint {
                rotation: RotationId::parse(&rotation)?,
                version: VersionId::parse(&version)?,
                sent_at: from_ms(at),
                is_newest,
            };
            Some((name, mint))
        };
        let read = rows
            .into_iter()
            .map(|row| read(row).ok_or_else(|| damaged("mints.rotation_id")));
        read.collect()
    }
}
