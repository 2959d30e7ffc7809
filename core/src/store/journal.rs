//! The journal port on SQLite: append-only records, one transaction each, fenced.

use async_trait::async_trait;
use jiff::Timestamp;

use super::failures::{any, damaged};
use super::rotation_row::{Row, SELECT};
use super::time::to_ms;
use super::{Store, activity, changes, records};
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{Binding, Fingerprint, KeyVersion, RotationId, Verdict, VersionId};
use crate::rotation::{Change, DriverIdentity, Event, Fence, Journal, Reading, Rotation};

#[async_trait]
impl Journal for Store {
    async fn load(&self, id: RotationId) -> Result<Rotation, Failure> {
        self.loaded(id).await
    }

    async fn acquire(&self, id: RotationId, driver: &DriverIdentity) -> Result<Fence, Failure> {
        let free = self.driving.lock().map_err(|_| damaged("driving"))?.insert(id);
        if !free && in_place(Guard::OneDriver) {
            return Err(Failure::new(Code::RotationElsewhere));
        }
        let taken = self.take_over(id, driver).await;
        if taken.is_err()
            && let Ok(mut driving) = self.driving.lock()
        {
            driving.remove(&id);
        }
        taken
    }

    async fn release(&self, fence: Fence) -> Result<(), Failure> {
        if let Ok(mut driving) = self.driving.lock() {
            driving.remove(&fence.rotation_id);
        }
        let released = self.give_up(fence).await;
        if released.is_err()
            && let Ok(mut unreleased) = self.unreleased.lock()
        {
            unreleased.push(fence);
        }
        released
    }

    async fn record(&self, fence: Fence, at: Timestamp, event: Event, list: Vec<Change>) -> Result<(), Failure> {
        let id = fence.rotation_id.to_string();
        let mut tx = self.begin().await?;
        let row: Option<Row> = sqlx::query_as(SELECT)
            .bind(&id)
            .fetch_optional(&mut *tx)
            .await
            .map_err(any)?;
        let row = row.ok_or_else(|| Failure::new(Code::NotFound).field("rotation"))?;
        if row.fence != fence.number && in_place(Guard::Fence) {
            return Err(Failure::new(Code::RotationLeaseLost));
        }
        let position = row
            .position()?
            .after(&row.plan()?, event)
            .map_err(|_| Failure::new(Code::RotationIllegal))?;
        let columns = records::write(event);
        sqlx::query("INSERT INTO journal (rotation_id, at, fence, event, step, code, until, word) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(&id)
            .bind(to_ms(at))
            .bind(fence.number)
            .bind(columns.event)
            .bind(columns.step)
            .bind(columns.code)
            .bind(columns.until)
            .bind(columns.word.as_deref())
            .execute(&mut *tx)
            .await
            .map_err(any)?;
        sqlx::query(
            "UPDATE rotations SET cursor = ?, state = ?, state_code = ?, resume_at = ?, closed_at = ?,
                 said_status = NULL, said_code = NULL WHERE id = ?",
        )
        .bind(u32::try_from(position.cursor).unwrap_or(u32::MAX))
        .bind(position.state.as_str())
        .bind(position.state.code().map(Code::as_str))
        .bind(position.state.until().map(to_ms))
        .bind(position.is_closed().then(|| to_ms(at)))
        .bind(&id)
        .execute(&mut *tx)
        .await
        .map_err(any)?;
        for change in list {
            changes::apply(&mut tx, fence.rotation_id, change, at).await?;
        }
        activity::of_event(&mut tx, fence.rotation_id, row.driver_who.as_deref(), event, at).await?;
        tx.commit().await.map_err(any)
    }

    async fn readings(&self, id: RotationId) -> Result<Vec<Reading>, Failure> {
        self.readings_since_mint(id).await
    }

    async fn snapshot(&self, id: RotationId) -> Result<Vec<String>, Failure> {
        sqlx::query_scalar("SELECT remote_id FROM snapshots WHERE rotation_id = ?")
            .bind(id.to_string())
            .fetch_all(&self.readers)
            .await
            .map_err(any)
    }

    async fn known_remote_ids(&self, id: RotationId) -> Result<Vec<String>, Failure> {
        // A provider may give the id of a key that is gone to a new one.
        sqlx::query_scalar(
            "SELECT v.remote_id FROM key_versions v JOIN keys k ON k.id = v.key_id
             WHERE v.remote_id IS NOT NULL AND v.state <> 'revoked' AND k.account_id = (SELECT account_id FROM rotations WHERE id = ?1)
               AND v.id IS NOT (SELECT new_version_id FROM rotations WHERE id = ?1)",
        )
        .bind(id.to_string())
        .fetch_all(&self.readers)
        .await
        .map_err(any)
    }

    async fn is_held_elsewhere(&self, id: RotationId, remote_id: &str) -> Result<bool, Failure> {
        sqlx::query_scalar(
            // Two accounts may be of one workspace, and of a key whose id nobody knows nothing shows that it is another one.
            "SELECT EXISTS (SELECT 1 FROM key_versions v JOIN keys k ON k.id = v.key_id JOIN accounts a ON a.id = k.account_id
               JOIN rotations r ON r.id = ?1 JOIN accounts own ON own.id = r.account_id
             WHERE a.provider_id = own.provider_id AND a.fields = own.fields AND a.base_url IS own.base_url
               AND a.removed_at IS NULL AND k.purpose = 'service' AND k.id <> r.key_id AND k.removed_at IS NULL
               AND ifnull(v.remote_id, ?2) = ?2 AND v.held = 1 AND v.ended_at IS NULL)",
        )
        .bind(id.to_string())
        .bind(remote_id)
        .fetch_one(&self.readers)
        .await
        .map_err(any)
    }

    async fn is_known_value(&self, id: RotationId, value: &Fingerprint) -> Result<bool, Failure> {
        sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM key_versions WHERE fingerprint = ?1
               AND id IS NOT (SELECT new_version_id FROM rotations WHERE id = ?2))",
        )
        .bind(value.as_str())
        .bind(id.to_string())
        .fetch_one(&self.readers)
        .await
        .map_err(any)
    }

    async fn mint_names(&self, id: RotationId) -> Result<Vec<String>, Failure> {
        sqlx::query_scalar("SELECT name FROM mints WHERE account_id = (SELECT account_id FROM rotations WHERE id = ?)")
            .bind(id.to_string())
            .fetch_all(&self.readers)
            .await
            .map_err(any)
    }

    async fn mint_name(&self, version: VersionId) -> Result<Option<String>, Failure> {
        sqlx::query_scalar("SELECT name FROM mints WHERE version_id = ? ORDER BY sent_at DESC, rowid DESC LIMIT 1")
            .bind(version.to_string())
            .fetch_optional(&self.readers)
            .await
            .map_err(any)
    }

    async fn listed_before(&self, version: VersionId) -> Result<Option<Vec<String>>, Failure> {
        self.listed_before_mint(version).await
    }

    async fn names_beside(&self, id: RotationId) -> Result<Vec<String>, Failure> {
        self.names_beside_key(id).await
    }

    async fn vouched(&self, version: VersionId) -> Result<(), Failure> {
        self.note_vouched(version).await
    }

    async fn told_made_at(&self, version: VersionId) -> Result<Option<Timestamp>, Failure> {
        self.told_made_at_of(version).await
    }

    async fn is_credential(&self, value: &Fingerprint) -> Result<bool, Failure> {
        Store::is_credential(self, value).await
    }

    async fn sharing(&self, id: RotationId) -> Result<Vec<Vec<Binding>>, Failure> {
        self.bindings_sharing(id).await
    }

    async fn held_beside(&self, id: RotationId) -> Result<Vec<KeyVersion>, Failure> {
        self.versions_beside(id).await
    }

    async fn lost_since(&self, id: RotationId, since: Timestamp) -> Result<u32, Failure> {
        self.lost_mints(id, since).await
    }

    async fn listed_as(&self, version: VersionId, remote_id: &str, at: Timestamp) -> Result<(), Failure> {
        self.note_listed_as(version, remote_id, at).await
    }

    async fn answered(&self, version: VersionId, verdict: &Verdict) -> Result<(), Failure> {
        self.note_verdict(version, verdict).await
    }

    async fn forgotten(&self, version: VersionId) -> Result<(), Failure> {
        self.note_forgotten(version).await
    }
}

impl Store {
    async fn take_over(&self, id: RotationId, driver: &DriverIdentity) -> Result<Fence, Failure> {
        let mut tx = self.begin().await?;
        let row: Option<Row> = sqlx::query_as(SELECT)
            .bind(id.to_string())
            .fetch_optional(&mut *tx)
            .await
            .map_err(any)?;
        let row = row.ok_or_else(|| Failure::new(Code::NotFound).field("rotation"))?;
        if let Some(other) = row.driver()
            && !self.instance.is_this(&other.instance)
            && self.instance.is_alive(&other.instance)
            && in_place(Guard::OtherProcess)
        {
            return Err(Failure::new(Code::RotationElsewhere));
        }
        let number: i64 = sqlx::query_scalar(
            "UPDATE rotations SET fence = fence + 1, driver = ?, driver_who = ?, driver_since = ?, behind = 0 WHERE id = ? RETURNING fence",
        )
        .bind(&driver.instance)
        .bind(&driver.who)
        .bind(to_ms(driver.since))
        .bind(id.to_string())
        .fetch_one(&mut *tx)
        .await
        .map_err(any)?;
        tx.commit().await.map_err(any)?;
        Ok(Fence {
            rotation_id: id,
            number,
        })
    }

    async fn give_up(&self, fence: Fence) -> Result<(), Failure> {
        sqlx::query(
            "UPDATE rotations SET driver = NULL, driver_who = NULL, driver_since = NULL WHERE id = ? AND fence = ?",
        )
        .bind(fence.rotation_id.to_string())
        .bind(fence.number)
        .execute(&self.writer)
        .await
        .map_err(any)
        .map(drop)
    }

    /// Writes what a full disk did not take, so that other processes see it too.
    pub(super) async fn release_again(&self) {
        let waiting = self.unreleased.lock().map(|mut fences| std::mem::take(&mut *fences));
        for fence in waiting.unwrap_or_default() {
            if self.give_up(fence).await.is_err()
                && let Ok(mut unreleased) = self.unreleased.lock()
            {
                unreleased.push(fence);
            }
        }
    }

    /// A driver that is gone drives nothing any more, nor does this process what it has let go of.
    pub(super) fn drives(&self, id: RotationId, driver: &DriverIdentity) -> bool {
        if self.instance.is_this(&driver.instance) {
            return self.driving.lock().is_ok_and(|driving| driving.contains(&id));
        }
        self.instance.is_alive(&driver.instance)
    }
}
