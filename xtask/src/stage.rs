//! The stages of `cargo xtask test`: one line each with its time; the whole output only of the one that fails.

use std::{
    io::{BufRead, BufReader, PipeReader, Write},
    process::{Command, ExitCode, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use crate::{
    command::{self, Outcome},
    tally::Tally,
};

/// The longest that one command may take: a hanging test ends the run, not the other way round.
const LIMIT: Duration = Duration::from_secs(25 * 60);

/// The run so far.
pub struct Report {
    verbose: bool,
    started: Instant,
    tally: Tally,
}

impl Report {
    /// Begins a run.
    pub fn new(verbose: bool) -> Report {
        Report {
            verbose,
            started: Instant::now(),
            tally: Tally::default(),
        }
    }

    /// Runs one stage and prints its line; a failure comes after the stage's output.
    pub fn stage(&mut self, name: &str, act: impl FnOnce(&mut Output) -> Outcome) -> Outcome {
        print!("{name:<24}{}", if self.verbose { "\n" } else { "" });
        let _ = std::io::stdout().flush();
        let (started, mut output) = (
            Instant::now(),
            Output {
                verbose: self.verbose,
                ..Output::default()
            },
        );
        let result = act(&mut output);
        self.tally = self.tally + Tally::of(&output.text);
        println!(
            "{:>8.1} s  {}{}",
            started.elapsed().as_secs_f32(),
            if result.is_ok() { "ok" } else { "FAILED" },
            output.notes
        );
        if result.is_err() && !self.verbose {
            println!("{}", output.text);
        }
        for line in output
            .text
            .lines()
            .filter(|line| Tally::of_line(line).is_some_and(|tally| tally.passed + tally.failed > 0))
        {
            println!("{}", line.trim());
        }
        result.map_err(|failure| format!("{name}: {failure}"))
    }

    /// Ends the run: its time, what failed, and on a line of its own the sum of all tests. A stage that failed
    /// without a failing test counts as one.
    pub fn close(mut self, result: Outcome) -> ExitCode {
        println!("\n{:.0} s in all", self.started.elapsed().as_secs_f32());
        let Err(failure) = result else {
            println!("{}", self.tally);
            return ExitCode::SUCCESS;
        };
        println!("error: {failure}");
        self.tally.failed = self.tally.failed.max(1);
        println!("{}", self.tally);
        ExitCode::FAILURE
    }
}

/// The output of one stage.
#[derive(Default)]
pub struct Output {
    text: String,
    notes: String,
    verbose: bool,
}

impl Output {
    /// Runs a command, keeps what it prints, and fails unless it succeeds.
    pub fn run(&mut self, command: &mut Command) -> Outcome {
        let (reader, writer) = std::io::pipe().map_err(|cause| format!("no pipe: {cause}"))?;
        let second = writer.try_clone().map_err(|cause| format!("no pipe: {cause}"))?;
        command.env("CARGO_TERM_COLOR", "never").env("NO_COLOR", "1");
        command.stdin(Stdio::null()).stdout(writer).stderr(second);
        let mut child = command.spawn().map_err(|cause| command::not_started(command, &cause))?;
        // Our own ends of the pipe go, so that it closes with the command.
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let (lines, deadline) = (lines(reader), Instant::now() + LIMIT);
        let status = loop {
            match lines.recv_timeout(Duration::from_millis(100)) {
                Ok(line) => self.take(&line),
                Err(RecvTimeoutError::Disconnected) => {
                    break child.wait().map_err(|cause| command::not_started(command, &cause))?;
                }
                Err(RecvTimeoutError::Timeout) => {
                    // A process that outlives the command may hold the pipe open: it is not waited for.
                    if let Some(status) = child
                        .try_wait()
                        .map_err(|cause| command::not_started(command, &cause))?
                    {
                        break status;
                    }
                }
            }
            if Instant::now() > deadline {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!(
                    "it took longer than {} min and was stopped",
                    LIMIT.as_secs() / 60
                ));
            }
        };
        while let Ok(line) = lines.try_recv() {
            self.take(&line);
        }
        if status.success() {
            Ok(())
        } else {
            Err(command::ended(command, status))
        }
    }

    /// Adds a remark to the stage's line.
    pub fn note(&mut self, remark: &str) {
        self.notes.push_str(", ");
        self.notes.push_str(remark);
    }

    /// Adds the output of what ran beside, under a heading.
    pub fn join(&mut self, other: Output, heading: &str) {
        for line in std::iter::once(heading).chain(other.text.lines()) {
            self.take(line);
        }
        self.note(heading);
        self.notes.push_str(&other.notes);
    }

    /// All that was printed so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Takes one line of output.
    fn take(&mut self, line: &str) {
        if self.verbose {
            println!("{line}");
        }
        self.text.push_str(line);
        self.text.push('\n');
    }
}

/// Reads lines until the other end is closed.
fn lines(reader: PipeReader) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(reader);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            line.clear();
            if sender.send(text).is_err() {
                return;
            }
        }
    });
    receiver
}
