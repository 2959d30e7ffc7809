//! Servers that nobody here wrote, each in a Python environment of its own: real places to rotate keys at.

use std::{fs, process::Command};

use crate::{
    command::{self, Outcome},
    place::Place,
};

/// A server, at the release that its definition in `providers` was compared with.
struct Server {
    name: &'static str,
    /// What pip calls it.
    package: &'static str,
    /// Begins the folder's name.
    folder: &'static str,
    version: &'static str,
}

const SERVERS: &[Server] = &[
    Server {
        name: "JupyterHub",
        package: "jupyterhub",
        folder: "jupyterhub",
        version: "6.1.1",
    },
    // Stands for AWS IAM; boto3 comes with it.
    Server {
        name: "moto",
        package: "moto[server]",
        folder: "moto",
        version: "5.2.5",
    },
];

/// Makes the environments that are not there yet, or says what to run.
pub fn install(place: &Place) -> Outcome {
    SERVERS.iter().try_for_each(|server| server.install(place))
}

impl Server {
    fn install(&self, place: &Place) -> Outcome {
        let Server { name, version, .. } = self;
        let folder = place.tools().join(format!("{}-{version}", self.folder));
        let made = folder.join("made");
        if made.exists() {
            return Ok(());
        }
        println!("installing {name} {version}, for tests only");
        // What an interrupted run left is not built upon.
        let _ = fs::remove_dir_all(&folder);
        let wanted = format!("{}=={version}", self.package);
        let environment = command::run(Command::new("python3").args(["-m", "venv"]).arg(&folder));
        let mut pip = Command::new(folder.join("bin/pip"));
        pip.args(["install", "--quiet", "--disable-pip-version-check", &wanted]);
        environment.and_then(|()| command::run(&mut pip)).map_err(|cause| {
            let at = folder.display();
            format!(
                "{cause}\n{name} is missing; with Python 3.10 or later, its venv, and a package index in reach, run:\n  \
                 python3 -m venv {at} && {at}/bin/pip install '{wanted}' && touch {at}/made"
            )
        })?;
        fs::write(&made, "").map_err(|cause| format!("{} could not be written: {cause}", made.display()))
    }
}
