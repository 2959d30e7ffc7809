//! Each guard of a rotation is taken away by itself, and the tests run until one notices.
//!
//! It is one build: the guard is named to each test program by a variable. The test that is known to notice goes first,
//! and a program is ended at its first failure.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use keywheel_core::guard::Guard;

/// Which test notices first, as this program has found out before: guard, program, test.
const KNOWN: &str = include_str!("mutants/known.txt");
/// Names the guard that a test program goes without.
const VARIABLE: &str = "KEYWHEEL_WITHOUT_GUARD";
/// Without a guard a test may wait for ever: then the program as a whole has noticed.
const PATIENCE: Duration = Duration::from_secs(600);
/// Runs that go on beside each other.
const AT_ONCE: usize = 2;
/// Parts of the names of tests that take minutes: only what no other test notices goes through them.
const LONG: &[&str] = &[
    "any_crossing",
    "no_single_fault",
    "no_second_fault",
    "goes_on_as_well",
    "tests::table",
];

/// What became of one guard's absence.
#[derive(Debug, Clone)]
pub struct Mutant {
    pub guard: Guard,
    /// The test that failed first, with its program.
    pub noticed_by: Option<String>,
    pub took: Duration,
}

/// Takes the guards away, one at a time, and tells of each as soon as it is known.
pub fn each(programs: &[PathBuf], guards: &[Guard], tell: impl Fn(&Mutant) + Sync) -> Vec<Mutant> {
    let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some(guard) = guards.get(next.fetch_add(1, Ordering::SeqCst)).copied() {
            let began = Instant::now();
            let mutant = Mutant {
                guard,
                noticed_by: by_known(programs, guard).or_else(|| first_failure(programs, guard)),
                took: began.elapsed(),
            };
            tell(&mutant);
            found.lock().unwrap_or_else(PoisonError::into_inner).push(mutant);
        }
    };
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(work);
        }
    });
    found.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// The test that is known to notice, where it does.
fn by_known(programs: &[PathBuf], guard: Guard) -> Option<String> {
    let line = KNOWN
        .lines()
        .find_map(|line| line.strip_prefix(&format!("{guard:?} ")))?;
    let (program, test) = line.split_once(' ')?;
    let program = programs.iter().find(|path| name(path) == program)?;
    notices(program, test, guard).then(|| format!("{} {test}", name(program)))
}

/// Whether the test fails without the guard, and passes with it.
fn notices(program: &Path, test: &str, guard: Guard) -> bool {
    let alone = |without| ended(program, &["--exact", test], without);
    !matches!(alone(Some(guard)), End::Passed) && matches!(alone(None), End::Passed)
}

/// The short tests of every program, then the long ones.
fn first_failure(programs: &[PathBuf], without: Guard) -> Option<String> {
    let skipped: Vec<&str> = LONG.iter().flat_map(|name| ["--skip", name]).collect();
    let short = programs.iter().find_map(|program| run(program, &skipped, without));
    short.or_else(|| programs.iter().find_map(|program| run(program, LONG, without)))
}

/// Runs a program to the first test that fails each time without the guard, and never with it.
fn run(program: &Path, arguments: &[&str], without: Guard) -> Option<String> {
    let named = name(program);
    let mut doubtful = Vec::new();
    loop {
        let skipped = doubtful.iter().flat_map(|test: &String| ["--skip", test]);
        let arguments: Vec<&str> = arguments.iter().copied().chain(skipped).collect();
        let test = match ended(program, &arguments, Some(without)) {
            End::Passed => return None,
            End::Otherwise(how) => return Some(format!("{named} {how}")),
            End::Failed(test) => test,
        };
        if notices(program, &test, without) {
            return Some(format!("{named} {test}"));
        }
        doubtful.push(test);
    }
}

/// How a run of a test program ended.
enum End {
    Passed,
    /// This test was the first to fail.
    Failed(String),
    Otherwise(&'static str),
}

fn ended(program: &Path, arguments: &[&str], without: Option<Guard>) -> End {
    let mut command = Command::new(program);
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::null());
    if let Some(guard) = without {
        command.env(VARIABLE, format!("{guard:?}"));
    }
    let Ok(mut child) = command.spawn() else {
        return End::Otherwise("could not be started");
    };
    let (said, lines) = mpsc::channel();
    let stdout = child.stdout.take();
    thread::spawn(move || {
        let read = stdout.into_iter().flat_map(|stdout| BufReader::new(stdout).lines());
        for line in read.map_while(Result::ok) {
            if said.send(line).is_err() {
                return;
            }
        }
    });
    let until = Instant::now() + PATIENCE;
    let end = loop {
        match lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                if let Some(test) = failed(&line) {
                    break Some(End::Failed(test.to_owned()));
                }
            }
            Err(mpsc::RecvTimeoutError::Timeout) => break Some(End::Otherwise("did not end")),
            Err(mpsc::RecvTimeoutError::Disconnected) => break None,
        }
    };
    if end.is_some() {
        // One that has ended by itself meanwhile needs no end.
        let _ = child.kill();
    }
    let succeeded = child.wait().is_ok_and(|status| status.success());
    end.unwrap_or(match succeeded {
        true => End::Passed,
        false => End::Otherwise("ended early"),
    })
}

/// Returns the test of a line `test NAME ... FAILED`.
fn failed(line: &str) -> Option<&str> {
    line.strip_prefix("test ")?.strip_suffix(" ... FAILED")
}

/// Returns the name of a test program without cargo's suffix.
fn name(program: &Path) -> String {
    let stem = program.file_stem().unwrap_or_default().to_string_lossy();
    stem.rsplit_once('-')
        .map_or(stem.to_string(), |(name, _)| name.to_owned())
}
