//! Keys that a person manages at the provider: brought in, described, looked for, leaked, handed on.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::{refused, run};
use tests::real::{KEY, Real};

const VALUE: &str = "op_live_0123456789abcdefghij";
const CRAWLER: &str = "acme/production/crawler";

/// An account of a provider without an API for keys.
async fn connect(real: &Real, provider: &str) {
    let mut form = vec!["account", "connect", "--provider", provider, "--org", "acme"];
    if real.json(&["org", "list"]).await.as_array().is_none_or(Vec::is_empty) {
        form.push("--new-org");
    }
    form.extend(["--label", provider, "--env", "production"]);
    real.run(&form, "").await.ok();
}

async fn import(real: &Real, more: &[&str]) -> Value {
    let mut form = vec![
        "--json",
        "key",
        "import",
        "crawler",
        "--account",
        "on-page",
        "--env",
        "production",
    ];
    form.extend(more);
    real.run(&form, VALUE).await.ok().json()
}

fn git(folder: &Path, arguments: &[&str]) {
    let ran = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .output()
        .unwrap();
    assert!(ran.status.success(), "{arguments:?}: {ran:?}");
}

#[test]
fn a_key_is_imported_described_and_flagged() {
    run(|| async {
        let real = Real::begin().await;
        connect(&real, "on-page").await;
        let said = [
            "--created",
            "2026-08-01",
            "--owner",
            "Ada Lovelace",
            "--use",
            "nightly crawl",
        ];
        let key = import(&real, &said).await;
        assert_eq!(
            (&key["held"], &key["age"]["days"]),
            (&Value::Bool(true), &Value::from(112))
        );
        assert_eq!(
            (&key["age"]["told"], &key["age"]["atLeast"]),
            (&Value::Bool(true), &Value::Bool(false))
        );
        let held = real.keyring.value_of(key["versionId"].as_str().unwrap()).await.unwrap();
        assert_eq!(held, VALUE, "read beside the command");

        let wider = [
            "key",
            "set",
            CRAWLER,
            "--permission",
            "jobs:read",
            "--permission",
            "scan:create",
        ];
        real.run(&wider, "").await.ok();
        let meant = ["key", "set", CRAWLER, "--preset", "read-only integration"];
        real.run(&meant, "").await.ok();
        let keys = real.json(&["key", "list", "--owner", "ada lovelace"]).await;
        assert_eq!(keys[0]["flags"][0]["code"], "broader", "{keys}");
        assert_eq!(
            real.json(&["key", "list", "--owner", "Bob"]).await,
            Value::Array(Vec::new())
        );
        let check = real.run(&["check", "--max-age", "3650"], "").await.ok().out;
        assert!(check.contains("scan:create") && check.contains("[broader]"), "{check}");
        let listed = real.json(&["check", "--max-age", "3650"]).await;
        assert_eq!(listed["stale"], Value::Array(Vec::new()), "{listed}");
        assert_eq!(listed["flagged"][0]["flags"][0]["code"], "broader", "{listed}");
        let shown = real.run(&["key", "show", CRAWLER], "").await.ok().out;
        for words in [
            "Ada Lovelace",
            "nightly crawl",
            "scan:create, jobs:read",
            "2026-08-01, as you said",
        ] {
            assert!(shown.contains(words), "{words} in {shown}");
        }

        let known = real.run(&["provider", "show", "on-page"], "").await.ok().out;
        for words in ["scan:create", "Read-only integration"] {
            assert!(known.contains(words), "{words} in {known}");
        }

        let form = [
            "--json",
            "key",
            "import",
            "other",
            "--account",
            "on-page",
            "--env",
            "production",
        ];
        assert_eq!(
            refused(&real.run(&form, "not-a-key-of-theirs").await).1,
            "input.wrong_key_format"
        );
        let secret = [
            "key",
            "import",
            "other",
            VALUE,
            "--account",
            "on-page",
            "--env",
            "production",
        ];
        assert_eq!(real.run(&secret, "").await.code, Some(2), "a value is no argument");
    });
}

#[test]
fn a_snippet_names_a_variable_and_never_the_value() {
    run(|| async {
        let real = Real::begin().await;
        connect(&real, "on-page").await;
        import(&real, &[]).await;
        for form in ["sh", "cmd", "powershell", "curl", "javascript", "python"] {
            let said = real
                .run(&["key", "snippet", CRAWLER, "--for", form, "--var", "OP_KEY"], "")
                .await
                .ok();
            assert!(said.out.contains("OP_KEY") && !said.out.contains(VALUE), "{}", said.out);
        }
        let wrong = ["--json", "key", "snippet", CRAWLER, "--for", "sh", "--var", "A;B"];
        assert_eq!(
            refused(&real.run(&wrong, "").await),
            (2, "input.usage".into(), Some("var".into()))
        );
        let export = real.run(&["key", "snippet", CRAWLER, "--for", "sh"], "").await.ok().out;
        let command = format!(
            "keywheel() {{ '{}' --data-dir '{}' \"$@\"; }}\n{export}printf %s \"$CRAWLER_API_KEY\"",
            tests::real::binary().display(),
            real.data()
        );
        let shell = Command::new("sh").args(["-c", &command]).output().unwrap();
        assert_eq!(String::from_utf8(shell.stdout).unwrap(), VALUE, "it works as it stands");
    });
}

#[test]
fn a_value_in_a_tracked_file_is_found_and_a_leaked_one_is_known() {
    run(|| async {
        let real = Real::begin().await;
        connect(&real, "on-page").await;
        import(&real, &[]).await;
        let folder = real.dir.path().join("repository");
        std::fs::create_dir_all(folder.join("deep")).unwrap();
        git(&folder, &["init", "-q"]);
        std::fs::write(
            folder.join("deep/settings \u{fc}.env"),
            format!("# settings\nKEY={VALUE}\n"),
        )
        .unwrap();
        std::fs::write(folder.join("large.bin"), vec![b'x'; 5 * 1024 * 1024 + 1]).unwrap();
        std::os::unix::fs::symlink("deep", folder.join("link")).unwrap();
        let place = folder.to_str().unwrap();
        let before = real.run(&["scan", place], "").await;
        assert_eq!(
            before.code,
            Some(0),
            "what git does not track is not looked at: {before:?}"
        );
        git(&folder, &["add", "."]);
        // A repository's own settings start nothing.
        let mark = folder.join("started");
        git(
            &folder,
            &["config", "core.fsmonitor", &format!("touch '{}'", mark.display())],
        );
        let found = real.run(&["scan", place], "").await;
        assert_eq!(found.code, Some(3), "{found:?}");
        assert!(
            found
                .out
                .contains("deep/settings \u{fc}.env:2  acme/production/crawler"),
            "{}",
            found.out
        );
        assert!(!found.out.contains(VALUE));
        assert!(!mark.exists(), "no program of the repository was started");
        let json = real.run(&["--json", "scan", place], "").await.json();
        assert_eq!(
            (&json["tooLarge"], &json["notRead"]),
            (&Value::from(1), &Value::from(1)),
            "{json}"
        );
        let nowhere = real.run(&["--json", "scan", &real.data()], "").await;
        assert_eq!(
            refused(&nowhere),
            (2, "input.not_tracked".into(), Some("folder".into()))
        );

        let leaked = real.run(&["leaked"], VALUE).await.ok().out;
        for words in [
            "It is acme/production/crawler.",
            "keywheel rotate acme/production/crawler",
            "on-page.ai",
        ] {
            assert!(leaked.contains(words), "{words} in {leaked}");
        }
        assert!(!leaked.contains(VALUE));
    });
}

#[test]
fn a_leaked_key_of_overten_comes_with_a_letter_for_the_audit() {
    run(|| async {
        let real = Real::connected().await;
        let calls = real.sim.requests().len();
        let found = real.run(&["--json", "leaked"], &real.old.value).await.ok().json();
        assert_eq!(found["keys"][0]["name"], KEY);
        let report = &found["keys"][0]["report"];
        assert_eq!(report["to"], "support@overten.ai");
        let body = report["body"].as_str().unwrap();
        for words in [&real.org.id, "Key prefix: sk_live_", "Window of time: 2026-08-13T"] {
            assert!(body.contains(words), "{words} in {body}");
        }
        assert_eq!(real.sim.requests().len(), calls, "nothing is sent");
        let stranger = real
            .run(&["--json", "leaked"], "ghp_0123456789abcdefghijABCDEFGHIJ012345")
            .await
            .ok()
            .json();
        assert_eq!(
            (&stranger["candidates"][0]["name"], &stranger["keys"]),
            (&"GitHub".into(), &Value::Array(vec![]))
        );
    });
}

#[test]
fn all_keys_of_somebody_who_leaves_are_rotated_one_after_the_other() {
    run(|| async {
        let real = Real::connected().await;
        connect(&real, "on-page").await;
        import(&real, &["--owner", "Ada"]).await;
        real.run(&["key", "set", KEY, "--owner", "ada"], "").await.ok();
        let plan = real.json(&["rotate", "--owner", "Ada", "--plan"]).await;
        assert_eq!(plan.as_array().map(Vec::len), Some(2), "{plan}");
        let asked = real.run(&["--json", "rotate", "--owner", "Ada"], "").await;
        assert_eq!(asked.code, Some(2), "nobody can be asked: {asked:?}");
        assert_eq!(real.sim.live_keys(&real.org.id).len(), 2, "and nothing was done");
        let started = real.run(&["--json", "rotate", "--owner", "Ada", "--yes"], "").await;
        assert_eq!(started.code, Some(0), "{started:?}");
        let views = started.json();
        assert_eq!(views.as_array().map(Vec::len), Some(2));
        for view in views.as_array().unwrap() {
            assert_eq!(view["state"]["kind"], "awaiting_person", "{view}");
        }
        assert_eq!(
            real.sim.live_keys(&real.org.id).len(),
            3,
            "Overten's is created, the other waits for a person"
        );
        let nobody = real.run(&["--json", "rotate", "--owner", "Bob", "--plan"], "").await;
        assert_eq!(refused(&nobody), (2, "input.not_found".into(), Some("owner".into())));
    });
}
