//! `cargo xtask icons`: the icon set of the window and of the packages, drawn from one picture.

use std::fs;

use crate::{
    bundle,
    command::{self, Outcome},
    place::Place,
};

/// The files we ship, of the many that the generator makes.
const SHIPPED: &[&str] = &[
    "32x32.png",
    "128x128.png",
    "128x128@2x.png",
    "icon.png",
    "icon.icns",
    "icon.ico",
];

/// Draws every size from `icons/keywheel.svg`.
pub fn draw(place: &Place) -> Outcome {
    let (icons, drawn) = (place.root.join("icons"), place.target.join("icons"));
    let mut tauri = place.command(bundle::tool(place)?);
    tauri
        .arg("icon")
        .arg(icons.join("keywheel.svg"))
        .arg("--output")
        .arg(&drawn);
    command::text(&mut tauri)?;
    for name in SHIPPED {
        let (from, to) = (drawn.join(name), icons.join(name));
        fs::copy(&from, &to).map_err(|cause| format!("{} could not be written: {cause}", to.display()))?;
    }
    Ok(())
}
