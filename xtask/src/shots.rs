//! `cargo xtask shots`: pictures of every screen. Which ones is decided by the program `shots` in `tests`.

use std::{path::Path, process::ExitCode};

use crate::{app, command::Outcome, headless::Headless, place::Place, setup};

/// Builds everything and has the pictures taken in a virtual display.
pub fn take(place: &Place, into: &Path, scale: u32, theme: Option<&str>, scenes: &[String]) -> Outcome<ExitCode> {
    setup::system(&[setup::BUILD, setup::WINDOW])?;
    app::build(place)?;
    let mut shots = place.command(place.program("shots"));
    shots.arg("--desktop").arg(place.program("keywheel-desktop"));
    shots.arg("--sim").arg(place.program("provider-sim"));
    shots.arg("--into").arg(place.root.join(into));
    shots.arg("--scale").arg(scale.to_string());
    if let Some(theme) = theme {
        shots.arg("--theme").arg(theme);
    }
    shots.args(scenes);
    Headless::start()?.become_it(&mut shots)
}
