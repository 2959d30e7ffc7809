//! `cargo xtask soak`: random rotations under random faults. What they are is decided by the program `soak` in `tests`.

use std::process::ExitCode;

use crate::{
    app,
    command::{self, Outcome},
    place::Place,
    setup,
};

/// Builds the program and runs so many rotations from that seed on; none: every pair of faults.
pub fn run(place: &Place, rotations: Option<u64>, seed: u64) -> Outcome<ExitCode> {
    setup::system(&[setup::BUILD])?;
    command::run(app::unlinted(place, "build").args(["--profile", "soak", "--bin", "soak"]))?;
    let mut soak = place.command(place.target.join("soak").join("soak"));
    match rotations {
        Some(rotations) => soak.args([rotations.to_string(), seed.to_string()]),
        None => soak.arg("pairs"),
    };
    command::become_it(&mut soak)
}
