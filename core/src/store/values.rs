//! Values as the database knows them: by their fingerprints.

use sqlx::AssertSqlSafe;

use super::failures::{any, damaged};
use super::{Arrived, Store, versions};
use crate::failure::Failure;
use crate::model::{AccountId, Fingerprint, KeyVersion, RotationId, VersionId};

impl Store {
    /// Every version that has or had this value, of removed keys too; newest first.
    pub async fn versions_of_value(&self, fingerprint: &Fingerprint) -> Result<Vec<KeyVersion>, Failure> {
        let value = fingerprint.as_str().to_owned();
        self.versions_where("fingerprint = ?", value).await
    }

    /// Other program keys of the rotation's account that are held, were accepted when they were last called with, and have
    /// no open rotation; three at most, newest first. None has the value of the rotation's own keys.
    pub(super) async fn versions_beside(&self, id: RotationId) -> Result<Vec<KeyVersion>, Failure> {
        let condition = "id IN (
            SELECT v.id FROM rotations r JOIN keys k ON k.account_id = r.account_id AND k.id <> r.key_id
            JOIN key_versions v ON v.key_id = k.id
            WHERE r.id = ? AND k.purpose = 'service' AND k.removed_at IS NULL AND v.held = 1 AND v.state = 'live'
              AND v.answer = 'live' AND v.ended_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM rotations o WHERE o.key_id = k.id AND o.closed_at IS NULL)
              AND NOT EXISTS (SELECT 1 FROM key_versions own WHERE own.key_id = r.key_id
                              AND own.fingerprint = v.fingerprint)
            ORDER BY v.answered_at DESC LIMIT 3)";
        self.versions_where(condition, id.to_string()).await
    }

    /// Versions whose values the keychain should have.
    pub async fn values_held(&self) -> Result<Vec<VersionId>, Failure> {
        self.held_where("held = 1").await
    }

    /// Those of them that are not recognised: they were not there when the key of fingerprints was made anew.
    pub async fn values_unrecognised(&self) -> Result<Vec<VersionId>, Failure> {
        self.held_where("held = 1 AND fingerprint = ''").await
    }

    async fn held_where(&self, condition: &'static str) -> Result<Vec<VersionId>, Failure> {
        let sql = format!("SELECT id FROM key_versions WHERE {condition} ORDER BY id");
        let ids: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_all(&self.readers)
            .await
            .map_err(any)?;
        ids.iter()
            .map(|id| VersionId::parse(id).ok_or_else(|| damaged("key_versions.id")))
            .collect()
    }

    /// Takes these fingerprints in place of those that there are; of all of them where they were made with another key. By
    /// `anew` the one that they are made with now is known.
    pub async fn take_fingerprints(&self, taken: &[Arrived], anew: Option<&Fingerprint>) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        if let Some(check) = anew {
            sqlx::query("UPDATE key_versions SET fingerprint = CASE held WHEN 1 THEN '' END")
                .execute(&mut *tx)
                .await
                .map_err(any)?;
            sqlx::query("UPDATE data_dir SET fingerprint_check = ?")
                .bind(check.as_str())
                .execute(&mut *tx)
                .await
                .map_err(any)?;
        }
        for one in taken {
            versions::hold(&mut tx, one.version, &one.hint, &one.fingerprint).await?;
        }
        tx.commit().await.map_err(any)
    }

    /// Whether another program key of the account has this value, or one that has ended still keeps it; its credential may be
    /// listed as one.
    pub async fn is_known_otherwise(
        &self,
        account: AccountId,
        id: VersionId,
        value: &Fingerprint,
    ) -> Result<bool, Failure> {
        sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM key_versions v JOIN keys k ON k.id = v.key_id
             WHERE k.account_id = ? AND v.id <> ? AND v.fingerprint = ? AND k.purpose = 'service'
               AND k.removed_at IS NULL AND (v.held = 1 OR v.ended_at IS NULL))",
        )
        .bind(account.to_string())
        .bind(id.to_string())
        .bind(value.as_str())
        .fetch_one(&self.readers)
        .await
        .map_err(any)
    }

    /// The same of any account, and of a key that comes.
    pub async fn is_of_another_key(&self, value: &Fingerprint) -> Result<bool, Failure> {
        sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM key_versions v JOIN keys k ON k.id = v.key_id
             WHERE v.fingerprint = ? AND k.purpose = 'service' AND k.removed_at IS NULL
               AND (v.held = 1 OR v.ended_at IS NULL))",
        )
        .bind(value.as_str())
        .fetch_one(&self.readers)
        .await
        .map_err(any)
    }

    /// Whether an account is managed by this value.
    pub async fn is_credential(&self, fingerprint: &Fingerprint) -> Result<bool, Failure> {
        sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM key_versions v JOIN accounts a ON a.management_key_id = v.key_id
             WHERE v.fingerprint = ? AND v.ended_at IS NULL AND a.removed_at IS NULL)",
        )
        .bind(fingerprint.as_str())
        .fetch_one(&self.readers)
        .await
        .map_err(any)
    }
}
