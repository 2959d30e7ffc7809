//! What each package may depend on.

use toml::{Table, Value};

use crate::{
    assert_none,
    tree::{File, files},
};

/// One package of ours.
struct Package {
    manifest: &'static str,
    /// Packages of ours that it may depend on.
    ours: &'static [&'static str],
    /// Beginnings of the names of foreign packages that it may not depend on.
    never: &'static [&'static str],
}

const PACKAGES: &[Package] = &[
    Package {
        manifest: "core",
        ours: &[],
        never: &["tauri", "clap", "arboard", "rpassword", "tracing-subscriber"],
    },
    Package {
        manifest: "wire",
        ours: &["keywheel-core"],
        never: &["tauri", "clap", "sqlx", "reqwest", "keyring"],
    },
    Package {
        manifest: "cli",
        ours: &["keywheel-core", "keywheel-wire"],
        never: &["tauri", "sqlx", "reqwest", "keyring"],
    },
    Package {
        manifest: "src-tauri",
        ours: &["keywheel-core", "keywheel-wire"],
        never: &["clap", "sqlx", "reqwest", "keyring"],
    },
    Package {
        manifest: "tests",
        ours: &["canary", "keywheel-core", "keywheel-wire", "provider-sim"],
        never: &[],
    },
    Package {
        manifest: "tests/canary",
        ours: &[],
        never: &["tauri", "tokio", "reqwest", "sqlx"],
    },
    Package {
        manifest: "tests/sim",
        ours: &[],
        never: &["tauri", "reqwest", "sqlx"],
    },
    Package {
        manifest: "xtask",
        ours: &[],
        never: &["tauri", "tokio", "reqwest", "sqlx"],
    },
];

/// The names of our packages.
const OURS: &[&str] = &[
    "keywheel-core",
    "keywheel-wire",
    "keywheel-cli",
    "keywheel-desktop",
    "provider-sim",
    "canary",
    "tests",
    "xtask",
];

/// Finds dependencies that a package may not have.
fn violations(files: &[File]) -> Vec<String> {
    let mut violations = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with("/Cargo.toml")) {
        let Some(package) = PACKAGES
            .iter()
            .find(|package| format!("{}/Cargo.toml", package.manifest) == file.path)
        else {
            violations.push(format!("{}: this package has no arrows in this test", file.path));
            continue;
        };
        for name in dependencies(&file.text.parse().unwrap()) {
            let is_stranger = OURS.contains(&name.as_str()) && !package.ours.contains(&name.as_str());
            if is_stranger || package.never.iter().any(|start| name.starts_with(start)) {
                violations.push(format!("{}: may not depend on {name}", file.path));
            }
        }
    }
    violations
}

/// Returns every dependency that a package is built with, for any system; those of its tests are its own affair.
fn dependencies(manifest: &Table) -> Vec<String> {
    let systems = manifest
        .get("target")
        .and_then(Value::as_table)
        .into_iter()
        .flat_map(Table::values);
    let tables = systems.filter_map(Value::as_table).chain([manifest]);
    let named = tables.flat_map(|table| ["dependencies", "build-dependencies"].map(|kind| table.get(kind)));
    named
        .flatten()
        .filter_map(Value::as_table)
        .flat_map(Table::keys)
        .cloned()
        .collect()
}

#[test]
fn packages_depend_only_on_what_they_may() {
    assert_none(&violations(&files()));
}

#[test]
fn a_planted_dependency_is_found() {
    for (path, manifest, expected) in [
        ("core/Cargo.toml", "[dependencies]\nclap = \"4\"", 1),
        (
            "core/Cargo.toml",
            "[target.'cfg(windows)'.dependencies]\ntauri-utils = \"2\"",
            1,
        ),
        (
            "tests/sim/Cargo.toml",
            "[dependencies.keywheel-core]\npath = \"../../core\"",
            1,
        ),
        (
            "src-tauri/Cargo.toml",
            "[build-dependencies]\nprovider-sim.workspace = true",
            1,
        ),
        ("extra/Cargo.toml", "[package]\nname = \"extra\"", 1),
        (
            "core/Cargo.toml",
            "[dependencies]\nserde = \"1\"\n[dev-dependencies]\nclap = \"4\"",
            0,
        ),
        (
            "cli/Cargo.toml",
            "[dependencies]\nkeywheel-core.workspace = true\nclap = \"4\"",
            0,
        ),
    ] {
        assert_eq!(
            violations(&[File::planted(path, manifest)]).len(),
            expected,
            "{manifest}"
        );
    }
}
