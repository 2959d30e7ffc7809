//! Definitions of the user's own directory.

use std::fs;

use keywheel_core::failure::Code;
use keywheel_core::model::Secret;
use keywheel_core::provider::{Catalog, Reason, is_built_in_host};

/// A provider whose keys are created on its page: only verify is there.
const ACME: &str = r#"
schema = 1
id = "acme"
name = "Acme"
monogram = "A"
docs = "https://docs.acme.dev"
dashboard = "https://acme.dev/keys"
hosts = ["api.acme.dev"]
base_url = "https://api.acme.dev"
strategy = "overlap"
[key]
pattern = '^sk_live_[A-Za-z0-9]{28}$'
shape = "sk_live_…"
max_bytes = 40
expiry = "none"
scope = "all"
[reconcile]
by = "none"
[[auth.key]]
name = "Authorization"
value = "Bearer {key.value}"
[verify]
request = "GET /v1/credits"
auth = "key"
live = [200, 403]
dead = [401]
[mint]
page = "https://acme.dev/keys"
say = "Create a key named {name}."
[revoke]
page = "https://acme.dev/keys"
say = "Delete the key named {name}."
"#;

#[test]
fn definitions_of_the_users_directory_are_added_to_the_built_in_ones() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("acme.toml"), ACME).unwrap();
    fs::write(directory.path().join("notes.txt"), "not a definition").unwrap();
    let (catalog, problems) = Catalog::load(Some(directory.path()));
    assert_eq!(problems, []);
    let ids: Vec<&str> = catalog.all().map(|definition| definition.id()).collect();
    assert_eq!((ids.first(), ids.last()), (Some(&"overten"), Some(&"acme")));
    assert!(catalog.is_built_in("overten") && !catalog.is_built_in("acme"));
    assert!(
        !is_built_in_host("api.acme.dev"),
        "only built-in hosts are led to a demo"
    );
    let can = catalog.require("acme").unwrap().capabilities();
    assert!(can.verify && !can.mint && !can.list && !can.revoke);
    assert_eq!(catalog.require("nobody").unwrap_err().code, Code::ProviderUnknown);
    let value = Secret::new("sk_live_0123456789abcdefghijABCDEFGH".into());
    let looks: Vec<_> = catalog
        .recognise(&value)
        .iter()
        .filter_map(|candidate| Some(candidate.definition()?.id().to_owned()))
        .collect();
    assert_eq!(looks, ["overten", "acme"], "one beginning may be of several providers");
}

#[test]
fn a_bad_file_is_reported_and_left_out() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(directory.path().join(name), text).unwrap();
    write("a.toml", &ACME.replace("\"acme\"", "\"overten\""));
    write("b.toml", ACME);
    write("c.toml", ACME);
    write("d.toml", "\u{0}\u{1}");
    write("e.toml", &"#".repeat(70_000));
    write("f.toml", "");
    fs::write(directory.path().join("g.toml"), [0xff, 0xfe]).unwrap();
    fs::create_dir(directory.path().join("h.toml")).unwrap();
    let (catalog, problems) = Catalog::load(Some(directory.path()));
    let told: Vec<_> = problems
        .iter()
        .map(|one| (one.file.as_str(), one.problem.field.as_str(), one.problem.reason))
        .collect();
    assert_eq!(
        told,
        [
            ("a.toml", "id", Reason::BuiltInId),
            ("b.toml", "id", Reason::Duplicate),
            ("c.toml", "id", Reason::Duplicate),
            ("d.toml", "line 1", Reason::NotToml),
            ("e.toml", "file", Reason::TooLarge),
            ("f.toml", "schema", Reason::MissingField),
            ("g.toml", "file", Reason::Unreadable),
            ("h.toml", "file", Reason::Unreadable),
        ]
    );
    assert_eq!(
        catalog.get("overten").unwrap().name(),
        "Overten",
        "the built-in definition stays"
    );
    assert!(catalog.get("acme").is_none(), "of two with one id neither is used");
}

#[test]
fn one_that_is_called_like_another_provider_is_left_out() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, called: &str| {
        let text = ACME.replace("\"acme\"", &format!("\"{name}\""));
        let text = text.replace("\"Acme\"", &format!("\"{called}\""));
        fs::write(directory.path().join(format!("{name}.toml")), text).unwrap();
    };
    // By its letters, a Cyrillic one, and a digit; and two of a person's own.
    for (name, called) in [
        ("a", "Overten"),
        ("b", "\u{41e}verten"),
        ("c", "OVERTEN"),
        ("d", "Acme"),
        ("e", "Acm\u{435}"),
        ("f", "Other"),
    ] {
        write(name, called);
    }
    let (catalog, problems) = Catalog::load(Some(directory.path()));
    let told: Vec<_> = problems
        .iter()
        .map(|one| (one.file.as_str(), one.problem.field.as_str(), one.problem.reason))
        .collect();
    let refused = ["a.toml", "b.toml", "c.toml", "d.toml", "e.toml"].map(|file| (file, "name", Reason::NameTaken));
    assert_eq!(told, refused);
    let names = catalog.all().filter(|definition| definition.name() == "Overten");
    assert_eq!(names.count(), 1);
    assert!(catalog.get("f").is_some(), "it looks like no other");
}

#[test]
fn a_directory_that_is_not_there_is_empty() {
    let (catalog, problems) = Catalog::load(Some(std::path::Path::new("/nonexistent/keywheel")));
    assert_eq!((catalog.all().count() > 0, problems.len()), (true, 0));
}
