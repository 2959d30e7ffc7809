//! `leftovers INTO [BEFORE] [NAME…]`: brings the real command into every state, or into those, and writes a folder of
//! each below INTO; says where the courses below BEFORE were other ones.
//!
//! Prints a line for each, what was covered, and what is not reachable. It needs a keychain of a session:
//! `cargo xtask leftovers` gives it one.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use tests::leftovers::{Kept, Leftover, Table, all, make};
use tokio::sync::Semaphore;

/// So many worlds at a time: half of the time is waiting, for disks, keychains and providers.
const TOGETHER: usize = 4;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [into, before, names @ ..] = words.as_slice() else {
        eprintln!("usage: leftovers INTO BEFORE [NAME…]");
        return ExitCode::from(2);
    };
    let (into, before) = (PathBuf::from(into), PathBuf::from(before));
    let wanted = |leftover: &Leftover| names.is_empty() || names.iter().any(|name| name == leftover.name);
    let leftovers: Vec<Leftover> = all().into_iter().filter(wanted).collect();
    let (started, turns) = (Instant::now(), Arc::new(Semaphore::new(TOGETHER)));
    let running: Vec<_> = leftovers
        .into_iter()
        .map(|leftover| {
            let (turns, again) = (turns.clone(), leftover.clone());
            let made = async move {
                let _turn = turns.acquire_owned().await.expect("a turn");
                let started = Instant::now();
                (make(&leftover).await, started.elapsed())
            };
            (again, tokio::spawn(made))
        })
        .collect();
    let (mut table, mut wrong, mut equal) = (Table::default(), Vec::new(), 0);
    for (leftover, made) in running {
        let (kept, took) = match made.await {
            Ok(made) => made,
            Err(panic) => {
                wrong.push(format!("{}: {panic}", leftover.name));
                continue;
            }
        };
        println!("{:<52} {:<44} {:>4.1} s", kept.name, kept.rests, took.as_secs_f32());
        if kept.rests != leftover.rests {
            let course = kept.course.join("\n    ");
            wrong.push(format!(
                "{}: rests {:?}, not {:?}\n    {course}",
                kept.name, kept.rests, leftover.rests
            ));
            continue;
        }
        table.enter(&kept.name, &kept.rests);
        match differs(&kept, &before) {
            Some(difference) => wrong.push(difference),
            None => equal += 1,
        }
        if let Err(error) = kept.write(&into) {
            wrong.push(format!("{}: {error}", kept.name));
        }
    }
    println!("\n{table}");
    println!(
        "{equal} kept, {} wrong, {:.0} s",
        wrong.len(),
        started.elapsed().as_secs_f32()
    );
    if names.is_empty() {
        wrong.extend(
            table
                .unexplained()
                .into_iter()
                .map(|cell| format!("not kept, and no reason known: {cell}")),
        );
    }
    for what in &wrong {
        println!("{what}");
    }
    match wrong.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// What is other than in the course that was kept before; ids, moments and ports are in no course.
fn differs(kept: &Kept, before: &Path) -> Option<String> {
    let former = std::fs::read_to_string(before.join(&kept.name).join("course.txt")).ok()?;
    let former: Vec<&str> = former.lines().collect();
    (former != kept.course).then(|| {
        let (former, now) = (former.join("\n    "), kept.course.join("\n    "));
        format!(
            "{}: another course than before\n  before:\n    {former}\n  now:\n    {now}",
            kept.name
        )
    })
}
