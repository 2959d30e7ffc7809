//! What other processes write to the same database, and whether anybody wrote at all.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use sqlx::SqlitePool;

use super::failures::any;
use super::{DB_FILE, Store};
use crate::failure::Failure;

/// Writes that follow one another within this span may leave the same time on a file: some file systems have even seconds
/// only.
const COARSE: Duration = Duration::from_secs(3);

impl Store {
    /// When anybody last wrote, as the file says: as long as that is the same, nothing is new. None where it may be the same
    /// after one more write. Costs a look at the file and no connection.
    #[expect(
        clippy::disallowed_methods,
        reason = "a file has the machine's time, and the clock may be shifted"
    )]
    pub fn last_written(&self) -> Option<SystemTime> {
        let file = std::fs::metadata(self.dir().join(DB_FILE));
        let at = file.and_then(|file| file.modified()).ok()?;
        at.elapsed().is_ok_and(|since| since > COARSE).then_some(at)
    }

    /// Whether another process has written since this was last asked; the first time, since the database was opened.
    pub async fn written_elsewhere(&self) -> Result<bool, Failure> {
        let (written, counted) = (self.last_written(), &self.elsewhere_counted);
        if written.is_some() && *counted.lock().unwrap_or_else(PoisonError::into_inner) == written {
            return Ok(false);
        }
        let count = count(&self.writer).await?;
        *counted.lock().unwrap_or_else(PoisonError::into_inner) = written;
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
    use super::*;
    use crate::model::{Name, Org, OrgId};

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

    #[tokio::test]
    async fn a_database_that_rests_says_since_when_and_a_write_ends_that() {
        let dir = tempfile::tempdir().unwrap();
        let here = Store::open(dir.path(), "here").await.unwrap();
        let there = Store::open(dir.path(), "there").await.unwrap();
        let file = std::fs::File::options()
            .write(true)
            .open(dir.path().join(DB_FILE))
            .unwrap();
        let now = file.metadata().unwrap().modified().unwrap();
        let minutes = |ago: u64| now - Duration::from_secs(60 * ago);
        assert_eq!(here.last_written(), None, "it was just made");
        file.set_modified(minutes(2)).unwrap();
        let rests = here.last_written();
        assert!(rests.is_some());
        assert!(!here.written_elsewhere().await.unwrap());
        here.orgs().await.unwrap();
        assert_eq!(here.last_written(), rests, "reading is no writing");
        there.add_org(&org(1)).await.unwrap();
        assert_eq!(here.last_written(), None);
        assert!(here.written_elsewhere().await.unwrap());
        // However soon the next one follows.
        there.add_org(&org(2)).await.unwrap();
        assert!(here.written_elsewhere().await.unwrap());
        file.set_modified(minutes(1)).unwrap();
        assert!(here.last_written().is_some_and(|at| Some(at) != rests));
        // A clock that was set back.
        file.set_modified(now + Duration::from_secs(600)).unwrap();
        assert_eq!(here.last_written(), None);
    }
}
