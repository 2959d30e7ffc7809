//! Building and starting Keywheel, always the same way.
//!
//! One selection of packages and one set of features for the demo, the tests and the bindings: so each dependency
//! is compiled once for building and once for the lints, never a third time.

use std::process::{Command, ExitCode};

use crate::{
    command::{self, Outcome},
    place::Place,
    setup,
};

/// Features of every build but a release: the page is embedded, and tests can have the CLI killed between two writes
/// and values let out on purpose.
pub const FEATURES: &str = "keywheel-desktop/custom-protocol,keywheel-desktop/fail-points,keywheel-cli/fail-points";

/// Returns `cargo VERB` for the whole workspace with our features.
pub fn cargo(place: &Place, verb: &str) -> Command {
    let mut cargo = place.cargo();
    cargo.args([verb, "--workspace", "--features", FEATURES]);
    cargo
}

/// Returns the build of every program. Naming the examples makes cargo take the same features as the tests do.
pub fn programs(place: &Place) -> Command {
    let mut cargo = cargo(place, "build");
    cargo.args(["--bins", "--examples"]);
    cargo
}

/// Returns the build of the page that the window shows.
pub fn page(place: &Place) -> Command {
    let mut npm = place.npm();
    npm.args(["run", "--silent", "build"]);
    npm
}

/// Prepares the machine and builds the page and every program.
pub fn build(place: &Place) -> Outcome {
    setup::system(&[setup::BUILD])?;
    setup::ui(place)?;
    command::run(&mut page(place))?;
    command::run(&mut programs(place))
}

/// Builds the app and starts it for real use.
pub fn start(place: &Place) -> Outcome<ExitCode> {
    build(place)?;
    command::become_it(&mut place.command(place.program("keywheel-desktop")))
}
