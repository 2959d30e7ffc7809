//! The dependency policy of `deny.toml`: licences, sources and banned packages; advisories where they can be had.

use std::{path::PathBuf, process::Command};

use crate::{
    command::{self, Outcome},
    place::Place,
};

/// The release of cargo-deny that reads our `deny.toml`.
const VERSION: &str = "0.20.2";

/// Returns the path of cargo-deny, installing it among this project's tools when the right one is not there.
pub fn tool(place: &Place) -> Outcome<PathBuf> {
    let ours = place.tools().join("bin/cargo-deny");
    if let Some(found) = [PathBuf::from("cargo-deny"), ours.clone()].into_iter().find(is_right) {
        return Ok(found);
    }
    println!("installing cargo-deny {VERSION}: under a minute, once");
    let mut install = place.cargo();
    // Unoptimised: it compiles in a fraction of the time, and the check takes 3 s instead of 1 s.
    install.args([
        "install",
        "--quiet",
        "--locked",
        "--debug",
        "cargo-deny",
        "--version",
        VERSION,
    ]);
    install
        .arg("--root")
        .arg(place.tools())
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env_remove("CARGO_TARGET_DIR");
    command::run(&mut install)?;
    Ok(ours)
}

/// Returns the check that needs no network.
pub fn check(place: &Place) -> Outcome<Command> {
    let mut deny = place.command(tool(place)?);
    deny.args([
        "--color",
        "never",
        "check",
        "--hide-inclusion-graph",
        "bans",
        "licenses",
        "sources",
    ]);
    Ok(deny)
}

/// Returns the check against the advisory database, which it fetches.
pub fn advisories(place: &Place) -> Outcome<Command> {
    let mut deny = place.command(tool(place)?);
    deny.args(["--color", "never", "check", "--hide-inclusion-graph", "advisories"]);
    Ok(deny)
}

/// Returns whether a failed check never got hold of the database.
pub fn database_out_of_reach(output: &str) -> bool {
    output.contains("failed to fetch advisory database")
}

/// Returns whether a program is cargo-deny of the pinned release.
fn is_right(program: &PathBuf) -> bool {
    command::text(Command::new(program).arg("--version")).is_ok_and(|line| line.trim().ends_with(VERSION))
}
