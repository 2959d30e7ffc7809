//! How far a data directory has come, and which of two has the keys. Triggers count (`0026_seal.sql`).

use sqlx::SqliteConnection;

use super::Store;
use super::failures::any;
use crate::failure::Failure;
use crate::model::Seal;

impl Store {
    /// How far it has come, with the newest mark.
    pub async fn seal(&self) -> Result<Seal, Failure> {
        let row: Option<(String, i64, Option<String>)> =
            sqlx::query_as("SELECT seal, acts, (SELECT mark FROM seals ORDER BY rowid DESC LIMIT 1) FROM data_dir")
                .fetch_optional(&self.readers)
                .await
                .map_err(any)?;
        let (word, acts, mark) = row.unwrap_or_default();
        let mark = mark.unwrap_or_default();
        Ok(Seal { word, acts, mark })
    }

    /// Whether this state, or one that it has come from, has drawn that mark.
    pub async fn has_drawn(&self, mark: &str) -> Result<bool, Failure> {
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM seals WHERE mark = ?)")
            .bind(mark)
            .fetch_one(&self.readers)
            .await
            .map_err(any)
    }

    /// Writes down the mark that the keychain is about to be told.
    pub async fn draw_seal(&self, mark: &str) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        sqlx::query("INSERT INTO seals (mark) VALUES (?)")
            .bind(mark)
            .execute(&mut *tx)
            .await
            .map_err(any)?;
        tx.commit().await.map_err(any)
    }

    /// Nobody knows what became of the open rotations since.
    pub async fn are_behind(&self) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        open_are_behind(&mut tx).await?;
        tx.commit().await.map_err(any)
    }

    /// This one has the keys from now on, where it lies and by that word. `behind`: the other one, or a later state of this
    /// one, has gone on meanwhile. Then nothing leaves the keychain by an order of before, and no rotation goes on by itself.
    pub async fn own(&self, home: &str, word: &str, behind: bool) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE data_dir SET home = ?, seal = ?")
            .bind(home)
            .bind(word)
            .execute(&mut *tx)
            .await
            .map_err(any)?;
        if behind {
            sqlx::query("UPDATE key_versions SET forget = 0, leaving = NULL WHERE forget = 1")
                .execute(&mut *tx)
                .await
                .map_err(any)?;
            open_are_behind(&mut tx).await?;
        }
        tx.commit().await.map_err(any)
    }
}

async fn open_are_behind(connection: &mut SqliteConnection) -> Result<(), Failure> {
    sqlx::query("UPDATE rotations SET behind = 1 WHERE closed_at IS NULL AND behind = 0")
        .execute(connection)
        .await
        .map_err(any)
        .map(drop)
}
