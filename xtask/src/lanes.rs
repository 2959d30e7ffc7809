//! Test programs side by side: those that compute have a core each, those that wait in a session share what is left.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, PoisonError},
    thread,
    time::Instant,
};

use crate::{command::Outcome, headless::Headless, output::Output, share::Share, target::Target};

/// So many sessions at a time: what waits in one computes in another.
const SESSIONS: usize = 5;

/// What takes longest begins first, so that the lanes end at about the same time.
const LONG: &[&str] = &[
    "crash",
    "matrix",
    "strategies",
    "faults",
    "cells",
    "e2e_canary",
    "e2e_cli::whole",
    "e2e_hostile",
    "e2e_aws",
    "e2e_cli",
    "e2e_window::shortcut",
    "e2e_window::quick",
    "e2e_window::notified",
    "e2e_window::frozen",
    "e2e_window::locked",
];

/// Targets whose parts run in sessions of their own: each waits most of the time.
const IN_PARTS: &[&str] = &["e2e_window", "e2e_cli"];

/// One program, by the name that its time is told under.
#[derive(Debug)]
struct Job {
    name: String,
    target: Target,
}

impl Job {
    fn of(target: Target) -> Job {
        Job {
            name: target.name.clone(),
            target,
        }
    }
}

/// Runs targets that need no session, one on each core: what is saved is the waking of another core.
pub fn cores(targets: Vec<Target>, share: &Share, output: &mut Output) -> Outcome {
    let jobs = targets.into_iter().map(Job::of).collect();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    side_by_side(in_order(jobs), cores, output, |core, job, output| {
        let core = core.to_string();
        let mut test = job.target.command(&["taskset", "--cpu-list", &core]);
        output.run(share.dress(test.args(job.target.filter())))
    })
}

/// Runs each target in a session of its own. The tests of one target come one after the other: they share the session's
/// clipboard, keychain and display.
pub fn sessions(targets: Vec<Target>, share: &Share, output: &mut Output) -> Outcome {
    let mut jobs = Vec::new();
    for target in targets {
        match IN_PARTS.contains(&target.name.as_str()) && target.is_whole() {
            true => jobs.extend(parts(&target)?),
            false => jobs.push(Job::of(target)),
        }
    }
    side_by_side(in_order(jobs), SESSIONS, output, |_, job, output| {
        let session = Headless::start()?;
        let mut test = job.target.command(&[]);
        test.arg("--test-threads=1").args(job.target.filter());
        output.run(session.dress(share.dress(&mut test)))?;
        session.was_alone()
    })
}

/// The tests of a target by the module they stand in; each test in one part.
fn parts(target: &Target) -> Outcome<Vec<Job>> {
    let mut by_module: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for test in target.tests()? {
        let module = test.split_once("::").map_or("", |(module, _)| module);
        by_module.entry(module.to_owned()).or_default().push(test);
    }
    if by_module.is_empty() {
        return Err(format!("{} has no tests", target.name));
    }
    let jobs = by_module.into_iter().map(|(module, only)| Job {
        name: match module.is_empty() {
            true => target.name.clone(),
            false => format!("{}::{module}", target.name),
        },
        target: target.clone().narrowed(only),
    });
    Ok(jobs.collect())
}

/// Carries jobs out in so many lanes. After a failure nothing more is begun; it says how to run again what failed.
fn side_by_side(
    jobs: VecDeque<Job>,
    lanes: usize,
    output: &mut Output,
    act: impl Fn(usize, &Job, &mut Output) -> Outcome + Sync,
) -> Outcome {
    let (waiting, done) = (Mutex::new(jobs), Mutex::new((output, Ok(()))));
    let part = || done.lock().unwrap_or_else(PoisonError::into_inner).0.part();
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    thread::scope(|scope| {
        for lane in 0..lanes {
            let (waiting, done, part, next, act) = (&waiting, &done, &part, &next, &act);
            scope.spawn(move || {
                while let Some(job) = next() {
                    let (started, mut own) = (Instant::now(), part());
                    let result = act(lane, &job, &mut own);
                    let again = again(&job.target.name, own.text());
                    let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                    done.0.join(own, &job.name, started.elapsed().as_secs_f32());
                    if let Err(failure) = result {
                        waiting.lock().unwrap_or_else(PoisonError::into_inner).clear();
                        done.1 = Err(format!("{}: {failure}{again}", job.name));
                    }
                }
            });
        }
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner).1
}

fn in_order(mut jobs: Vec<Job>) -> VecDeque<Job> {
    jobs.sort_by_key(|job| LONG.iter().position(|long| *long == job.name).unwrap_or(LONG.len()));
    jobs.into()
}

/// The commands that run the failed tests again, as lines.
fn again(target: &str, text: &str) -> String {
    let failed = text
        .lines()
        .filter_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... FAILED"));
    failed
        .map(|test| format!("\n  again: cargo xtask test {target}::{test}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_test_is_run_again_by_its_name() {
        let text = "running 2 tests\ntest walk::a ... ok\ntest walk::b ... FAILED\n";
        assert_eq!(
            again("e2e_window", text),
            "\n  again: cargo xtask test e2e_window::walk::b"
        );
        assert_eq!(again("e2e_window", "test walk::a ... ok\n"), "");
    }
}
