//! The database of a project, as a reader outside of Keywheel opens it.

use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::Project;
use crate::judge::VersionRow;

impl Project {
    pub async fn database(&self) -> SqliteConnection {
        let file = self.dir.path().join(keywheel_core::store::DB_FILE);
        let opened = SqliteConnectOptions::new().filename(file).connect().await;
        opened.expect("the database opens")
    }
}

/// Versions of program keys, the oldest first.
pub(crate) async fn versions(database: &mut SqliteConnection) -> Vec<VersionRow> {
    let sql = "SELECT v.id, v.state, v.remote_id, v.held, v.receipt FROM key_versions v JOIN keys k ON k.id = v.key_id
               WHERE k.purpose = 'service' ORDER BY v.id";
    let read = sqlx::query_as(sql).fetch_all(database).await;
    read.expect("the query is right")
}
