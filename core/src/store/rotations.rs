//! Rotations as rows: opening one, and finding those that are open.

use jiff::Timestamp;
use sqlx::{AssertSqlSafe, SqliteConnection};
use std::collections::BTreeMap;

use super::Store;
use super::about::describe;
use super::accounts::json;
use super::activity::{self, ActivityResult, NewActivity};
use super::bindings::are_as_planned;
use super::failures::{any, damaged, unique};
use super::time::to_ms;
use super::{keys, versions};
use crate::failure::{Code, Failure};
use crate::model::{About, AccountId, Key, KeyId, KeyVersion, RotationId, VersionId};
use crate::rotation::{Act, Plan};

/// A rotation that is about to be opened.
pub struct NewRotation {
    pub id: RotationId,
    pub plan: Plan,
    pub key_id: KeyId,
    pub account_id: AccountId,
    pub old: Option<VersionId>,
    /// The version it will mint; none for a revocation.
    pub new: Option<KeyVersion>,
    /// A key that comes into being with it, and what is said of it.
    pub new_key: Option<(Key, About)>,
    pub inputs: BTreeMap<String, String>,
}

/// Reads ids as the database has them.
pub(super) fn parsed(ids: &[String]) -> Result<Vec<RotationId>, Failure> {
    let ids = ids.iter();
    ids.map(|id| RotationId::parse(id).ok_or_else(|| damaged("rotations.id")))
        .collect()
}

impl Store {
    /// Opens it in one transaction: the row, the new version, the first journal record, the activity. Refused where the key
    /// or its account was removed since the plan was made, or another version stands for the key, or it is used elsewhere.
    pub async fn open_rotation(&self, new: NewRotation, who: &str, at: Timestamp) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        is_as_planned(&mut tx, &new).await?;
        // A place that was said meanwhile would be left with the old key.
        if new.plan.act == Act::Rotate && !are_as_planned(&mut tx, new.key_id, &new.plan.bindings).await? {
            return Err(Failure::new(Code::RotationPlanChanged));
        }
        if let Some((key, about)) = &new.new_key {
            keys::insert(&mut tx, key).await?;
            describe(&mut tx, key.id, about).await?;
        }
        if let Some(version) = &new.new {
            versions::insert(&mut tx, version).await?;
        }
        let plan = serde_json::to_string(&new.plan.canonical()).map_err(|_| damaged("rotations.plan"))?;
        sqlx::query(
            "INSERT INTO rotations (id, act, key_id, account_id, old_version_id, new_version_id, plan, inputs, cursor, state, opened_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 'ready', ?)",
        )
        .bind(new.id.to_string())
        .bind(new.plan.act.as_str())
        .bind(new.key_id.to_string())
        .bind(new.account_id.to_string())
        .bind(new.old.map(|id| id.to_string()))
        .bind(new.new.as_ref().map(|version| version.id.to_string()))
        .bind(plan)
        .bind(json(&new.inputs))
        .bind(to_ms(at))
        .execute(&mut *tx)
        .await
        .map_err(unique(Failure::new(Code::RotationOpen)))?;
        sqlx::query("INSERT INTO journal (rotation_id, at, fence, event) VALUES (?, ?, 0, 'opened')")
            .bind(new.id.to_string())
            .bind(to_ms(at))
            .execute(&mut *tx)
            .await
            .map_err(any)?;
        let opened = NewActivity {
            key_id: Some(new.key_id),
            account_id: Some(new.account_id),
            rotation_id: Some(new.id),
            ..NewActivity::new(who, "rotation.opened", ActivityResult::Done)
        };
        activity::insert(&mut tx, &opened, at).await?;
        tx.commit().await.map_err(any)
    }

    /// Rotations that are not closed, oldest first.
    pub async fn open_rotations(&self) -> Result<Vec<RotationId>, Failure> {
        self.release_again().await;
        let ids: Vec<String> =
            sqlx::query_scalar("SELECT id FROM rotations WHERE closed_at IS NULL ORDER BY opened_at, id")
                .fetch_all(&self.readers)
                .await
                .map_err(any)?;
        parsed(&ids)
    }

    /// Those of one account.
    pub async fn open_rotations_of(&self, account: AccountId) -> Result<Vec<RotationId>, Failure> {
        let sql = "SELECT id FROM rotations WHERE closed_at IS NULL AND account_id = ? ORDER BY opened_at, id";
        let ids: Vec<String> = sqlx::query_scalar(sql)
            .bind(account.to_string())
            .fetch_all(&self.readers)
            .await
            .map_err(any)?;
        parsed(&ids)
    }

    /// Rotations that are not closed, and those that closed since; oldest first.
    pub async fn rotations_since(&self, at: Timestamp) -> Result<Vec<RotationId>, Failure> {
        let ids: Vec<String> = sqlx::query_scalar(
            "SELECT id FROM rotations WHERE closed_at IS NULL OR closed_at >= ? ORDER BY opened_at, id",
        )
        .bind(to_ms(at))
        .fetch_all(&self.readers)
        .await
        .map_err(any)?;
        parsed(&ids)
    }

    /// The open rotation of a key, else its newest.
    pub async fn newest_rotation(&self, key: KeyId) -> Result<Option<RotationId>, Failure> {
        let id: Option<String> = sqlx::query_scalar(
            "SELECT id FROM rotations WHERE key_id = ? ORDER BY closed_at IS NOT NULL, opened_at DESC, id DESC LIMIT 1",
        )
        .bind(key.to_string())
        .fetch_optional(&self.readers)
        .await
        .map_err(any)?;
        Ok(id.as_deref().and_then(RotationId::parse))
    }
}

/// A plan is made, shown, and waits for a person and for the keychain.
async fn is_as_planned(connection: &mut SqliteConnection, new: &NewRotation) -> Result<(), Failure> {
    if new.plan.act != Act::Rotate {
        return Ok(());
    }
    let key = new.key_id.to_string();
    let sql = format!("SELECT ({}) FROM keys k WHERE k.id = ?", keys::STANDS);
    let stands: Option<Option<String>> = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(&key)
        .fetch_optional(&mut *connection)
        .await
        .map_err(any)?;
    let bindings: Vec<String> =
        sqlx::query_scalar("SELECT id FROM bindings WHERE key_id = ? AND removed_at IS NULL ORDER BY rowid")
            .bind(&key)
            .fetch_all(&mut *connection)
            .await
            .map_err(any)?;
    let planned: Vec<String> = new.plan.bindings.iter().map(ToString::to_string).collect();
    match stands.flatten() == new.old.map(|id| id.to_string()) && bindings == planned {
        true => Ok(()),
        false => Err(Failure::new(Code::RotationPlanChanged)),
    }
}
