//! What no file may hold: unfinished work, tests that are switched off, places of one machine.

use crate::{
    assert_none,
    tree::{File, files},
};

/// A text and the endings of the files that may not hold it. Each is written in two parts, so that this file passes.
const WORDS: &[(&str, &[&str])] = &[
    (concat!("TO", "DO"), CODE),
    (concat!("FIX", "ME"), CODE),
    (concat!("db", "g!("), RUST),
    (concat!("to", "do!("), RUST),
    (concat!("unimple", "mented!("), RUST),
    (concat!("#[ig", "nore"), RUST),
    (concat!("#[al", "low("), RUST),
    (concat!(".on", "ly("), PAGE),
    (concat!(".sk", "ip("), PAGE),
    (concat!("/wo", "rk/"), ANY),
    (concat!("registry.np", "mjs"), ANY),
    (concat!("\"resol", "ved\":"), &["package-lock.json"]),
    (concat!("replace-", "with"), &["config.toml"]),
];

const ANY: &[&str] = &[""];
const RUST: &[&str] = &[".rs"];
const PAGE: &[&str] = &[".svelte", ".test.ts", ".spec.ts"];
const CODE: &[&str] = &[
    ".rs", ".ts", ".mjs", ".svelte", ".css", ".html", ".sql", ".toml", "/run",
];

/// Finds lines that hold a forbidden text.
fn violations(files: &[File]) -> Vec<String> {
    let mut violations = Vec::new();
    for file in files {
        for (word, _) in WORDS
            .iter()
            .filter(|(_, endings)| endings.iter().any(|ending| file.path.ends_with(ending)))
        {
            for (number, line) in file.text.lines().enumerate().filter(|(_, line)| line.contains(word)) {
                violations.push(format!("{}:{}: {word} in: {}", file.path, number + 1, line.trim()));
            }
        }
    }
    violations
}

#[test]
fn no_file_holds_what_none_may() {
    assert_none(&violations(&files()));
}

#[test]
fn each_planted_word_is_found() {
    for (word, endings) in WORDS {
        for ending in *endings {
            let file = File::planted(&format!("ui/src/planted{ending}"), &format!("first\nsome {word} here"));
            assert!(!violations(&[file]).is_empty(), "{word} in {ending}");
        }
    }
    assert_none(&violations(&[File::planted(
        "docs/planted.md",
        concat!("a list TO", "DO in prose"),
    )]));
}
