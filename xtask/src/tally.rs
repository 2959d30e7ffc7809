//! Counting tests: what cargo, vitest and our browser tests print about themselves.

use std::fmt;

/// How many tests passed, failed and were left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Tally {
    /// Adds up every summary line in a program's output.
    pub fn of(output: &str) -> Tally {
        output
            .lines()
            .filter_map(Tally::of_line)
            .fold(Tally::default(), |sum, next| sum + next)
    }

    /// Reads one line, if it is a summary.
    pub fn of_line(line: &str) -> Option<Tally> {
        let line = line.trim();
        let counts = match line.strip_prefix("test result: ") {
            Some(cargo) => cargo.split_once(". ")?.1,
            None => match line.strip_prefix("Tests  ") {
                Some(vitest) => vitest.rsplit_once(" (")?.0,
                // The plain line says nothing but counts.
                None if line.contains(" passed, ") && line.split(", ").all(|part| count(part).is_some()) => line,
                None => return None,
            },
        };
        let mut tally = Tally::default();
        for (number, word) in counts.split([';', '|', ',']).filter_map(count) {
            match word {
                "passed" => tally.passed += number,
                "failed" => tally.failed += number,
                "ignored" | "skipped" | "todo" => tally.skipped += number,
                _ => {}
            }
        }
        Some(tally)
    }
}

/// Reads "12 passed".
fn count(part: &str) -> Option<(u64, &str)> {
    let (number, word) = part.trim().split_once(' ')?;
    Some((number.parse().ok()?, word))
}

impl std::ops::Add for Tally {
    type Output = Tally;

    fn add(self, other: Tally) -> Tally {
        Tally {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_runner_s_summary_is_read_and_nothing_else() {
        for (line, expected) in [
            (
                "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s",
                Some((3, 0, 1)),
            ),
            (
                "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 7 filtered out",
                Some((3, 2, 0)),
            ),
            ("      Tests  12 passed (12)", Some((12, 0, 0))),
            ("      Tests  1 failed | 11 passed | 2 skipped (14)", Some((11, 1, 2))),
            ("7 passed, 0 failed", Some((7, 0, 0))),
            ("7 passed, 1 failed, 2 skipped", Some((7, 1, 2))),
            (" Test Files  3 passed (3)", None),
            ("the keys that passed, 3 of them", None),
            ("test rotation::passed ... ok", None),
        ] {
            let read = Tally::of_line(line).map(|tally| (tally.passed, tally.failed, tally.skipped));
            assert_eq!(read, expected, "{line:?}");
        }
    }

    #[test]
    fn a_whole_output_is_added_up() {
        let output = "running 1 test\ntest result: ok. 1 passed; 0 failed; 0 ignored\n\n Tests  2 passed (2)\n";
        assert_eq!(Tally::of(output).to_string(), "3 passed, 0 failed");
    }
}
