//! Keys at a provider that nobody accounts for yet.

use std::collections::HashSet;

use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::Store;
use super::failures::{any, damaged};
use super::lists::Shown;
use super::time::{from_ms, to_ms};
use crate::failure::{Code, Failure};
use crate::model::{AccountId, RotationId, UnaccountedId, VersionId};

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
    /// A key of that id is known, and was left beside the one that serves; and whether its value is held.
    pub left: Option<bool>,
}

impl Unaccounted {
    /// Whether it is no mint whose answer got lost, but a key that had ended and is listed again.
    pub fn is_back(&self) -> bool {
        self.rotation_id.is_none() && self.remote_id.is_some()
    }
}

/// Closes what is open of a key that is known and held by now: it is accounted for.
pub(super) async fn known(connection: &mut SqliteConnection, id: VersionId, at: Timestamp) -> Result<(), Failure> {
    sqlx::query(
        "UPDATE unaccounted SET settled_at = ?1, settled_as = 'kept'
         WHERE settled_at IS NULL AND (account_id, remote_id) IN (
             SELECT k.account_id, v.remote_id FROM key_versions v JOIN keys k ON k.id = v.key_id
             WHERE v.id = ?2 AND v.held = 1 AND v.state = 'live')",
    )
    .bind(to_ms(at))
    .bind(id.to_string())
    .execute(connection)
    .await
    .map_err(any)
    .map(drop)
}

/// Closes what is open of a key that has ended.
pub(super) async fn ended(connection: &mut SqliteConnection, id: VersionId, at: Timestamp) -> Result<(), Failure> {
    sqlx::query(
        "UPDATE unaccounted SET settled_at = ?1, settled_as = 'revoked'
         WHERE settled_at IS NULL AND (account_id, remote_id) IN (
             SELECT k.account_id, v.remote_id FROM key_versions v JOIN keys k ON k.id = v.key_id WHERE v.id = ?2
               -- Where values are replaced in place, an id outlives them.
               AND NOT EXISTS (SELECT 1 FROM key_versions o WHERE o.key_id = v.key_id AND o.remote_id = v.remote_id
                               AND o.id <> v.id AND o.ended_at IS NULL))",
    )
    .bind(to_ms(at))
    .bind(id.to_string())
    .execute(connection)
    .await
    .map_err(any)
    .map(drop)
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

type Row = (
    String,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    i64,
    i64,
    Option<bool>,
);

impl Store {
    pub async fn unaccounted(&self) -> Result<Vec<Unaccounted>, Failure> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, account_id, rotation_id, remote_id, prefix, window_from, window_to,
               (SELECT max(v.held) FROM key_versions v JOIN keys k ON k.id = v.key_id
                WHERE k.account_id = u.account_id AND v.remote_id = u.remote_id AND v.ended_at IS NULL
                  AND k.removed_at IS NULL)
             FROM unaccounted u WHERE settled_at IS NULL ORDER BY window_from, id",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(any)?;
        rows.into_iter()
            .map(|(id, account, rotation, remote_id, prefix, from, to, left)| {
                Ok(Unaccounted {
                    id: UnaccountedId::parse(&id).ok_or_else(|| damaged("unaccounted.id"))?,
                    account_id: AccountId::parse(&account).ok_or_else(|| damaged("unaccounted.account_id"))?,
                    rotation_id: rotation.as_deref().and_then(RotationId::parse),
                    remote_id,
                    prefix,
                    from: from_ms(from),
                    to: from_ms(to),
                    left,
                })
            })
            .collect()
    }

    /// Whether a key is held by that id that serves, in an account of the same workspace.
    pub async fn serves_by_id(&self, account: AccountId, remote_id: &str) -> Result<bool, Failure> {
        sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM key_versions v JOIN keys k ON k.id = v.key_id JOIN accounts a ON a.id = k.account_id
               JOIN accounts own ON own.id = ?
             WHERE a.provider_id = own.provider_id AND a.fields = own.fields AND a.base_url IS own.base_url
               AND a.removed_at IS NULL AND k.removed_at IS NULL
               AND v.remote_id = ? AND v.held = 1 AND (v.state = 'live' OR v.state = 'retiring' AND NOT EXISTS (
                   SELECT 1 FROM key_versions s WHERE s.key_id = v.key_id AND s.state = 'live' AND s.ended_at IS NULL)))",
        )
        .bind(account.to_string())
        .bind(remote_id)
        .fetch_one(&self.readers)
        .await
        .map_err(any)
    }

    /// Whether a list has shown the key of that id since then, and nothing has ended it; with the entry where that is open.
    pub async fn is_listed_again(
        &self,
        account: AccountId,
        remote_id: &str,
        since: Timestamp,
    ) -> Result<Option<Option<UnaccountedId>>, Failure> {
        let row: Option<(String, bool)> = sqlx::query_as(
            "SELECT id, settled_at IS NULL FROM unaccounted
             WHERE account_id = ? AND remote_id = ? AND (settled_at IS NULL OR settled_as = 'kept' AND settled_at > ?)
             ORDER BY settled_at IS NULL DESC LIMIT 1",
        )
        .bind(account.to_string())
        .bind(remote_id)
        .bind(to_ms(since))
        .fetch_optional(&self.readers)
        .await
        .map_err(any)?;
        Ok(row.map(|(id, open)| UnaccountedId::parse(&id).filter(|_| open)))
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
