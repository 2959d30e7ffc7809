//! Key versions.

use std::collections::HashSet;

use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::failures::{any, damaged};
use super::time::{from_ms, to_ms};
use super::{Store, arriving, bulk, unaccounted};
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{Answer, Fingerprint, Hint, KeyId, KeyVersion, Receipt, Standing, Verdict, VersionId, VersionState};

pub(super) const COLUMNS: &str = "id, key_id, state, remote_id, prefix, hint, fingerprint, held, created_at, \
     first_seen_at, expires_at, last_used_at, answer, answered_at, answer_ms, answer_status, answer_code, \
     answer_standing, ended_at, receipt, receipt_status, unlisted_since, switched_off, was_listed, searched, answer_told_at";

/// In the order of [`COLUMNS`].
#[derive(serde::Deserialize)]
pub(super) struct Row {
    id: String,
    key_id: String,
    state: String,
    remote_id: Option<String>,
    prefix: Option<String>,
    hint: Option<String>,
    fingerprint: Option<String>,
    #[serde(deserialize_with = "bulk::flag")]
    held: bool,
    created_at: Option<i64>,
    first_seen_at: i64,
    expires_at: Option<i64>,
    last_used_at: Option<i64>,
    answer: Option<String>,
    answered_at: Option<i64>,
    answer_ms: Option<u32>,
    answer_status: Option<u16>,
    answer_code: Option<String>,
    answer_standing: Option<String>,
    ended_at: Option<i64>,
    receipt: Option<String>,
    receipt_status: Option<u16>,
    unlisted_since: Option<i64>,
    #[serde(deserialize_with = "bulk::flag")]
    switched_off: bool,
    #[serde(deserialize_with = "bulk::flag")]
    was_listed: bool,
    #[serde(deserialize_with = "bulk::flag")]
    searched: bool,
    answer_told_at: Option<i64>,
}

impl Row {
    pub(super) fn read(self) -> Result<KeyVersion, Failure> {
        let answer = match &self.answer {
            Some(word) => Some(Answer::parse(word).ok_or_else(|| damaged("key_versions.answer"))?),
            None => None,
        };
        let standing = match &self.answer_standing {
            Some(word) => Some(Standing::parse(word).ok_or_else(|| damaged("key_versions.answer_standing"))?),
            None => None,
        };
        let verdict = answer.zip(self.answered_at).map(|(answer, at)| Verdict {
            took_ms: self.answer_ms.unwrap_or_default(),
            status: self.answer_status,
            code: self.answer_code,
            standing,
            told_at: self.answer_told_at.map(from_ms),
            ..Verdict::new(answer, from_ms(at))
        });
        let ended_at = self.ended_at.map(from_ms);
        let receipt = match (self.receipt.as_deref(), ended_at) {
            (Some("refused"), Some(at)) => Some(Receipt::Refused {
                at,
                status: self.receipt_status.unwrap_or_default(),
            }),
            (Some("unlisted"), Some(at)) => Some(Receipt::Unlisted { at }),
            (Some("word"), Some(at)) => Some(Receipt::Word { at }),
            _ => None,
        };
        Ok(KeyVersion {
            id: VersionId::parse(&self.id).ok_or_else(|| damaged("key_versions.id"))?,
            key_id: KeyId::parse(&self.key_id).ok_or_else(|| damaged("key_versions.key_id"))?,
            state: VersionState::parse(&self.state).ok_or_else(|| damaged("key_versions.state"))?,
            remote_id: self.remote_id,
            prefix: self.prefix,
            hint: self.hint.map(Hint::stored),
            fingerprint: self.fingerprint.map(Fingerprint::stored),
            held: self.held,
            created_at: self.created_at.map(from_ms),
            first_seen_at: from_ms(self.first_seen_at),
            expires_at: self.expires_at.map(from_ms),
            last_used_at: self.last_used_at.map(from_ms),
            unlisted_since: self.unlisted_since.map(from_ms),
            switched_off: self.switched_off,
            was_listed: self.was_listed,
            searched: self.searched,
            verdict,
            ended_at,
            receipt,
        })
    }
}

/// With the answer to a call with its value, where one is known.
pub(super) async fn insert(connection: &mut SqliteConnection, version: &KeyVersion) -> Result<(), Failure> {
    sqlx::query(
        "INSERT INTO key_versions (id, key_id, state, remote_id, prefix, hint, fingerprint, held, created_at,
             first_seen_at, expires_at, last_used_at, switched_off, was_listed)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(version.id.to_string())
    .bind(version.key_id.to_string())
    .bind(version.state.as_str())
    .bind(&version.remote_id)
    .bind(&version.prefix)
    .bind(version.hint.as_ref().map(Hint::as_str))
    .bind(version.fingerprint.as_ref().map(Fingerprint::as_str))
    .bind(version.held)
    .bind(version.created_at.map(to_ms))
    .bind(to_ms(version.first_seen_at))
    .bind(version.expires_at.map(to_ms))
    .bind(version.last_used_at.map(to_ms))
    .bind(version.switched_off)
    .bind(version.was_listed)
    .execute(&mut *connection)
    .await
    .map_err(any)?;
    match &version.verdict {
        Some(verdict) => answered(connection, version.id, verdict).await,
        None => Ok(()),
    }
}

/// Its value was searched for.
pub(super) async fn searched(connection: &mut SqliteConnection, id: VersionId) -> Result<(), Failure> {
    sqlx::query("UPDATE key_versions SET searched = 1 WHERE id = ?")
        .bind(id.to_string())
        .execute(connection)
        .await
        .map_err(any)
        .map(drop)
}

/// It lies in the keychain.
pub(super) async fn hold(
    connection: &mut SqliteConnection,
    id: VersionId,
    hint: &Hint,
    fingerprint: &Fingerprint,
) -> Result<(), Failure> {
    sqlx::query("UPDATE key_versions SET held = 1, hint = ?, fingerprint = ? WHERE id = ?")
        .bind(hint.as_str())
        .bind(fingerprint.as_str())
        .bind(id.to_string())
        .execute(&mut *connection)
        .await
        .map_err(any)?;
    arriving::remove(connection, id).await
}

/// Writes the answer to a call with the value, and when the key stops working, where it told that.
/// What a call with a value told is so of every key of the account that has this value; and it is of the moment of its
/// question: an answer that came late is not written over that to a later question. What a clock that went wrong left for
/// days to come holds up none.
pub(super) async fn answered(
    connection: &mut SqliteConnection,
    id: VersionId,
    verdict: &Verdict,
) -> Result<(), Failure> {
    sqlx::query(
        "UPDATE key_versions SET answer = ?1, answered_at = ?2, answer_ms = ?3, answer_status = ?4, answer_code = ?5,
             answer_standing = ?6, expires_at = ifnull(?7, expires_at), answer_told_at = ?9
         WHERE (answered_at IS NULL OR answered_at - ifnull(answer_ms, 0) <= ?2 - ?3 OR answered_at > ?2 + 60000)
           AND (id = ?8 OR id IN (
             SELECT same.id FROM key_versions v JOIN keys k ON k.id = v.key_id
             JOIN key_versions same ON same.fingerprint = v.fingerprint JOIN keys s ON s.id = same.key_id
             WHERE v.id = ?8 AND v.fingerprint <> '' AND s.account_id = k.account_id AND same.held = 1
               AND same.ended_at IS NULL))",
    )
    .bind(verdict.answer.as_str())
    .bind(to_ms(verdict.at))
    .bind(verdict.took_ms)
    .bind(verdict.status)
    .bind(&verdict.code)
    .bind(verdict.standing.map(Standing::as_str))
    .bind(verdict.expires_at.map(to_ms))
    .bind(id.to_string())
    .bind(verdict.told_at.map(to_ms))
    .execute(connection)
    .await
    .map_err(any)
    .map(drop)
}

pub(super) async fn used(connection: &mut SqliteConnection, id: VersionId, at: jiff::Timestamp) -> Result<(), Failure> {
    sqlx::query("UPDATE key_versions SET last_used_at = ? WHERE id = ?")
        .bind(to_ms(at))
        .bind(id.to_string())
        .execute(connection)
        .await
        .map_err(any)
        .map(drop)
}

impl Store {
    /// Every version whose value may be in the keychain, as far as its row tells: it is held, or on its way there.
    pub async fn versions_in_place(&self) -> Result<HashSet<VersionId>, Failure> {
        let sql = "SELECT id FROM key_versions WHERE held = 1 OR state = 'pending'
                   OR id IN (SELECT version_id FROM arriving)";
        let ids: Vec<String> = sqlx::query_scalar(sql).fetch_all(&self.readers).await.map_err(any)?;
        let read = |id: String| VersionId::parse(&id).ok_or_else(|| damaged("key_versions.id"));
        ids.into_iter().map(read).collect()
    }
}

pub(super) async fn retired(connection: &mut SqliteConnection, id: VersionId) -> Result<(), Failure> {
    sqlx::query("UPDATE key_versions SET state = 'retiring' WHERE id = ? AND state IN ('pending', 'live')")
        .bind(id.to_string())
        .execute(connection)
        .await
        .map_err(any)
        .map(drop)
}

/// Ends it. What is proven dead by the receipt is marked to leave the keychain; any other value is kept.
pub(super) async fn ended(
    connection: &mut SqliteConnection,
    id: VersionId,
    at: jiff::Timestamp,
    receipt: Option<&Receipt>,
) -> Result<(), Failure> {
    let (word, status) = match receipt {
        Some(Receipt::Refused { status, .. }) => (Some("refused"), Some(*status)),
        Some(Receipt::Unlisted { .. }) => (Some("unlisted"), None),
        Some(Receipt::Word { .. }) => (Some("word"), None),
        None => (None, None),
    };
    sqlx::query(
        "UPDATE key_versions SET state = CASE state WHEN 'compromised' THEN state ELSE 'revoked' END,
             ended_at = ifnull(ended_at, ?), receipt = ?, receipt_status = ?, forget = max(forget, ?)
         WHERE id = ?",
    )
    .bind(to_ms(at))
    .bind(word)
    .bind(status)
    .bind(receipt.is_some_and(Receipt::is_proof) || !in_place(Guard::KeptUnproven))
    .bind(id.to_string())
    .execute(&mut *connection)
    .await
    .map_err(any)?;
    match receipt {
        Some(_) => unaccounted::ended(connection, id, at).await,
        None => Ok(()),
    }
}

/// Since when a list lacks it; the first one counts.
pub(super) async fn unlisted(
    connection: &mut SqliteConnection,
    id: VersionId,
    at: jiff::Timestamp,
) -> Result<(), Failure> {
    sqlx::query("UPDATE key_versions SET unlisted_since = ifnull(unlisted_since, ?) WHERE id = ?")
        .bind(to_ms(at))
        .bind(id.to_string())
        .execute(connection)
        .await
        .map_err(any)
        .map(drop)
}

/// A person ordered that its value leaves the keychain, whatever is known of the key.
pub(super) async fn to_be_forgotten(connection: &mut SqliteConnection, id: VersionId) -> Result<(), Failure> {
    sqlx::query("UPDATE key_versions SET forget = 1 WHERE id = ?")
        .bind(id.to_string())
        .execute(connection)
        .await
        .map_err(any)
        .map(drop)
}

impl Store {
    pub async fn version(&self, id: VersionId) -> Result<KeyVersion, Failure> {
        let found = self.versions_where("id = ?", id.to_string()).await?;
        let found = found.into_iter().next();
        found.ok_or_else(|| Failure::new(Code::NotFound).field("version"))
    }

    /// All versions of a key, newest first.
    pub async fn versions(&self, key_id: KeyId) -> Result<Vec<KeyVersion>, Failure> {
        self.versions_where("key_id = ?", key_id.to_string()).await
    }

    /// How many values are kept of keys that have ended, because nothing proves that they are dead.
    pub async fn count_kept(&self) -> Result<u32, Failure> {
        sqlx::query_scalar(
            "SELECT count(*) FROM key_versions WHERE held = 1 AND forget = 0 AND ended_at IS NOT NULL
             AND receipt IS NOT 'refused'",
        )
        .fetch_one(&self.readers)
        .await
        .map_err(any)
    }

    /// Every version of which only the beginning is known.
    pub async fn versions_by_beginning(&self) -> Result<Vec<KeyVersion>, Failure> {
        let condition = "fingerprint IS NULL AND length(prefix) > ?";
        self.versions_where(condition, 0).await
    }

    /// Newest first.
    pub(super) async fn versions_where<T>(&self, condition: &str, argument: T) -> Result<Vec<KeyVersion>, Failure>
    where
        T: for<'q> sqlx::Encode<'q, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
    {
        let from = format!("key_versions WHERE {condition}");
        let rows: Vec<Row> = bulk::read(&self.readers, COLUMNS, &from, bulk::argument(argument)).await?;
        let mut versions = rows.into_iter().map(Row::read).collect::<Result<Vec<_>, _>>()?;
        versions.sort_by_key(|version| std::cmp::Reverse((version.first_seen_at, version.id)));
        Ok(versions)
    }

    pub async fn note_verdict(&self, id: VersionId, verdict: &Verdict) -> Result<(), Failure> {
        let mut connection = self.writer.acquire().await.map_err(any)?;
        answered(&mut connection, id, verdict).await
    }

    /// Writes down the id that a list shows for it, whatever was told before.
    pub async fn note_listed_as(&self, id: VersionId, remote_id: &str, at: Timestamp) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE key_versions SET remote_id = ?, was_listed = 1 WHERE id = ?")
            .bind(remote_id)
            .bind(id.to_string())
            .execute(&mut *tx)
            .await
            .map_err(any)?;
        unaccounted::known(&mut tx, id, at).await?;
        tx.commit().await.map_err(any)
    }
}
