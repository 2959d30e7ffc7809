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

/// A mint that was sent and never answered, and of which a list or a person has said that it made nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnansweredMint {
    pub rotation: RotationId,
    pub sent_at: Timestamp,
    pub settled_at: Timestamp,
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
    /// Mints sent in the account of the rotation since then whose values the keychain does not have.
    pub(super) async fn lost_mints(&self, id: RotationId, since: Timestamp) -> Result<u32, Failure> {
        sqlx::query_scalar(
            // Neither what was refused or held back, nor what the keychain has.
            "SELECT count(*) FROM journal j JOIN rotations r ON r.id = j.rotation_id
             WHERE j.event = 'intended' AND j.step = 'mint' AND j.at >= ?
               AND r.account_id = (SELECT account_id FROM rotations WHERE id = ?)
               AND NOT EXISTS (
                 SELECT 1 FROM journal n WHERE n.rotation_id = j.rotation_id AND n.event = 'not_applied'
                   AND n.seq = (SELECT min(seq) FROM journal WHERE rotation_id = j.rotation_id AND seq > j.seq))
               AND NOT EXISTS (
                 SELECT 1 FROM journal s WHERE s.rotation_id = j.rotation_id AND s.event = 'applied'
                   AND s.step = 'store' AND s.seq > j.seq AND s.seq < ifnull(
                     (SELECT min(seq) FROM journal WHERE rotation_id = j.rotation_id AND seq > j.seq
                        AND event = 'intended' AND step = 'mint'), s.seq + 1))",
        )
        .bind(to_ms(since))
        .bind(id.to_string())
        .fetch_one(&self.readers)
        .await
        .map_err(any)
    }

    /// What was listed right before a mint of ours made the version; none where no mint did, or a list has vouched for its id.
    pub(super) async fn listed_before_mint(&self, version: VersionId) -> Result<Option<Vec<String>>, Failure> {
        let id = version.to_string();
        let asks: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM key_versions v JOIN mints m ON m.version_id = v.id WHERE v.id = ? AND v.vouched = 0)",
        )
        .bind(&id)
        .fetch_one(&self.readers)
        .await
        .map_err(any)?;
        if !asks {
            return Ok(None);
        }
        let before = sqlx::query_scalar(
            "SELECT s.remote_id FROM snapshots s JOIN rotations r ON r.id = s.rotation_id WHERE r.new_version_id = ?",
        );
        before.bind(&id).fetch_all(&self.readers).await.map_err(any).map(Some)
    }

    /// The names of keys of the rotation's account, without its own, that have not ended.
    pub(super) async fn names_beside_key(&self, id: RotationId) -> Result<Vec<String>, Failure> {
        sqlx::query_scalar(
            "SELECT DISTINCT k.name FROM keys k JOIN rotations r ON r.id = ? AND r.account_id = k.account_id
             WHERE k.id <> r.key_id AND k.removed_at IS NULL AND k.purpose = 'service'
               AND EXISTS (SELECT 1 FROM key_versions v WHERE v.key_id = k.id AND v.ended_at IS NULL)",
        )
        .bind(id.to_string())
        .fetch_all(&self.readers)
        .await
        .map_err(any)
    }

    /// A list tells the version's id as well.
    pub(super) async fn note_vouched(&self, version: VersionId) -> Result<(), Failure> {
        sqlx::query("UPDATE key_versions SET vouched = 1 WHERE id = ?")
            .bind(version.to_string())
            .execute(&self.writer)
            .await
            .map_err(any)
            .map(drop)
    }

    /// When its provider said that a version was made which a mint of ours has made. Where it did not, the moment of our own
    /// record stands there.
    pub(super) async fn told_made_at_of(&self, version: VersionId) -> Result<Option<Timestamp>, Failure> {
        let told: Option<i64> = sqlx::query_scalar(
            "SELECT v.created_at FROM key_versions v WHERE v.id = ?1 AND v.created_at IS NOT NULL
               AND EXISTS (SELECT 1 FROM mints m WHERE m.version_id = v.id)
               AND NOT EXISTS (SELECT 1 FROM mints m JOIN journal j ON j.rotation_id = m.rotation_id
                               WHERE m.version_id = v.id AND j.at = v.created_at)",
        )
        .bind(version.to_string())
        .fetch_optional(&self.readers)
        .await
        .map_err(any)?;
        Ok(told.map(from_ms))
    }

    /// Mints of an account that were settled as if they had made nothing, without an answer; oldest first.
    pub async fn unanswered_mints(&self, account: AccountId) -> Result<Vec<UnansweredMint>, Failure> {
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(
            "SELECT m.rotation_id, m.sent_at, n.at FROM mints m
             JOIN journal i ON i.rotation_id = m.rotation_id AND i.event = 'intended' AND i.step = 'mint' AND i.at = m.sent_at
             JOIN journal u ON u.rotation_id = i.rotation_id AND u.event = 'unclear' AND u.seq = (
               SELECT min(seq) FROM journal WHERE rotation_id = i.rotation_id AND seq > i.seq)
             JOIN journal n ON n.rotation_id = i.rotation_id AND n.event IN ('not_applied', 'answered_absent') AND n.seq = (
               SELECT min(seq) FROM journal WHERE rotation_id = i.rotation_id AND seq > u.seq AND (
                 step = 'mint' AND event IN ('intended', 'applied', 'not_applied')
                 OR event IN ('answered_absent', 'answered_discard', 'value_lost', 'settled', 'closed')))
             WHERE m.account_id = ? ORDER BY m.sent_at",
        )
        .bind(account.to_string())
        .fetch_all(&self.readers)
        .await
        .map_err(any)?;
        let read = |(rotation, sent_at, settled_at): (String, i64, i64)| {
            Some(UnansweredMint {
                rotation: RotationId::parse(&rotation)?,
                sent_at: from_ms(sent_at),
                settled_at: from_ms(settled_at),
            })
        };
        let read = rows
            .into_iter()
            .map(|row| read(row).ok_or_else(|| damaged("mints.rotation_id")));
        read.collect()
    }

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
