//! What one stage prints, kept until it is known whether somebody has to read it.

use std::{
    io::{BufRead, BufReader, PipeReader},
    process::{Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use crate::command::{self, Outcome};

/// The longest that one command may take: a hanging test ends the run, not the other way round.
const LIMIT: Duration = Duration::from_secs(25 * 60);

/// The output of one stage.
pub struct Output {
    text: String,
    notes: String,
    /// What it ran one by one, with the seconds of each.
    parts: Vec<(String, f32)>,
    limit: Duration,
    verbose: bool,
}

impl Output {
    pub fn new(verbose: bool) -> Output {
        Output {
            text: String::new(),
            notes: String::new(),
            parts: Vec::new(),
            limit: LIMIT,
            verbose,
        }
    }

    /// One of a part, which is as patient, and is joined to this one when it has ended.
    pub fn part(&self) -> Output {
        Output {
            limit: self.limit,
            ..Output::new(false)
        }
    }

    /// Lets each command take so long.
    pub fn patient(&mut self, limit: Duration) {
        self.limit = limit;
    }

    /// Runs a command, keeps what it prints, and fails unless it succeeds.
    pub fn run(&mut self, command: &mut Command) -> Outcome {
        let (reader, writer) = std::io::pipe().map_err(|cause| format!("no pipe: {cause}"))?;
        let second = writer.try_clone().map_err(|cause| format!("no pipe: {cause}"))?;
        command.env("CARGO_TERM_COLOR", "never").env("NO_COLOR", "1");
        command.stdin(Stdio::null()).stdout(writer).stderr(second);
        let mut child = command.spawn().map_err(|cause| command::not_started(command, &cause))?;
        // Our own ends of the pipe go, so that it closes with the command.
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let (lines, deadline) = (lines(reader), Instant::now() + self.limit);
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
                    self.limit.as_secs() / 60
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

    /// Adds the output of a part that ran beside others.
    pub fn join(&mut self, part: Output, name: &str, seconds: f32) {
        let heading = format!("{name} {seconds:.0} s");
        for line in std::iter::once(heading.as_str()).chain(part.text.lines()) {
            self.take(line);
        }
        self.notes.push_str(&part.notes);
        self.parts.push((name.to_owned(), seconds));
    }

    /// All that was printed so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What stands behind the stage's time.
    pub fn notes(&self) -> &str {
        &self.notes
    }

    pub fn parts(&self) -> &[(String, f32)] {
        &self.parts
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
