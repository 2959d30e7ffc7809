//! Keys, and what a list shows of each.

use jiff::Timestamp;

use super::Store;
use super::failures::{any, damaged, unique};
use super::time::to_ms;
use super::{about, versions};
use crate::failure::{Code, Failure};
use crate::model::{About, AccountId, EnvironmentId, Key, KeyId, KeyVersion, Name, Purpose, RotationId, VersionId};

/// A key with the version that stands for it: the live one, else the newest.
#[derive(Debug, Clone)]
pub struct KeyRow {
    pub key: Key,
    pub about: About,
    /// The version whose day of creation is the person's word.
    pub told: Option<VersionId>,
    pub version: Option<KeyVersion>,
    pub open_rotation: Option<RotationId>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    account_id: String,
    environment_id: String,
    name: String,
    purpose: String,
    #[sqlx(flatten)]
    about: about::Columns,
    version_id: Option<String>,
    rotation_id: Option<String>,
}

impl Row {
    fn key(&self) -> Result<Key, Failure> {
        Ok(Key {
            id: KeyId::parse(&self.id).ok_or_else(|| damaged("keys.id"))?,
            account_id: AccountId::parse(&self.account_id).ok_or_else(|| damaged("keys.account_id"))?,
            environment_id: EnvironmentId::parse(&self.environment_id).ok_or_else(|| damaged("keys.environment_id"))?,
            name: Name::stored(&self.name).map_err(|_| damaged("keys.name"))?,
            purpose: Purpose::parse(&self.purpose).ok_or_else(|| damaged("keys.purpose"))?,
        })
    }
}

/// The version that stands for a key: live before retiring before pending before ended, newest first.
const STANDS_FOR: &str = "SELECT k.id, k.account_id, k.environment_id, k.name, k.purpose,
     k.owner, k.used_for, k.permissions, k.preset, k.told_version_id,
     (SELECT v.id FROM key_versions v WHERE v.key_id = k.id
      ORDER BY CASE v.state WHEN 'live' THEN 0 WHEN 'retiring' THEN 1 WHEN 'pending' THEN 2 ELSE 3 END,
               v.first_seen_at DESC, v.id DESC LIMIT 1) AS version_id,
     (SELECT r.id FROM rotations r WHERE r.key_id = k.id AND r.closed_at IS NULL) AS rotation_id
     FROM keys k";

impl Store {
    /// All keys that are not removed.
    pub async fn keys(&self) -> Result<Vec<KeyRow>, Failure> {
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{STANDS_FOR} WHERE k.removed_at IS NULL")))
            .fetch_all(&self.readers)
            .await
            .map_err(any)?;
        let found: Vec<versions::Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "SELECT {} FROM key_versions",
            versions::COLUMNS
        )))
        .fetch_all(&self.readers)
        .await
        .map_err(any)?;
        let mut by_id = std::collections::HashMap::with_capacity(found.len());
        for row in found {
            let version = row.read()?;
            by_id.insert(version.id, version);
        }
        rows.into_iter()
            .map(|row| {
                let version = row
                    .version_id
                    .as_deref()
                    .and_then(VersionId::parse)
                    .and_then(|id| by_id.remove(&id));
                let open_rotation = row.rotation_id.as_deref().and_then(RotationId::parse);
                Ok(KeyRow {
                    key: row.key()?,
                    about: row.about.about()?,
                    told: row.about.told(),
                    version,
                    open_rotation,
                })
            })
            .collect()
    }

    /// One key, removed or not.
    pub async fn key(&self, id: KeyId) -> Result<KeyRow, Failure> {
        let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{STANDS_FOR} WHERE k.id = ?")))
            .bind(id.to_string())
            .fetch_optional(&self.readers)
            .await
            .map_err(any)?;
        let row = row.ok_or_else(|| Failure::new(Code::NotFound).field("key"))?;
        let version = match row.version_id.as_deref().and_then(VersionId::parse) {
            Some(id) => Some(self.version(id).await?),
            None => None,
        };
        let open_rotation = row.rotation_id.as_deref().and_then(RotationId::parse);
        Ok(KeyRow {
            key: row.key()?,
            about: row.about.about()?,
            told: row.about.told(),
            version,
            open_rotation,
        })
    }

    /// Adds a key with its first version.
    pub async fn add_key(&self, key: &Key, version: &KeyVersion) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        insert(&mut tx, key).await?;
        versions::insert(&mut tx, version).await?;
        if let Some(verdict) = &version.verdict {
            versions::answered(&mut tx, version.id, verdict).await?;
        }
        tx.commit().await.map_err(any)
    }

    /// Gives an existing key one more version.
    pub async fn add_version(
        &self,
        version: &KeyVersion,
        replaces: Option<VersionId>,
        at: Timestamp,
    ) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        if let Some(former) = replaces {
            versions::ended(&mut tx, former, at, None).await?;
        }
        versions::insert(&mut tx, version).await?;
        if let Some(verdict) = &version.verdict {
            versions::answered(&mut tx, version.id, verdict).await?;
        }
        tx.commit().await.map_err(any)
    }

    pub async fn rename_key(&self, id: KeyId, name: &Name) -> Result<(), Failure> {
        sqlx::query("UPDATE keys SET name = ? WHERE id = ?")
            .bind(name.as_str())
            .bind(id.to_string())
            .execute(&self.writer)
            .await
            .map_err(unique(Failure::new(Code::InputDuplicateName).field("name")))
            .map(drop)
    }

    pub async fn move_key(&self, id: KeyId, environment: EnvironmentId) -> Result<(), Failure> {
        sqlx::query("UPDATE keys SET environment_id = ? WHERE id = ?")
            .bind(environment.to_string())
            .bind(id.to_string())
            .execute(&self.writer)
            .await
            .map_err(unique(Failure::new(Code::InputDuplicateName).field("environment")))
            .map(drop)
    }

    pub async fn remove_key(&self, id: KeyId, at: Timestamp) -> Result<(), Failure> {
        sqlx::query("UPDATE keys SET removed_at = ? WHERE id = ?")
            .bind(to_ms(at))
            .bind(id.to_string())
            .execute(&self.writer)
            .await
            .map_err(any)
            .map(drop)
    }
}

pub(super) async fn insert(connection: &mut sqlx::SqliteConnection, key: &Key) -> Result<(), Failure> {
    sqlx::query("INSERT INTO keys (id, account_id, environment_id, name, purpose) VALUES (?, ?, ?, ?, ?)")
        .bind(key.id.to_string())
        .bind(key.account_id.to_string())
        .bind(key.environment_id.to_string())
        .bind(key.name.as_str())
        .bind(key.purpose.as_str())
        .execute(connection)
        .await
        .map_err(unique(Failure::new(Code::InputDuplicateName).field("name")))
        .map(drop)
}
