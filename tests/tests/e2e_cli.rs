//! The command as a person and a script use it: real database, real keychain, a provider on loopback.
//!
//! Run as `cargo xtask headless -- cargo test -p tests --test e2e_cli`, with the command built before.

#![cfg(target_os = "linux")]

#[path = "e2e_cli/bad_input.rs"]
mod bad_input;
#[path = "e2e_cli/by_hand.rs"]
mod by_hand;
#[path = "e2e_cli/disk.rs"]
mod disk;
#[path = "e2e_cli/keychain.rs"]
mod keychain;
#[path = "e2e_cli/restored.rs"]
mod restored;
#[path = "e2e_cli/running.rs"]
mod running;
#[path = "e2e_cli/staleness.rs"]
mod staleness;
#[path = "e2e_cli/targets.rs"]
mod targets;
#[path = "e2e_cli/whole.rs"]
mod whole;

use std::process::Stdio;
use std::time::Duration;

use provider_sim::Fault;
use serde_json::Value;
use tests::real::{ADDED, KEY, Real, Said};

/// One world at a time: they share the session's keychain.
pub fn run<F: Future<Output = ()>>(work: impl FnOnce() -> F) {
    static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(work());
    runtime.shutdown_background();
}

/// The error that a command printed as JSON, and its exit code.
fn error(said: &Said) -> (i32, Value) {
    let error = serde_json::from_str(&said.err).unwrap_or_else(|_| panic!("no JSON error: {said:?}"));
    (said.code.expect("it ended by itself"), error)
}

/// The error that a command printed as JSON: exit code, code, field.
pub fn refused(said: &Said) -> (i32, String, Option<String>) {
    let (exit, error) = error(said);
    let field = error["field"].as_str().map(str::to_owned);
    assert!(said.out.is_empty(), "an error is all that is printed: {}", said.out);
    assert!(
        error["remedy"].as_str().is_some_and(|remedy| remedy.ends_with('.')),
        "{error}"
    );
    (exit, error["code"].as_str().unwrap().to_owned(), field)
}

#[test]
fn a_key_is_rotated_from_connecting_to_the_proof_of_its_end() {
    run(|| async {
        let real = Real::connected().await;
        let plan = real.json(&["rotate", KEY, "--plan"]).await;
        assert_eq!(plan["pivot"], 6, "{plan}");
        assert_eq!(
            real.sim.count("POST", "/api/v1/organizations/*/api-keys"),
            0,
            "a plan does nothing"
        );

        let rotated = real.run(&["rotate", KEY, "--yes"], "").await.ok();
        assert!(
            rotated.out.contains("keywheel replaced acme/production/checkout-api"),
            "{}",
            rotated.out
        );
        assert!(
            real.old_record().is_live(),
            "the old key lives until the person says so"
        );
        assert_eq!(real.sim.live_keys(&real.org.id).len(), 3);

        let ended = real.run(&["--json", "replaced", KEY], "").await.ok().json();
        assert_eq!(ended["state"]["kind"], "completed");
        assert!(
            ended["receipt"]["message"].as_str().unwrap().contains("401"),
            "{}",
            ended["receipt"]
        );
        assert!(
            real.old_record().refused_calls > 0,
            "its end was proven by a call with it"
        );
        real.replaced().await.assert_none();

        let told = real.run(&["activity"], "").await.ok().out;
        for sentence in [
            "Connected main",
            "Created checkout-api",
            "Revoked checkout-api",
            "is dead",
        ] {
            assert!(told.contains(sentence), "{sentence} in {told}");
        }
    });
}

#[test]
fn a_rotation_is_taken_back_and_the_old_key_goes_on() {
    run(|| async {
        let real = Real::connected().await;
        real.run(&["rotate", KEY, "--yes"], "").await.ok();
        let undone = real.run(&["--json", "undo", KEY], "").await.ok().json();
        assert_eq!(undone["state"]["kind"], "undone");
        assert!(real.old_record().is_live());
        assert_eq!(real.sim.live_keys(&real.org.id).len(), 2, "the new key is revoked");
        assert_eq!(
            real.keyring.items().await.len(),
            4,
            "its value is out of the keychain: the credential, the old one, two of the directory"
        );
        real.run(&["verify", KEY], "").await.ok();
    });
}

#[test]
fn signing_up_opens_a_new_organisation_and_enables_an_existing_one() {
    run(|| async {
        for field in ["org_name=Initech GmbH", "existing_org_id="] {
            let real = Real::begin().await;
            let web_api_key = format!("web_api_key={}", real.owner.web_api_key);
            let field = if field.ends_with('=') {
                format!("{field}{}", real.org.id)
            } else {
                field.to_owned()
            };
            let form = [
                "--json",
                "account",
                "sign-up",
                "--provider",
                "overten",
                "--org",
                "acme",
                "--new-org",
                "--label",
                "main",
                "--env",
                "staging",
                "--scheme",
                "firebase_refresh",
                "--field",
                &web_api_key,
                "--field",
                &field,
                "--field",
                "tier=pro",
                "--key-name",
                "first",
            ];
            let view = real.run(&form, &real.owner.refresh_token).await.ok().json();
            assert_eq!(view["state"]["kind"], "completed", "{view}");
            let key = real.json(&["key", "show", "acme/staging/first"]).await;
            let id = key["versions"][0]["id"].as_str().unwrap();
            let held = real.keyring.value_of(id).await.expect("the first key is held");
            let record = real.sim.key_by_value(&held).expect("the provider knows it");
            assert!(record.is_live());
            let keys = real.json(&["key", "list"]).await;
            let webhook = keys
                .as_array()
                .unwrap()
                .iter()
                .find(|key| key["purpose"] == "webhook")
                .unwrap();
            let secret = real
                .keyring
                .value_of(webhook["versionId"].as_str().unwrap())
                .await
                .expect("the webhook secret is held");
            let org = real
                .sim
                .world()
                .orgs
                .into_iter()
                .find(|org| org.id == record.org_id)
                .unwrap();
            assert_eq!(secret, org.webhook_secret);
            let accounts = real.json(&["account", "list"]).await;
            assert_eq!(
                accounts[0]["fields"]["org_id"],
                org.id.as_str(),
                "the account knows its organisation"
            );
            assert_eq!(real.keyring.items().await.len(), 5);
            real.run(&["account", "refresh"], "").await.ok();
            real.run(&["verify", "--all"], "").await.ok();
        }
    });
}

#[test]
fn a_key_is_created_and_revoked_in_an_emergency() {
    run(|| async {
        let real = Real::connected().await;
        real.run(&["key", "add", "main", "nightly", "--env", "ci"], "")
            .await
            .ok();
        real.created().await.assert_none();
        let added = real.json(&["key", "show", ADDED]).await;
        assert_eq!(added["key"]["held"], true);
        let value = real
            .keyring
            .value_of(added["key"]["versionId"].as_str().unwrap())
            .await
            .unwrap();
        assert!(real.sim.accepts(&value));
        let revealed = reveal(&real, ADDED).await;
        assert_eq!(revealed.trim_end(), value, "reveal prints the value and nothing else");

        let asked = real.run(&["--json", "revoke", ADDED], "").await;
        assert_eq!(
            refused(&asked),
            (2, "input.usage".into(), Some("yes".into())),
            "nobody can be asked"
        );
        assert!(real.sim.accepts(&value), "and nothing was done");
        real.run(&["revoke", ADDED, "--yes"], "").await.ok();
        assert!(!real.sim.accepts(&value));
        let again = real.run(&["--json", "revoke", ADDED, "--yes"], "").await;
        assert_eq!(refused(&again).1, "key.ended");

        real.run(&["key", "move", KEY, "staging"], "").await.ok();
        real.run(&["verify", "acme/staging/checkout-api"], "").await.ok();
        real.run(&["key", "remove", "acme/staging/checkout-api", "--yes"], "")
            .await
            .ok();
        assert!(real.old_record().is_live(), "removing a key here changes nothing there");
    });
}

/// The one output that is a secret, so it goes past the search.
async fn reveal(real: &Real, key: &str) -> String {
    let mut command = tokio::process::Command::new(tests::real::binary());
    let output = command
        .args(["--data-dir", &real.data(), "reveal", key])
        .output()
        .await
        .unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_key_lies_on_the_clipboard_under_its_mark_and_is_cleared_on_request() {
    run(|| async {
        let real = Real::connected().await;
        let mut command = tokio::process::Command::new(tests::real::binary());
        command.args(["--data-dir", &real.data(), "copy", KEY, "--seconds", "60"]);
        let mut copying = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut read = String::new();
        for _ in 0..100 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            read = clipboard(&["-o"]).await;
            if read == real.old.value {
                break;
            }
        }
        assert_eq!(read, real.old.value, "read back from outside");
        assert!(
            clipboard(&["-o", "-t", "TARGETS"])
                .await
                .contains("x-kde-passwordManagerHint"),
            "with its mark"
        );
        let id = copying.id().unwrap().to_string();
        assert!(!tests::running::can_leave_a_core_file(&id), "it has a value in memory");
        assert!(
            tokio::process::Command::new("kill")
                .args(["-INT", &id])
                .status()
                .await
                .unwrap()
                .success()
        );
        let ended = tokio::time::timeout(Duration::from_secs(10), copying.wait())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(ended.code(), Some(0));
        assert_ne!(clipboard(&["-o"]).await, real.old.value, "cleared");
    });
}

async fn clipboard(arguments: &[&str]) -> String {
    let mut command = tokio::process::Command::new("xclip");
    let output = command
        .args(["-selection", "clipboard"])
        .args(arguments)
        .output()
        .await
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_rotation_that_another_process_drives_is_refused_with_who_and_since_when() {
    run(|| async {
        let real = Real::connected().await;
        real.sim.inject(Fault::hold().on("GET", "/api/v1/verify").always());
        let (driving, refusals) = tokio::join!(real.run(&["rotate", KEY, "--yes"], ""), async {
            for _ in 0..100 {
                tokio::time::sleep(Duration::from_millis(100)).await;
                if real.sim.count("GET", "/api/v1/verify") > 0 {
                    break;
                }
            }
            let refusals = (
                real.run(&["--json", "rotate", KEY, "--yes"], "").await,
                real.run(&["--json", "resume", KEY], "").await,
                real.run(&["--json", "undo", KEY], "").await,
            );
            real.sim.clear_faults();
            refusals
        });
        let (rotate, resume, undo) = refusals;
        let (exit, error) = error(&rotate);
        assert_eq!((exit, error["code"].as_str()), (81, Some("rotation.driven_elsewhere")));
        assert!(
            error["details"][0]
                .as_str()
                .unwrap()
                .starts_with("driven by the cli since "),
            "{error}"
        );
        assert_eq!(refused(&resume).0, 81, "{resume:?}");
        assert_eq!(refused(&undo).0, 81, "{undo:?}");
        driving.ok();
        assert_eq!(
            real.sim.count("POST", "/api/v1/organizations/*/api-keys"),
            1,
            "one key was created"
        );
    });
}

#[test]
fn exit_codes_say_what_a_script_has_to_do() {
    run(|| async {
        let real = Real::connected().await;
        let revoked =
            Fault::revoked_key_accepted(Duration::from_secs(3600)).on("DELETE", "/api/v1/organizations/*/api-keys/*");
        real.sim.inject(revoked);
        real.run(&["rotate", KEY, "--yes"], "").await.ok();
        let waits = real.run(&["replaced", KEY], "").await;
        assert_eq!(waits.code, Some(80), "still accepted: {waits:?}");
        real.pass(3600).await;
        assert_eq!(real.run(&["resume"], "").await.code, Some(0));
        assert_eq!(real.run(&["resume"], "").await.out.trim(), "Nothing is unfinished.");

        real.run(&["policy", "set", "--overlap", "2"], "").await.ok();
        real.run(&["rotate", KEY, "--yes"], "").await.ok();
        let overlaps = real.run(&["replaced", KEY], "").await;
        assert_eq!(overlaps.code, Some(75), "come back later: {overlaps:?}");
        real.set_clock(7300).await;
        let set = real.run(&["resume"], "").await;
        assert_eq!(set.code, Some(75), "a clock that was set shortens no overlap: {set:?}");
        assert!(
            set.out.contains("not certain that the overlap has passed"),
            "{}",
            set.out
        );
        real.sim.clock().advance(jiff::SignedDuration::from_secs(7300));
        assert_eq!(
            real.run(&["resume"], "").await.code,
            Some(0),
            "by the provider's clock it has"
        );
    });
}
