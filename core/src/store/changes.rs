//! What a journal record changes in the inventory, in the record's own transaction.

use sqlx::SqliteConnection;

use super::failures::{any, damaged};
use super::time::to_ms;
use super::{accounts, bindings, keys, leaving, mints, readings, repeats, versions};
use crate::failure::Failure;
use crate::model::{KeyId, KeyVersion, RotationId, VersionId};
use crate::rotation::{Change, Said};

pub(super) async fn apply(
    connection: &mut SqliteConnection,
    rotation: RotationId,
    change: Change,
    at: jiff::Timestamp,
) -> Result<(), Failure> {
    match change {
        Change::Snapshot(ids) => snapshot(connection, rotation, &ids).await,
        Change::Reading(reading) => readings::insert(connection, rotation, &reading).await,
        Change::Said(Said { status, code }) => {
            sqlx::query("UPDATE rotations SET said_status = ?, said_code = ? WHERE id = ?")
                .bind(status)
                .bind(code)
                .bind(rotation.to_string())
                .execute(connection)
                .await
                .map_err(any)
                .map(drop)
        }
        Change::Used { version, at } => versions::used(connection, version, at).await,
        Change::MintNamed {
            name,
            version,
            sent,
            repeatable,
        } => {
            sqlx::query("INSERT OR IGNORE INTO key_versions (id, key_id, state, held, first_seen_at) VALUES (?, ?, 'pending', 0, ?)")
                .bind(version.id.to_string())
                .bind(version.key_id.to_string())
                .bind(to_ms(version.first_seen_at))
                .execute(&mut *connection)
                .await
                .map_err(any)?;
            sqlx::query("UPDATE rotations SET mint_name = ?, new_version_id = ?, mints = mints + 1 WHERE id = ?")
                .bind(&name)
                .bind(version.id.to_string())
                .bind(rotation.to_string())
                .execute(&mut *connection)
                .await
                .map_err(any)?;
            if sent {
                mints::insert(&mut *connection, (&name, version.id), rotation, at).await?;
            }
            repeats::write(connection, rotation, repeatable).await
        }
        Change::NotRepeatable => repeats::write(connection, rotation, None).await,
        Change::Minted {
            version,
            remote_id,
            created_at,
            expires_at,
        } => {
            sqlx::query("UPDATE key_versions SET remote_id = ?, was_listed = 0, created_at = ifnull(?, ?), expires_at = ? WHERE id = ?")
                .bind(remote_id)
                .bind(created_at.map(to_ms))
                // The day of a key that we minted ourselves is known even where the provider does not report it.
                .bind(to_ms(at))
                .bind(expires_at.map(to_ms))
                .bind(version.to_string())
                .execute(connection)
                .await
                .map_err(any)
                .map(drop)
        }
        Change::Searched { version } => versions::searched(connection, version).await,
        Change::Held {
            version,
            hint,
            fingerprint,
        } => versions::hold(connection, version, &hint, &fingerprint).await,
        Change::Verdict { version, verdict } => versions::answered(connection, version, &verdict).await,
        Change::Promoted { new } => promote(connection, rotation, new, at).await,
        Change::Retired { version } => versions::retired(connection, version).await,
        Change::Deployed { binding, version } => bindings::deployed(connection, binding, version).await,
        Change::Ended { version, at, receipt } => versions::ended(connection, version, at, receipt.as_ref()).await,
        Change::AccountFields(fields) => {
            sqlx::query("UPDATE accounts SET fields = ? WHERE id = (SELECT account_id FROM rotations WHERE id = ?)")
                .bind(accounts::json(&fields))
                .bind(rotation.to_string())
                .execute(connection)
                .await
                .map_err(any)
                .map(drop)
        }
        Change::Added(added) => {
            keys::insert(connection, &added.key).await?;
            versions::insert(connection, &added.version).await
        }
        Change::Unaccounted {
            id,
            remote_id,
            prefix,
            from,
            to,
        } => sqlx::query(
            "INSERT INTO unaccounted (id, account_id, rotation_id, remote_id, prefix, window_from, window_to)
             SELECT ?, account_id, id, ?, ?, ?, ? FROM rotations WHERE id = ?
             ON CONFLICT DO NOTHING",
        )
        .bind(id.to_string())
        .bind(remote_id)
        .bind(prefix)
        .bind(to_ms(from))
        .bind(to_ms(to))
        .bind(rotation.to_string())
        .execute(connection)
        .await
        .map_err(any)
        .map(drop),
        Change::Accounted { remote_id, settled_as } => sqlx::query(
            "UPDATE unaccounted SET settled_at = ?, settled_as = ?
             WHERE rotation_id = ? AND settled_at IS NULL AND (remote_id IS ? OR ? IS NULL)",
        )
        .bind(to_ms(at))
        .bind(settled_as)
        .bind(rotation.to_string())
        .bind(remote_id.clone())
        .bind(remote_id)
        .execute(connection)
        .await
        .map_err(any)
        .map(drop),
    }
}

async fn snapshot(connection: &mut SqliteConnection, rotation: RotationId, ids: &[String]) -> Result<(), Failure> {
    sqlx::query("DELETE FROM snapshots WHERE rotation_id = ?")
        .bind(rotation.to_string())
        .execute(&mut *connection)
        .await
        .map_err(any)?;
    for id in ids {
        sqlx::query("INSERT OR IGNORE INTO snapshots (rotation_id, remote_id) VALUES (?, ?)")
            .bind(rotation.to_string())
            .bind(id)
            .execute(&mut *connection)
            .await
            .map_err(any)?;
    }
    Ok(())
}

/// The former live version retires first: at most one is live. Another one than the rotation is about is shown.
async fn promote(
    connection: &mut SqliteConnection,
    rotation: RotationId,
    new: VersionId,
    at: jiff::Timestamp,
) -> Result<(), Failure> {
    let (key, remote_id): (String, Option<String>) =
        sqlx::query_as("SELECT key_id, remote_id FROM key_versions WHERE id = ?")
            .bind(new.to_string())
            .fetch_one(&mut *connection)
            .await
            .map_err(any)?;
    let key = KeyId::parse(&key).ok_or_else(|| damaged("key_versions.key_id"))?;
    let version = KeyVersion {
        remote_id,
        ..KeyVersion::pending(new, key, at)
    };
    let entry = leaving::drawn_entry(connection, at).await?;
    leaving::retires(connection, &version, Some(rotation), entry, at).await?;
    sqlx::query("UPDATE key_versions SET state = 'live' WHERE id = ?")
        .bind(new.to_string())
        .execute(connection)
        .await
        .map_err(any)
        .map(drop)
}
