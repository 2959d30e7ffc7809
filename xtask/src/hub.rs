//! JupyterHub in a Python environment of this project's own: a real server to rotate tokens at.

use std::{fs, process::Command};

use crate::{
    command::{self, Outcome},
    place::Place,
};

/// The release that `providers/jupyterhub.toml` was compared with.
const VERSION: &str = "6.1.1";

/// Makes the environment where it is not there yet, or says what to run.
pub fn install(place: &Place) -> Outcome {
    let folder = place.tools().join(format!("jupyterhub-{VERSION}"));
    let made = folder.join("made");
    if made.exists() {
        return Ok(());
    }
    println!("installing JupyterHub {VERSION}, for tests only");
    // What an interrupted run left is not built upon.
    let _ = fs::remove_dir_all(&folder);
    let environment = command::run(Command::new("python3").args(["-m", "venv"]).arg(&folder));
    let mut pip = Command::new(folder.join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check"]);
    pip.arg(format!("jupyterhub=={VERSION}"));
    environment.and_then(|()| command::run(&mut pip)).map_err(|cause| {
        let at = folder.display();
        format!(
            "{cause}\nJupyterHub is missing; with Python 3.9 or later, its venv, and a package index in reach, run:\n  \
             python3 -m venv {at} && {at}/bin/pip install jupyterhub=={VERSION} && touch {at}/made"
        )
    })?;
    fs::write(&made, "").map_err(|cause| format!("{} could not be written: {cause}", made.display()))
}
