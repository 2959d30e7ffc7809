//! `cargo xtask bench`: figures of an optimised build. What is measured is decided by the program `bench` in `tests`.

use std::process::ExitCode;

use crate::{
    bundle,
    command::{self, Outcome},
    headless::Headless,
    place::Place,
    setup,
};

/// Builds everything optimised and measures it in a virtual display; a window that is left alone for so many minutes,
/// where they are given.
pub fn measure(place: &Place, idle: Option<u32>) -> Outcome<ExitCode> {
    setup::system(&[setup::BUILD, setup::WINDOW])?;
    let package = bundle::make(place, false)?;
    let built = place.target.join("release");
    let mut cargo = place.cargo();
    cargo.args(["build", "--release", "-p", "keywheel-desktop", "-p", "tests"]);
    cargo.args(["--bin", "keywheel-desktop", "--bin", "bench", "--example", "empty"]);
    cargo.args([
        "--features",
        "keywheel-desktop/custom-protocol,keywheel-desktop/automation",
    ]);
    // As in the package, so that what both need is built once.
    command::run(bundle::only_what_is_granted(place, &mut cargo))?;
    let mut bench = place.command(built.join("bench"));
    bench
        .arg(built.join("keywheel-desktop"))
        .arg(built.join("examples/empty"));
    bench.arg(package).arg(place.root.join("docs/figures.md"));
    bench.args(idle.map(|minutes| minutes.to_string()));
    Headless::start()?.become_it(&mut bench)
}
