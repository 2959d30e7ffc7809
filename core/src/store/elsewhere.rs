//! What other processes write to the same database.

use std::sync::atomic::Ordering;

use sqlx::SqlitePool;

use super::Store;
use super::failures::any;
use crate::failure::Failure;

impl Store {
    /// Whether another process has written since this was last asked; the first time, since the database was opened.
    pub async fn written_elsewhere(&self) -> Result<bool, Failure> {
        let count = count(&self.writer).await?;
        Ok(self.elsewhere.swap(count, Ordering::SeqCst) != count)
    }
}

/// Another number after each commit that was not this connection's, and so none of this process: it has one that writes
/// (SQLite, `PRAGMA data_version`).
pub(super) async fn count(writer: &SqlitePool) -> Result<i64, Failure> {
    let counted = sqlx::query_scalar("PRAGMA data_version").fetch_one(writer);
    counted.await.map_err(any)
}

#[cfg(test)]
mod tests {
    use crate::model::{Name, Org, OrgId};
    use crate::store::Store;

    fn org(n: u64) -> Org {
        Org {
            id: OrgId::new(n, [0; 10]),
            name: Name::new(&n.to_string()).unwrap(),
        }
    }

    #[tokio::test]
    async fn what_others_write_is_noticed_once_and_what_we_write_never() {
        let dir = tempfile::tempdir().unwrap();
        let here = Store::open(dir.path(), "here").await.unwrap();
        let there = Store::open(dir.path(), "there").await.unwrap();
        // Opening writes nothing where the database is as it should be.
        assert!(!here.written_elsewhere().await.unwrap());
        here.add_org(&org(1)).await.unwrap();
        assert!(!here.written_elsewhere().await.unwrap(), "we wrote it");
        assert!(there.written_elsewhere().await.unwrap());
        assert!(!there.written_elsewhere().await.unwrap(), "it is known by now");
        there.orgs().await.unwrap();
        assert!(!here.written_elsewhere().await.unwrap(), "reading is no writing");
        there.add_org(&org(2)).await.unwrap();
        assert!(here.written_elsewhere().await.unwrap());
        assert!(!there.written_elsewhere().await.unwrap());
    }
}
