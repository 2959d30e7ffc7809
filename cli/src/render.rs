//! What is printed. Every text passes [`escape`], so that a name cannot move the cursor, forge a line or
//! turn the reading direction round.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

/// Returns the text with every character shown that acts instead of being seen.
pub fn escape(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if acts(c) {
            // Writing to a string cannot fail.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Control characters (C0, DEL, C1), line and paragraph ends, reading directions, and what has no width.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(
            u32::from(c),
            0x00AD | 0x034F | 0x061C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F
                | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFEFF | 0xFFA0
                | 0xFFF0..=0xFFFB | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF
        )
}

/// How a piece of a line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    Plain,
    Strong,
    Quiet,
    Good,
    Warning,
    Bad,
}

impl Look {
    fn code(self) -> &'static str {
        match self {
            Look::Plain => "",
            Look::Strong => "1",
            Look::Quiet => "2",
            Look::Good => "32",
            Look::Warning => "33",
            Look::Bad => "31",
        }
    }
}

/// One line. What goes in is escaped; colours are added only here.
#[derive(Debug, Clone, Default)]
pub struct Line(Vec<(Look, String)>);

impl Line {
    pub fn new() -> Line {
        Line::default()
    }

    pub fn text(self, text: impl AsRef<str>) -> Line {
        self.look(Look::Plain, text)
    }

    pub fn look(mut self, look: Look, text: impl AsRef<str>) -> Line {
        self.0.push((look, escape(text.as_ref())));
        self
    }

    /// Number of characters it takes.
    pub fn width(&self) -> usize {
        self.0.iter().map(|(_, text)| text.chars().count()).sum()
    }

    pub fn append(mut self, other: Line) -> Line {
        self.0.extend(other.0);
        self
    }

    fn print(&self, coloured: bool) -> String {
        let mut printed = String::new();
        for (look, text) in &self.0 {
            match (coloured, look.code()) {
                (false, _) | (true, "") => printed.push_str(text),
                (true, code) => {
                    let _ = write!(printed, "\u{1b}[{code}m{text}\u{1b}[0m");
                }
            }
        }
        printed.truncate(printed.trim_end_matches(' ').len());
        printed
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Line {
        Line::new().text(text)
    }
}

impl From<String> for Line {
    fn from(text: String) -> Line {
        Line::new().text(text)
    }
}

/// Where a command prints: lines for people, or one JSON value for programs.
#[derive(Debug)]
pub struct Out {
    pub json: bool,
    colour: bool,
    colour_err: bool,
    /// Whoever read the output has gone; nothing more is written.
    closed: AtomicBool,
    /// Something of the output could not be written.
    lost: AtomicBool,
}

impl Out {
    pub fn new(json: bool) -> Out {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        Out {
            json,
            colour: wanted && std::io::stdout().is_terminal(),
            colour_err: wanted && std::io::stderr().is_terminal(),
            closed: AtomicBool::new(false),
            lost: AtomicBool::new(false),
        }
    }

    /// Prints a line for people; with `--json` nothing.
    pub fn line(&self, line: impl Into<Line>) {
        if !self.json {
            self.write(&line.into().print(self.colour));
        }
    }

    /// Prints the value of `--json`; without it nothing.
    pub fn value<T: Serialize>(&self, value: &T) {
        if self.json {
            self.write(&json(value));
        }
    }

    /// Prints a line to standard error, whatever standard output is for.
    pub fn aside(&self, line: impl Into<Line>) {
        let printed = line.into().print(self.colour_err);
        // A reader that has gone is no reason to stop in the middle of something.
        let _ = writeln!(std::io::stderr(), "{printed}");
    }

    /// Prints the JSON of an error to standard error.
    pub fn error<T: Serialize>(&self, value: &T) {
        let _ = writeln!(std::io::stderr(), "{}", json(value));
    }

    /// Prints a value of a key, exactly as it is. For `reveal` only.
    pub fn reveal(&self, value: &str) {
        self.write(value);
    }

    fn write(&self, text: &str) {
        if self.closed.load(Ordering::Relaxed) {
            return;
        }
        let mut stdout = std::io::stdout().lock();
        if let Err(error) = writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
            self.closed.store(true, Ordering::Relaxed);
            // A reader that has gone has seen enough; a disk that is full has not.
            if error.kind() != std::io::ErrorKind::BrokenPipe {
                self.lost.store(true, Ordering::Relaxed);
                self.aside(Line::new().look(Look::Bad, format!("the output could not be written: {error}")));
            }
        }
    }

    /// Whether something of the output could not be written.
    pub fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }
}

/// The JSON of a value, with the same characters escaped as in text, as JSON escapes them.
fn json<T: Serialize>(value: &T) -> String {
    let plain = serde_json::to_string_pretty(value).unwrap_or_else(|_| "null".to_owned());
    let mut shown = String::with_capacity(plain.len());
    for c in plain.chars() {
        if c != '\n' && acts(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests;
