//! Accounts, and when their key lists were last read.

use jiff::Timestamp;
use sqlx::{AssertSqlSafe, SqliteConnection};
use std::collections::BTreeMap;

use super::Store;
use super::activity::{self, NewActivity};
use super::failures::{any, damaged, unique};
use super::row::row;
use super::time::{from_ms, to_ms};
use crate::failure::{Code, Failure};
use crate::model::{Account, AccountId, KeyId, Name, OrgId};

/// The last readings of an account's key list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// When it was last read whole.
    pub listed_at: Option<Timestamp>,
    /// When it was last tried and could not be read since, and why.
    pub failed: Option<(Timestamp, Code)>,
}

row! {
    #[derive(serde::Deserialize)]
    pub(super) struct Row {
        id: String,
        org_id: String,
        provider_id: String,
        label: String,
        fields: String,
        scheme: String,
        base_url: Option<String>,
        management_key_id: Option<String>,
        definition: Option<String>,
        listed_at: Option<i64>,
        tried_at: Option<i64>,
        tried_code: Option<String>,
    }
}

impl Row {
    fn read(self) -> Result<(Account, Listing), Failure> {
        let management_key_id = match self.management_key_id {
            Some(id) => Some(KeyId::parse(&id).ok_or_else(|| damaged("accounts.management_key_id"))?),
            None => None,
        };
        let fields: BTreeMap<String, String> =
            serde_json::from_str(&self.fields).map_err(|_| damaged("accounts.fields"))?;
        let account = Account {
            id: AccountId::parse(&self.id).ok_or_else(|| damaged("accounts.id"))?,
            org_id: OrgId::parse(&self.org_id).ok_or_else(|| damaged("accounts.org_id"))?,
            provider_id: self.provider_id,
            label: Name::stored(&self.label).map_err(|_| damaged("accounts.label"))?,
            fields,
            scheme: self.scheme,
            base_url: self.base_url,
            management_key_id,
            definition: self.definition,
        };
        let code = self.tried_code.and_then(|word| Code::parse(&word));
        let failed = self.tried_at.zip(code).map(|(at, code)| (from_ms(at), code));
        Ok((
            account,
            Listing {
                listed_at: self.listed_at.map(from_ms),
                failed,
            },
        ))
    }
}

/// In the order of the fields of [`Row`].
pub(super) const COLUMNS: &str = "id, org_id, provider_id, label, fields, scheme, base_url, management_key_id, definition, \
     listed_at, tried_at, tried_code";

impl Store {
    /// Those that are not removed.
    pub async fn accounts(&self) -> Result<Vec<(Account, Listing)>, Failure> {
        let sql = format!("SELECT {COLUMNS} FROM accounts WHERE removed_at IS NULL ORDER BY label");
        let rows = sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&self.readers);
        self.read_accounts(rows.await.map_err(any)?).await
    }

    /// One account, removed or not, under the label that it had: what happened in it stays to be read.
    pub async fn account_of_record(&self, id: AccountId) -> Result<Account, Failure> {
        let sql = format!("SELECT {COLUMNS} FROM accounts WHERE id = ?");
        let row: Option<Row> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(id.to_string())
            .fetch_optional(&self.readers)
            .await
            .map_err(any)?;
        self.of_record(row.ok_or_else(|| Failure::new(Code::NotFound).field("account"))?)
            .await
    }

    /// The account of that row, removed or not.
    pub(super) async fn of_record(&self, row: Row) -> Result<Account, Failure> {
        self.load_sources(row.definition.as_deref().into_iter()).await?;
        let (account, _) = row.read()?;
        let label = account.label.as_str().strip_suffix(&format!(" {}", account.id));
        Ok(match label.and_then(|label| Name::stored(label).ok()) {
            Some(label) => Account { label, ..account },
            None => account,
        })
    }

    async fn read_accounts(&self, rows: Vec<Row>) -> Result<Vec<(Account, Listing)>, Failure> {
        self.load_sources(rows.iter().filter_map(|row| row.definition.as_deref()))
            .await?;
        rows.into_iter().map(Row::read).collect()
    }

    pub async fn account(&self, id: AccountId) -> Result<Account, Failure> {
        let found = self.accounts().await?.into_iter().find(|(account, _)| account.id == id);
        found
            .map(|(account, _)| account)
            .ok_or_else(|| Failure::new(Code::NotFound).field("account"))
    }

    /// Takes an account with all its keys out of the lists, marks their values to leave the keychain and notes it, in one act.
    /// Refused while a rotation is open, and while something is that nobody accounts for, which goes with it only `anyway`.
    pub async fn remove_account(
        &self,
        id: AccountId,
        (anyway, at): (bool, Timestamp),
        noted: &NewActivity,
    ) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        let open: i64 = sqlx::query_scalar("SELECT count(*) FROM rotations WHERE account_id = ? AND closed_at IS NULL")
            .bind(id.to_string())
            .fetch_one(&mut *tx)
            .await
            .map_err(any)?;
        if open > 0 {
            return Err(Failure::new(Code::KeyBusy));
        }
        let unseen: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM unaccounted WHERE account_id = ? AND settled_at IS NULL)")
                .bind(id.to_string())
                .fetch_one(&mut *tx)
                .await
                .map_err(any)?;
        if unseen && !anyway {
            return Err(Failure::new(Code::AccountUnaccounted));
        }
        sqlx::query("UPDATE keys SET removed_at = ? WHERE account_id = ? AND removed_at IS NULL")
            .bind(to_ms(at))
            .bind(id.to_string())
            .execute(&mut *tx)
            .await
            .map_err(any)?;
        // What is on its way into the keychain leaves it once it is there.
        sqlx::query(
            "UPDATE key_versions SET forget = 1
             WHERE key_id IN (SELECT id FROM keys WHERE account_id = ?)
               AND (held = 1 OR id IN (SELECT version_id FROM arriving))",
        )
        .bind(id.to_string())
        .execute(&mut *tx)
        .await
        .map_err(any)?;
        // With the credential goes all that could look after them: they stay at the provider as they are.
        sqlx::query(
            "UPDATE unaccounted SET settled_at = ?, settled_as = 'kept' WHERE account_id = ? AND settled_at IS NULL",
        )
        .bind(to_ms(at))
        .bind(id.to_string())
        .execute(&mut *tx)
        .await
        .map_err(any)?;
        // The record stays for journal and activity; its label is free again.
        sqlx::query("UPDATE accounts SET removed_at = ?, label = label || ' ' || id WHERE id = ?")
            .bind(to_ms(at))
            .bind(id.to_string())
            .execute(&mut *tx)
            .await
            .map_err(any)?;
        activity::insert(&mut tx, noted, at).await?;
        tx.commit().await.map_err(any)
    }
}

/// Without its management key, which comes after it.
pub(super) async fn insert(connection: &mut SqliteConnection, account: &Account) -> Result<(), Failure> {
    sqlx::query(
        "INSERT INTO accounts (id, org_id, provider_id, label, fields, scheme, base_url, definition)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(account.id.to_string())
    .bind(account.org_id.to_string())
    .bind(&account.provider_id)
    .bind(account.label.as_str())
    .bind(json(&account.fields))
    .bind(&account.scheme)
    .bind(&account.base_url)
    .bind(&account.definition)
    .execute(connection)
    .await
    .map_err(unique(Failure::new(Code::InputDuplicateName).field("label")))
    .map(drop)
}

/// Writes all that a management credential brings.
pub(super) async fn update(connection: &mut SqliteConnection, account: &Account) -> Result<(), Failure> {
    sqlx::query(
        "UPDATE accounts SET label = ?, fields = ?, scheme = ?, base_url = ?, management_key_id = ? WHERE id = ?",
    )
    .bind(account.label.as_str())
    .bind(json(&account.fields))
    .bind(&account.scheme)
    .bind(&account.base_url)
    .bind(account.management_key_id.map(|id| id.to_string()))
    .bind(account.id.to_string())
    .execute(connection)
    .await
    .map_err(unique(Failure::new(Code::InputDuplicateName).field("label")))
    .map(drop)
}

pub(super) fn json(fields: &BTreeMap<String, String>) -> String {
    serde_json::to_string(fields).unwrap_or_else(|_| "{}".to_owned())
}
