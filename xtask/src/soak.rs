//! `cargo xtask soak`: random rotations under random faults. What they are is decided by the program `soak` in `tests`.

use std::process::ExitCode;

use crate::{
    app,
    command::{self, Outcome},
    place::Place,
    setup,
};

/// What is run.
pub enum Soak {
    /// So many rotations from that seed on, under random faults.
    Faults(u64, u64),
    /// So many cells from that seed on, in which facts change and answers are not so.
    Facts(u64, u64),
    /// Every pair of faults.
    Pairs,
}

/// Builds the program and runs it.
pub fn run(place: &Place, what: Soak) -> Outcome<ExitCode> {
    setup::system(&[setup::BUILD])?;
    command::run(app::unlinted(place, "build").args(["--profile", "soak", "--bin", "soak"]))?;
    let mut soak = place.command(place.target.join("soak").join("soak"));
    match what {
        Soak::Faults(rotations, seed) => soak.args([rotations.to_string(), seed.to_string()]),
        Soak::Facts(cells, seed) => soak.arg("facts").args([cells.to_string(), seed.to_string()]),
        Soak::Pairs => soak.arg("pairs"),
    };
    command::become_it(&mut soak)
}
