//! Who may name whom: the modules of core, and the folders of the page.

use crate::{
    assert_none,
    tree::{File, files},
};

/// One module of core.
struct Module {
    name: &'static str,
    /// Modules, or single names of a module, that it may name.
    may: &'static [&'static str],
    /// Names that it may not use all the same: a port's implementers.
    never: &'static [&'static str],
}

const MODULES: &[Module] = &[
    Module {
        name: "model",
        may: &[],
        never: &[],
    },
    Module {
        name: "failure",
        may: &[],
        never: &[],
    },
    Module {
        name: "clock",
        may: &[],
        never: &[],
    },
    Module {
        name: "guard",
        may: &[],
        never: &[],
    },
    Module {
        name: "process",
        may: &[],
        never: &[],
    },
    Module {
        name: "http",
        may: &["guard", "model", "failure", "clock"],
        never: &[],
    },
    Module {
        name: "provider",
        may: &["guard", "http", "model", "failure", "clock"],
        never: &[],
    },
    Module {
        name: "target",
        may: &["guard", "http", "model", "failure", "clock", "tracked"],
        never: &[],
    },
    Module {
        name: "vault",
        may: &["guard", "model", "failure", "clock"],
        never: &[],
    },
    Module {
        name: "tracked",
        may: &["failure"],
        never: &[],
    },
    Module {
        name: "policy",
        may: &["model", "failure", "vault::VaultState"],
        never: &[],
    },
    // The journal is the port that the store implements; with it go the shapes that the journal keeps.
    Module {
        name: "store",
        may: &["guard", "model", "failure", "clock", "rotation"],
        never: &["rotation::Driver", "rotation::drive"],
    },
    Module {
        name: "rotation",
        may: &["guard", "model", "failure", "clock", "provider", "target", "vault"],
        never: &[
            "provider::Catalog",
            "provider::catalog",
            "provider::Definition",
            "provider::definition",
            "vault::Keychain",
        ],
    },
    Module {
        name: "app",
        may: &[
            "guard", "model", "failure", "clock", "http", "provider", "target", "vault", "policy", "store", "rotation",
            "tracked",
        ],
        never: &[],
    },
];

/// What no code of core may name, whichever module it is in.
const FOREIGN: &[&str] = &[
    "std::env",
    "env::var",
    "tauri::",
    "clap::",
    "keywheel_wire",
    "keywheel_cli",
    "keywheel_desktop",
];

/// The one file that reads the environment; no program for use is built with it.
const OF_TEST_BUILDS: &str = "core/src/guard/removed.rs";

/// Finds what a module of core names and may not.
fn core_violations(files: &[File]) -> Vec<String> {
    let mut violations = Vec::new();
    for file in files.iter().filter(|file| file.is("core/src/", ".rs")) {
        let (code, inside) = (file.code(), inside_core(&file.path));
        if inside.contains(&"tests") {
            continue;
        }
        let allowed = |foreign: &&&str| foreign.contains("env") && file.path == OF_TEST_BUILDS;
        let named = FOREIGN.iter().filter(|foreign| code.contains(**foreign));
        for foreign in named.filter(|foreign| !allowed(foreign)) {
            violations.push(format!("{}: core does not know {foreign}", file.path));
        }
        let Some(first) = inside.first().filter(|first| **first != "lib") else {
            continue;
        };
        let Some(module) = MODULES.iter().find(|module| module.name == *first) else {
            violations.push(format!("{}: the module {first} has no arrows in this test", file.path));
            continue;
        };
        if code.contains(&"super::".repeat(inside.len())) {
            violations.push(format!(
                "{}: names another module through super; write crate::",
                file.path
            ));
        }
        for named in paths_after(&code, "crate::") {
            let begins = |start: &&str| named == **start || named.starts_with(&format!("{start}::"));
            let allowed = begins(&module.name) || module.may.iter().any(begins);
            if !allowed || module.never.iter().any(begins) {
                violations.push(format!("{}: {} may not name {named}", file.path, module.name));
            }
        }
    }
    violations
}

/// Returns the module path of a file of core: `core/src/http/auth.rs` is in `http`, `auth`.
fn inside_core(path: &str) -> Vec<&str> {
    let inside = path
        .trim_start_matches("core/src/")
        .trim_end_matches(".rs")
        .trim_end_matches("/mod");
    inside.split('/').collect()
}

/// Returns every path that follows `root` in the code, with groups spelt out: `crate::{a, b::{c, d}}` names three.
fn paths_after(code: &str, root: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for (at, _) in code.match_indices(root) {
        spell_out("", &code[at + root.len()..], &mut paths);
    }
    paths
}

/// Reads one path or group at the start of `rest`, adds what it names, and returns what comes after it.
fn spell_out<'a>(prefix: &str, rest: &'a str, paths: &mut Vec<String>) -> &'a str {
    let rest = rest.trim_start();
    if let Some(mut group) = rest.strip_prefix('{') {
        loop {
            group = group.trim_start().trim_start_matches(',').trim_start();
            if group.is_empty() || group.starts_with('}') {
                return group.get(1..).unwrap_or_default();
            }
            let after = spell_out(prefix, group, paths);
            // Whatever else stands there ("as name", a macro's dollar) ends with the next comma or brace.
            group = &after[after.find([',', '}']).unwrap_or(after.len())..];
        }
    }
    let end = rest
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(rest.len());
    let (word, after) = rest.split_at(end);
    let path = if prefix.is_empty() {
        word.to_owned()
    } else {
        format!("{prefix}::{word}")
    };
    match after.strip_prefix("::") {
        Some(deeper) if deeper.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '{') => {
            spell_out(&path, deeper, paths)
        }
        _ => {
            paths.push(path.trim_end_matches("::self").to_owned());
            after
        }
    }
}

/// Finds imports that the page's folders may not have.
fn page_violations(files: &[File]) -> Vec<String> {
    let mut violations = Vec::new();
    for file in files
        .iter()
        .filter(|file| file.is("ui/src/", ".ts") || file.is("ui/src/", ".svelte"))
    {
        for line in file
            .text
            .lines()
            .filter(|line| line.contains("import") || line.contains(" from "))
        {
            if line.contains("@tauri-apps/") && !file.path.starts_with("ui/src/ipc/") {
                violations.push(format!(
                    "{}: only ui/src/ipc talks to Tauri: {}",
                    file.path,
                    line.trim()
                ));
            }
            let outside = [
                "../ipc/client",
                "../keys/",
                "../rotations/",
                "../accounts/",
                "../activity/",
                "../frame/",
            ];
            if file.path.starts_with("ui/src/parts/") && outside.iter().any(|folder| line.contains(folder)) {
                violations.push(format!("{}: parts know no domain: {}", file.path, line.trim()));
            }
        }
    }
    violations
}

#[test]
fn modules_of_core_name_only_what_they_may() {
    assert_none(&core_violations(&files()));
}

#[test]
fn only_the_ipc_folder_of_the_page_talks_to_tauri_and_parts_know_no_domain() {
    assert_none(&page_violations(&files()));
}

#[test]
fn a_planted_arrow_is_found() {
    for (path, code, expected) in [
        (
            "core/src/model/key.rs",
            "use crate::store::Store;",
            Some("model may not name store::Store"),
        ),
        (
            "core/src/store/keys.rs",
            "use crate::{failure::Failure, http::{Get, Post}};",
            Some("store may not name http::Get"),
        ),
        (
            "core/src/http/auth/jwt.rs",
            "use super::super::super::vault::Vault;",
            Some("write crate::"),
        ),
        (
            "core/src/rotation/drive.rs",
            "let vault = crate::vault::Keychain::open();",
            Some("may not name vault::Keychain::open"),
        ),
        (
            "core/src/provider.rs",
            "let home = std::env::var(\"HOME\");",
            Some("core does not know std::env"),
        ),
        ("core/src/extra.rs", "", Some("has no arrows in this test")),
        (
            "core/src/store/keys.rs",
            "use crate::{failure::{self, Failure}, model::Key as K, rotation::Journal};",
            None,
        ),
        ("core/src/http/auth/jwt.rs", "use super::super::wire::Wire;", None),
        (
            "core/src/model/key.rs",
            "// use crate::store::Store;\n#[cfg(test)]\nmod tests { use crate::store::Store; }",
            None,
        ),
    ] {
        check(core_violations(&[File::planted(path, code)]), expected);
    }
}

#[test]
fn a_planted_import_is_found() {
    for (path, code, expected) in [
        (
            "ui/src/keys/keys.svelte.ts",
            "import { invoke } from \"@tauri-apps/api/core\";",
            Some("only ui/src/ipc talks"),
        ),
        (
            "ui/src/parts/Tile.svelte",
            "import { open } from \"../keys/keys.svelte\";",
            Some("parts know no domain"),
        ),
        (
            "ui/src/ipc/client.ts",
            "import { invoke } from \"@tauri-apps/api/core\";",
            None,
        ),
        (
            "ui/src/keys/Keys.svelte",
            "import Tile from \"../parts/Tile.svelte\";",
            None,
        ),
    ] {
        check(page_violations(&[File::planted(path, code)]), expected);
    }
}

/// Compares the first violation with what was planted.
fn check(violations: Vec<String>, expected: Option<&str>) {
    match expected {
        Some(expected) => assert!(
            violations.iter().any(|found| found.contains(expected)),
            "{expected}: {violations:?}"
        ),
        None => assert_none(&violations),
    }
}
