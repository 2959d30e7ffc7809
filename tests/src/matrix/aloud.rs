//! How far a long sweep is, said now and then.

use std::time::{Duration, Instant};

use super::Table;

/// Between two words.
const PAUSE: Duration = Duration::from_secs(10);

/// A sweep of so many cases.
pub struct Aloud {
    cases: u64,
    begun: Instant,
    said: Instant,
}

impl Aloud {
    pub fn of(cases: u64) -> Aloud {
        let now = Instant::now();
        Aloud {
            cases,
            begun: now,
            said: now,
        }
    }

    /// Says it where it is time to.
    pub fn look(&mut self, table: &Table) {
        if self.said.elapsed() > PAUSE {
            self.said = Instant::now();
            let (done, wrong) = (table.cases(), table.wrong.len());
            let after = self.begun.elapsed().as_secs();
            println!("{done} of {} after {after} s, {wrong} wrong", self.cases);
        }
    }
}
