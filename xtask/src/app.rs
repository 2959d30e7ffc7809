//! Building and starting Keywheel, always the same way.
//!
//! One selection of packages and one set of features for the demo, the tests and the bindings: so each dependency
//! is compiled once for building and once for the lints, never a third time.

use std::{
    path::Path,
    process::{Command, ExitCode},
};

use crate::{
    command::{self, Outcome},
    place::Place,
    setup,
};

/// Features of a build that holds a person's keys: the page is embedded.
const FOR_USE: &str = "keywheel-desktop/custom-protocol";

/// Features of every build for tests: the page is embedded, the command can be killed between two writes, and values can
/// be let out to see that they are found; a guard can be taken away to see that it is missed.
pub const FEATURES: &str = "keywheel-desktop/custom-protocol,keywheel-desktop/fail-points,keywheel-cli/fail-points,\
                            keywheel-core/removable-guards";

/// Returns `cargo VERB` for the whole workspace with our features. What it compiles of ours is linted: Clippy's driver is
/// the compiler, so that nothing is compiled once more to be looked at.
pub fn cargo(place: &Place, verb: &str) -> Command {
    let mut cargo = unlinted(place, verb);
    // Where it is missing, cargo says so.
    let driver = command::text(place.command("rustc").args(["--print", "sysroot"]));
    let driver = driver.map_or("clippy-driver".into(), |root| {
        Path::new(root.trim()).join("bin/clippy-driver")
    });
    cargo.env("RUSTC_WORKSPACE_WRAPPER", driver);
    // As `cargo clippy -- -D warnings` passes it on.
    cargo.env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__");
    cargo
}

/// The same by the compiler itself, for what is optimised or compiled in a way of its own.
pub fn unlinted(place: &Place, verb: &str) -> Command {
    with(place, verb, FEATURES)
}

fn with(place: &Place, verb: &str, features: &str) -> Command {
    let mut cargo = place.cargo();
    cargo.args([verb, "--workspace", "--features", features]);
    cargo
}

/// Returns the build of every program. Naming the examples makes cargo take the same features as the tests do.
pub fn programs(place: &Place) -> Command {
    all(cargo(place, "build"))
}

fn all(mut build: Command) -> Command {
    build.args(["--bins", "--examples"]);
    build
}

/// Returns the build of the page that the window shows.
pub fn page(place: &Place) -> Command {
    let mut npm = place.npm();
    npm.args(["run", "--silent", "build"]);
    npm
}

/// Prepares the machine and builds the page and every program.
pub fn build(place: &Place) -> Outcome {
    prepare(place)?;
    command::run(&mut programs(place))
}

/// Prepares the machine and builds the page, without which the window's package is not compiled.
pub fn prepare(place: &Place) -> Outcome {
    setup::system(&[setup::BUILD])?;
    setup::ui(place)?;
    command::run(&mut page(place))
}

/// Builds the app and starts it for real use, with nothing in it that only tests may ask for.
pub fn start(place: &Place) -> Outcome<ExitCode> {
    prepare(place)?;
    command::run(&mut all(with(place, "build", FOR_USE)))?;
    command::become_it(&mut place.command(place.program("keywheel-desktop")))
}
