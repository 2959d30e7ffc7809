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
    struck: usize,
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
    cells: BTreeMap<(Row, Profile, String), Cell>,
    pairs: bool,
    sum: Cell,
    /// What went wrong, ready to be read.
    pub wrong: Vec<String>,
}

impl Table {
    /// One in which both faults of a case count; elsewhere the first does.
    pub fn of_pairs() -> Table {
        Table {
            pairs: true,
            ..Table::default()
        }
    }

    /// Enters a case; what went wrong begins with the words.
    pub fn enter(&mut self, words: &str, case: &Case, result: &Result) {
        let counted = if self.pairs { case.strikes.len() } else { 1 };
        let named: Vec<&str> = case.strikes.iter().take(counted).map(|one| one.blow.word()).collect();
        let fault = if named.is_empty() {
            "none".to_owned()
        } else {
            named.join(", ")
        };
        let key = (case.setup.row, case.setup.profile, fault);
        for cell in [self.cells.entry(key).or_default(), &mut self.sum] {
            cell.cases += 1;
            cell.struck += usize::from(result.fell == case.strikes.len());
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

    /// In how many of them every fault fell.
    pub fn struck(&self) -> usize {
        self.sum.struck
    }

    /// In how many cases of that row and profile that fault fell.
    pub fn reached(&self, row: Row, profile: Profile, fault: &str) -> usize {
        let key = (row, profile, fault.to_owned());
        self.cells.get(&key).map_or(0, |cell| cell.struck)
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
            "{:<14} {:<12} {:<14} {:>6} {:>6} {:>10} {:>10} {:>6} {:>6} {:>10} {:>6}",
            "row",
            "profile",
            "fault",
            "cases",
            "struck",
            "completed",
            "as before",
            "open",
            "asked",
            "re-minted",
            "wrong"
        )?;
        let named = |(row, profile, fault): &(Row, Profile, String)| {
            let (row, profile) = (format!("{row:?}"), format!("{profile:?}"));
            format!("{row:<14} {profile:<12} {fault:<14}")
        };
        let lines = self.cells.iter().map(|(key, cell)| (named(key), cell));
        for (name, cell) in lines.chain([(format!("{:<42}", "all"), &self.sum)]) {
            writeln!(
                f,
                "{name} {:>6} {:>6} {:>10} {:>10} {:>6} {:>6} {:>10} {:>6}",
                cell.cases, cell.struck, cell.completed, cell.as_before, cell.open, cell.asked, cell.again, cell.wrong
            )?;
        }
        Ok(())
    }
}
