//! Values on their way into the keychain. Their version is written before the value is put there, so that whatever a kill
//! leaves behind is known by its row.

use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::failures::{any, damaged};
use super::time::{from_ms, to_ms};
use super::{Pinned, Store, accounts, changes, definitions, keys, orgs, versions};
use crate::failure::{Code, Failure};
use crate::model::{Account, AccountId, Fingerprint, Hint, Key, KeyId, KeyVersion, Org, RotationId, VersionId};
use crate::rotation::Change;

/// What is known of a value once the keychain has it.
#[derive(Debug, Clone)]
pub struct Arrived {
    pub version: VersionId,
    pub hint: Hint,
    pub fingerprint: Fingerprint,
}

/// What is known of a credential that takes another one's place.
#[derive(Debug, Default)]
pub struct Exchange {
    /// Its list has shown a key of the account, by more than its id.
    pub shown: bool,
    /// What rotations leave open whose requests only the former one surely reaches.
    pub open: Vec<(RotationId, Change)>,
}

/// A credential that is kept, and that the present one of its account took the place of.
#[derive(Debug, Clone, Copy)]
pub struct FormerCredential {
    pub version: VersionId,
    pub account: AccountId,
    pub since: Timestamp,
    /// The list of the one that took its place has shown a key of the account, by more than its id.
    pub is_shown: bool,
}

pub(super) async fn insert(connection: &mut SqliteConnection, id: VersionId, at: Timestamp) -> Result<(), Failure> {
    sqlx::query(
        "INSERT INTO arriving (version_id, at) VALUES (?, ?) ON CONFLICT (version_id) DO UPDATE SET at = excluded.at",
    )
    .bind(id.to_string())
    .bind(to_ms(at))
    .execute(connection)
    .await
    .map_err(any)
    .map(drop)
}

pub(super) async fn remove(connection: &mut SqliteConnection, id: VersionId) -> Result<(), Failure> {
    sqlx::query("DELETE FROM arriving WHERE version_id = ?")
        .bind(id.to_string())
        .execute(connection)
        .await
        .map_err(any)
        .map(drop)
}

/// Ends what else serves of the credential's key; it is kept. Until its successor has done what a credential is for, it may be
/// the only one that can.
async fn set_aside_for(connection: &mut SqliteConnection, version: &KeyVersion, at: Timestamp) -> Result<(), Failure> {
    let others: Vec<String> = sqlx::query_scalar(
        "SELECT id FROM key_versions WHERE key_id = ? AND id <> ? AND ended_at IS NULL
           AND id NOT IN (SELECT version_id FROM arriving)",
    )
    .bind(version.key_id.to_string())
    .bind(version.id.to_string())
    .fetch_all(&mut *connection)
    .await
    .map_err(any)?;
    for other in others {
        let other = VersionId::parse(&other).ok_or_else(|| damaged("key_versions.id"))?;
        versions::ended(connection, other, at, None).await?;
    }
    Ok(())
}

impl Arrived {
    async fn write(&self, connection: &mut SqliteConnection) -> Result<(), Failure> {
        versions::hold(connection, self.version, &self.hint, &self.fingerprint).await
    }
}

impl Store {
    /// Versions whose value is on its way, and since when.
    pub async fn arriving(&self) -> Result<Vec<(VersionId, Timestamp)>, Failure> {
        let rows: Vec<(String, i64)> = sqlx::query_as("SELECT version_id, at FROM arriving")
            .fetch_all(&self.readers)
            .await
            .map_err(any)?;
        let read = |(id, at): (String, i64)| Some((VersionId::parse(&id)?, from_ms(at)));
        rows.into_iter()
            .map(|row| read(row).ok_or_else(|| damaged("arriving.version_id")))
            .collect()
    }

    /// The value of a version that exists is on its way, unless one is already: begun a minute ago at most, by another process
    /// or by one that was stopped. Refused where its key was removed meanwhile.
    pub async fn begin_arriving(&self, id: VersionId, at: Timestamp) -> Result<bool, Failure> {
        let begun = sqlx::query(
            "INSERT INTO arriving (version_id, at) VALUES (?1, ?2)
             ON CONFLICT (version_id) DO UPDATE SET at = excluded.at WHERE arriving.at NOT BETWEEN ?2 - 60000 AND ?2",
        )
        .bind(id.to_string())
        .bind(to_ms(at))
        .execute(&self.writer)
        .await
        .map_err(any)?;
        Ok(begun.rows_affected() > 0)
    }

    /// It did not come.
    pub async fn note_not_arrived(&self, id: VersionId) -> Result<(), Failure> {
        let mut connection = self.writer.acquire().await.map_err(any)?;
        remove(&mut connection, id).await
    }

    /// The value lies in the keychain now. Refused where its key was removed meanwhile: it is written down all the same, and
    /// leaves the keychain by the order that came with the removal.
    pub async fn note_held(&self, arrived: &Arrived) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        arrived.write(&mut tx).await?;
        let sql = "SELECT k.removed_at FROM keys k JOIN key_versions v ON v.key_id = k.id WHERE v.id = ?";
        let removed: Option<i64> = sqlx::query_scalar(sql)
            .bind(arrived.version.to_string())
            .fetch_one(&mut *tx)
            .await
            .map_err(any)?;
        tx.commit().await.map_err(any)?;
        match removed {
            Some(_) => Err(Failure::new(Code::Removed).field("key")),
            None => Ok(()),
        }
    }

    /// The same of a credential that was to replace another one, in an act that came to no end: the former one goes on, and
    /// this value is kept until a person orders otherwise.
    pub async fn note_left_over(&self, arrived: &Arrived, at: Timestamp) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        arrived.write(&mut tx).await?;
        versions::ended(&mut tx, arrived.version, at, None).await?;
        tx.commit().await.map_err(any)
    }

    /// An account with its management key, whose value is on its way; with the organisation where that is new, and the
    /// definition that it goes by.
    pub async fn begin_account(
        &self,
        org: Option<&Org>,
        (account, definition): (&Account, Option<&Pinned>),
        credential: Option<(&Key, &KeyVersion)>,
    ) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        if let Some(org) = org {
            orgs::insert(&mut tx, org).await?;
        }
        if let Some(definition) = definition {
            definitions::insert(&mut tx, definition).await?;
        }
        accounts::insert(&mut tx, account).await?;
        if let Some((key, version)) = credential {
            keys::insert(&mut tx, key).await?;
            versions::insert(&mut tx, version).await?;
            insert(&mut tx, version.id, version.first_seen_at).await?;
            accounts::update(&mut tx, account).await?;
        }
        tx.commit().await.map_err(any)
    }

    /// Takes it back: the value did not come.
    pub async fn drop_account(&self, org: Option<&Org>, account: &Account, key: KeyId) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE accounts SET management_key_id = NULL WHERE id = ?")
            .bind(account.id.to_string())
            .execute(&mut *tx)
            .await
            .map_err(any)?;
        drop_key(&mut tx, key).await?;
        sqlx::query("DELETE FROM accounts WHERE id = ?")
            .bind(account.id.to_string())
            .execute(&mut *tx)
            .await
            .map_err(any)?;
        if let Some(org) = org {
            sqlx::query("DELETE FROM orgs WHERE id = ?")
                .bind(org.id.to_string())
                .execute(&mut *tx)
                .await
                .map_err(any)?;
        }
        tx.commit().await.map_err(any)
    }

    /// A credential that is to replace the account's; its value is on its way.
    pub async fn begin_credential(&self, version: &KeyVersion) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        versions::insert(&mut tx, version).await?;
        insert(&mut tx, version.id, version.first_seen_at).await?;
        tx.commit().await.map_err(any)
    }

    /// It is there and takes the former one's place, whose value is kept. What an act left that came to no end stays kept too.
    pub async fn exchange_credential(
        &self,
        account: &Account,
        version: &KeyVersion,
        arrived: &Arrived,
        (known, at): (Exchange, Timestamp),
    ) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        set_aside_for(&mut tx, version, at).await?;
        // A list vouches for it.
        sqlx::query("UPDATE key_versions SET state = 'live', vouched = ? WHERE id = ?")
            .bind(known.shown)
            .bind(version.id.to_string())
            .execute(&mut *tx)
            .await
            .map_err(any)?;
        arrived.write(&mut tx).await?;
        accounts::update(&mut tx, account).await?;
        left_open(&mut tx, known.open, at).await?;
        tx.commit().await.map_err(any)
    }

    /// A former credential serves again; the one that served is kept.
    pub async fn return_credential(
        &self,
        version: &KeyVersion,
        (known, at): (Exchange, Timestamp),
    ) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        set_aside_for(&mut tx, version, at).await?;
        sqlx::query("UPDATE key_versions SET state = 'live', ended_at = NULL, forget = 0 WHERE id = ?")
            .bind(version.id.to_string())
            .execute(&mut *tx)
            .await
            .map_err(any)?;
        left_open(&mut tx, known.open, at).await?;
        tx.commit().await.map_err(any)
    }

    /// Kept credentials that the present one of their account took the place of, and when; not what an act left over that
    /// came to no end.
    pub async fn former_credentials(&self) -> Result<Vec<FormerCredential>, Failure> {
        let rows: Vec<(String, String, i64, bool)> = sqlx::query_as(
            "SELECT v.id, a.id, v.ended_at, s.vouched FROM key_versions v JOIN accounts a ON a.management_key_id = v.key_id
             JOIN key_versions s ON s.key_id = v.key_id AND s.state = 'live' AND s.ended_at IS NULL
             WHERE v.held = 1 AND v.forget = 0 AND v.receipt IS NULL AND a.removed_at IS NULL
               AND v.ended_at >= s.first_seen_at AND v.first_seen_at < s.first_seen_at",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(any)?;
        let read = |(id, account, at, is_shown): (String, String, i64, bool)| {
            Some(FormerCredential {
                version: VersionId::parse(&id)?,
                account: AccountId::parse(&account)?,
                since: from_ms(at),
                is_shown,
            })
        };
        rows.into_iter()
            .map(|row| read(row).ok_or_else(|| damaged("key_versions.id")))
            .collect()
    }

    /// Rotations of the account in which a mint or a revocation was applied after that moment.
    pub async fn mutated_since(&self, account: AccountId, since: Timestamp) -> Result<Vec<RotationId>, Failure> {
        let ids: Vec<String> = sqlx::query_scalar(
            "SELECT DISTINCT r.id FROM rotations r JOIN journal j ON j.rotation_id = r.id
             WHERE r.account_id = ? AND j.event = 'applied' AND j.step IN ('mint', 'revoke_old') AND j.at >= ?",
        )
        .bind(account.to_string())
        .bind(to_ms(since))
        .fetch_all(&self.readers)
        .await
        .map_err(any)?;
        super::rotations::parsed(&ids)
    }

    /// Takes a version back whose value did not come.
    pub async fn drop_version(&self, id: VersionId) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        remove(&mut tx, id).await?;
        sqlx::query("DELETE FROM key_versions WHERE id = ?")
            .bind(id.to_string())
            .execute(&mut *tx)
            .await
            .map_err(any)?;
        tx.commit().await.map_err(any)
    }

    /// Takes a key back that came into being with a value which did not come.
    pub async fn drop_key(&self, id: KeyId) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        drop_key(&mut tx, id).await?;
        tx.commit().await.map_err(any)
    }
}

/// Writes down what a rotation would have settled by the list of the former credential.
async fn left_open(
    connection: &mut SqliteConnection,
    open: Vec<(RotationId, Change)>,
    at: Timestamp,
) -> Result<(), Failure> {
    for (rotation, change) in open {
        changes::apply(&mut *connection, rotation, change, at).await?;
    }
    Ok(())
}

async fn drop_key(connection: &mut SqliteConnection, id: KeyId) -> Result<(), Failure> {
    for sql in [
        "DELETE FROM arriving WHERE version_id IN (SELECT id FROM key_versions WHERE key_id = ?)",
        "UPDATE keys SET told_version_id = NULL WHERE id = ?",
        "DELETE FROM key_versions WHERE key_id = ?",
        "DELETE FROM keys WHERE id = ?",
    ] {
        sqlx::query(sql)
            .bind(id.to_string())
            .execute(&mut *connection)
            .await
            .map_err(any)?;
    }
    Ok(())
}
