//! What kind of provider it is: how its keys are replaced, who does it, and how much it tells.

use provider_sim::{GraceFrom, Strategy};

use crate::lab;

/// Who does a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doer {
    Api,
    Person,
}

/// What its list tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Listing {
    Names,
    NoNames,
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    pub strategy: Strategy,
    pub mints: Doer,
    pub revokes: Doer,
    pub lists: Listing,
    /// Whether it can tell if a value works.
    pub verifies: bool,
}

impl Shape {
    /// Every one that can be written down.
    pub fn all() -> Vec<Shape> {
        let mut all = Vec::new();
        for strategy in [
            Strategy::Overlap,
            Strategy::ReplaceFirst,
            Strategy::Roll,
            Strategy::RollWithGrace,
            Strategy::TwoSlot,
        ] {
            for mints in [Doer::Api, Doer::Person] {
                for revokes in [Doer::Api, Doer::Person] {
                    for lists in [Listing::Names, Listing::NoNames, Listing::Nothing] {
                        for verifies in [true, false] {
                            let shape = Shape {
                                strategy,
                                mints,
                                revokes,
                                lists,
                                verifies,
                            };
                            all.extend(shape.is_one().then_some(shape));
                        }
                    }
                }
            }
        }
        all
    }

    /// In place nothing else revokes; and without an API there is no list.
    fn is_one(self) -> bool {
        let by_api = self.mints == Doer::Api || self.revokes == Doer::Api;
        let in_place = self.in_place();
        (!in_place || self.mints == self.revokes) && (by_api || self.lists == Listing::Nothing)
    }

    /// Whether the new value takes the place of another one.
    pub fn in_place(self) -> bool {
        matches!(
            self.strategy,
            Strategy::Roll | Strategy::RollWithGrace | Strategy::TwoSlot
        )
    }

    /// Whether old and new can both live, so that a new one can be taken back.
    pub fn overlaps(self) -> bool {
        matches!(self.strategy, Strategy::Overlap | Strategy::TwoSlot)
    }

    /// The definition that its user would write.
    pub fn definition(self) -> String {
        let from = GraceFrom::Roll;
        let mut text = match (self.mints, self.revokes, self.lists) {
            (Doer::Person, Doer::Person, _) => lab::by_person(self.strategy, from),
            (_, _, Listing::Names) => lab::definition(self.strategy, from),
            (_, _, Listing::NoNames) => lab::unnamed(self.strategy, from),
            (_, _, Listing::Nothing) => lab::unlisted(self.strategy, from),
        };
        if self.mints != self.revokes {
            let step = match self.mints {
                Doer::Person => "mint",
                Doer::Api => "revoke",
            };
            text = lab::without(&text, &format!("{step}]"));
            text += &format!("\n[{step}]\npage = \"https://lab.invalid/keys\"\nsay = \"Do it for {{name}}.\"\n");
        }
        if !self.verifies {
            text = lab::without(&text, "verify]");
            text = lab::without(&text, "[auth.key]]");
        }
        text
    }
}
