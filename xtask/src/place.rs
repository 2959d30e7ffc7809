//! Where things lie: the workspace, the build folder, the tools of this project.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use crate::command::Outcome;

/// The workspace and its build folder.
pub struct Place {
    /// The folder of the workspace manifest.
    pub root: PathBuf,
    /// Cargo's build folder.
    pub target: PathBuf,
}

impl Place {
    /// Finds the workspace that this program belongs to.
    pub fn find() -> Outcome<Place> {
        let package = env::var_os("CARGO_MANIFEST_DIR").map_or(env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let root = package
            .parent()
            .ok_or("the package xtask lies outside a workspace")?
            .to_path_buf();
        let target = root.join(env::var_os("CARGO_TARGET_DIR").map_or("target".into(), PathBuf::from));
        Ok(Place { root, target })
    }

    /// The folder of the user interface.
    pub fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// The folder for tools that only this project uses.
    pub fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// A program of the development build.
    pub fn program(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(name)
    }

    /// A command that starts in the workspace's root.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// Cargo, in the workspace's root.
    pub fn cargo(&self) -> Command {
        self.command(env::var_os("CARGO").unwrap_or("cargo".into()))
    }

    /// npm, in the folder of the user interface.
    pub fn npm(&self) -> Command {
        let mut command = Command::new("npm");
        command.current_dir(self.ui());
        command
    }

    /// A path as a person in the root would type it.
    pub fn short<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }
}
