//! One cell: which plan, what is unkind to it, and what became of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use keywheel_core::model::{Policy, PolicyScope};
use provider_sim::{GraceFrom, Strategy};
use tokio::sync::Mutex;

use super::person::Person;
use super::shape::{Doer, Listing, Shape};
use super::unkind::{Phase, Unkind};
use super::verdict;
use crate::project::Project;
use crate::tape::Crossing;

/// What the person wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    Rotate,
    /// After a leak: the old key goes first.
    RevokeFirst,
    /// Rotates, and takes it back as soon as that can be done.
    Undo,
    Revoke,
    Create,
}

/// What there is to the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfKey {
    /// Keywheel holds its value.
    Held,
    /// A file holds it too.
    InFile,
    /// Its value is not held: the list alone tells of it.
    NotHeld,
    /// The old one has to be silent for an hour before it goes.
    Quiet,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub shape: Shape,
    pub press: Press,
    pub of_key: OfKey,
    /// What is unkind to it, each from its phase on: one thing in the table, up to four in a random cell.
    pub unkind: Vec<(Unkind, Phase)>,
}

impl Press {
    pub(super) const ALL: [Press; 5] = [
        Press::Rotate,
        Press::RevokeFirst,
        Press::Undo,
        Press::Revoke,
        Press::Create,
    ];
}

impl OfKey {
    pub(super) const ALL: [OfKey; 4] = [OfKey::Held, OfKey::InFile, OfKey::NotHeld, OfKey::Quiet];
}

impl Cell {
    /// The whole table.
    pub fn all() -> Vec<Cell> {
        let mut all = Vec::new();
        for shape in Shape::all() {
            for press in Press::ALL {
                for unkind in Unkind::all(shape) {
                    for of_key in OfKey::ALL {
                        let cell = Cell {
                            shape,
                            press,
                            of_key,
                            unkind: vec![unkind],
                        };
                        all.extend(cell.is_one().then_some(cell));
                    }
                }
            }
        }
        all
    }

    /// Whether that can be: the plan, the key, and each phase.
    pub(super) fn is_one(&self) -> bool {
        let shape = self.shape;
        let can = match self.press {
            Press::Rotate => true,
            Press::RevokeFirst => shape.strategy == Strategy::Overlap,
            Press::Undo => shape.overlaps(),
            Press::Revoke | Press::Create => !shape.in_place(),
        };
        let both = matches!(self.press, Press::Rotate | Press::Undo);
        let listed = shape.lists != Listing::Nothing;
        let of_key = match self.of_key {
            OfKey::Held => true,
            OfKey::InFile => both,
            OfKey::NotHeld => listed && shape.strategy != Strategy::TwoSlot && self.press != Press::Create,
            OfKey::Quiet => both && shape.lists == Listing::Names && shape.overlaps(),
        };
        // A single act has no phases.
        let long = matches!(self.press, Press::Rotate | Press::RevokeFirst | Press::Undo);
        let phases = long || self.unkind.iter().all(|(_, phase)| *phase == Phase::Opening);
        can && of_key && phases
    }

    /// Whether calls with a value are answered with what is not so.
    pub(super) fn lies_of_values(&self) -> bool {
        self.has(|unkind| matches!(unkind, Unkind::AllDead(_) | Unkind::AllLive(_)))
    }

    /// Whether a mint is answered with an id that is not its key's.
    pub(super) fn makes_up_ids(&self) -> bool {
        self.has(|unkind| matches!(unkind, Unkind::OldId(_) | Unkind::OneId(_)))
    }

    fn has(&self, is: impl Fn(Unkind) -> bool) -> bool {
        self.unkind.iter().any(|(unkind, _)| is(*unkind))
    }
}

/// Only against a driver that never rests: no cell takes a tenth of it.
const HANGS: Duration = Duration::from_secs(20);

/// Plays it and returns what must not be.
pub async fn play(cell: Cell) -> Vec<String> {
    played(cell).await.1
}

/// All that a cell crosses, to be read.
pub async fn retrace(cell: Cell) -> Vec<Crossing> {
    played(cell).await.0.tape.crossings()
}

async fn played(cell: Cell) -> (Project, Vec<String>) {
    let mut project = prepared(cell.shape).await;
    match cell.of_key {
        OfKey::Held => {}
        OfKey::InFile => project = project.used_in_files(1).await,
        OfKey::NotHeld => project.forgets().await,
        OfKey::Quiet => {
            let policy = Policy {
                quiet_hours: Some(1),
                ..Policy::open(PolicyScope::All)
            };
            project.app().set_policy(&policy).await.expect("a policy");
        }
    }
    let mut person = Person::new(cell.clone());
    let ended = tokio::time::timeout(HANGS, person.go(&mut project)).await;
    let found = match ended {
        Ok(mut found) => {
            found.extend(verdict::of(&mut project, &cell, &person).await);
            found
        }
        Err(_) => {
            let crossings = project.tape.crossings();
            let last = crossings.iter().rev().take(8).map(|crossing| crossing.what.to_string());
            vec![format!("it goes on for ever: {:?}", last.collect::<Vec<String>>())]
        }
    };
    (project, found)
}

/// A project of its own, connected and with its first key held.
async fn prepared(shape: Shape) -> Project {
    static FIRST: Mutex<BTreeMap<String, Arc<Project>>> = Mutex::const_new(BTreeMap::new());
    let mut first = FIRST.lock().await;
    let name = format!("{shape:?}");
    let found = match first.get(&name) {
        Some(found) => found.clone(),
        None => {
            let mut made = Project::with(shape.strategy, GraceFrom::Roll, &shape.definition()).await;
            let by_api = shape.mints == Doer::Api || shape.revokes == Doer::Api;
            if shape.lists == Listing::Nothing && by_api {
                made.as_if_minted().await;
            }
            made.shut().await;
            let made = Arc::new(made);
            first.insert(name, made.clone());
            made
        }
    };
    drop(first);
    found.fork().await
}
