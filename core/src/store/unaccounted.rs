//! Keys at a provider that nobody accounts for yet.

use std::collections::HashSet;

use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::Store;
use super::failures::{any, damaged};
use super::lists::Shown;
use super::time::{from_ms, to_ms};
use crate::failure::{Code, Failure};
use crate::model::{AccountId, RotationId, UnaccountedId};

/// Shown until a person settles it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unaccounted {
    pub id: UnaccountedId,
    pub account_id: AccountId,
    pub rotation_id: Option<RotationId>,
    pub remote_id: Option<String>,
    pub prefix: Option<String>,
    pub from: Timestamp,
    pub to: Timestamp,
}

impl Unaccounted {
    /// Whether it is no mint whose answer got lost, but a key that had ended and is listed again.
    pub fn is_back(&self) -> bool {
        self.rotation_id.is_none() && self.remote_id.is_some()
    }
}

/// Writes down a key that a list shows and nobody accounts for; one that is open stays as it is, and one that a person left
/// there is not told again.
pub(super) async fn listed(
    connection: &mut SqliteConnection,
    account: AccountId,
    shown: &Shown,
    at: Timestamp,
) -> Result<(), Failure> {
    sqlx::query(
        "INSERT INTO unaccounted (id, account_id, rotation_id, remote_id, prefix, window_from, window_to)
         SELECT ?1, ?2, ?7, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (
             SELECT 1 FROM unaccounted
             WHERE account_id = ?2 AND remote_id = ?3 AND rotation_id IS ?7 AND settled_as = 'kept')
         ON CONFLICT DO NOTHING",
    )
    .bind(shown.entry.to_string())
    .bind(account.to_string())
    .bind(&shown.listed.remote_id)
    .bind(&shown.listed.prefix)
    .bind(to_ms(shown.since))
    .bind(to_ms(at))
    .bind(shown.made_by.map(|id| id.to_string()))
    .execute(connection)
    .await
    .map_err(any)
    .map(drop)
}

type Row = (String, String, Option<String>, Option<String>, Option<String>, i64, i64);

impl Store {
    pub async fn unaccounted(&self) -> Result<Vec<Unaccounted>, Failure> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, account_id, rotation_id, remote_id, prefix, window_from, window_to
             FROM unaccounted WHERE settled_at IS NULL ORDER BY window_from, id",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(any)?;
        rows.into_iter()
            .map(|(id, account, rotation, remote_id, prefix, from, to)| {
                Ok(Unaccounted {
                    id: UnaccountedId::parse(&id).ok_or_else(|| damaged("unaccounted.id"))?,
                    account_id: AccountId::parse(&account).ok_or_else(|| damaged("unaccounted.account_id"))?,
                    rotation_id: rotation.as_deref().and_then(RotationId::parse),
                    remote_id,
                    prefix,
                    from: from_ms(from),
                    to: from_ms(to),
                })
            })
            .collect()
    }

    /// Ids of the account's keys that a person keeps as somebody's.
    pub async fn kept_remote_ids(&self, account: AccountId) -> Result<HashSet<String>, Failure> {
        let ids: Vec<String> = sqlx::query_scalar(
            "SELECT remote_id FROM unaccounted WHERE account_id = ? AND remote_id IS NOT NULL AND settled_as = 'kept'",
        )
        .bind(account.to_string())
        .fetch_all(&self.readers)
        .await
        .map_err(any)?;
        Ok(ids.into_iter().collect())
    }

    /// Settles the entry of a key that has been revoked, where there is one.
    pub async fn settle_unaccounted_key(
        &self,
        account: AccountId,
        remote_id: &str,
        at: Timestamp,
    ) -> Result<(), Failure> {
        sqlx::query(
            "UPDATE unaccounted SET settled_at = ?, settled_as = 'revoked'
             WHERE account_id = ? AND remote_id = ? AND settled_at IS NULL",
        )
        .bind(to_ms(at))
        .bind(account.to_string())
        .bind(remote_id)
        .execute(&self.writer)
        .await
        .map_err(any)
        .map(drop)
    }

    pub async fn settle_unaccounted(&self, id: UnaccountedId, settled_as: &str, at: Timestamp) -> Result<(), Failure> {
        let done =
            sqlx::query("UPDATE unaccounted SET settled_at = ?, settled_as = ? WHERE id = ? AND settled_at IS NULL")
                .bind(to_ms(at))
                .bind(settled_as)
                .bind(id.to_string())
                .execute(&self.writer)
                .await
                .map_err(any)?;
        if done.rows_affected() == 0 {
            Err(Failure::new(Code::NotFound).field("unaccounted"))
        } else {
            Ok(())
        }
    }
}
