//! What database and keychain say at one moment, read from outside.

use std::collections::BTreeSet;

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::restored::Restored;
use crate::real::Home;

/// A value that is or was kept.
#[derive(Debug, Clone)]
pub struct Version {
    pub id: String,
    pub remote_id: Option<String>,
    pub held: bool,
    /// How its end is known: by a refused call, by a list, by somebody's word.
    pub receipt: Option<String>,
    /// What the newest call with it was answered.
    pub answer: Option<String>,
    pub answered_at: Option<i64>,
    /// A rotation or a revocation of ours came to its end.
    pub acted: bool,
}

/// A rotation that is not over.
#[derive(Debug, Clone)]
pub struct Open {
    pub mint_name: Option<String>,
    pub old_version_id: Option<String>,
    pub new_version_id: Option<String>,
}

pub struct Look {
    /// Names of the keychain's items.
    pub items: BTreeSet<String>,
    pub versions: Vec<Version>,
    pub open: Vec<Open>,
    /// Provider's ids that are shown until a person settles them.
    pub unaccounted: Vec<Option<String>>,
}

impl Look {
    /// Of what is built again in process.
    pub async fn at(restored: &Restored) -> Look {
        let items = restored.vault.refs();
        let items = items.iter().map(|at| at.as_str().to_owned()).collect();
        Look::of(&mut restored.database().await, items).await
    }

    /// Of what the command has taken over.
    pub async fn at_home(home: &Home) -> Look {
        let items = home.keyring.items().await;
        Look::of(&mut home.database().await, items).await
    }

    async fn of(database: &mut SqliteConnection, items: BTreeSet<String>) -> Look {
        let sql = "SELECT id, remote_id, held, receipt, answer, answered_at, EXISTS (
                 SELECT 1 FROM rotations r JOIN journal j ON j.rotation_id = r.id
                 WHERE v.id IN (r.old_version_id, r.new_version_id)
                   AND j.event = 'applied' AND j.step IN ('revoke_old', 'prove_dead')
             ) OR EXISTS (
                 -- One whose value was lost is of none of the two sides any more once another one is made.
                 SELECT 1 FROM rotations r JOIN journal j ON j.rotation_id = r.id
                 WHERE r.key_id = v.key_id AND j.event = 'discarded'
             ) AS acted FROM key_versions v ORDER BY id";
        let versions = sqlx::query(sql).try_map(version);
        let versions = versions.fetch_all(&mut *database).await.expect("the query is right");
        let sql = "SELECT mint_name, old_version_id, new_version_id FROM rotations WHERE closed_at IS NULL";
        let open = sqlx::query(sql).try_map(open_rotation);
        let open = open.fetch_all(&mut *database).await;
        let unaccounted = sqlx::query_scalar("SELECT remote_id FROM unaccounted WHERE settled_at IS NULL");
        let unaccounted = unaccounted.fetch_all(&mut *database).await;
        Look {
            items,
            versions,
            open: open.expect("the query is right"),
            unaccounted: unaccounted.expect("the query is right"),
        }
    }

    pub fn version(&self, id: &str) -> Option<&Version> {
        self.versions.iter().find(|version| version.id == id)
    }
}

fn version(row: SqliteRow) -> Result<Version, sqlx::Error> {
    Ok(Version {
        id: row.try_get("id")?,
        remote_id: row.try_get("remote_id")?,
        held: row.try_get("held")?,
        receipt: row.try_get("receipt")?,
        answer: row.try_get("answer")?,
        answered_at: row.try_get("answered_at")?,
        acted: row.try_get("acted")?,
    })
}

fn open_rotation(row: SqliteRow) -> Result<Open, sqlx::Error> {
    Ok(Open {
        mint_name: row.try_get("mint_name")?,
        old_version_id: row.try_get("old_version_id")?,
        new_version_id: row.try_get("new_version_id")?,
    })
}
