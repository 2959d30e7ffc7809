//! The table of a sweep: rows and faults, how often each was reached, and what became of it.

use std::collections::BTreeMap;
use std::fmt;

use keywheel_core::rotation::Ending;

use super::case::{Case, Result};
use super::{Profile, Row};
use crate::person::Outcome;

#[derive(Default)]
struct Cell {
    cases: usize,
    completed: usize,
    as_before: usize,
    open: usize,
    asked: usize,
    again: usize,
    wrong: usize,
}

/// Counts by row, profile and fault.
#[derive(Default)]
pub struct Table {
    cells: BTreeMap<(Row, Profile, &'static str), Cell>,
    sum: Cell,
    /// What went wrong, ready to be read.
    pub wrong: Vec<String>,
}

impl Table {
    /// Enters a case; what went wrong begins with the words.
    pub fn enter(&mut self, words: &str, case: &Case, result: &Result) {
        let first = case.strikes.first().map_or("none", |strike| strike.blow.word());
        let key = (case.setup.row, case.setup.profile, first);
        for cell in [self.cells.entry(key).or_default(), &mut self.sum] {
            cell.cases += 1;
            match result.settled.outcome {
                Outcome::Closed(Ending::Completed) => cell.completed += 1,
                Outcome::Closed(_) | Outcome::Nothing => cell.as_before += 1,
                Outcome::Open(_) => cell.open += 1,
            }
            cell.asked += usize::from(result.settled.questions > 0);
            cell.again += usize::from(result.settled.mints > 1);
            cell.wrong += usize::from(!result.wrong.is_empty());
        }
        if !result.wrong.is_empty() {
            self.wrong.push(format!("{words}{case:?}: {:?}", result.wrong));
        }
    }

    /// How many cases there were.
    pub fn cases(&self) -> usize {
        self.sum.cases
    }

    /// How many cases there were of that row, profile and fault.
    pub fn reached(&self, row: Row, profile: Profile, fault: &'static str) -> usize {
        self.cells.get(&(row, profile, fault)).map_or(0, |cell| cell.cases)
    }

    /// Prints it, and fails where anything was wrong.
    pub fn settle(&self) {
        println!("{self}");
        let some: Vec<&str> = self.wrong.iter().take(20).map(String::as_str).collect();
        assert!(
            some.is_empty(),
            "{} of {} wrong:\n{}",
            self.wrong.len(),
            self.sum.cases,
            some.join("\n")
        );
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<14} {:<12} {:<9} {:>6} {:>10} {:>10} {:>6} {:>6} {:>10} {:>6}",
            "row", "profile", "fault", "cases", "completed", "as before", "open", "asked", "re-minted", "wrong"
        )?;
        let named = |(row, profile, fault): &(Row, Profile, &str)| {
            let (row, profile) = (format!("{row:?}"), format!("{profile:?}"));
            format!("{row:<14} {profile:<12} {fault:<9}")
        };
        let lines = self.cells.iter().map(|(key, cell)| (named(key), cell));
        for (name, cell) in lines.chain([(format!("{:<37}", "all"), &self.sum)]) {
            writeln!(
                f,
                "{name} {:>6} {:>10} {:>10} {:>6} {:>6} {:>10} {:>6}",
                cell.cases, cell.completed, cell.as_before, cell.open, cell.asked, cell.again, cell.wrong
            )?;
        }
        Ok(())
    }
}
