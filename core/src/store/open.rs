//! Opens the database: its folder, its pragmas, its migrations.

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, Sqlite, Transaction};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::AtomicI64;
use std::time::{Duration, SystemTime};

use super::definitions::Sources;
use super::elsewhere;
use super::failures::{any, damaged};
use super::instance::Instance;
use super::migrations;
use crate::failure::{Code, Failure, SafeDetail};
use crate::guard::{Guard, in_place};
use crate::model::RotationId;
use crate::rotation::Fence;

/// Name of the database in the data directory.
pub const DB_FILE: &str = "keywheel.db";

/// How long another process may keep this one from the database.
const OTHERS: Duration = Duration::from_secs(5);

/// The database of one data directory.
pub struct Store {
    pub(super) readers: SqlitePool,
    /// The one connection that writes. What this process writes waits in order, one after the other: SQLite itself
    /// lets whoever is lucky go first, and some for seconds not at all.
    pub(super) writer: SqlitePool,
    pub(super) instance: Instance,
    pub(super) driving: Mutex<HashSet<RotationId>>,
    /// Given up, and not written so: the disk was full.
    pub(super) unreleased: Mutex<Vec<Fence>>,
    /// SQLite's count of what other processes wrote, as it was last seen.
    pub(super) elsewhere: AtomicI64,
    /// When the database was last written before that count was taken.
    pub(super) elsewhere_counted: Mutex<Option<SystemTime>>,
    pub(super) sources: Sources,
    /// The file that was opened, which another one may take the place of.
    file: FileId,
    dir: PathBuf,
}

impl Store {
    /// Opens or creates the database in `dir` (0700, the file 0600). `instance` names this process.
    pub async fn open(dir: &Path, instance: &str) -> Result<Store, Failure> {
        let opened = Store::open_here(dir, instance).await;
        let opened = opened.map_err(|failure| match failure.code {
            // SQLite takes that for another process, and nobody waits for the end of one that is not there.
            Code::StoreBusy if !can_lock(dir) => Failure::new(Code::StoreCannotLock),
            _ => failure,
        });
        opened.map_err(|failure| failure.detail(SafeDetail::Place(dir.join(DB_FILE))))
    }

    async fn open_here(dir: &Path, instance: &str) -> Result<Store, Failure> {
        is_own(dir)?;
        make_private_dir(dir).map_err(|error| io_failure(&error))?;
        let file = dir.join(DB_FILE);
        make_private_file(&file).map_err(|error| io_failure(&error))?;
        let instance = Instance::begin(dir, instance).map_err(|error| io_failure(&error))?;
        let options = SqliteConnectOptions::new()
            .filename(&file)
            .journal_mode(SqliteJournalMode::Delete)
            .synchronous(match in_place(Guard::DurableWrites) {
                true => SqliteSynchronous::Extra,
                false => SqliteSynchronous::Off,
            })
            .foreign_keys(true)
            .busy_timeout(OTHERS)
            .pragma("trusted_schema", "OFF")
            .pragma("secure_delete", "ON")
            .pragma("cell_size_check", "ON")
            .pragma("temp_store", "MEMORY")
            .pragma("fullfsync", "ON");
        let writer = pool(1).connect_with(options.clone()).await.map_err(any)?;
        // A further one reads the schema and prepares each statement anew, and the pool opens it as soon as the others are not
        // back yet: two, so that a long list holds up nobody.
        let readers = pool(2).connect_lazy_with(options.pragma("query_only", "ON"));
        let checked: String = sqlx::query_scalar("PRAGMA quick_check(1)")
            .fetch_one(&writer)
            .await
            .map_err(any)?;
        if checked != "ok" && in_place(Guard::WholeDatabase) {
            return Err(damaged("quick_check"));
        }
        migrations::all().run(&writer).await.map_err(|error| match error {
            sqlx::migrate::MigrateError::VersionMissing(_) => Failure::new(Code::StoreNewer),
            sqlx::migrate::MigrateError::Execute(error) | sqlx::migrate::MigrateError::ExecuteMigration(error, _) => {
                any(error)
            }
            _ => damaged("migrations"),
        })?;
        let elsewhere = elsewhere::count(&writer).await?;
        Ok(Store {
            readers,
            writer,
            elsewhere: AtomicI64::new(elsewhere),
            elsewhere_counted: Mutex::default(),
            instance,
            driving: Mutex::default(),
            unreleased: Mutex::default(),
            sources: Sources::default(),
            file: FileId::of(&file).map_err(|error| io_failure(&error))?,
            dir: dir.to_owned(),
        })
    }

    /// Begins a transaction that takes the write lock at once, so that it can never fail half-way for it. Until it
    /// ends, nothing else of this process is written.
    pub(super) async fn begin(&self) -> Result<Transaction<'static, Sqlite>, Failure> {
        // What is written into a file that is no longer there is read by nobody, and no effect would be on record.
        let there = FileId::of(&self.dir.join(DB_FILE));
        if !there.is_ok_and(|there| there == self.file) {
            return Err(Failure::new(Code::StoreReplaced));
        }
        self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(any)
    }

    /// The data directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Whether something could be written now: the file is there, may be changed, and has room beside it.
    pub async fn is_writable(&self) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        let touched = sqlx::query("UPDATE data_dir SET id = id").execute(&mut *tx).await;
        let undone = tx.rollback().await;
        touched.map_err(any)?;
        undone.map_err(any)?;
        let probe = self.dir.join(format!(".room-{}", std::process::id()));
        let written = write_probe(&probe);
        let removed = std::fs::remove_file(&probe);
        written.and(removed).map_err(|error| io_failure(&error))
    }

    /// SQLite's own check of the whole file.
    pub async fn integrity(&self) -> Result<bool, Failure> {
        let found: String = sqlx::query_scalar("PRAGMA integrity_check(1)")
            .fetch_one(&self.readers)
            .await
            .map_err(any)?;
        Ok(found == "ok")
    }
}

/// Whether the file system gives the locks that SQLite works with. Tried on a file of its own: whoever closes a file loses
/// all locks that they have on it (fcntl(2)).
#[cfg(unix)]
fn can_lock(dir: &Path) -> bool {
    use rustix::fs::{FlockOperation, fcntl_lock};
    use rustix::io::Errno;
    let probe = dir.join(format!(".lock-{}", std::process::id()));
    let locked =
        std::fs::File::create_new(&probe).map(|file| fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive));
    let _ = std::fs::remove_file(&probe);
    !matches!(locked, Ok(Err(Errno::NOLCK | Errno::OPNOTSUPP | Errno::NOSYS)))
}

#[cfg(not(unix))]
fn can_lock(_: &Path) -> bool {
    true
}

/// What a commit may need: some pages and as many in the journal.
const ROOM: usize = 256 * 1024;

fn write_probe(file: &Path) -> std::io::Result<()> {
    use std::io::Write;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(file)?;
    file.write_all(&vec![0; ROOM])?;
    file.sync_all()
}

/// Which file it is, whatever its path leads to later.
#[derive(Debug, Clone, PartialEq, Eq)]
struct FileId((u64, u64));

impl FileId {
    #[cfg(unix)]
    fn of(file: &Path) -> std::io::Result<FileId> {
        use std::os::unix::fs::MetadataExt;
        let about = std::fs::metadata(file)?;
        Ok(FileId((about.dev(), about.ino())))
    }

    /// Windows lets nobody remove or replace a file that is open. Never run there.
    #[cfg(not(unix))]
    fn of(file: &Path) -> std::io::Result<FileId> {
        std::fs::metadata(file).map(|_| FileId((0, 0)))
    }
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        // Longer than one writer may keep others out, for a queue of many.
        .acquire_timeout(Duration::from_secs(30))
        // A file of this machine does not go away as a server does.
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        // A full disk ends a transaction inside SQLite, and sqlx goes on counting it: such a connection
        // takes no further transaction (sqlx-sqlite 0.9).
        .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
}

fn io_failure(error: &std::io::Error) -> Failure {
    Failure::new(match error.kind() {
        std::io::ErrorKind::StorageFull => Code::StoreFull,
        std::io::ErrorKind::ReadOnlyFilesystem | std::io::ErrorKind::PermissionDenied => Code::StoreReadOnly,
        _ => Code::StoreUnavailable,
    })
}

/// The folder is this user's, or is to be made by them. What root makes in somebody's home, that person cannot open any
/// more.
#[cfg(unix)]
fn is_own(dir: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::MetadataExt;
    let own = rustix::process::geteuid().as_raw();
    let owner = |at: &Path| std::fs::metadata(at).map(|about| about.uid()).ok();
    let owned = match owner(dir) {
        Some(owner) => owner == own,
        None => own != 0 || dir.ancestors().find_map(owner).is_none_or(|owner| owner == 0),
    };
    match owned || !in_place(Guard::OwnFolder) {
        true => Ok(()),
        false => Err(Failure::new(Code::StoreOthers)),
    }
}

#[cfg(not(unix))]
fn is_own(_: &Path) -> Result<(), Failure> {
    Ok(())
}

#[cfg(unix)]
fn make_private_dir(dir: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700))
}

#[cfg(unix)]
fn make_private_file(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(file)?;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600))
}

/// On Windows the profile folder is the user's own by its inherited access list. Never run there.
#[cfg(not(unix))]
fn make_private_dir(dir: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(dir)
}

#[cfg(not(unix))]
fn make_private_file(file: &Path) -> std::io::Result<()> {
    std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(file)
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::{OTHERS, Store};
    use crate::clock::{Clock, SystemClock};
    use crate::failure::Code;
    use crate::model::{Name, Org, OrgId};
    use sqlx::pool::PoolConnection;
    use sqlx::{AssertSqlSafe, Row, Sqlite};
    use std::time::Duration;

    /// Pragmas as SQLite answers: `extra`, `memory` and `on` are numbers there.
    const ASKED: [(&str, &str); 8] = [
        ("journal_mode", "delete"),
        ("synchronous", "3"),
        ("foreign_keys", "1"),
        ("trusted_schema", "0"),
        ("secure_delete", "1"),
        ("cell_size_check", "1"),
        ("temp_store", "2"),
        ("fullfsync", "1"),
    ];

    /// All at once, so that each is another one.
    async fn connections(store: &Store) -> Vec<PoolConnection<Sqlite>> {
        let mut connections = Vec::new();
        for pool in [&store.readers, &store.writer] {
            for _ in 0..pool.options().get_max_connections() {
                connections.push(pool.acquire().await.unwrap());
            }
        }
        connections
    }

    /// Lets the database grow to so many pages; to no more than it has, where it has more.
    async fn limit(store: &Store, pages: u32) {
        for connection in &mut connections(store).await {
            let sql = AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
            sqlx::query(sql).execute(&mut **connection).await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_database_that_may_not_grow_is_full_loses_nothing_and_goes_on_once_it_may() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), "test").await.unwrap();
        let org = |n: u64| Org {
            id: OrgId::new(n, [0; 10]),
            name: Name::new(&format!("{n} {}", "x".repeat(60))).unwrap(),
        };
        limit(&store, 1).await;
        let mut taken = 0;
        let refused = loop {
            match store.add_org(&org(taken)).await {
                Ok(()) => taken += 1,
                Err(failure) => break failure,
            }
            assert!(taken < 1000, "it grows");
        };
        assert_eq!(refused.code, Code::StoreFull);
        assert_eq!(store.orgs().await.unwrap().len() as u64, taken);
        assert!(store.integrity().await.unwrap());
        limit(&store, 100_000).await;
        store.add_org(&org(taken)).await.unwrap();
        assert_eq!(store.orgs().await.unwrap().len() as u64, taken + 1);
    }

    #[tokio::test]
    async fn every_connection_has_every_pragma_and_one_of_them_writes() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), "test").await.unwrap();
        let mut writers = 0;
        for connection in &mut connections(&store).await {
            for (pragma, expected) in ASKED {
                assert_eq!(said(connection, pragma).await, expected, "{pragma}");
            }
            writers += u8::from(said(connection, "query_only").await == "0");
        }
        assert_eq!(writers, 1);
    }

    async fn said(connection: &mut PoolConnection<Sqlite>, pragma: &str) -> String {
        let sql = AssertSqlSafe(format!("PRAGMA {pragma}"));
        let row = sqlx::query(sql).fetch_one(&mut **connection).await.unwrap();
        let said = row
            .try_get(0)
            .or_else(|_| row.try_get(0).map(|said: i64| said.to_string()));
        said.unwrap()
    }

    #[tokio::test]
    async fn who_writes_waits_for_its_turn_here_longer_than_for_another_process() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), "test").await.unwrap();
        let first = store.begin().await.unwrap();
        let (written, ()) = tokio::join!(
            futures_util::future::join_all((0..20).map(|n| {
                let (id, name) = (OrgId::new(n, [0; 10]), Name::new(&n.to_string()).unwrap());
                let store = &store;
                async move { store.add_org(&Org { id, name }).await }
            })),
            async {
                SystemClock::new().sleep(OTHERS + Duration::from_millis(500)).await;
                first.rollback().await.unwrap();
            }
        );
        assert!(written.iter().all(Result::is_ok), "{written:?}");
        assert_eq!(store.orgs().await.unwrap().len(), 20);
    }
}
