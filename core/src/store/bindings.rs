//! Where keys are used.

use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::Store;
use super::failures::{any, damaged, unique};
use super::keys;
use super::row::row;
use super::time::to_ms;
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{
    AccountId, Binding, BindingId, Command, EnvFile, Fingerprint, KeyId, Name, RotationId, Target, VersionId,
};

row! {
    #[derive(Default)]
    struct Row {
        id: String,
        key_id: String,
        target: String,
        path: Option<String>,
        file: Option<String>,
        name: Option<String>,
        write: Option<String>,
        confirm: Option<String>,
        restore: Option<String>,
        allowed: Option<String>,
        place: Option<String>,
        version_id: Option<String>,
    }
}

impl Row {
    fn read(self) -> Result<Binding, Failure> {
        let whole = || damaged("bindings.target");
        let words = |text: Option<String>| match text {
            Some(text) => serde_json::from_str(&text).map(Some).map_err(|_| whole()),
            None => Ok(None),
        };
        let target = match self.target.as_str() {
            "env_file" => Target::EnvFile(EnvFile {
                path: self.path.ok_or_else(whole)?.into(),
                file: self.file.ok_or_else(whole)?.into(),
                name: self.name.ok_or_else(whole)?,
            }),
            "command" => Target::Command(Command {
                write: words(self.write)?.ok_or_else(whole)?,
                confirm: words(self.confirm)?,
                restore: words(self.restore)?,
                allowed: self.allowed.map(Fingerprint::stored),
            }),
            "by_hand" => Target::ByHand(Name::stored(&self.place.ok_or_else(whole)?).map_err(|_| whole())?),
            _ => return Err(whole()),
        };
        Ok(Binding {
            id: BindingId::parse(&self.id).ok_or_else(|| damaged("bindings.id"))?,
            key_id: KeyId::parse(&self.key_id).ok_or_else(|| damaged("bindings.key_id"))?,
            target,
            holds: self.version_id.as_deref().and_then(VersionId::parse),
        })
    }

    /// A path that is not text has no place in the database.
    fn of(binding: &Binding) -> Result<Row, Failure> {
        let path = |path: &std::path::Path| match path.to_str() {
            Some(text) => Ok(Some(text.to_owned())),
            None => Err(Failure::new(Code::InputInvalid).field("path")),
        };
        let words = |words: &Vec<String>| serde_json::to_string(words).map_err(|_| damaged("bindings.write"));
        let row = Row {
            id: binding.id.to_string(),
            key_id: binding.key_id.to_string(),
            target: binding.target.kind().to_owned(),
            version_id: binding.holds.map(|id| id.to_string()),
            ..Row::default()
        };
        Ok(match &binding.target {
            Target::EnvFile(at) => Row {
                path: path(&at.path)?,
                file: path(&at.file)?,
                name: Some(at.name.clone()),
                ..row
            },
            Target::Command(command) => Row {
                write: Some(words(&command.write)?),
                confirm: command.confirm.as_ref().map(words).transpose()?,
                restore: command.restore.as_ref().map(words).transpose()?,
                allowed: command.allowed.as_ref().map(|seal| seal.as_str().to_owned()),
                ..row
            },
            Target::ByHand(place) => Row {
                place: Some(place.to_string()),
                ..row
            },
        })
    }
}

const SELECT: &str = "SELECT id, key_id, target, path, file, name, write, confirm, restore, allowed, place, version_id
     FROM bindings";

impl Store {
    /// Where a key is used, in the order in which it was said.
    pub async fn bindings_of(&self, key: KeyId) -> Result<Vec<Binding>, Failure> {
        let sql = format!("{SELECT} WHERE key_id = ? AND removed_at IS NULL ORDER BY rowid");
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(key.to_string())
            .fetch_all(&self.readers)
            .await
            .map_err(any)?;
        rows.into_iter().map(Row::read).collect()
    }

    /// Where any key that is not removed is used.
    pub async fn bindings(&self) -> Result<Vec<Binding>, Failure> {
        let sql = format!(
            "{SELECT} b WHERE b.removed_at IS NULL
             AND EXISTS (SELECT 1 FROM keys k WHERE k.id = b.key_id AND k.removed_at IS NULL) ORDER BY key_id, b.rowid"
        );
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .fetch_all(&self.readers)
            .await
            .map_err(any)?;
        rows.into_iter().map(Row::read).collect()
    }

    /// One binding, removed or not.
    pub async fn binding(&self, id: BindingId) -> Result<Binding, Failure> {
        let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE id = ?")))
            .bind(id.to_string())
            .fetch_optional(&self.readers)
            .await
            .map_err(any)?;
        row.ok_or_else(|| Failure::new(Code::NotFound).field("target"))?.read()
    }

    /// Of each other key that has the value of the rotation's old version: where it is used.
    pub async fn bindings_sharing(&self, rotation: RotationId) -> Result<Vec<Vec<Binding>>, Failure> {
        let old: Option<String> = sqlx::query_scalar("SELECT old_version_id FROM rotations WHERE id = ?")
            .bind(rotation.to_string())
            .fetch_one(&self.readers)
            .await
            .map_err(any)?;
        let mut sharing = Vec::new();
        if let Some(old) = old.as_deref().and_then(VersionId::parse) {
            for key in self.keys_sharing(old).await? {
                sharing.push(self.bindings_of(key).await?);
            }
        }
        Ok(sharing)
    }

    /// Other keys by which the value of a version is held.
    pub async fn keys_sharing(&self, version: VersionId) -> Result<Vec<KeyId>, Failure> {
        // By its value; or, where an account is connected twice, by its id.
        let rows: Vec<(String, bool, String, String)> = sqlx::query_as(
            "SELECT DISTINCT v.key_id, v.fingerprint = old.fingerprint AND v.fingerprint <> '', k.account_id, own.account_id
             FROM key_versions v JOIN keys k ON k.id = v.key_id JOIN accounts a ON a.id = k.account_id
             JOIN key_versions old ON old.id = ? JOIN keys own ON own.id = old.key_id JOIN accounts oa ON oa.id = own.account_id
             WHERE v.key_id <> old.key_id AND v.held = 1 AND v.ended_at IS NULL AND k.removed_at IS NULL
               AND k.purpose <> 'management'
               AND (v.fingerprint = old.fingerprint AND v.fingerprint <> ''
                 OR v.remote_id = old.remote_id AND a.id <> oa.id AND a.provider_id = oa.provider_id
                   AND a.fields = oa.fields AND a.removed_at IS NULL)
             ORDER BY v.key_id",
        )
        .bind(version.to_string())
        .fetch_all(&self.readers)
        .await
        .map_err(any)?;
        let mut sharing = Vec::new();
        for (key, by_value, theirs, own) in rows {
            if by_value || in_place(Guard::SameKeyTwice) && self.is_at(&theirs).await? == self.is_at(&own).await? {
                sharing.extend(KeyId::parse(&key));
            }
        }
        Ok(sharing)
    }

    /// Where an account's requests go.
    async fn is_at(&self, account: &str) -> Result<Option<String>, Failure> {
        let id = AccountId::parse(account).ok_or_else(|| damaged("keys.account_id"))?;
        Ok(self.account_of_record(id).await?.address())
    }

    /// Notes where a key is used whose `version` was found there; refused where that one does not stand for it any more, or a
    /// rotation is open, which would not know of the place. Looked at here: a file and git take their time.
    pub async fn add_binding(&self, binding: &Binding, version: VersionId, at: Timestamp) -> Result<(), Failure> {
        let row = Row::of(binding)?;
        let mut tx = self.begin().await?;
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM rotations WHERE key_id = k.id AND closed_at IS NULL), ({})
             FROM keys k WHERE k.id = ? AND k.removed_at IS NULL",
            keys::STANDS
        );
        let found: Option<(bool, Option<String>)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(&row.key_id)
            .fetch_optional(&mut *tx)
            .await
            .map_err(any)?;
        let (is_rotated, stands) = found.ok_or_else(|| Failure::new(Code::NotFound).field("key"))?;
        if is_rotated {
            return Err(Failure::new(Code::KeyBusy));
        }
        if stands.as_deref() != Some(version.to_string().as_str()) {
            return Err(Failure::new(Code::TargetDrifted));
        }
        sqlx::query(
            "INSERT INTO bindings (id, key_id, target, path, file, name, write, confirm, restore, allowed, place,
                 version_id, added_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(row.id)
        .bind(row.key_id)
        .bind(row.target)
        .bind(row.path)
        .bind(row.file)
        .bind(row.name)
        .bind(row.write)
        .bind(row.confirm)
        .bind(row.restore)
        .bind(row.allowed)
        .bind(row.place)
        .bind(row.version_id)
        .bind(to_ms(at))
        .execute(&mut *tx)
        .await
        .map_err(unique(Failure::new(Code::TargetTaken)))?;
        tx.commit().await.map_err(any)
    }

    /// Forgets it, unless a rotation is open that goes by it.
    pub async fn remove_binding(&self, id: BindingId, at: Timestamp) -> Result<(), Failure> {
        let removed = sqlx::query(
            "UPDATE bindings SET removed_at = ? WHERE id = ?
             AND NOT EXISTS (SELECT 1 FROM rotations r WHERE r.key_id = bindings.key_id AND r.closed_at IS NULL)",
        )
        .bind(to_ms(at))
        .bind(id.to_string())
        .execute(&self.writer)
        .await
        .map_err(any)?;
        match removed.rows_affected() {
            0 => Err(Failure::new(Code::KeyBusy)),
            _ => Ok(()),
        }
    }

    /// The person allowed what the commands are now.
    pub async fn allow_command(&self, id: BindingId, seal: &Fingerprint) -> Result<(), Failure> {
        sqlx::query("UPDATE bindings SET allowed = ? WHERE id = ? AND target = 'command'")
            .bind(seal.as_str())
            .bind(id.to_string())
            .execute(&self.writer)
            .await
            .map_err(any)
            .map(drop)
    }
}

/// Whether a plan knows each place where its key is used, and no other.
pub(super) async fn are_as_planned(
    connection: &mut SqliteConnection,
    key: KeyId,
    planned: &[BindingId],
) -> Result<bool, Failure> {
    let now: Vec<String> =
        sqlx::query_scalar("SELECT id FROM bindings WHERE key_id = ? AND removed_at IS NULL ORDER BY rowid")
            .bind(key.to_string())
            .fetch_all(connection)
            .await
            .map_err(any)?;
    Ok(now.into_iter().eq(planned.iter().map(ToString::to_string)))
}

pub(super) async fn deployed(
    connection: &mut SqliteConnection,
    id: BindingId,
    version: VersionId,
) -> Result<(), Failure> {
    sqlx::query("UPDATE bindings SET version_id = ? WHERE id = ?")
        .bind(version.to_string())
        .bind(id.to_string())
        .execute(connection)
        .await
        .map_err(any)
        .map(drop)
}
