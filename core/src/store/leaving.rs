//! Values that are to leave the keychain, and those that come back into service. Of the two, one goes first: what leaves is
//! taken by a process, and what comes back is not to leave any more.

use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::failures::{any, damaged};
use super::time::to_ms;
use super::versions::to_be_forgotten;
use super::{Store, unaccounted};
use crate::failure::{Code, Failure};
use crate::model::{KeyVersion, RotationId, UnaccountedId, VersionId};

impl Store {
    /// The value is to stay: an order that it leaves is taken back. Refused where it is leaving, where a rotation of its key
    /// is open, and where the key was removed. Returns whether there was such an order.
    pub async fn keep(&self, id: VersionId) -> Result<bool, Failure> {
        let mut tx = self.begin().await?;
        let (held, forget, leaving, removed, rotating): (bool, bool, Option<String>, bool, bool) = sqlx::query_as(
            "SELECT v.held, v.forget, v.leaving, k.removed_at IS NOT NULL,
               EXISTS (SELECT 1 FROM rotations r WHERE r.key_id = k.id AND r.closed_at IS NULL)
             FROM key_versions v JOIN keys k ON k.id = v.key_id WHERE v.id = ?",
        )
        .bind(id.to_string())
        .fetch_one(&mut *tx)
        .await
        .map_err(any)?;
        // Whoever was to take it out and is gone may have done it.
        let leaves = leaving.is_some_and(|instance| self.instance.is_alive(&instance));
        let refused = match () {
            () if removed => Some(Failure::new(Code::Removed).field("key")),
            () if rotating => Some(Failure::new(Code::KeyBusy)),
            () if !held || leaves => Some(Failure::new(Code::KeyNotKept)),
            () => None,
        };
        if let Some(refused) = refused {
            return Err(refused);
        }
        sqlx::query("UPDATE key_versions SET forget = 0, leaving = NULL WHERE id = ?")
            .bind(id.to_string())
            .execute(&mut *tx)
            .await
            .map_err(any)?;
        tx.commit().await.map_err(any)?;
        Ok(forget)
    }

    /// The version serves again; what served before retires, and is shown, for it may live on. Refused where that is not
    /// `instead_of`, which was asked and refused, where a rotation of the key was opened meanwhile, and where the value is
    /// to leave the keychain by an order that came meanwhile.
    pub async fn restore(
        &self,
        version: &KeyVersion,
        instead_of: Option<VersionId>,
        entry: UnaccountedId,
        at: Timestamp,
    ) -> Result<(), Failure> {
        let (id, key) = (version.id.to_string(), version.key_id.to_string());
        let mut tx = self.begin().await?;
        let (stays, rotating, removed): (bool, bool, bool) = sqlx::query_as(
            "SELECT v.held = 1 AND v.forget = 0 AND v.leaving IS NULL,
               EXISTS (SELECT 1 FROM rotations r WHERE r.key_id = k.id AND r.closed_at IS NULL),
               k.removed_at IS NOT NULL
             FROM key_versions v JOIN keys k ON k.id = v.key_id WHERE v.id = ?",
        )
        .bind(&id)
        .fetch_one(&mut *tx)
        .await
        .map_err(any)?;
        let others: Vec<String> = sqlx::query_scalar(
            "SELECT id FROM key_versions WHERE key_id = ? AND state = 'live' AND held = 1 AND id <> ?",
        )
        .bind(&key)
        .bind(&id)
        .fetch_all(&mut *tx)
        .await
        .map_err(any)?;
        let asked = instead_of.map(|id| id.to_string());
        let refused = match () {
            () if removed => Some(Failure::new(Code::Removed).field("key")),
            () if rotating => Some(Failure::new(Code::KeyBusy)),
            () if !stays => Some(Failure::new(Code::KeyNotKept)),
            () if others.iter().any(|other| Some(other) != asked.as_ref()) => Some(Failure::new(Code::KeyServes)),
            () => None,
        };
        if let Some(refused) = refused {
            return Err(refused);
        }
        retires(&mut tx, version, None, entry, at).await?;
        sqlx::query(
            "UPDATE key_versions SET state = 'live', ended_at = NULL, receipt = NULL, receipt_status = NULL WHERE id = ?",
        )
        .bind(&id)
        .execute(&mut *tx)
        .await
        .map_err(any)?;
        unaccounted::known(&mut tx, version.id, at).await?;
        tx.commit().await.map_err(any)
    }

    /// This process takes its value out of the keychain now. Returns whether it may: the mark stands, it does not serve, and
    /// no other process is at it.
    pub async fn take_leaving(&self, id: VersionId) -> Result<bool, Failure> {
        let mut tx = self.begin().await?;
        let found: Option<Option<String>> = sqlx::query_scalar(
            "SELECT leaving FROM key_versions v WHERE id = ? AND held = 1 AND forget = 1
             AND NOT EXISTS (SELECT 1 FROM rotations r
                             WHERE r.closed_at IS NULL AND v.id IN (r.old_version_id, r.new_version_id))",
        )
        .bind(id.to_string())
        .fetch_optional(&mut *tx)
        .await
        .map_err(any)?;
        let others = |instance: &String| !self.instance.is_this(instance) && self.instance.is_alive(instance);
        let Some(leaving) = found.filter(|leaving| !leaving.as_ref().is_some_and(others)) else {
            return Ok(false);
        };
        if leaving.as_deref() != Some(self.instance.name()) {
            sqlx::query("UPDATE key_versions SET leaving = ? WHERE id = ?")
                .bind(self.instance.name())
                .bind(id.to_string())
                .execute(&mut *tx)
                .await
                .map_err(any)?;
        }
        tx.commit().await.map_err(any)?;
        Ok(true)
    }

    /// The keychain did not let it go: whoever wants it may have it back.
    pub async fn note_not_leaving(&self, id: VersionId) -> Result<(), Failure> {
        sqlx::query("UPDATE key_versions SET leaving = NULL WHERE id = ?")
            .bind(id.to_string())
            .execute(&self.writer)
            .await
            .map_err(any)
            .map(drop)
    }

    /// Its value is out of the keychain.
    pub async fn note_forgotten(&self, id: VersionId) -> Result<(), Failure> {
        sqlx::query("UPDATE key_versions SET held = 0, forget = 0, leaving = NULL WHERE id = ?")
            .bind(id.to_string())
            .execute(&self.writer)
            .await
            .map_err(any)
            .map(drop)
    }

    /// Writes down a person's order that the value leaves the keychain; whether it was not ordered before. Refused where it
    /// serves by now.
    pub async fn note_to_be_forgotten(&self, id: VersionId) -> Result<bool, Failure> {
        let mut tx = self.begin().await?;
        let sql = "SELECT forget FROM key_versions WHERE id = ? AND ended_at IS NOT NULL";
        let ordered: Option<bool> = sqlx::query_scalar(sql)
            .bind(id.to_string())
            .fetch_optional(&mut *tx)
            .await
            .map_err(any)?;
        let ordered = ordered.ok_or_else(|| Failure::new(Code::KeyNotKept))?;
        to_be_forgotten(&mut tx, id).await?;
        tx.commit().await.map_err(any)?;
        Ok(!ordered)
    }

    /// An order that was taken back stands again.
    pub async fn forget_after_all(&self, id: VersionId) -> Result<(), Failure> {
        let mut connection = self.writer.acquire().await.map_err(any)?;
        to_be_forgotten(&mut connection, id).await
    }

    /// How many values are to leave the keychain and are still there.
    pub async fn count_to_be_forgotten(&self) -> Result<u32, Failure> {
        sqlx::query_scalar("SELECT count(*) FROM key_versions WHERE held = 1 AND forget = 1")
            .fetch_one(&self.readers)
            .await
            .map_err(any)
    }

    /// Versions whose value is to leave the keychain and is still there: a crash came between, or it was locked.
    pub async fn to_be_forgotten(&self) -> Result<Vec<VersionId>, Failure> {
        let ids: Vec<String> = sqlx::query_scalar(
            "SELECT id FROM key_versions v WHERE held = 1 AND forget = 1
             AND NOT EXISTS (SELECT 1 FROM rotations r WHERE r.closed_at IS NULL AND v.id IN (r.old_version_id, r.new_version_id))",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(any)?;
        Ok(ids.iter().filter_map(|id| VersionId::parse(id)).collect())
    }
}

/// What is live of the key gives way to that version. It may live on, so it is shown, unless it is one of the two that the
/// rotation itself looks after.
pub(super) async fn retires(
    connection: &mut SqliteConnection,
    version: &KeyVersion,
    rotation: Option<RotationId>,
    entry: UnaccountedId,
    at: Timestamp,
) -> Result<(), Failure> {
    sqlx::query(
        "INSERT INTO unaccounted (id, account_id, rotation_id, remote_id, prefix, window_from, window_to)
         SELECT ?1, k.account_id,
             (SELECT r.id FROM rotations r WHERE r.key_id = k.id ORDER BY r.opened_at DESC LIMIT 1), v.remote_id, v.prefix,
             ifnull(v.created_at, v.first_seen_at), ?2
         FROM key_versions v JOIN keys k ON k.id = v.key_id
         WHERE v.state = 'live' AND v.key_id = ?3 AND v.remote_id IS NOT NULL AND v.remote_id IS NOT ?4
           AND v.id <> ?5 AND NOT EXISTS (
               SELECT 1 FROM rotations r WHERE r.id = ?6 AND v.id IN (r.old_version_id, r.new_version_id))
         ON CONFLICT DO NOTHING",
    )
    .bind(entry.to_string())
    .bind(to_ms(at))
    .bind(version.key_id.to_string())
    .bind(version.remote_id.clone())
    .bind(version.id.to_string())
    .bind(rotation.map(|id| id.to_string()))
    .execute(&mut *connection)
    .await
    .map_err(any)?;
    sqlx::query("UPDATE key_versions SET state = 'retiring' WHERE state = 'live' AND key_id = ? AND id <> ?")
        .bind(version.key_id.to_string())
        .bind(version.id.to_string())
        .execute(connection)
        .await
        .map_err(any)
        .map(drop)
}

/// An id for an entry that comes with a record, drawn by the database: a record brings none.
pub(super) async fn drawn_entry(connection: &mut SqliteConnection, at: Timestamp) -> Result<UnaccountedId, Failure> {
    let random: Vec<u8> = sqlx::query_scalar("SELECT randomblob(10)")
        .fetch_one(connection)
        .await
        .map_err(any)?;
    let random: [u8; 10] = random.try_into().map_err(|_| damaged("unaccounted.id"))?;
    Ok(UnaccountedId::new(u64::try_from(to_ms(at)).unwrap_or_default(), random))
}
