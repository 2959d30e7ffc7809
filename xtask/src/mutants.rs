//! `cargo xtask mutants`: each guard of a rotation is taken away, and some test has to notice.

use std::process::{Command, ExitCode};

use serde_json::Value;

use crate::{
    app,
    command::{self, Outcome},
    place::Place,
};

/// Test programs that need no session, the quick ones first.
const PROGRAMS: &[&str] = &[
    "keywheel_core",
    "store",
    "provider_overten",
    "provider_aws",
    "rotation",
    "strategies",
    "inventory",
    "faults",
];

/// Builds the tests once and runs them without each guard; all guards where none is named.
pub fn run(place: &Place, guards: &[String]) -> Outcome<ExitCode> {
    app::prepare(place)?;
    let mut build = app::cargo(place, "test");
    build.args(["--no-run", "--lib", "--bin", "mutants", "--message-format", "json"]);
    build.args(PROGRAMS[1..].iter().flat_map(|name| ["--test", name]));
    let built = command::text(&mut build)?;
    command::run(app::cargo(place, "build").args(["--bin", "mutants"]))?;
    let mut mutants: Command = place.command(place.program("mutants"));
    mutants.args(guards.iter().flat_map(|guard| ["--guard", guard]));
    for name in PROGRAMS {
        let program = built.lines().find_map(|line| executable(line, name));
        mutants.arg(program.ok_or_else(|| format!("{name}: cargo built no such test"))?);
    }
    command::become_it(&mut mutants)
}

/// Returns the program of that test target, if this line of cargo's tells it.
fn executable(line: &str, name: &str) -> Option<String> {
    let artifact: Value = serde_json::from_str(line).ok()?;
    let fits = artifact["target"]["name"] == name && artifact["profile"]["test"] == true;
    artifact["executable"].as_str().filter(|_| fits).map(str::to_owned)
}
