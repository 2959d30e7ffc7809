//! Of each guard it is known which test misses it: a search for one takes minutes.

use crate::{
    assert_none,
    tree::{File, files},
};

const GUARDS: &str = "core/src/guard.rs";
const KNOWN: &str = "tests/src/mutants/known.txt";

/// Finds guards that no test is known of, and tests that are known and are not there.
fn violations(files: &[File]) -> Vec<String> {
    let text = |path: &str| {
        files
            .iter()
            .find(|file| file.path == path)
            .map_or("", |file| &file.text)
    };
    let known: Vec<Vec<&str>> = text(KNOWN).lines().map(|line| line.split(' ').collect()).collect();
    let guards = text(GUARDS).lines().filter_map(|line| {
        let (name, says) = line.trim_start().split_once(" \"")?;
        let is_name = name.starts_with(char::is_uppercase) && name.chars().all(char::is_alphanumeric);
        (is_name && says.ends_with('"')).then_some(name)
    });
    let unknown = guards.filter(|guard| !known.iter().any(|line| line.first() == Some(guard)));
    let mut found: Vec<String> = unknown
        .map(|guard| format!("{guard}: no test is known to miss it"))
        .collect();
    for line in &known {
        let [guard, program, test] = line.as_slice() else {
            found.push(format!("{KNOWN}: {}", line.join(" ")));
            continue;
        };
        if !files.iter().any(|file| holds(file, program, test)) {
            found.push(format!("{guard}: {program} has no test {test}"));
        }
    }
    found
}

/// Whether the file is one of that test program, and has the test.
fn holds(file: &File, program: &str, test: &str) -> bool {
    let (module, name) = test.rsplit_once("::").unwrap_or(("", test));
    let place = match (program, module) {
        ("keywheel_core", _) => format!("core/src/{}", module.trim_end_matches("::tests").replace("::", "/")),
        (program, "") => format!("tests/tests/{program}.rs"),
        (program, module) => format!("tests/tests/{program}/{}", module.replace("::", "/")),
    };
    file.path.starts_with(&place) && file.text.contains(&format!("fn {name}("))
}

#[test]
fn each_guard_has_a_test_that_misses_it() {
    assert_none(&violations(&files()));
}

#[test]
fn a_planted_guard_and_a_planted_test_are_found() {
    let guards = "guards! {\n    OneDriver \"only one\"\n    Fence \"no other\"\n}\n";
    let known = "OneDriver rotation bounds::one\nFence rotation bounds::two\n";
    let tests = "async fn one() {}";
    let planted = |guards: &str, known: &str, place: &str| {
        violations(&[
            File::planted(GUARDS, guards),
            File::planted(KNOWN, known),
            File::planted(place, tests),
        ])
        .len()
    };
    assert_eq!(
        planted(guards, known, "tests/tests/rotation/bounds.rs"),
        1,
        "there is no two"
    );
    assert_eq!(
        planted(guards, known, "tests/tests/store/bounds.rs"),
        2,
        "nor one in that program"
    );
    assert_eq!(
        planted(
            guards,
            "OneDriver rotation bounds::one\n",
            "tests/tests/rotation/bounds.rs"
        ),
        1,
        "Fence"
    );
    assert_eq!(
        planted(guards, "OneDriver rotation\n", "tests/tests/rotation/bounds.rs"),
        2
    );
}
