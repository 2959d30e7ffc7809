//! What happened, for people: written in the transaction of what it tells.

use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::Store;
use super::failures::{any, damaged};
use super::row::row;
use super::time::{from_ms, to_ms};
use crate::failure::{Code, Failure};
use crate::model::{AccountId, KeyId, RotationId, VersionId};
use crate::rotation::{Ending, Event, StepKind};

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActivityResult {
    Done,
    Failed,
    Unknown,
}

impl ActivityResult {
    fn as_str(self) -> &'static str {
        match self {
            ActivityResult::Done => "done",
            ActivityResult::Failed => "failed",
            ActivityResult::Unknown => "unknown",
        }
    }
}

/// An event to be written.
#[derive(Debug, Clone)]
pub struct NewActivity {
    /// `window`, `cli` or `keywheel`.
    pub actor: String,
    /// Stable word: `key.copied`.
    pub verb: &'static str,
    pub key_id: Option<KeyId>,
    pub version_id: Option<VersionId>,
    pub account_id: Option<AccountId>,
    pub rotation_id: Option<RotationId>,
    pub result: ActivityResult,
    pub code: Option<Code>,
    /// The user's own words, e.g. a former name.
    pub word: Option<String>,
}

impl NewActivity {
    pub fn new(actor: &str, verb: &'static str, result: ActivityResult) -> Self {
        NewActivity {
            actor: actor.to_owned(),
            verb,
            key_id: None,
            version_id: None,
            account_id: None,
            rotation_id: None,
            result,
            code: None,
            word: None,
        }
    }
}

row! {
    /// An event as it was written, with the names that its objects have now.
    #[derive(Debug, Clone)]
    pub struct Activity {
        pub seq: i64,
        at: i64,
        pub actor: String,
        pub verb: String,
        pub key_id: Option<String>,
        pub account_id: Option<String>,
        pub rotation_id: Option<String>,
        result: String,
        pub code: Option<String>,
        pub word: Option<String>,
        pub key_name: Option<String>,
        pub hint: Option<String>,
        /// What tells of the version's end, as far as it is known now.
        pub receipt: Option<String>,
        pub account_label: Option<String>,
        pub provider_id: Option<String>,
        pub org_name: Option<String>,
        pub environment_name: Option<String>,
    }
}

impl Activity {
    pub fn at(&self) -> Timestamp {
        from_ms(self.at)
    }

    pub fn result(&self) -> ActivityResult {
        match self.result.as_str() {
            "failed" => ActivityResult::Failed,
            "unknown" => ActivityResult::Unknown,
            _ => ActivityResult::Done,
        }
    }
}

pub(super) async fn insert(connection: &mut SqliteConnection, new: &NewActivity, at: Timestamp) -> Result<(), Failure> {
    sqlx::query(
        "INSERT INTO activity (at, actor, verb, key_id, version_id, account_id, rotation_id, result, code, word)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(to_ms(at))
    .bind(&new.actor)
    .bind(new.verb)
    .bind(new.key_id.map(|id| id.to_string()))
    .bind(new.version_id.map(|id| id.to_string()))
    .bind(new.account_id.map(|id| id.to_string()))
    .bind(new.rotation_id.map(|id| id.to_string()))
    .bind(new.result.as_str())
    .bind(new.code.map(Code::as_str))
    .bind(&new.word)
    .execute(connection)
    .await
    .map_err(any)
    .map(drop)
}

/// Writes the activity that a journal event stands for; most events stand for none.
pub(super) async fn of_event(
    connection: &mut SqliteConnection,
    rotation: RotationId,
    who: Option<&str>,
    event: Event,
    at: Timestamp,
) -> Result<(), Failure> {
    use ActivityResult::{Done, Failed, Unknown};
    let (verb, column, result, code) = match event {
        Event::Applied(StepKind::Mint) => ("key.minted", "new_version_id", Done, None),
        Event::Applied(StepKind::Copy) => ("key.copied", "new_version_id", Done, None),
        Event::Applied(StepKind::Deploy(_)) => ("key.deployed", "new_version_id", Done, None),
        Event::Restored(_) => ("key.restored", "old_version_id", Done, None),
        Event::NotRestored(_, code) => ("rotation.failed", "old_version_id", Failed, Some(code)),
        Event::Anyway => ("key.revoked_anyway", "old_version_id", Done, None),
        Event::UndoAnyway => ("rotation.undo_anyway", "new_version_id", Done, None),
        Event::ByHand(StepKind::RevokeOld) => ("key.deletion_told", "old_version_id", Done, None),
        Event::Confirmed | Event::ByHand(_) => ("key.replaced", "new_version_id", Done, None),
        Event::Applied(StepKind::RevokeOld) => ("key.revoked", "old_version_id", Done, None),
        Event::Skipped(StepKind::RevokeOld, Code::KeyUnlisted) => ("key.not_listed", "old_version_id", Done, None),
        Event::Skipped(StepKind::RevokeOld, code) => ("key.not_found", "old_version_id", Done, Some(code)),
        Event::Applied(StepKind::ProveDead) => ("key.proven_dead", "old_version_id", Done, None),
        Event::NotApplied(_, code) => ("rotation.failed", "new_version_id", Failed, Some(code)),
        Event::Unclear(_, code) => ("rotation.unknown", "new_version_id", Unknown, Some(code)),
        Event::Asked(code) => ("rotation.asked", "new_version_id", Unknown, Some(code)),
        Event::Discarded => ("key.discarded", "new_version_id", Done, None),
        Event::Settled(_) => ("rotation.settled", "new_version_id", Done, None),
        Event::Closed(Ending::Completed) => ("rotation.completed", "new_version_id", Done, None),
        Event::Closed(Ending::Undone) => ("rotation.undone", "new_version_id", Done, None),
        Event::Closed(Ending::Stopped) => ("rotation.stopped", "new_version_id", Done, None),
        _ => return Ok(()),
    };
    let row: (String, String, Option<String>, Option<String>, bool) = sqlx::query_as(
        "SELECT key_id, account_id, old_version_id, new_version_id, plan LIKE '%revoke_old@person%'
         FROM rotations WHERE id = ?",
    )
    .bind(rotation.to_string())
    .fetch_one(&mut *connection)
    .await
    .map_err(any)?;
    let verb = match (event, row.4) {
        // Nothing was sent: it is the person's word.
        (Event::Applied(StepKind::RevokeOld), true) => "key.deletion_told",
        _ => verb,
    };
    let version = if column == "old_version_id" { row.2 } else { row.3 };
    let new = NewActivity {
        key_id: Some(KeyId::parse(&row.0).ok_or_else(|| damaged("rotations.key_id"))?),
        account_id: AccountId::parse(&row.1),
        version_id: version.as_deref().and_then(VersionId::parse),
        rotation_id: Some(rotation),
        code,
        word: match event {
            Event::Settled(claims) => Some(claims.word()),
            _ => None,
        },
        ..NewActivity::new(who.unwrap_or("keywheel"), verb, result)
    };
    insert(connection, &new, at).await
}

impl Store {
    pub async fn note(&self, new: &NewActivity, at: Timestamp) -> Result<(), Failure> {
        let mut connection = self.writer.acquire().await.map_err(any)?;
        insert(&mut connection, new, at).await
    }

    /// Keys whose values were copied, as the newest events tell: the last copied first, and how often each was.
    pub async fn copied(&self, within: u32) -> Result<Vec<(KeyId, u32)>, Failure> {
        let rows: Vec<(String, u32)> = sqlx::query_as(
            "SELECT key_id, count(*)
             FROM (SELECT seq, verb, key_id FROM activity ORDER BY seq DESC LIMIT ?)
             WHERE verb = 'key.copied' AND key_id IS NOT NULL
             GROUP BY key_id ORDER BY max(seq) DESC",
        )
        .bind(within)
        .fetch_all(&self.readers)
        .await
        .map_err(any)?;
        let read = |(key, times): (String, u32)| Some((KeyId::parse(&key)?, times));
        rows.into_iter()
            .map(|row| read(row).ok_or_else(|| damaged("activity.key_id")))
            .collect()
    }

    /// The newest events, newest first; of one key where it is given.
    pub async fn activity(&self, key: Option<KeyId>, limit: u32) -> Result<Vec<Activity>, Failure> {
        sqlx::query_as(
            "SELECT a.seq, a.at, a.actor, a.verb, a.key_id, a.account_id, a.rotation_id, a.result, a.code, a.word,
                    k.name AS key_name, v.hint AS hint, v.receipt AS receipt, c.label AS account_label, c.provider_id AS provider_id,
                    o.name AS org_name, e.name AS environment_name
             FROM activity a
             LEFT JOIN keys k ON k.id = a.key_id
             LEFT JOIN key_versions v ON v.id = a.version_id
             LEFT JOIN accounts c ON c.id = ifnull(a.account_id, k.account_id)
             LEFT JOIN orgs o ON o.id = c.org_id
             LEFT JOIN environments e ON e.id = k.environment_id
             WHERE ?1 IS NULL OR a.key_id = ?1
             ORDER BY a.seq DESC LIMIT ?2",
        )
        .bind(key.map(|id| id.to_string()))
        .bind(limit)
        .fetch_all(&self.readers)
        .await
        .map_err(any)
    }
}
