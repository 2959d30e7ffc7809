//! What people say of keys.

use sqlx::SqliteConnection;

use super::failures::{any, damaged};
use super::{Store, arriving, keys, versions};
use crate::failure::Failure;
use crate::model::{About, Key, KeyId, KeyVersion, Name, VersionId};

pub(super) const COLUMNS: &str = "owner, used_for, permissions, preset, told_version_id";

/// The columns of `keys` that hold it, in the order of [`COLUMNS`].
#[derive(serde::Deserialize)]
pub(super) struct Columns {
    owner: Option<String>,
    used_for: Option<String>,
    permissions: String,
    preset: Option<String>,
    told_version_id: Option<String>,
}

impl Columns {
    pub(super) fn about(&self) -> Result<About, Failure> {
        let name = |text: &Option<String>, column| match text {
            Some(text) => Name::stored(text).map(Some).map_err(|_| damaged(column)),
            None => Ok(None),
        };
        Ok(About {
            owner: name(&self.owner, "keys.owner")?,
            used_for: name(&self.used_for, "keys.used_for")?,
            permissions: serde_json::from_str(&self.permissions).map_err(|_| damaged("keys.permissions"))?,
            preset: self.preset.clone(),
        })
    }

    pub(super) fn told(&self) -> Option<VersionId> {
        self.told_version_id.as_deref().and_then(VersionId::parse)
    }
}

impl Store {
    /// Adds a key that exists already; a value that is not held yet is on its way. `told`: its day of creation is the
    /// person's word.
    pub async fn add_existing_key(
        &self,
        key: &Key,
        about: &About,
        version: &KeyVersion,
        told: bool,
    ) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        keys::insert(&mut tx, key).await?;
        versions::insert(&mut tx, version).await?;
        if !version.held {
            arriving::insert(&mut tx, version.id, version.first_seen_at).await?;
        }
        describe(&mut tx, key.id, about).await?;
        if told {
            sqlx::query("UPDATE keys SET told_version_id = ? WHERE id = ?")
                .bind(version.id.to_string())
                .bind(key.id.to_string())
                .execute(&mut *tx)
                .await
                .map_err(any)?;
        }
        tx.commit().await.map_err(any)
    }

    pub async fn describe_key(&self, id: KeyId, about: &About) -> Result<(), Failure> {
        let mut connection = self.writer.acquire().await.map_err(any)?;
        describe(&mut connection, id, about).await
    }

    /// Every version whose value lies in the keychain, with its key; not of removed keys.
    pub async fn held_versions(&self) -> Result<Vec<(KeyId, VersionId)>, Failure> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT v.key_id, v.id FROM key_versions v JOIN keys k ON k.id = v.key_id
             WHERE v.held = 1 AND k.removed_at IS NULL ORDER BY v.id",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(any)?;
        let read = |(key, version): (String, String)| KeyId::parse(&key).zip(VersionId::parse(&version));
        rows.into_iter()
            .map(|row| read(row).ok_or_else(|| damaged("key_versions.id")))
            .collect()
    }
}

pub(super) async fn describe(connection: &mut SqliteConnection, id: KeyId, about: &About) -> Result<(), Failure> {
    let permissions = serde_json::to_string(&about.permissions).unwrap_or_else(|_| "[]".to_owned());
    sqlx::query("UPDATE keys SET owner = ?, used_for = ?, permissions = ?, preset = ? WHERE id = ?")
        .bind(about.owner.as_ref().map(Name::as_str))
        .bind(about.used_for.as_ref().map(Name::as_str))
        .bind(permissions)
        .bind(&about.preset)
        .bind(id.to_string())
        .execute(connection)
        .await
        .map_err(any)
        .map(drop)
}
