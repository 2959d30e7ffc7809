//! The database of a project, as a reader outside of Keywheel opens it.

use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::Project;

impl Project {
    pub async fn database(&self) -> SqliteConnection {
        let file = self.dir.path().join(keywheel_core::store::DB_FILE);
        let opened = SqliteConnectOptions::new().filename(file).connect().await;
        opened.expect("the database opens")
    }
}
