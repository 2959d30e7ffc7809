//! One measured thing, and the table that is printed and kept.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::window::Outcome;

/// What was measured, in words and numbers for people.
pub struct Figure {
    what: String,
    value: String,
    /// What it is compared with.
    beside: String,
    ratio: String,
    aim: &'static str,
}

impl Figure {
    /// A value that is compared with nothing.
    pub fn plain(what: impl Into<String>, value: impl Into<String>) -> Figure {
        Figure {
            what: what.into(),
            value: value.into(),
            beside: String::new(),
            ratio: String::new(),
            aim: "",
        }
    }

    /// A value beside the least that it could be, both in the same unit.
    pub fn beside(what: impl Into<String>, (value, least): (f64, f64), unit: &str, least_is: &str) -> Figure {
        Figure {
            beside: format!("{least:.0} {unit}: {least_is}"),
            ratio: format!("{:.2}", value / least),
            ..Figure::plain(what, format!("{value:.0} {unit}"))
        }
    }

    /// A row of the table.
    pub fn row(&self) -> String {
        let Figure {
            what,
            value,
            beside,
            ratio,
            aim,
        } = self;
        format!("| {what} | {value} | {beside} | {ratio} | {aim} |")
    }

    /// What is wanted of it.
    pub fn aim(mut self, aim: &'static str) -> Figure {
        self.aim = aim;
        self
    }
}

/// The figures as a table in Markdown.
pub fn table(figures: &[Figure]) -> String {
    let mut table = "| what | figure | beside | ratio | aim |\n|---|--:|---|--:|---|\n".to_owned();
    for figure in figures {
        let _ = writeln!(table, "{}", figure.row());
    }
    table
}

/// Adds the table to the page that keeps them, under the day and the machine.
pub fn keep(page: &Path, figures: &[Figure]) -> Outcome {
    let said = |error: std::io::Error| format!("{}: {error}", page.display());
    let mut text = fs::read_to_string(page).map_err(said)?;
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d");
    let _ = write!(text, "\n## {today}, {}\n\n{}", machine(), table(figures));
    fs::write(page, text).map_err(said)
}

/// Processor, cores and memory of this machine.
fn machine() -> String {
    let of = |file: &str, name: &str| {
        let text = fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_once(':')
            .map(|(_, value)| value.trim().to_owned())
            .unwrap_or_default()
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let kib: f64 = of("/proc/meminfo", "MemTotal")
        .trim_end_matches(" kB")
        .parse()
        .unwrap_or_default();
    let processor = of("/proc/cpuinfo", "model name");
    format!("{cores} cores of {processor}, {:.0} GiB", kib / (1024.0 * 1024.0))
}
