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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    pub shape: Shape,
    pub press: Press,
    pub of_key: OfKey,
    pub unkind: Unkind,
    pub phase: Phase,
}

impl Cell {
    /// The whole table.
    pub fn all() -> Vec<Cell> {
        let mut all = Vec::new();
        for shape in Shape::all() {
            for press in [
                Press::Rotate,
                Press::RevokeFirst,
                Press::Undo,
                Press::Revoke,
                Press::Create,
            ] {
                for (unkind, phase) in Unkind::all(shape) {
                    for of_key in [OfKey::Held, OfKey::InFile, OfKey::NotHeld, OfKey::Quiet] {
                        let cell = Cell {
                            shape,
                            press,
                            of_key,
                            unkind,
                            phase,
                        };
                        all.extend(cell.is_one().then_some(cell));
                    }
                }
            }
        }
        all
    }

    fn is_one(self) -> bool {
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
        let phases =
            self.phase == Phase::Opening || matches!(self.press, Press::Rotate | Press::RevokeFirst | Press::Undo);
        can && of_key && phases
    }
}

/// Only against a driver that never rests: no cell takes a tenth of it.
const HANGS: Duration = Duration::from_secs(20);

/// Plays it and returns what must not be.
pub async fn play(cell: Cell) -> Vec<String> {
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
    let mut person = Person::new(cell);
    match tokio::time::timeout(HANGS, person.go(&mut project)).await {
        Ok(mut found) => {
            found.extend(verdict::of(&project, cell, &person).await);
            found
        }
        Err(_) => {
            let crossings = project.tape.crossings();
            let last = crossings.iter().rev().take(8).map(|crossing| crossing.what.to_string());
            vec![format!("it goes on for ever: {:?}", last.collect::<Vec<String>>())]
        }
    }
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
