//! Tests that need a session, two targets at a time: most of their time is waiting.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    thread,
    time::Instant,
};

use crate::{app, command::Outcome, headless::Headless, place::Place, stage::Output};

/// As many targets run at a time.
const LANES: usize = 2;

/// What takes longest begins first, so that the lanes end at about the same time.
const LONG: &[&str] = &["crash", "e2e_window", "e2e_hostile", "e2e_canary", "e2e_cli", "e2e_aws"];

/// Runs each target in a session of its own. The tests of one target come one after the other: they share the
/// session's clipboard, keychain and display. After a failure nothing more is begun.
pub fn run(place: &Place, names: &[String], output: &mut Output) -> Outcome {
    let waiting = Mutex::new(in_order(names));
    let done = Mutex::new((output, Ok(())));
    thread::scope(|scope| {
        for _ in 0..LANES {
            scope.spawn(|| {
                while let Some(name) = next(&waiting) {
                    let started = Instant::now();
                    let mut own = Output::default();
                    let result = target(place, &name, &mut own);
                    let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                    done.0
                        .join(own, &format!("{name} {:.0} s", started.elapsed().as_secs_f32()));
                    if let Err(failure) = result {
                        waiting.lock().unwrap_or_else(PoisonError::into_inner).clear();
                        done.1 = Err(format!("{name}: {failure}"));
                    }
                }
            });
        }
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner).1
}

fn next(waiting: &Mutex<VecDeque<String>>) -> Option<String> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
}

fn in_order(names: &[String]) -> VecDeque<String> {
    let mut names = names.to_vec();
    names.sort_by_key(|name| LONG.iter().position(|long| long == name).unwrap_or(LONG.len()));
    names.into()
}

fn target(place: &Place, name: &str, output: &mut Output) -> Outcome {
    let session = Headless::start()?;
    let mut cargo = app::cargo(place, "test");
    cargo.args(["--test", name, "--", "--test-threads=1"]);
    output.run(session.dress(&mut cargo))?;
    session.was_alone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_targets_begin_first_and_none_is_forgotten() {
        let names = ["e2e_cli", "e2e_hostile", "e2e_person", "crash"].map(str::to_owned);
        assert_eq!(in_order(&names), ["crash", "e2e_hostile", "e2e_cli", "e2e_person"]);
    }
}
