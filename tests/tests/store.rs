//! The database: its rules, its refusals, and what is never in it.

#[path = "store/copies.rs"]
mod copies;
#[path = "store/disk.rs"]
mod disk;
#[path = "store/leaving.rs"]
mod leaving;
#[path = "store/others.rs"]
mod others;
#[path = "store/put_back.rs"]
mod put_back;
#[path = "store/removed.rs"]
mod removed;
#[path = "store/rules.rs"]
mod rules;
#[path = "store/secrets.rs"]
mod secrets;
#[path = "store/verdicts.rs"]
mod verdicts;

use keywheel_core::failure::{Code, Failure};
use tests::World;

/// The code with which the data directory does not open.
async fn refused(world: &World) -> Code {
    world
        .another()
        .await
        .err()
        .map(|failure| failure.code)
        .expect("it does not open")
}

/// Code and field of a failure.
fn said<T>(done: Result<T, Failure>) -> (Code, Option<String>) {
    let failure = done.err().expect("it is refused");
    (failure.code, failure.field)
}
