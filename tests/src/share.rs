//! Which part of a long sweep runs: all of it, or one that rotates with the commit, so that each commit meets every cell
//! of a table and some commits meet every case.
//!
//! `KEYWHEEL_SHARE` is the seed, in hexadecimal; `cargo xtask test` takes it from the commit and prints it. Without it, by
//! hand and in `cargo xtask proofs`, everything runs.

use std::ops::Range;

/// The cases of a sweep that run now.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    /// One in so many.
    of: usize,
    /// Which of them, less than `of`.
    turn: usize,
}

impl Share {
    /// One case in so many.
    ///
    /// # Panics
    /// When the seed is no hexadecimal number.
    pub fn one_in(of: usize) -> Share {
        match std::env::var("KEYWHEEL_SHARE") {
            Ok(seed) => {
                let seed = usize::from_str_radix(&seed, 16).expect("KEYWHEEL_SHARE is a hexadecimal number");
                Share { of, turn: seed % of }
            }
            Err(_) => Share { of: 1, turn: 0 },
        }
    }

    /// The one of that turn, less than `of`.
    pub fn of_turn(of: usize, turn: usize) -> Share {
        Share { of, turn }
    }

    /// Whether the case of that index runs.
    pub fn has(self, index: usize) -> bool {
        index % self.of == self.turn
    }

    /// The indexes from there on that run, without an end.
    pub fn from(self, first: usize) -> impl Iterator<Item = usize> {
        (first + self.turn..).step_by(self.of)
    }

    /// That part of a range of seeds.
    pub fn part(self, whole: Range<u64>) -> Range<u64> {
        let span = (whole.end - whole.start) / self.of as u64;
        let start = whole.start + self.turn as u64 * span;
        start..start + span
    }

    /// How many cases there are at least, of so many in a whole sweep.
    pub fn least(self, whole: usize) -> usize {
        whole / self.of
    }
}
