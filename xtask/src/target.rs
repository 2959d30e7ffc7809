//! The programs that cargo makes of the tests: unit tests, examples, integration tests.

use std::{collections::BTreeMap, path::PathBuf, process::Command};

use serde_json::Value;

use crate::{
    app,
    command::{self, Outcome},
    place::Place,
};

/// Beginnings of the names of integration tests that need a display, a clipboard and a keychain.
const IN_A_SESSION: &[&str] = &["e2e", "crash"];

/// Targets that take what only `proofs` installs: they run where they are named.
const FOR_PROOFS: &[&str] = &["e2e_wallets"];

/// One program with tests in it.
#[derive(Debug, Clone)]
pub struct Target {
    pub name: String,
    /// An integration test; otherwise the unit tests of a library or a program.
    pub is_integration: bool,
    program: PathBuf,
    /// The folder of its package, in which cargo runs it.
    folder: PathBuf,
    /// The only tests of it that run; none: all.
    only: Vec<String>,
}

impl Target {
    /// All of them, or those that this selection of cargo's builds. They are built where they are not.
    pub fn built(place: &Place, selection: &[&str]) -> Outcome<Vec<Target>> {
        Target::built_by(app::cargo(place, "test"), selection)
    }

    /// Those that this selection builds, optimised as `soak` is: what `dev` asserts is asserted there too.
    pub fn optimised(place: &Place, selection: &[&str]) -> Outcome<Vec<Target>> {
        let mut build = app::unlinted(place, "test");
        build.args(["--profile", "soak"]);
        Target::built_by(build, selection)
    }

    fn built_by(mut build: Command, selection: &[&str]) -> Outcome<Vec<Target>> {
        build.args(["--no-run", "--quiet", "--message-format", "json"]);
        let told = command::text(build.args(selection))?;
        let targets = told.lines().filter_map(Target::of);
        // A program is told again where another target needs it.
        let by_program: BTreeMap<PathBuf, Target> = targets.map(|target| (target.program.clone(), target)).collect();
        Ok(by_program.into_values().collect())
    }

    /// Reads it from a line of cargo's, if one stands there.
    fn of(line: &str) -> Option<Target> {
        let artifact: Value = serde_json::from_str(line).ok()?;
        if artifact["profile"]["test"] != true {
            return None;
        }
        let manifest = PathBuf::from(artifact["manifest_path"].as_str()?);
        Some(Target {
            name: artifact["target"]["name"].as_str()?.to_owned(),
            is_integration: artifact["target"]["kind"][0] == "test",
            program: artifact["executable"].as_str()?.into(),
            folder: manifest.parent()?.to_owned(),
            only: Vec::new(),
        })
    }

    /// Whether it needs a session of its own.
    pub fn needs_session(&self) -> bool {
        self.is_integration && Target::is_for_session(&self.name)
    }

    /// Whether the integration test of that name does.
    pub fn is_for_session(name: &str) -> bool {
        IN_A_SESSION.iter().any(|start| name.starts_with(start))
    }

    /// Whether the integration test of that name is left to `proofs` where it is not named.
    pub fn is_for_proofs(name: &str) -> bool {
        FOR_PROOFS.contains(&name)
    }

    /// The start of the program, below another one where that is given, as cargo would start it.
    pub fn command(&self, below: &[&str]) -> Command {
        let mut command = match below {
            [] => Command::new(&self.program),
            [first, rest @ ..] => {
                let mut command = Command::new(first);
                command.args(rest).arg(&self.program);
                command
            }
        };
        command
            .current_dir(&self.folder)
            .env("CARGO_MANIFEST_DIR", &self.folder);
        command
    }

    /// The same with these tests only; none: all.
    pub fn narrowed(self, only: Vec<String>) -> Target {
        Target { only, ..self }
    }

    /// Whether all of its tests run.
    pub fn is_whole(&self) -> bool {
        self.only.is_empty()
    }

    /// The arguments that name the only tests.
    pub fn filter(&self) -> Vec<&str> {
        let exact = (!self.only.is_empty()).then_some("--exact");
        exact.into_iter().chain(self.only.iter().map(String::as_str)).collect()
    }

    /// The names of its tests, in order.
    pub fn tests(&self) -> Outcome<Vec<String>> {
        let told = command::text(self.command(&[]).args(["--list", "--format", "terse"]))?;
        let names = told.lines().filter_map(|line| line.strip_suffix(": test"));
        Ok(names.map(str::to_owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_test_is_asked_for_by_its_whole_name() {
        let target = |only: &[&str]| Target {
            name: "e2e_window".to_owned(),
            is_integration: true,
            program: PathBuf::new(),
            folder: PathBuf::new(),
            only: only.iter().map(|test| (*test).to_owned()).collect(),
        };
        assert_eq!(target(&["walk::b"]).filter(), ["--exact", "walk::b"]);
        assert!(target(&[]).filter().is_empty());
    }
}
