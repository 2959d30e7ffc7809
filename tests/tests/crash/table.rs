//! All points in lines, how many there were of each sort, and the sum.

use std::collections::BTreeMap;
use std::io::Write;

use tests::real::Kind;

use crate::course::Verb;
use crate::row::Row;
use crate::sweep::{Cut, Point, Sweep};

#[derive(Default)]
pub struct Table {
    pub wrong: Vec<String>,
    cuts: BTreeMap<(Row, Verb), usize>,
    kinds: BTreeMap<Kind, usize>,
}

impl Table {
    /// Takes a sweep's points in, and prints a line for each.
    pub fn add(&mut self, sweep: Sweep, points: Vec<Point>) {
        let Sweep { row, act, verb, .. } = sweep;
        let name = format!("{}, {act:?}, {}", row.title(), verb.word()).to_lowercase();
        if points.is_empty() {
            self.wrong.push(format!("{name}: no point was cut"));
        }
        *self.cuts.entry((row, verb)).or_default() += points.len();
        for point in points {
            for (kind, what) in &point.found.0 {
                *self.kinds.entry(*kind).or_default() += 1;
                self.wrong
                    .push(format!("{name} {} {}: {kind:?}: {what}", point.cut.word(), point.n));
            }
            let outcome = if point.found.0.is_empty() { "well" } else { "WRONG" };
            say(&format!(
                "{name:<40}{:<6} {:>3}  {:<48} resumed {}, asked {}  {outcome}\n",
                point.cut.word(),
                point.n,
                point.stood,
                point.resumes,
                point.questions
            ));
        }
    }

    /// A sweep that came to no end.
    pub fn broke(&mut self, sweep: Sweep, why: impl std::fmt::Display) {
        self.wrong.push(format!("{sweep:?}: {why}"));
    }

    pub fn cuts(&self) -> usize {
        self.cuts.values().sum()
    }

    pub fn print(&self, cuts: &[Cut]) {
        let verbs: String = Verb::CUT.iter().map(|verb| format!("{:>10}", verb.word())).collect();
        say(&format!("\n{:<24}{verbs}{:>10}\n", "cut in", "sum"));
        let mut rows: Vec<Row> = self.cuts.keys().map(|(row, _)| *row).collect();
        rows.dedup();
        for row in rows {
            let counts = Verb::CUT.map(|verb| self.cuts.get(&(row, verb)).copied().unwrap_or_default());
            let cells = counts.map(|count| if count == 0 { String::new() } else { count.to_string() });
            let cells: String = cells.iter().map(|cell| format!("{cell:>10}")).collect();
            say(&format!(
                "{:<24}{cells}{:>10}\n",
                row.title(),
                counts.iter().sum::<usize>()
            ));
        }
        let of = |kind| self.kinds.get(&kind).copied().unwrap_or_default();
        say(&format!(
            "{} {}: {} lost, {} unexplained, {} early revocations, {} otherwise wrong\n",
            self.cuts(),
            if cuts == [Cut::Write] { "failed writes" } else { "kills" },
            of(Kind::Lost),
            of(Kind::Unexplained),
            of(Kind::Early),
            of(Kind::Other)
        ));
    }
}

/// Past the test harness, which keeps what a passing test prints.
fn say(line: &str) {
    // A reader that has gone has seen enough.
    let _ = std::io::stdout().write_all(line.as_bytes());
}
