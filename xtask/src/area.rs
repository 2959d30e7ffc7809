//! Parts of the whole run that can be asked for by name.

use crate::{command::Outcome, target::Target};

/// The areas: name, what belongs to it, and the integration tests among it. Unit tests belong to `rules` and are quick.
pub const ALL: &[(&str, &str, &[&str])] = &[
    (
        "rules",
        "format, lints, dependencies, shapes, unit tests",
        &["tidy", "shares"],
    ),
    ("page", "types, tests and a browser", &[]),
    (
        "providers",
        "definitions and what carries them out",
        &[
            "suite",
            "corpus",
            "provider_overten",
            "provider_five",
            "provider_aws",
            "e2e_aws",
            "e2e_jupyterhub",
            "e2e_hostile",
        ],
    ),
    (
        "rotation",
        "acts, strategies, faults, kills, what earlier versions left",
        &[
            "rotation",
            "strategies",
            "faults",
            "matrix",
            "cells",
            "takeover",
            "crash",
            "e2e_takeover",
        ],
    ),
    ("keys", "inventory and database", &["inventory", "store"]),
    ("keychain", "real keychains", &["e2e_keychain", "e2e_wallets"]),
    ("command", "the command as a script sees it", &["e2e_cli"]),
    (
        "window",
        "the real window",
        &["permissions", "e2e_window", "e2e_person"],
    ),
    ("secrets", "that no value is where it does not belong", &["e2e_canary"]),
    ("package", "the package, installed and started", &[]),
];

/// What of the whole run is wanted.
#[derive(Debug, Default)]
pub struct Wanted {
    areas: Vec<String>,
    /// Integration tests by name, and one test of each or all.
    tests: Vec<(String, Option<String>)>,
}

impl Wanted {
    /// Reads areas, names of integration tests, and names of single tests such as `e2e_window::walk::…`. None: the whole.
    pub fn read(words: &[String]) -> Result<Wanted, String> {
        let mut wanted = Wanted::default();
        for word in words {
            let (target, test) = match word.split_once("::") {
                Some((target, test)) => (target, Some(test.to_owned())),
                None => (word.as_str(), None),
            };
            if test.is_none() && ALL.iter().any(|(area, ..)| *area == target) {
                wanted.areas.push(target.to_owned());
            } else if ALL.iter().any(|(_, _, tests)| tests.contains(&target)) {
                wanted.tests.push((target.to_owned(), test));
            } else {
                let areas: Vec<String> = ALL
                    .iter()
                    .map(|(area, what, _)| format!("  {area:<10} {what}"))
                    .collect();
                return Err(format!(
                    "{word} is neither an area nor an integration test; the areas are\n{}",
                    areas.join("\n")
                ));
            }
        }
        Ok(wanted)
    }

    /// Whether all of the run is wanted.
    pub fn is_whole(&self) -> bool {
        self.areas.is_empty() && self.tests.is_empty()
    }

    /// Whether that area is wanted.
    pub fn has(&self, area: &str) -> bool {
        self.is_whole() || self.areas.iter().any(|wanted| wanted == area)
    }

    /// The wanted integration tests.
    pub fn integration(&self) -> Vec<&'static str> {
        let named = |test: &str| self.tests.iter().any(|(target, _)| target == test);
        let all = ALL
            .iter()
            .flat_map(|(area, _, tests)| tests.iter().map(move |test| (area, *test)));
        let of_area = |area: &str, test: &str| self.has(area) && !Target::is_for_proofs(test);
        let wanted = all.filter(|(area, test)| of_area(area, test) || named(test));
        wanted.map(|(_, test)| test).collect()
    }

    /// Leaves those tests of a target that are wanted.
    pub fn narrow(&self, target: Target) -> Outcome<Target> {
        let by_area = ALL
            .iter()
            .any(|(area, _, tests)| self.has(area) && tests.contains(&target.name.as_str()));
        let named = self.tests.iter().filter(|(name, _)| *name == target.name);
        // None where one of them is the whole target.
        let named: Option<Vec<&str>> = named.map(|(_, test)| test.as_deref()).collect();
        let named = named.filter(|_| !by_area).unwrap_or_default();
        let mut only = Vec::new();
        let there = if named.is_empty() { Vec::new() } else { target.tests()? };
        for name in named {
            let module = format!("{name}::");
            let fits = |test: &&String| *test == name || test.starts_with(&module);
            let before = only.len();
            only.extend(there.iter().filter(fits).cloned());
            if only.len() == before {
                return Err(format!("{} has no test {name}", target.name));
            }
        }
        Ok(target.narrowed(only))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::BTreeSet, fs, path::Path};

    #[test]
    fn every_integration_test_is_in_one_area() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut there: BTreeSet<String> = BTreeSet::new();
        for folder in ["tests/tests", "tests/sim/tests", "src-tauri/tests"] {
            for entry in fs::read_dir(root.join(folder)).expect("a folder") {
                let path = entry.expect("an entry").path();
                let is_target = path.extension().is_some_and(|end| end == "rs") || path.join("main.rs").exists();
                there.extend(is_target.then(|| path.file_stem().expect("a name").to_string_lossy().into_owned()));
            }
        }
        let named: Vec<&str> = ALL.iter().flat_map(|(_, _, tests)| tests.iter().copied()).collect();
        let once: BTreeSet<String> = named.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(named.len(), once.len(), "a test is in two areas");
        assert_eq!(once, there);
    }

    #[test]
    fn areas_targets_and_single_tests_are_read_and_nothing_else() {
        let read = |words: &[&str]| Wanted::read(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert!(read(&[]).unwrap().is_whole());
        let keys = read(&["keys"]).unwrap();
        assert_eq!(keys.integration(), ["inventory", "store"]);
        assert!(keys.has("keys") && !keys.has("page"));
        let one = read(&["e2e_window::walk::a"]).unwrap();
        assert_eq!(one.integration(), ["e2e_window"]);
        assert!(!one.has("window"));
        for wrong in ["windows", "page::a", ""] {
            assert!(read(&[wrong]).is_err(), "{wrong}");
        }
    }
}
