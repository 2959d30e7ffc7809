//! `cargo xtask leftovers`: what this version leaves behind in every state. What the states are is decided by the program
//! `leftovers` in `tests`.

use std::{fs, path::Path, process::ExitCode};

use crate::{
    app,
    command::{self, Outcome},
    headless::Headless,
    place::Place,
    setup,
};

/// Builds the command and the program, and runs it in a session of its own.
///
/// What a version has left is kept once: another run writes beside the build, and compares. `replace` writes it anew.
pub fn make(place: &Place, replace: bool, names: &[String]) -> Outcome<ExitCode> {
    setup::system(&[setup::BUILD])?;
    let mut build = app::cargo(place, "build");
    command::run(build.args(["--bin", "keywheel", "--bin", "leftovers"]))?;
    let version = env!("CARGO_PKG_VERSION");
    let kept = place.root.join("tests/leftovers").join(version);
    let into = match replace || !kept.exists() {
        true => kept.clone(),
        false => place.target.join("leftovers").join(version),
    };
    println!("into {}", place.short(&into).display());
    let mut leftovers = place.command(place.program("leftovers"));
    leftovers
        .env("KEYWHEEL_CLI", place.program("keywheel"))
        .args([&into, &kept])
        .args(names);
    let code = Headless::start()?.become_it(&mut leftovers)?;
    let of = commit(place)?;
    note(&into, &format!("keywheel {version}, commit {of}\n"))?;
    Ok(code)
}

/// Lets the command, as it is released, go on with everything that is kept, and says what it lost or said that is not so.
pub fn take_over(place: &Place) -> Outcome<ExitCode> {
    app::prepare(place)?;
    command::run(place.cargo().args(["build", "--release", "--package", "keywheel-cli"]))?;
    command::run(app::cargo(place, "build").args(["--bin", "takeover"]))?;
    let mut takeover = place.command(place.program("takeover"));
    takeover.env("KEYWHEEL_CLI", place.target.join("release").join("keywheel"));
    Headless::start()?.become_it(&mut takeover)
}

/// The commit whose programs ran.
fn commit(place: &Place) -> Outcome<String> {
    let head = command::text(place.command("git").args(["rev-parse", "HEAD"]))?;
    let changed = command::text(
        place
            .command("git")
            .args(["status", "--porcelain", "--", "core", "cli", "wire"]),
    )?;
    let changed = if changed.trim().is_empty() {
        ""
    } else {
        ", with changes"
    };
    Ok(format!("{}{changed}", head.trim()))
}

fn note(folder: &Path, made_by: &str) -> Outcome {
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(folder.join("made_by.txt"), made_by))
        .map_err(|cause| format!("{} could not be written: {cause}", folder.display()))
}
