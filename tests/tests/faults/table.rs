//! The table of a sweep: points by what became of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use keywheel_core::rotation::Ending;
use tests::{Outcome, Port};

use super::sweep::{Act, Case, Verdict};

/// One line of the table.
#[derive(Default)]
struct Line {
    cases: usize,
    completed: usize,
    undone: usize,
    stopped: usize,
    nothing: usize,
    open: usize,
    asked: usize,
    reminted: usize,
    violated: usize,
}

impl Line {
    fn enter(&mut self, verdict: &Verdict) {
        self.cases += 1;
        match verdict.outcome {
            Outcome::Closed(Ending::Completed) => self.completed += 1,
            Outcome::Closed(Ending::Undone) => self.undone += 1,
            Outcome::Closed(Ending::Stopped | Ending::Settled) => self.stopped += 1,
            Outcome::Nothing => self.nothing += 1,
            Outcome::Open(_) => self.open += 1,
        }
        self.asked += usize::from(verdict.asked);
        self.reminted += usize::from(verdict.reminted);
        self.violated += usize::from(!verdict.violations.is_empty());
    }
}

pub fn table(results: &[(Case, Verdict)]) -> String {
    let mut lines: BTreeMap<(Act, Port, &str), Line> = BTreeMap::new();
    let mut sum = Line::default();
    for (case, verdict) in results {
        lines
            .entry((case.act, case.at.port, case.word))
            .or_default()
            .enter(verdict);
        sum.enter(verdict);
    }
    let mut text = String::from(
        "act     port       fault                    cases  completed  undone  stopped  alarm  asked  re-minted  wrong\n",
    );
    let mut row = |act: String, port: String, word: &str, line: &Line| {
        let _ = writeln!(
            text,
            "{act:<7} {port:<10} {word:<24} {:>5} {:>10} {:>7} {:>8} {:>6} {:>6} {:>10} {:>6}",
            line.cases,
            line.completed,
            line.undone,
            line.stopped + line.nothing,
            line.open,
            line.asked,
            line.reminted,
            line.violated
        );
    };
    for ((act, port, word), line) in &lines {
        row(
            format!("{act:?}").to_lowercase(),
            format!("{port:?}").to_lowercase(),
            word,
            line,
        );
    }
    row("all".to_owned(), String::new(), "", &sum);
    text
}
