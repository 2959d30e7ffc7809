//! SIGKILL of the real command at every write of its journal, by each way a key can be replaced, and an I/O error at its
//! writes to the disk; then somebody comes back and goes on.
//!
//! Run as `cargo xtask headless -- cargo test -p tests --test crash`, with the command built by
//! `cargo build -p keywheel-cli --features fail-points`.

#![cfg(target_os = "linux")]

#[path = "crash/bench.rs"]
mod bench;
#[path = "crash/course.rs"]
mod course;
#[path = "crash/planted.rs"]
mod planted;
#[path = "crash/row.rs"]
mod row;
#[path = "crash/sweep.rs"]
mod sweep;
#[path = "crash/table.rs"]
mod table;
#[path = "crash/write.rs"]
mod write;

use std::sync::Arc;

use course::Verb;
use row::Row;
use sweep::{Act, Cut, Sweep};
use table::Table;
use tests::Share;
use tokio::sync::Semaphore;

/// So many worlds at a time: half of the time is waiting, for disks, keychains and providers.
const TOGETHER: usize = 4;

/// Fewer kills than these in whole sweeps, and something is not cut any more.
const LEAST: usize = 400;

/// What is cut: the row, what the person wants, the command, and how many points there are at least. Long ones first.
const SWEEPS: &[(Row, Act, Verb, usize)] = &[
    (Row::Overten, Act::Unanswered, Verb::Answer, 12),
    (Row::Overten, Act::Rotate, Verb::Rotate, 12),
    (Row::Overlap, Act::Rotate, Verb::Rotate, 12),
    (Row::TwoSlot, Act::Rotate, Verb::Rotate, 12),
    (Row::Roll, Act::Rotate, Verb::Rotate, 12),
    (Row::RollWithGrace, Act::Rotate, Verb::Rotate, 12),
    (Row::GraceFromUse, Act::Rotate, Verb::Rotate, 10),
    (Row::RevokeFirst, Act::Rotate, Verb::Rotate, 12),
    (Row::ReplaceFirst, Act::Rotate, Verb::Rotate, 12),
    (Row::Overten, Act::Create, Verb::Create, 12),
    (Row::ByPerson, Act::Rotate, Verb::Take, 8),
    (Row::RollByPerson, Act::Rotate, Verb::Take, 8),
    (Row::Overten, Act::Restore, Verb::Undo, 8),
    (Row::Overten, Act::Deploy, Verb::Rotate, 6),
    (Row::Overten, Act::Unanswered, Verb::Rotate, 6),
    (Row::Overten, Act::Rotate, Verb::Replaced, 7),
    (Row::Overlap, Act::Rotate, Verb::Replaced, 7),
    (Row::TwoSlot, Act::Rotate, Verb::Replaced, 7),
    (Row::GraceFromUse, Act::Rotate, Verb::Replaced, 3),
    (Row::RollWithGrace, Act::Rotate, Verb::Replaced, 3),
    (Row::RollWithGrace, Act::Rotate, Verb::Wait, 3),
    (Row::GraceFromUse, Act::Rotate, Verb::Wait, 3),
    (Row::Roll, Act::Rotate, Verb::Replaced, 3),
    (Row::RevokeFirst, Act::Rotate, Verb::Replaced, 3),
    (Row::ReplaceFirst, Act::Rotate, Verb::Replaced, 3),
    (Row::ByPerson, Act::Rotate, Verb::Rotate, 3),
    (Row::ByPerson, Act::Rotate, Verb::Replaced, 3),
    (Row::ByPerson, Act::Rotate, Verb::Deleted, 3),
    (Row::ByPerson, Act::Undo, Verb::Undo, 2),
    (Row::ByPerson, Act::Undo, Verb::Deleted, 2),
    (Row::RollByPerson, Act::Rotate, Verb::Rotate, 3),
    (Row::RollByPerson, Act::Rotate, Verb::Replaced, 3),
    (Row::Overten, Act::Undo, Verb::Undo, 4),
    (Row::Overlap, Act::Undo, Verb::Undo, 4),
    (Row::TwoSlot, Act::Undo, Verb::Undo, 4),
];

/// Where writes to the disk fail: the row, what the person wants, the command, and how many fail at least. Far fewer than
/// usual: how many writes a command makes differs from run to run.
const BROKEN: &[(Row, Act, Verb, usize)] = &[
    (Row::Overten, Act::Rotate, Verb::Rotate, 6),
    (Row::Overten, Act::Rotate, Verb::Replaced, 3),
    (Row::Roll, Act::Rotate, Verb::Rotate, 6),
    (Row::Overten, Act::Undo, Verb::Undo, 2),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_killed_at_any_write_ends_with_one_key_that_works_and_is_held() {
    let table = swept(SWEEPS, &[Cut::After, Cut::Before]).await;
    let least = Share::one_in(16).least(LEAST);
    assert!(table.cuts() >= least, "only {} kills", table.cuts());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_whose_disk_fails_at_any_write_ends_with_one_key_that_works_and_is_held() {
    swept(BROKEN, &[Cut::Write]).await;
}

/// Goes through all sweeps, prints what became of them, and finds nothing wrong.
async fn swept(sweeps: &[(Row, Act, Verb, usize)], cuts: &'static [Cut]) -> Table {
    let turns = Arc::new(Semaphore::new(TOGETHER));
    let running: Vec<_> = sweeps
        .iter()
        .map(|&(row, act, verb, least)| {
            let turns = turns.clone();
            let sweep = Sweep {
                row,
                act,
                verb,
                cuts,
                least,
            };
            let run = async move {
                let _turn = turns.acquire_owned().await.expect("a turn");
                sweep.run().await
            };
            (sweep, tokio::spawn(run))
        })
        .collect();
    let mut table = Table::default();
    for (sweep, points) in running {
        match points.await {
            Ok(points) => table.add(sweep, points),
            Err(panic) => table.broke(sweep, panic),
        }
    }
    table.print(cuts);
    assert!(table.wrong.is_empty(), "{}", table.wrong.join("\n"));
    table
}
