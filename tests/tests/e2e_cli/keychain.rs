//! A keychain that is locked: before anything is created, and after.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use provider_sim::Fault;
use tests::keyring;
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};

use crate::{refused, run};
use tests::real::{KEY, Real, binary};

#[test]
fn a_locked_keychain_stops_a_rotation_before_anything_is_created() {
    run(|| async {
        let real = Real::connected().await;
        keyring::lock().await.unwrap();
        let state = real.run(&["--json", "keychain", "state"], "").await;
        let rotate = real.run(&["--json", "rotate", KEY, "--yes"], "").await;
        let reveal = real.run(&["--json", "reveal", KEY], "").await;
        let listed = real.run(&["key", "list"], "").await;
        let checked = real.run(&["doctor"], "").await;
        keyring::unlock().await.unwrap();
        assert_eq!((state.code, state.json()["state"].as_str()), (Some(75), Some("locked")));
        assert_eq!(refused(&rotate), (75, "keychain.locked".into(), None));
        assert_eq!(refused(&reveal), (75, "keychain.locked".into(), None));
        assert!(
            listed.ok().out.contains("checkout-api"),
            "names and ages are shown all the same"
        );
        assert_eq!(checked.code, Some(75), "the doctor says so");
        assert_eq!(real.sim.count("POST", "/api/v1/organizations/*/api-keys"), 0);
        real.run(&["rotate", KEY, "--yes"], "").await.ok();
    });
}

/// A rotation whose key is created while the keychain is being locked, and waits for it.
struct Held {
    real: Real,
    rotating: Child,
}

impl Held {
    async fn begin() -> Held {
        let real = Real::connected().await;
        real.sim
            .inject(Fault::hold().on("POST", "/api/v1/organizations/*/api-keys"));
        let mut command = Command::new(binary());
        command.args(["--data-dir", &real.data(), "rotate", KEY, "--yes"]);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let rotating = command.kill_on_drop(true).spawn().unwrap();
        while real.sim.count("POST", "/api/v1/organizations/*/api-keys") == 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        keyring::lock().await.unwrap();
        real.sim.clear_faults();
        let mut held = Held { real, rotating };
        held.told("only in memory").await;
        held
    }

    /// Waits until standard error says it.
    async fn told(&mut self, what: &str) {
        let stderr = self.rotating.stderr.as_mut().unwrap();
        let mut said = Vec::new();
        let waiting = async {
            while !String::from_utf8_lossy(&said).contains(what) {
                assert_ne!(stderr.read_buf(&mut said).await.unwrap(), 0, "it ended: {said:?}");
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(30), waiting).await;
        assert!(
            waited.is_ok(),
            "it never said {what}: {}",
            String::from_utf8_lossy(&said)
        );
        for canary in self.real.canaries() {
            assert!(!String::from_utf8_lossy(&said).contains(&canary), "a secret was told");
        }
    }

    async fn signal(&self, name: &str) {
        let id = self.rotating.id().expect("it is still there").to_string();
        assert!(Command::new("kill").args([name, &id]).status().await.unwrap().success());
    }

    async fn ended(&mut self) -> ExitStatus {
        let ended = tokio::time::timeout(Duration::from_secs(60), self.rotating.wait()).await;
        ended.expect("it ends").unwrap()
    }
}

#[test]
fn a_value_in_memory_survives_a_request_to_end_and_is_stored_when_the_keychain_opens() {
    run(|| async {
        let mut held = Held::begin().await;
        held.signal("-TERM").await;
        held.told("unlock the keychain and it is stored").await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(held.rotating.try_wait().unwrap().is_none(), "it does not end");
        keyring::unlock().await.unwrap();
        assert_eq!(held.ended().await.code(), Some(75), "then it stops, as it was asked to");
        let real = held.real;
        real.run(&["resume", KEY], "").await.ok();
        assert_eq!(
            real.sim.count("POST", "/api/v1/organizations/*/api-keys"),
            1,
            "nothing was lost"
        );
        real.run(&["replaced", KEY], "").await.ok();
        real.replaced().await.assert_none();
    });
}

#[test]
fn a_value_that_is_given_up_is_revoked_and_another_is_created() {
    run(|| async {
        let mut held = Held::begin().await;
        held.signal("-INT").await;
        held.told("gives it up").await;
        held.signal("-INT").await;
        assert_eq!(held.ended().await.code(), Some(77));
        keyring::unlock().await.unwrap();
        let real = held.real;
        real.pass(60).await;
        real.run(&["resume", KEY], "").await.ok();
        assert_eq!(real.sim.count("POST", "/api/v1/organizations/*/api-keys"), 2);
        real.run(&["replaced", KEY], "").await.ok();
        real.replaced().await.assert_none();
    });
}
