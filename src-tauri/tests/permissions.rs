//! What the page may ask for: the same list in four places, and nothing beside it.
//!
//! Each rule is a function from a file's text to what is wrong with it. Each is tried on the real file, where it
//! finds nothing, and on a text with a planted violation. That the window refuses what is not listed is shown in
//! the real window, by `e2e_window`.

use std::collections::BTreeSet;

use keywheel_desktop::COMMANDS;
use serde_json::Value;

const MAIN: &str = include_str!("../capabilities/main.json");
const QUICK: &str = include_str!("../capabilities/quick.json");
const HANDLER: &str = include_str!("../src/commands.rs");
const CLIENT: &str = include_str!("../../ui/src/ipc/client.ts");
const CONFIG: &str = include_str!("../tauri.conf.json");
const MANIFEST: &str = include_str!("../Cargo.toml");

/// The only permissions beside our commands: the page listens to our events.
const LISTENING: &[&str] = &["core:event:allow-listen", "core:event:allow-unlisten"];

/// What only quick access asks for.
const QUICK_ALONE: &[&str] = &["copied_keys", "show_key", "hide_quick"];

/// What else it may ask for: to read, to copy, to lock and unlock. Nothing that a provider or a target would notice, and
/// no value.
const QUICK_TOO: &[&str] = &[
    "app_state",
    "open_again",
    "inventory",
    "copy_key",
    "unlock_keychain",
    "lock_window",
    "unlock_window",
    "note_presence",
];

/// Returns what differs between a list and the commands of `names.rs`.
fn differences(place: &str, found: &[String]) -> Vec<String> {
    differ(place, found, COMMANDS.iter().copied().collect())
}

/// Returns what differs between two lists; a name that comes twice differs too.
fn differ(place: &str, found: &[String], known: BTreeSet<&str>) -> Vec<String> {
    let listed: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    let missing = known
        .difference(&listed)
        .map(|name| format!("{place} does not name {name}"));
    let strange = listed
        .difference(&known)
        .map(|name| format!("{place} names {name}, which is no command"));
    let twice = (found.len() != listed.len()).then(|| format!("{place} names a command twice"));
    missing.chain(strange).chain(twice).collect()
}

/// Finds what the main window is granted too much or too little.
fn main_violations(text: &str) -> Vec<String> {
    let known = COMMANDS.iter().filter(|command| !QUICK_ALONE.contains(command));
    capability_violations(text, "main", known.copied().collect())
}

/// Finds what quick access is granted too much or too little.
fn quick_violations(text: &str) -> Vec<String> {
    let known = QUICK_ALONE.iter().chain(QUICK_TOO);
    capability_violations(text, "quick", known.copied().collect())
}

fn capability_violations(text: &str, window: &str, known: BTreeSet<&str>) -> Vec<String> {
    let capability: Value = serde_json::from_str(text).unwrap();
    let mut violations = Vec::new();
    if capability["windows"] != serde_json::json!([window]) {
        violations.push(format!("the capability is for other windows than {window}"));
    }
    for key in ["remote", "webviews"] {
        if capability.get(key).is_some() {
            violations.push(format!("the capability has the key {key}"));
        }
    }
    let mut commands = Vec::new();
    for permission in capability["permissions"].as_array().unwrap() {
        match permission.as_str() {
            Some(name) if LISTENING.contains(&name) => {}
            Some(name) => match name.strip_prefix("allow-") {
                Some(command) => commands.push(command.replace('-', "_")),
                None => violations.push(format!("the capability grants {name}")),
            },
            None => violations.push(format!("the capability grants a scope: {permission}")),
        }
    }
    violations.extend(differ("the capability", &commands, known));
    violations
}

/// Finds what the handler answers too much or too little.
fn handler_violations(text: &str) -> Vec<String> {
    let (_, list) = text.split_once("generate_handler![").unwrap();
    let (list, _) = list.split_once(']').unwrap();
    let names = list.split(',').map(str::trim).filter(|path| !path.is_empty());
    let names: Vec<String> = names
        .filter_map(|path| path.rsplit("::").next())
        .map(str::to_owned)
        .collect();
    differences("the handler", &names)
}

/// Finds what the page calls too much or too little.
fn client_violations(text: &str) -> Vec<String> {
    let calls = text.lines().filter_map(|line| {
        let (_, call) = line.split_once("call<")?;
        let (_, named) = call.split_once("(\"")?;
        named.split_once('"').map(|(name, _)| name.to_owned())
    });
    let mut violations = differences("the page", &calls.collect::<Vec<_>>());
    if text.matches("invoke<").count() + text.matches("invoke(").count() != 1 {
        violations.push("the page calls invoke in more than one place".to_owned());
    }
    violations
}

/// Finds what loosens the page's walls.
fn config_violations(text: &str) -> Vec<String> {
    let config: Value = serde_json::from_str(text).unwrap();
    let (app, security) = (&config["app"], &config["app"]["security"]);
    let rules = [
        (app["withGlobalTauri"] == false, "the page has a global API"),
        (
            app["windows"] == serde_json::json!([]),
            "a window is opened by configuration",
        ),
        (security["freezePrototype"] == true, "the prototype is not frozen"),
        (security["pattern"]["use"] == "isolation", "the page is not isolated"),
        (
            security["capabilities"] == serde_json::json!(["main", "quick"]),
            "other capabilities than main and quick are in force",
        ),
        (
            security.get("dangerousDisableAssetCspModification").is_none(),
            "scripts run without a nonce",
        ),
        (security.get("assetProtocol").is_none(), "the page reads files"),
        (
            security.get("devCsp").is_none(),
            "development has a content policy of its own",
        ),
    ];
    let mut violations: Vec<String> = rules
        .into_iter()
        .filter(|(holds, _)| !holds)
        .map(|(_, wrong)| wrong.to_owned())
        .collect();
    violations.extend(csp_violations(security["csp"].as_str().unwrap_or_default()));
    violations
}

/// Finds what a content security policy lets in from elsewhere.
fn csp_violations(csp: &str) -> Vec<String> {
    let mut violations = Vec::new();
    let directives: Vec<Vec<&str>> = csp
        .split(';')
        .map(|directive| directive.split_whitespace().collect())
        .collect();
    for closed in [
        "default-src",
        "object-src",
        "base-uri",
        "form-action",
        "frame-ancestors",
    ] {
        if !directives.iter().any(|words| words[..] == [closed, "'none'"]) {
            violations.push(format!("the content policy does not close {closed}"));
        }
    }
    for words in &directives {
        for source in words.iter().skip(1) {
            // The last two are how the page reaches Rust; neither leaves the process.
            let ours = matches!(*source, "'none'" | "'self'")
                || (words[0] == "connect-src" && matches!(*source, "ipc:" | "http://ipc.localhost"));
            if !ours {
                violations.push(format!("the content policy lets in {source} as {}", words[0]));
            }
        }
    }
    violations
}

/// Finds what the manifest links in that the page could use.
fn manifest_violations(text: &str) -> Vec<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    let code: Vec<&str> = code.collect();
    let banned = [
        "devtools",
        "tauri-plugin-shell",
        "tauri-plugin-fs",
        "tauri-plugin-http",
        "tauri-plugin-process",
    ];
    banned
        .iter()
        .filter(|banned| code.iter().any(|line| line.contains(**banned)))
        .map(|banned| format!("the manifest names {banned}"))
        .collect()
}

fn assert_none(violations: Vec<String>) {
    assert!(violations.is_empty(), "{}", violations.join("\n"));
}

/// Replaces one text in a file and expects just the violation that this makes.
fn planted(check: fn(&str) -> Vec<String>, file: &str, (from, to): (&str, &str), expected: &str) {
    assert!(file.contains(from), "{from} is not in the file");
    let found = check(&file.replacen(from, to, 1));
    assert!(
        found.iter().any(|violation| violation.contains(expected)),
        "{to}: {expected}: {found:?}"
    );
}

#[test]
fn every_command_is_granted_and_nothing_else_is() {
    assert_none(main_violations(MAIN));
    assert_none(quick_violations(QUICK));
}

#[test]
fn there_is_one_capability_for_each_window() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/capabilities");
    let names: BTreeSet<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names, ["main.json", "quick.json"].map(str::to_owned).into());
}

#[test]
fn every_command_is_answered_and_nothing_else_is() {
    assert_none(handler_violations(HANDLER));
}

#[test]
fn the_page_calls_every_command_and_nothing_else() {
    assert_none(client_violations(CLIENT));
}

#[test]
fn the_page_is_isolated_and_loads_nothing_from_elsewhere() {
    assert_none(config_violations(CONFIG));
}

#[test]
fn no_plugin_for_files_processes_or_requests_is_linked_and_no_devtools() {
    assert_none(manifest_violations(MANIFEST));
}

#[test]
fn a_planted_permission_is_found() {
    let first = "\"core:event:allow-listen\"";
    for (to, expected) in [
        ("\"fs:allow-read-file\"", "grants fs:allow-read-file"),
        (
            "\"clipboard-manager:allow-read-text\"",
            "grants clipboard-manager:allow-read-text",
        ),
        ("\"core:default\"", "grants core:default"),
        ("{ \"identifier\": \"opener:allow-open-url\" }", "grants a scope"),
        ("\"allow-get-secret\"", "names get_secret"),
        ("\"allow-inventory\"", "names a command twice"),
    ] {
        planted(main_violations, MAIN, (first, to), expected);
    }
    for command in [
        "start-rotation",
        "reveal-version",
        "take-from-clipboard",
        "set-settings",
    ] {
        let to = format!("\"allow-{command}\"");
        let expected = format!("names {}", command.replace('-', "_"));
        planted(quick_violations, QUICK, (first, &to), &expected);
    }
    for (from, to, expected) in [
        (
            "\"allow-doctor\",",
            "\"core:event:allow-listen\",",
            "does not name doctor",
        ),
        ("\"main\"\n", "\"*\"\n", "other windows"),
        (
            "\"allow-doctor\",",
            "\"allow-doctor\", \"allow-hide-quick\",",
            "names hide_quick",
        ),
        (
            "\"windows\"",
            "\"remote\": { \"urls\": [\"https://example.com\"] }, \"windows\"",
            "key remote",
        ),
    ] {
        planted(main_violations, MAIN, (from, to), expected);
    }
}

#[test]
fn a_planted_command_is_found() {
    planted(
        handler_violations,
        HANDLER,
        ("app::doctor,", ""),
        "does not name doctor",
    );
    planted(
        handler_violations,
        HANDLER,
        ("app::doctor,", "app::doctor,\nvalues::get_secret,"),
        "names get_secret",
    );
    planted(
        client_violations,
        CLIENT,
        ("\"doctor\"", "\"get_secret\""),
        "names get_secret",
    );
    planted(
        client_violations,
        CLIENT,
        ("\"doctor\"", "\"inventory\""),
        "does not name doctor",
    );
    planted(
        client_violations,
        CLIENT,
        ("export const doctor", "invoke(\"other\");\nexport const doctor"),
        "more than one place",
    );
}

#[test]
fn a_planted_setting_is_found() {
    for (from, to, expected) in [
        ("\"withGlobalTauri\": false", "\"withGlobalTauri\": true", "global API"),
        ("\"freezePrototype\": true", "\"freezePrototype\": false", "not frozen"),
        ("\"use\": \"isolation\"", "\"use\": \"brownfield\"", "not isolated"),
        (
            "\"freezePrototype\"",
            "\"assetProtocol\": { \"enable\": true }, \"freezePrototype\"",
            "reads files",
        ),
        (
            "script-src 'self'",
            "script-src 'self' 'unsafe-inline'",
            "lets in 'unsafe-inline' as script-src",
        ),
        (
            "script-src 'self'",
            "script-src 'self' 'unsafe-eval'",
            "lets in 'unsafe-eval'",
        ),
        (
            "img-src 'self'",
            "img-src 'self' https://example.com",
            "lets in https://example.com",
        ),
        ("style-src 'self'", "style-src *", "lets in *"),
        (
            "connect-src ipc:",
            "connect-src http: ipc:",
            "lets in http: as connect-src",
        ),
        ("font-src 'self'", "font-src ipc:", "lets in ipc: as font-src"),
        ("default-src 'none'", "default-src 'self'", "does not close default-src"),
        ("object-src 'none'", "object-src 'self'", "does not close object-src"),
    ] {
        planted(config_violations, CONFIG, (from, to), expected);
    }
}

#[test]
fn a_planted_plugin_is_found() {
    planted(
        manifest_violations,
        MANIFEST,
        ("tauri-plugin-opener = \"2.7\"", "tauri-plugin-fs = \"2\""),
        "tauri-plugin-fs",
    );
    planted(
        manifest_violations,
        MANIFEST,
        (
            "features = [\"isolation\"] }\ntauri-plugin",
            "features = [\"isolation\", \"devtools\"] }\ntauri-plugin",
        ),
        "devtools",
    );
}
