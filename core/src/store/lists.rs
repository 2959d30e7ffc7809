//! What providers' lists tell of keys: read and written a whole account at a time.

use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::failures::{any, damaged};
use super::time::to_ms;
use super::{Listing, NewActivity, Store, activity, bulk, keys, unaccounted, versions};
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{
    AccountId, Key, KeyId, KeyVersion, Name, Purpose, Receipt, RemoteKey, RotationId, UnaccountedId, VersionId,
};

/// A version that may exist at the provider, with what a list needs to know of its key.
#[derive(Debug, Clone)]
pub struct KnownVersion {
    pub purpose: Purpose,
    /// Its key has an open rotation.
    pub rotating: bool,
    /// Its day of creation is the person's word.
    pub told: bool,
    /// Its key was removed: it is no key of ours any more, and what is listed under its id is no news.
    pub removed: bool,
    pub version: KeyVersion,
}

impl KnownVersion {
    /// Whether more of the value's beginning is listed than is known, or another one.
    pub fn tells_more(&self, listed: &RemoteKey) -> bool {
        let known = self.version.prefix.as_deref().unwrap_or_default();
        listed
            .prefix
            .as_deref()
            .is_some_and(|listed| !known.starts_with(listed))
    }

    /// Whether the list says anything that is not known yet.
    pub fn is_news(&self, listed: &RemoteKey) -> bool {
        let known = &self.version;
        let differs = |listed: Option<Timestamp>, known: Option<Timestamp>| listed.is_some() && listed != known;
        known.unlisted_since.is_some()
            || !known.was_listed
            || known.remote_id.as_ref() != Some(&listed.remote_id)
            || self.tells_more(listed)
            || differs(listed.created_at, known.created_at)
            || differs(listed.expires_at, known.expires_at)
            || differs(listed.last_used_at, known.last_used_at)
            || listed.switched_off.is_some_and(|off| off != known.switched_off)
            || self.told && listed.created_at.is_some()
    }
}

/// A key first seen in a list.
#[derive(Debug, Clone)]
pub struct FirstSeen {
    pub key: Key,
    pub version: KeyVersion,
    /// Taken where the key's own name is in use already; none where its id makes no name.
    pub other_name: Option<Name>,
}

/// What the reading of one account's list changes.
#[derive(Debug)]
pub struct Reading {
    pub account: AccountId,
    /// When its provider was asked. It says nothing of what was changed here since.
    pub asked: Timestamp,
    pub at: Timestamp,
    /// Why the list could not be read.
    pub failed: Option<Code>,
    pub news: Vec<(VersionId, RemoteKey)>,
    /// Versions that this list lacks, and the one before did not. Nothing has ended by that.
    pub unlisted: Vec<VersionId>,
    pub first_seen: Vec<FirstSeen>,
    /// Keys that nobody accounts for.
    pub shown: Vec<Shown>,
}

/// A key that this list shows and nobody accounts for: it had ended, and lists lacked it after that; or a mint of ours made
/// it whose answer is not on record.
#[derive(Debug)]
pub struct Shown {
    pub entry: UnaccountedId,
    /// Since it ended, or that mint was sent.
    pub since: Timestamp,
    /// The rotation that sent the mint.
    pub made_by: Option<RotationId>,
    pub listed: RemoteKey,
}

impl Reading {
    /// One that says nothing yet.
    pub fn of(account: AccountId, asked: Timestamp, at: Timestamp) -> Reading {
        Reading {
            account,
            asked,
            at,
            failed: None,
            news: Vec::new(),
            unlisted: Vec::new(),
            first_seen: Vec::new(),
            shown: Vec::new(),
        }
    }

    /// One that came to nothing.
    pub fn failed(account: AccountId, at: Timestamp, code: Code) -> Reading {
        Reading {
            failed: Some(code),
            ..Reading::of(account, at, at)
        }
    }

    /// Whether the version came, ended, or was rotated after the list was asked for. A moment that is still to come is that of
    /// a clock which went wrong.
    async fn is_overtaken(&self, connection: &mut SqliteConnection, version: VersionId) -> Result<bool, Failure> {
        sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM key_versions v WHERE v.id = ?1 AND (
                 v.first_seen_at > ?2 AND v.first_seen_at <= ?3 OR v.ended_at > ?2 AND v.ended_at <= ?3
                 OR EXISTS (SELECT 1 FROM rotations r WHERE r.key_id = v.key_id
                            AND r.closed_at > ?2 AND r.closed_at <= ?3)))",
        )
        .bind(version.to_string())
        .bind(to_ms(self.asked))
        .bind(to_ms(self.at) + 60_000)
        .fetch_one(connection)
        .await
        .map_err(any)
    }

    /// Whether it says anything else than the reading before, but for its time.
    pub fn tells_news(&self, before: &Listing) -> bool {
        let failed_before = before.failed.map(|(_, code)| code);
        self.failed != failed_before
            || !(self.news.is_empty()
                && self.unlisted.is_empty()
                && self.first_seen.is_empty()
                && self.shown.is_empty())
    }
}

#[derive(serde::Deserialize)]
struct Row {
    purpose: String,
    #[serde(deserialize_with = "bulk::flag")]
    rotating: bool,
    #[serde(deserialize_with = "bulk::flag")]
    told: bool,
    #[serde(deserialize_with = "bulk::flag")]
    removed: bool,
    version: versions::Row,
}

impl Store {
    /// All versions of an account, of removed keys too, the newest last.
    pub async fn known_versions(&self, id: AccountId) -> Result<Vec<KnownVersion>, Failure> {
        let columns = format!("purpose, rotating, told, removed, json_array({})", versions::COLUMNS);
        let from = "(SELECT v.*, k.purpose AS purpose, ifnull(k.told_version_id = v.id, 0) AS told,
                 k.removed_at IS NOT NULL AS removed,
                 EXISTS (SELECT 1 FROM rotations r WHERE r.key_id = k.id AND r.closed_at IS NULL) AS rotating
             FROM keys k JOIN key_versions v ON v.key_id = k.id
             WHERE k.account_id = ?)";
        let account = bulk::argument(id.to_string());
        let rows: Vec<Row> = bulk::read(&self.readers, &columns, from, account).await?;
        let read = rows.into_iter().map(|row| {
            Ok(KnownVersion {
                purpose: Purpose::parse(&row.purpose).ok_or_else(|| damaged("keys.purpose"))?,
                rotating: row.rotating,
                told: row.told,
                removed: row.removed,
                version: row.version.read()?,
            })
        });
        let mut known = read.collect::<Result<Vec<KnownVersion>, Failure>>()?;
        known.sort_by_key(|known| (known.version.first_seen_at, known.version.id));
        Ok(known)
    }

    /// Writes what lists tell, all or nothing: each commit waits for the disk.
    pub async fn note_readings(&self, readings: &[Reading]) -> Result<(), Failure> {
        if readings.is_empty() {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        for reading in readings {
            write(&mut tx, reading).await?;
        }
        tx.commit().await.map_err(any)
    }

    /// Takes what a person told as the provider's facts of a version that had this id before, or none. A key that is the same
    /// one, and of which only lists had told, goes. Refused where it has another id by now, or another version that lives has
    /// this one.
    pub async fn identify(
        &self,
        id: VersionId,
        (before, told): (Option<&str>, &RemoteKey),
        same: Option<KeyId>,
        (noted, at): (&NewActivity, Timestamp),
    ) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        is_free(&mut tx, id, (before, &told.remote_id), same).await?;
        if let Some(same) = same {
            sqlx::query("UPDATE key_versions SET remote_id = NULL, was_listed = 0 WHERE key_id = ?")
                .bind(same.to_string())
                .execute(&mut *tx)
                .await
                .map_err(any)?;
            keys::removed(&mut tx, same, at).await?;
        }
        note(&mut tx, id, told).await?;
        unaccounted::known(&mut tx, id, at).await?;
        activity::insert(&mut tx, noted, at).await?;
        tx.commit().await.map_err(any)
    }

    /// Adds one key that a list shows.
    pub async fn add_first_seen(&self, seen: &FirstSeen) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        add(&mut tx, seen).await?;
        tx.commit().await.map_err(any)
    }
}

async fn write(connection: &mut SqliteConnection, reading: &Reading) -> Result<(), Failure> {
    let there = sqlx::query_scalar("SELECT 1 FROM accounts WHERE id = ? AND removed_at IS NULL")
        .bind(reading.account.to_string())
        .fetch_optional(&mut *connection);
    // It was removed while its provider answered: nobody looks after what is there.
    if there.await.map_err(any)?.is_none_or(|there: i64| there != 1) {
        return Ok(());
    }
    for (version, listed) in &reading.news {
        if reading.is_overtaken(connection, *version).await? {
            continue;
        }
        note(connection, *version, listed).await?;
        unaccounted::known(connection, *version, reading.at).await?;
    }
    for version in &reading.unlisted {
        if reading.is_overtaken(connection, *version).await? {
            continue;
        }
        versions::unlisted(connection, *version, reading.at).await?;
        if !in_place(Guard::AbsenceEndsNothing) {
            let receipt = Receipt::Refused {
                at: reading.at,
                status: 0,
            };
            versions::ended(connection, *version, reading.at, Some(&receipt)).await?;
        }
    }
    for seen in &reading.first_seen {
        // Another reading may have come first.
        let known = versions_of_id(connection, reading.account, seen.version.remote_id.as_deref()).await?;
        if known.is_empty() {
            add(connection, seen).await?;
        }
    }
    for shown in &reading.shown {
        let mut overtaken = false;
        for version in versions_of_id(connection, reading.account, Some(&shown.listed.remote_id)).await? {
            overtaken |= reading.is_overtaken(connection, version).await?;
        }
        if overtaken {
            continue;
        }
        unaccounted::listed(connection, reading.account, shown, reading.at).await?;
    }
    let statement = match reading.failed {
        None => sqlx::query("UPDATE accounts SET listed_at = ?, tried_at = NULL, tried_code = ? WHERE id = ?"),
        Some(_) => sqlx::query("UPDATE accounts SET tried_at = ?, tried_code = ? WHERE id = ?"),
    };
    statement
        .bind(to_ms(reading.at))
        .bind(reading.failed.map(Code::as_str))
        .bind(reading.account.to_string())
        .execute(connection)
        .await
        .map_err(any)
        .map(drop)
}

/// Versions of the account that have the id, of removed keys not.
async fn versions_of_id(
    connection: &mut SqliteConnection,
    account: AccountId,
    remote_id: Option<&str>,
) -> Result<Vec<VersionId>, Failure> {
    let ids: Vec<String> = sqlx::query_scalar(
        "SELECT v.id FROM key_versions v JOIN keys k ON k.id = v.key_id
         WHERE v.remote_id = ? AND k.account_id = ? AND k.removed_at IS NULL",
    )
    .bind(remote_id)
    .bind(account.to_string())
    .fetch_all(connection)
    .await
    .map_err(any)?;
    ids.iter()
        .map(|id| VersionId::parse(id).ok_or_else(|| damaged("key_versions.id")))
        .collect()
}

async fn note(connection: &mut SqliteConnection, id: VersionId, listed: &RemoteKey) -> Result<(), Failure> {
    if listed.created_at.is_some() {
        // The provider knows it better than the person.
        sqlx::query("UPDATE keys SET told_version_id = NULL WHERE told_version_id = ?")
            .bind(id.to_string())
            .execute(&mut *connection)
            .await
            .map_err(any)?;
    }
    sqlx::query(
        "UPDATE key_versions
         SET remote_id = ?1, created_at = ifnull(?3, created_at), expires_at = ifnull(?4, expires_at),
             last_used_at = ifnull(?5, last_used_at), switched_off = ifnull(?7, switched_off), was_listed = 1, unlisted_since = NULL,
             -- What is shorter tells less.
             prefix = CASE WHEN ?2 IS NULL OR substr(prefix, 1, length(?2)) = ?2 THEN prefix ELSE ?2 END
         WHERE id = ?6",
    )
    .bind(&listed.remote_id)
    .bind(&listed.prefix)
    .bind(listed.created_at.map(to_ms))
    .bind(listed.expires_at.map(to_ms))
    .bind(listed.last_used_at.map(to_ms))
    .bind(id.to_string())
    .bind(listed.switched_off)
    .execute(connection)
    .await
    .map_err(any)
    .map(drop)
}

async fn add(connection: &mut SqliteConnection, seen: &FirstSeen) -> Result<(), Failure> {
    let mut added = keys::insert(connection, &seen.key).await;
    // Two keys may be called alike at the provider.
    if let (Err(failure), Some(name)) = (&added, &seen.other_name)
        && failure.code == Code::InputDuplicateName
    {
        let renamed = Key {
            name: name.clone(),
            ..seen.key.clone()
        };
        added = keys::insert(connection, &renamed).await;
    }
    added?;
    versions::insert(connection, &seen.version).await
}

/// Two may be told of one id at once: by it one of them would be revoked in place of the other one.
async fn is_free(
    connection: &mut SqliteConnection,
    id: VersionId,
    (before, remote_id): (Option<&str>, &str),
    same: Option<KeyId>,
) -> Result<(), Failure> {
    let taken: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM key_versions WHERE id = ?1 AND remote_id IS NOT ?4)
           OR EXISTS (SELECT 1 FROM key_versions v JOIN keys k ON k.id = v.key_id
                 WHERE v.remote_id = ?2 AND v.id <> ?1 AND v.ended_at IS NULL AND k.removed_at IS NULL AND k.id IS NOT ?3
                   AND k.account_id = (SELECT own.account_id FROM keys own JOIN key_versions o ON o.key_id = own.id
                                       WHERE o.id = ?1))",
    )
    .bind(id.to_string())
    .bind(remote_id)
    .bind(same.map(|key| key.to_string()))
    .bind(before)
    .fetch_one(connection)
    .await
    .map_err(any)?;
    match taken && in_place(Guard::ToldIdIsFree) {
        true => Err(Failure::new(Code::KeyIdKnown).field("id")),
        false => Ok(()),
    }
}
