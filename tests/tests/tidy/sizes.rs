//! How long a file may be. A file that outgrows its room usually wants a second noun.

use crate::{
    assert_none,
    tree::{File, files},
};

/// Folder, ending and the most lines; the first that fits counts.
const LIMITS: &[(&str, &str, usize)] = &[
    ("src-tauri/src/commands/", ".rs", 150),
    ("", ".rs", 400),
    ("providers/", ".toml", 150),
    ("ui/", ".svelte", 200),
    ("ui/", ".test.ts", 400),
];

/// Finds files that are too long.
fn violations(files: &[File]) -> Vec<String> {
    let too_long = |file: &File| {
        let (_, _, most) = LIMITS.iter().find(|(folder, ending, _)| file.is(folder, ending))?;
        let lines = file.text.lines().count();
        (lines > *most).then(|| format!("{}: {lines} lines, {most} at most", file.path))
    };
    files.iter().filter_map(too_long).collect()
}

#[test]
fn files_keep_to_their_size() {
    assert_none(&violations(&files()));
}

#[test]
fn a_planted_long_file_is_found() {
    for (path, lines, expected) in [
        ("core/src/rotation/drive.rs", 400, 0),
        ("core/src/rotation/drive.rs", 401, 1),
        ("src-tauri/src/commands/keys.rs", 151, 1),
        ("providers/overten.toml", 151, 1),
        ("ui/src/keys/Keys.svelte", 201, 1),
        ("tests/tests/e2e_rotate.rs", 401, 1),
        ("ui/tests/filter.test.ts", 401, 1),
        ("ui/src/ipc/types.ts", 5000, 0),
        ("Cargo.lock", 5000, 0),
    ] {
        assert_eq!(
            violations(&[File::planted(path, &"\n".repeat(lines))]).len(),
            expected,
            "{path}: {lines}"
        );
    }
}
