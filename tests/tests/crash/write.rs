//! A disk on which one write fails: `strace` answers the n-th call that writes to the database with an I/O error.

use std::fs;
use std::path::PathBuf;

use keywheel_core::store::DB_FILE;
use tests::real::Said;

use crate::bench::Bench;

/// The calls by which SQLite writes.
const CALLS: &str = "pwrite64,fdatasync,fsync,ftruncate,unlink";

/// Runs a command whose n-th write fails; says whether there were so many.
pub async fn broken(bench: &Bench, n: usize, words: &[&str], input: &str) -> (Said, bool) {
    let log = bench.home.dir.path().join("strace");
    let database = PathBuf::from(bench.home.data()).join(DB_FILE);
    let journal = database.with_extension("db-journal");
    let [log_name, database, journal] = [&log, &database, &journal].map(|path| path.to_str().expect("text"));
    let (traced, failing) = (format!("trace={CALLS}"), format!("inject={CALLS}:error=EIO:when={n}"));
    let above = [
        "strace", "-f", "-qq", "-o", log_name, "-P", database, "-P", journal, "-e", &traced, "-e", &failing,
    ];
    let said = bench.home.run_below(&above, words, input).await;
    let calls = fs::read_to_string(&log).expect("what strace saw");
    (said, calls.contains("(INJECTED)"))
}
