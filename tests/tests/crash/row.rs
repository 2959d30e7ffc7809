//! Ways in which a key is replaced, each at a provider of its own on loopback.

use provider_sim::{GraceFrom, Strategy};
use tests::keyring::Keyring;
use tests::lab;
use tests::real::{Lab, Real};

use crate::bench::Bench;

/// Longer than the simulator's grace; also than the hour in which only so many mints are made.
pub const HOUR: i64 = 3700;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Row {
    /// Two keys live at once; the list has no names.
    Overten,
    /// The invented provider, whose list has names.
    Overlap,
    /// The same after a leak: the old key goes first.
    RevokeFirst,
    Roll,
    RollWithGrace,
    /// The first use of the new value starts the clock.
    GraceFromUse,
    ReplaceFirst,
    TwoSlot,
    /// A person creates and deletes on the provider's page.
    ByPerson,
    /// A person rolls on the provider's page.
    RollByPerson,
}

impl Row {
    pub fn title(self) -> &'static str {
        match self {
            Row::Overten => "overlap, Overten",
            Row::Overlap => "overlap",
            Row::RevokeFirst => "overlap, old one first",
            Row::Roll => "roll",
            Row::RollWithGrace => "roll with grace",
            Row::GraceFromUse => "grace from first use",
            Row::ReplaceFirst => "replace first",
            Row::TwoSlot => "two slots",
            Row::ByPerson => "overlap, by a person",
            Row::RollByPerson => "roll, by a person",
        }
    }

    /// Whether the old value works until a person has said that the new one is in use.
    pub fn overlaps(self) -> bool {
        !matches!(
            self,
            Row::RevokeFirst | Row::Roll | Row::ReplaceFirst | Row::RollByPerson
        )
    }

    /// Whether the provider itself ends the old value, a while after the roll.
    pub fn has_grace(self) -> bool {
        matches!(self, Row::RollWithGrace | Row::GraceFromUse)
    }

    /// Whether nothing but a revocation ends the old value.
    pub fn revokes_last(self) -> bool {
        matches!(self, Row::Overten | Row::Overlap | Row::TwoSlot | Row::ByPerson)
    }

    /// Whether a person does what the API could.
    pub fn is_by_person(self) -> bool {
        matches!(self, Row::ByPerson | Row::RollByPerson)
    }

    fn strategy(self) -> (Strategy, GraceFrom) {
        let strategy = match self {
            Row::Overten | Row::Overlap | Row::RevokeFirst | Row::ByPerson => Strategy::Overlap,
            Row::Roll | Row::RollByPerson => Strategy::Roll,
            Row::RollWithGrace => Strategy::RollWithGrace,
            Row::GraceFromUse => return (Strategy::RollWithGrace, GraceFrom::FirstUse),
            Row::ReplaceFirst => Strategy::ReplaceFirst,
            Row::TwoSlot => Strategy::TwoSlot,
        };
        (strategy, GraceFrom::Roll)
    }

    /// A person with an account there, and a keychain that is only theirs. The slot's value is held.
    pub async fn connected(self, in_files: bool) -> Bench {
        if self != Row::Overten {
            return self.at_lab().await;
        }
        let mut real = Real::with(&std::env::temp_dir(), Keyring::own().await).await;
        real = real.with_account().await;
        if in_files {
            real.bind().await;
        }
        Bench {
            row: self,
            account: real.org.id,
            serves: real.old.value,
            beside: vec![real.bystander.value],
            held: 2,
            places: real.places,
            page: None,
            home: real.home,
        }
    }

    async fn at_lab(self) -> Bench {
        let (strategy, from) = self.strategy();
        let definition = match self.is_by_person() {
            true => lab::by_person(strategy, from),
            false => lab::definition(strategy, from),
        };
        let lab = Lab::begin(strategy, from).await;
        lab.connect(&definition).await;
        lab.name_slot(true).await;
        Bench {
            row: self,
            account: lab.project.id,
            serves: lab.first.value,
            beside: Vec::new(),
            held: if self.is_by_person() { 1 } else { 2 },
            places: Vec::new(),
            page: Some(lab.page),
            home: lab.home,
        }
    }
}
