//! `cargo xtask demo`: Keywheel on a sample world. What is shown is decided by the program `demo` in `tests`.

use std::{env, path::Path, process::ExitCode};

use crate::{
    app,
    command::{self, Outcome},
    headless::Headless,
    place::Place,
    setup,
};

/// Builds everything and shows it, to the person or in a virtual display.
pub fn show(place: &Place, headless: bool, shots: &Path) -> Outcome<ExitCode> {
    let headless = headless || !has_display();
    if headless {
        setup::system(&[setup::BUILD, setup::WINDOW])?;
    }
    app::build(place)?;
    let mut demo = place.command(place.program("demo"));
    demo.arg("--desktop").arg(place.program("keywheel-desktop"));
    demo.arg("--cli").arg(place.program("keywheel"));
    demo.arg("--sim").arg(place.program("provider-sim"));
    if !headless {
        return command::become_it(demo.arg("--interactive"));
    }
    demo.arg("--drive").arg("--shots").arg(place.root.join(shots));
    Headless::start()?.become_it(&mut demo)
}

/// Returns whether a window would have somewhere to appear.
fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}
