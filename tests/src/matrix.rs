//! The matrix of faults: each way a key can be replaced, at providers that tell more or less, struck anywhere.
//!
//! A case is data, so it can be printed and run again alone. What is expected of a case is in `verdict`, and knows
//! nothing of how a rotation is meant to go.

mod aloud;
mod case;
mod course;
mod random;
mod table;
mod verdict;

pub use aloud::Aloud;
pub use case::{Blow, Case, Result, Strike, pairs, rehearse, retrace, sweep};
pub use random::{soak, with_seed};
pub use table::Table;

use provider_sim::{GraceFrom, Strategy};

use crate::lab;

/// A row of the matrix: the five strategies, and overlap by a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Row {
    Overlap,
    Roll,
    RollWithGrace,
    ReplaceFirst,
    TwoSlot,
    ByPerson,
}

/// How much a provider tells of the keys that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Profile {
    /// It lists them with the names that they were given.
    Names,
    /// The same, and it gives a lost answer again for the same key.
    Repeats,
    /// It lists them, and no names.
    Differences,
    /// It lists nothing.
    Unlisted,
}

/// What the person does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Press {
    Rotate,
    /// After a leak: the old key goes first.
    RevokeFirst,
    /// Rotates, and takes it back instead of replacing the old key.
    Undo,
}

/// What a case is about, before anything goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Setup {
    pub row: Row,
    pub profile: Profile,
    pub press: Press,
    /// So many files hold the key.
    pub files: usize,
}

impl Row {
    pub const ALL: [Row; 6] = [
        Row::Overlap,
        Row::Roll,
        Row::RollWithGrace,
        Row::ReplaceFirst,
        Row::TwoSlot,
        Row::ByPerson,
    ];

    pub fn strategy(self) -> Strategy {
        match self {
            Row::Overlap | Row::ByPerson => Strategy::Overlap,
            Row::Roll => Strategy::Roll,
            Row::RollWithGrace => Strategy::RollWithGrace,
            Row::ReplaceFirst => Strategy::ReplaceFirst,
            Row::TwoSlot => Strategy::TwoSlot,
        }
    }

    /// Profiles that make a difference: where a person does every step, nothing is listed by an API.
    pub fn profiles(self) -> &'static [Profile] {
        match self {
            Row::ByPerson => &[Profile::Unlisted],
            _ => &[
                Profile::Names,
                Profile::Repeats,
                Profile::Differences,
                Profile::Unlisted,
            ],
        }
    }

    /// Whether old and new can both live, so that taking it back is possible.
    pub fn overlaps(self) -> bool {
        matches!(self, Row::Overlap | Row::TwoSlot | Row::ByPerson)
    }

    fn definition(self, profile: Profile) -> String {
        let (strategy, from) = (self.strategy(), GraceFrom::Roll);
        match (self, profile) {
            (Row::ByPerson, _) => lab::by_person(strategy, from),
            (_, Profile::Names) => lab::definition(strategy, from),
            (_, Profile::Repeats) => lab::repeating(&lab::definition(strategy, from)),
            (_, Profile::Differences) => lab::unnamed(strategy, from),
            (_, Profile::Unlisted) => lab::unlisted(strategy, from),
        }
    }
}

impl Setup {
    /// Every row with every profile, rotated.
    pub fn rotations() -> Vec<Setup> {
        let of_row = |row: Row| row.profiles().iter().map(move |profile| (row, *profile));
        let all = Row::ALL.into_iter().flat_map(of_row);
        all.map(|(row, profile)| Setup::rotation(row, profile)).collect()
    }

    /// A rotation of a key that no file holds.
    pub fn rotation(row: Row, profile: Profile) -> Setup {
        Setup {
            row,
            profile,
            press: Press::Rotate,
            files: 0,
        }
    }
}
