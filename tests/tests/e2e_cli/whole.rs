//! Killed at any sync of the disk, a command that keeps or removes values leaves none in the keychain that no row tells of.

use std::collections::BTreeSet;

use keywheel_core::vault::VaultRef;
use provider_sim::KeyRecord;
use serde_json::Value;
use tests::real::{KEY, Real};
use tests::{Share, keyring};

use crate::run;

/// No command here syncs so often.
const MOST: usize = 60;

/// Names of the values that the database says are held, and how many are on their way.
async fn told(real: &Real) -> (BTreeSet<String>, i64) {
    let mut database = real.database().await;
    let held: Vec<String> = sqlx::query_scalar("SELECT 'version/' || id FROM key_versions WHERE held = 1")
        .fetch_all(&mut database)
        .await
        .expect("the query is right");
    let arriving = sqlx::query_scalar("SELECT count(*) FROM arriving")
        .fetch_one(&mut database)
        .await
        .expect("the query is right");
    (held.into_iter().collect(), arriving)
}

/// Names of the values that the keychain has.
async fn kept(real: &Real) -> BTreeSet<String> {
    let items = real.keyring.items().await;
    let own = [VaultRef::demo_key(""), VaultRef::seal("")];
    items
        .into_iter()
        .filter(|name| !own.iter().any(|at| name.starts_with(at.as_str())))
        .collect()
}

/// Kills the command at its n-th sync; says whether it came so far.
async fn killed(real: &Real, n: usize, words: &[&str], input: &str) -> bool {
    let log = real.dir.path().join("strace");
    let inject = format!("inject=fsync,fdatasync:signal=SIGKILL:when={n}");
    let above = [
        "strace",
        "-f",
        "-qq",
        "-o",
        log.to_str().expect("text"),
        "-e",
        "trace=fsync,fdatasync",
        "-e",
        &inject,
    ];
    let said = real.run_below(&above, words, input).await;
    assert!(
        said.code.is_none_or(|code| code == 0 || code == 137),
        "{words:?}: {said:?}"
    );
    said.code != Some(0)
}

/// After it, and after somebody has come back, both tell of the same values.
async fn assert_nothing_is_orphaned(real: &Real, what: &str) {
    let before = kept(real).await;
    let resumed = real.run(&["resume"], "").await;
    let (held, arriving) = told(real).await;
    let kept = kept(real).await;
    assert_eq!(held, kept, "{what}; before somebody came back {before:?}");
    // A value that never came is waited for as long as a keychain may take; then its key is one without a value.
    assert_eq!(
        resumed.code,
        Some(if arriving > 0 { 75 } else { 0 }),
        "{what}: {resumed:?}"
    );
    if arriving > 0 {
        real.pass(601).await;
        real.run(&["resume"], "").await.ok();
        assert_eq!(told(real).await, (kept, 0), "{what}");
    }
}

/// What somebody does with keys at the provider.
async fn somebody(real: &Real, method: &str, key: &str) {
    let token = real.sim.id_token(&real.owner.email).expect("a user");
    let request = http::Request::builder()
        .method(method)
        .uri(format!("/api/v1/organizations/{}/api-keys{key}", real.org.id))
        .header("host", "backend.overtenai.com")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .body(axum::body::Body::from(r#"{ "name": "theirs" }"#))
        .expect("a request");
    let done = real.sim.call(request).await.expect("an answer");
    assert!(done.status().is_success(), "{method}: {}", done.status());
}

/// The key that was made last.
fn newest(real: &Real) -> KeyRecord {
    let keys = real.sim.ledger().keys;
    keys.into_iter().next_back().expect("one was made")
}

/// Somebody makes a key at the provider, and a list tells of it: its id here, and its value.
async fn made_by_somebody(real: &Real) -> (String, String) {
    // What was told of before is listed by now.
    real.run(&["account", "refresh", "main"], "").await.ok();
    let before = rows(real).await;
    somebody(real, "POST", "").await;
    real.run(&["account", "refresh", "main"], "").await.ok();
    let rows = rows(real).await;
    let found = rows.iter().find(|row| before.iter().all(|known| id(known) != id(row)));
    (id(found.expect("it is listed")), newest(real).value)
}

async fn rows(real: &Real) -> Vec<Value> {
    real.json(&["key", "list"]).await.as_array().expect("a list").clone()
}

fn id(row: &Value) -> String {
    row["id"].as_str().expect("an id").to_owned()
}

#[test]
fn what_keeps_or_removes_a_value_orphans_none_when_it_is_killed() {
    run(|| async {
        let real = Real::connected().await;
        let values: Vec<String> = (0..MOST)
            .map(|n| format!("{}{n:04}", &real.bystander.value[..real.bystander.value.len() - 4]))
            .collect();
        let (mut kills, share) = (0, Share::one_in(8));
        let (org, key) = (
            format!("org_id={}", real.org.id),
            format!("web_api_key={}", real.owner.web_api_key),
        );
        for n in (1..MOST).filter(|n| share.has(*n)) {
            let label = format!("second-{n}");
            let words = [
                "account",
                "connect",
                // In each life the same account once more.
                "--anyway",
                "--provider",
                "overten",
                "--org",
                "acme",
                "--env",
                "ci",
                "--scheme",
                "firebase_refresh",
                "--label",
                &label,
                "--field",
                &org,
                "--field",
                &key,
            ];
            let cut = killed(&real, n, &words, &real.owner.refresh_token).await;
            assert_nothing_is_orphaned(&real, &format!("connect, sync {n}")).await;
            // Two accounts of one organisation show each key twice; one of them is enough.
            let there = real.run(&["account", "remove", &label, "--yes"], "").await;
            assert!(matches!(there.code, Some(0 | 2)), "{there:?}");
            kills += usize::from(cut);
            if !cut {
                break;
            }
        }
        for n in (1..MOST).filter(|n| share.has(*n)) {
            let cut = killed(
                &real,
                n,
                &["account", "replace-credential", "main"],
                &real.owner.refresh_token,
            )
            .await;
            assert_nothing_is_orphaned(&real, &format!("replace-credential, sync {n}")).await;
            real.run(&["account", "refresh", "main"], "").await.ok();
            kills += usize::from(cut);
            if !cut {
                break;
            }
        }
        for (n, value) in values.iter().enumerate().skip(1).filter(|(n, _)| share.has(*n)) {
            let name = format!("job-{n}");
            let words = ["key", "import", &name, "--account", "main", "--env", "ci", "--anyway"];
            let cut = killed(&real, n, &words, value).await;
            assert_nothing_is_orphaned(&real, &format!("import, sync {n}")).await;
            let full = format!("acme/ci/{name}");
            // One that was not imported, or is there without its value, can be given again.
            let again = real.run(&["key", "hold", &full], value).await;
            assert!(matches!(again.code, Some(0..=2)), "{again:?}");
            assert_nothing_is_orphaned(&real, &format!("hold after import, sync {n}")).await;
            kills += usize::from(cut);
            if !cut {
                break;
            }
        }
        for n in (1..MOST).filter(|n| share.has(*n)) {
            let is_job = |row: &Value| row["name"].as_str().is_some_and(|name| name.starts_with("job-"));
            let Some(job) = rows(&real).await.into_iter().find(is_job) else {
                break;
            };
            let cut = killed(&real, n, &["key", "remove", &id(&job), "--yes"], "").await;
            assert_nothing_is_orphaned(&real, &format!("remove, sync {n}")).await;
            kills += usize::from(cut);
            if !cut {
                break;
            }
        }
        for n in (1..MOST).filter(|n| share.has(*n)) {
            let (id, value) = made_by_somebody(&real).await;
            let cut = killed(&real, n, &["key", "hold", &id], &value).await;
            assert_nothing_is_orphaned(&real, &format!("hold, sync {n}")).await;
            // Next comes another one.
            real.run(&["key", "remove", &id, "--yes"], "").await.ok();
            kills += usize::from(cut);
            if !cut {
                break;
            }
        }
        for n in (1..MOST).filter(|n| share.has(*n)) {
            // The new key dies, and the old one is still there.
            real.run(&["rotate", KEY, "--yes"], "").await.ok();
            real.run(&["settle", KEY, "--old", "gone", "--new", "works"], "")
                .await
                .ok();
            somebody(&real, "DELETE", &format!("/{}", newest(&real).key_id)).await;
            let cut = killed(&real, n, &["key", "restore", KEY], "").await;
            assert_nothing_is_orphaned(&real, &format!("restore, sync {n}")).await;
            kills += usize::from(cut);
            if !cut {
                break;
            }
            real.run(&["key", "restore", KEY], "").await;
        }
        assert!(kills >= share.least(28), "only {kills} kills");
        let serves = real.run(&["verify", KEY], "").await;
        assert_eq!(
            serves.code,
            Some(0),
            "the key that nobody touched still works: {serves:?}"
        );
    });
}

#[test]
fn a_kept_value_is_said_to_be_removed_once_it_is() {
    run(|| async {
        let real = Real::connected().await;
        real.run(&["rotate", KEY, "--yes"], "").await.ok();
        real.run(&["settle", KEY, "--old", "gone", "--new", "works"], "")
            .await
            .ok();
        let before = kept(&real).await;
        keyring::lock().await.unwrap();
        let ordered = real.run(&["key", "forget", KEY, "--yes"], "").await;
        keyring::unlock().await.unwrap();
        assert_eq!(ordered.code, Some(75), "{ordered:?}");
        assert!(
            ordered.out.contains("is not removed yet") && ordered.out.contains("is still in the keychain"),
            "{ordered:?}"
        );
        assert!(!ordered.out.contains("Removed"), "{ordered:?}");
        assert_eq!(kept(&real).await, before);
        let removed = real.run(&["key", "forget", KEY, "--yes"], "").await.ok();
        assert!(removed.out.contains("Removed"), "{removed:?}");
        assert_eq!(kept(&real).await.len(), before.len() - 1);
    });
}

#[test]
fn what_a_locked_keychain_does_not_let_go_leaves_it_once_it_is_unlocked() {
    run(|| async {
        let real = Real::connected().await;
        let before = kept(&real).await.len();
        keyring::lock().await.unwrap();
        let removed = real.run(&["account", "remove", "main", "--yes"], "").await;
        let seen = real.run(&["doctor"], "").await;
        let resumed = real.run(&["resume"], "").await;
        keyring::unlock().await.unwrap();
        assert_eq!(removed.code, Some(75), "{removed:?}");
        let says = format!("{before} values of what was removed or has ended are still in the keychain");
        assert!(
            removed.out.contains("Removed main.") && removed.out.contains(&says),
            "{removed:?}"
        );
        assert!(seen.out.contains(&says), "{seen:?}");
        assert_eq!(resumed.code, Some(75), "{resumed:?}");
        assert!(resumed.out.contains(&says), "{resumed:?}");
        assert_eq!(kept(&real).await.len(), before);
        real.run(&["resume"], "").await.ok();
        assert_eq!(kept(&real).await, BTreeSet::new());
        assert_eq!(told(&real).await, (BTreeSet::new(), 0));
        assert_eq!(real.run(&["doctor"], "").await.code, Some(0));
    });
}
