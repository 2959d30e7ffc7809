//! Versions of program keys as the database has them, read from outside of Keywheel.

use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, FromRow, Row};

const SELECT: &str = "SELECT v.id, v.state, v.remote_id, v.held, v.receipt FROM key_versions v
    JOIN keys k ON k.id = v.key_id WHERE k.purpose = 'service'";

#[derive(Debug, Clone)]
pub struct VersionRow {
    pub id: String,
    pub state: String,
    pub remote_id: Option<String>,
    pub held: bool,
    /// What tells of its end.
    pub receipt: Option<String>,
}

impl<'r> FromRow<'r, SqliteRow> for VersionRow {
    fn from_row(row: &'r SqliteRow) -> Result<VersionRow, sqlx::Error> {
        Ok(VersionRow {
            id: row.try_get("id")?,
            state: row.try_get("state")?,
            remote_id: row.try_get("remote_id")?,
            held: row.try_get("held")?,
            receipt: row.try_get("receipt")?,
        })
    }
}

/// All of them, the oldest first.
pub(crate) async fn versions(database: &mut SqliteConnection) -> Vec<VersionRow> {
    let sql = AssertSqlSafe(format!("{SELECT} ORDER BY v.id"));
    let read = sqlx::query_as(sql).fetch_all(database).await;
    read.expect("the query is right")
}

/// Those of the key with that name.
pub(crate) async fn versions_of(database: &mut SqliteConnection, name: &str) -> Vec<VersionRow> {
    let sql = AssertSqlSafe(format!("{SELECT} AND k.name = ?"));
    let read = sqlx::query_as(sql).bind(name).fetch_all(database).await;
    read.expect("the query is right")
}
