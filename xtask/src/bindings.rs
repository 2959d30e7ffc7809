//! `cargo xtask bindings`: the TypeScript declarations of what leaves Keywheel, written once, in `wire`.

use std::{fs, path::PathBuf};

use crate::{
    app,
    command::{self, Outcome},
    place::Place,
};

/// Writes the declarations.
pub fn write(place: &Place) -> Outcome {
    let (file, text) = (file(place), declarations(place)?);
    fs::write(&file, text).map_err(|cause| format!("{} could not be written: {cause}", file.display()))
}

/// Fails when the committed declarations are not what `wire` says.
pub fn check(place: &Place) -> Outcome {
    let file = file(place);
    let committed = fs::read_to_string(&file).unwrap_or_default();
    if committed == declarations(place)? {
        return Ok(());
    }
    Err(format!(
        "{} is out of date: run `cargo xtask bindings` and commit it",
        place.short(&file).display()
    ))
}

/// Returns the file that holds the declarations.
fn file(place: &Place) -> PathBuf {
    place.ui().join("src/ipc/types.ts")
}

/// Builds the example that prints the declarations and returns what it prints.
fn declarations(place: &Place) -> Outcome<String> {
    command::run(app::cargo(place, "build").args(["--quiet", "--example", "bindings"]))?;
    command::text(&mut place.command(place.program("examples/bindings")))
}
