//! The stages of a run: one line each with its time; the whole output only of the one that fails.

use std::{
    io::{IsTerminal, Write},
    process::ExitCode,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::{command::Outcome, output::Output, pace::Pace, tally::Tally};

/// How often the line of progress is drawn anew.
const BREATH: Duration = Duration::from_millis(500);

/// How many of the parts that took longest are named at the end.
const LONGEST: usize = 6;

/// The run so far.
pub struct Report {
    verbose: bool,
    started: Instant,
    pace: Pace,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    tally: Tally,
    running: Vec<(String, Instant)>,
    /// Each stage and each of its parts, with its seconds.
    took: Vec<(String, f32)>,
}

impl Report {
    /// Begins a run whose stages are known to take so long.
    pub fn new(verbose: bool, pace: Pace) -> Report {
        Report {
            verbose,
            started: Instant::now(),
            pace,
            state: Mutex::default(),
        }
    }

    /// Runs one stage and prints its line; a failure comes after the stage's output. Stages may run side by side.
    pub fn stage(&self, name: &str, act: impl FnOnce(&mut Output) -> Outcome) -> Outcome {
        if self.verbose {
            println!("{name}");
        }
        let (started, mut output) = (Instant::now(), Output::new(self.verbose));
        self.state().running.push((name.to_owned(), started));
        let ended = AtomicBool::new(false);
        let result = thread::scope(|scope| {
            if std::io::stdout().is_terminal() && !self.verbose {
                scope.spawn(|| self.breathe(&ended));
            }
            let result = act(&mut output);
            ended.store(true, Ordering::Release);
            result
        });
        self.end(name, started.elapsed().as_secs_f32(), &output, result.is_ok());
        result.map_err(|failure| format!("{name}: {failure}"))
    }

    fn end(&self, name: &str, seconds: f32, output: &Output, well: bool) {
        let mut state = self.state();
        state.tally = state.tally + Tally::of(output.text());
        state.running.retain(|(running, _)| running != name);
        state.took.push((name.to_owned(), seconds));
        let parts = output.parts().iter();
        state
            .took
            .extend(parts.map(|(part, took)| (format!("{name}: {part}"), *took)));
        let word = if well { "ok" } else { "FAILED" };
        println!("{}{name:<24}{seconds:>8.1} s  {word}{}", clear(), output.notes());
        if !well && !self.verbose {
            println!("{}", output.text());
        }
        let counts = |line: &&str| Tally::of_line(line).is_some_and(|tally| tally.passed + tally.failed > 0);
        // Where it ran in parts, their sum is on the line.
        for line in output
            .text()
            .lines()
            .filter(|_| output.parts().is_empty())
            .filter(counts)
        {
            println!("{}", line.trim());
        }
    }

    /// Draws what runs, and for how long, until the stage has ended.
    fn breathe(&self, ended: &AtomicBool) {
        while !ended.load(Ordering::Acquire) {
            let told = |(name, since): &(String, Instant)| {
                let about = self.pace.about(name).map(|about| format!(" of about {about:.0}"));
                format!("{name} {}{} s", since.elapsed().as_secs(), about.unwrap_or_default())
            };
            let running: Vec<String> = self.state().running.iter().map(told).collect();
            print!("{}{}", clear(), running.join(", "));
            let _ = std::io::stdout().flush();
            thread::sleep(BREATH);
        }
    }

    /// Ends the run: its time, what took longest, what failed, and on a line of its own the sum of all tests. A stage that
    /// failed without a failing test counts as one.
    pub fn close(self, result: Outcome) -> ExitCode {
        let mut state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        println!("\n{:.0} s in all", self.started.elapsed().as_secs_f32());
        for (name, seconds, share) in self.pace.over(&state.took) {
            println!("{name} took {seconds:.0} s, more than its share of {share:.0}: move its long part to the proofs");
        }
        self.pace.keep(&state.took);
        state.took.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        let longest = state.took.iter().take(LONGEST);
        let longest: Vec<String> = longest.map(|(name, took)| format!("{name} {took:.0} s")).collect();
        println!("longest: {}", longest.join(", "));
        let Err(failure) = result else {
            println!("{}", state.tally);
            return ExitCode::SUCCESS;
        };
        println!("error: {failure}");
        state.tally.failed = state.tally.failed.max(1);
        println!("{}", state.tally);
        ExitCode::FAILURE
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What takes the line of progress away.
fn clear() -> &'static str {
    match std::io::stdout().is_terminal() {
        true => "\r\x1b[2K",
        false => "",
    }
}
