//! Random cells: several things that are unkind to one rotation, each from its own phase on. A seed says all of one.

use std::time::{Duration, Instant};

use keywheel_core::clock::Entropy;

use super::cell::{Cell, OfKey, Press, play};
use super::shape::Shape;
use super::unkind::Unkind;
use crate::clock::SeededEntropy;
use crate::together;

/// Unkind to one rotation at most.
const MOST: usize = 4;

/// Between two words of how far it is.
const PAUSE: Duration = Duration::from_secs(10);

impl Cell {
    /// The cell of a seed.
    pub fn with_seed(seed: u64) -> Cell {
        let chance = SeededEntropy::new(seed.wrapping_mul(0x9e6c_63d0_876a_68d5));
        let pick = |below: usize| {
            let mut bytes = [0; 8];
            chance.fill(&mut bytes);
            usize::try_from(u64::from_le_bytes(bytes) % below as u64).unwrap_or(0)
        };
        let shapes = Shape::all();
        loop {
            let shape = shapes[pick(shapes.len())];
            let kinds = Unkind::all(shape);
            let cell = Cell {
                shape,
                press: Press::ALL[pick(Press::ALL.len())],
                of_key: OfKey::ALL[pick(OfKey::ALL.len())],
                unkind: (0..2 + pick(MOST - 1)).map(|_| kinds[pick(kinds.len())]).collect(),
            };
            if cell.is_one() {
                return cell;
            }
        }
    }
}

/// Plays so many cells from that seed on, says each that must not be, and returns how many those were.
pub async fn soak_facts(seed: u64, cells: u64) -> u64 {
    let (begun, mut said) = (Instant::now(), Instant::now());
    let (mut done, mut wrong) = (0, 0);
    let seeds = (0..cells).map(|n| seed.wrapping_add(n));
    let act = |seed: u64| async move { (seed, play(Cell::with_seed(seed)).await) };
    together(seeds, act, |(seed, found)| {
        done += 1;
        wrong += u64::from(!found.is_empty());
        if !found.is_empty() {
            println!("seed {seed}: {:?}: {found:?}", Cell::with_seed(seed));
        }
        if said.elapsed() > PAUSE {
            said = Instant::now();
            println!("{done} of {cells} after {} s, {wrong} wrong", begun.elapsed().as_secs());
        }
    })
    .await;
    println!("{done} cells of changing facts, {wrong} wrong");
    wrong
}
