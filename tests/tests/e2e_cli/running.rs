//! A command that writes the key is slow, and Keywheel is ended meanwhile: nothing of it has the last word.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};

use crate::run;
use tests::real::{KEY, Real, Said, binary};

/// A key that a command puts into a file; and a rotation whose command takes its time.
struct Slow {
    real: Real,
    rotating: Child,
    /// The command's process, which leads its group.
    put: String,
}

impl Slow {
    async fn begin() -> Slow {
        let real = Real::connected().await;
        let at = |name: &str| real.dir.path().join(name).to_str().unwrap().to_owned();
        let (put, store, slow, began) = (at("put"), at("store"), at("slow"), at("began"));
        std::fs::write(&store, &real.old.value).unwrap();
        std::fs::write(&slow, "").unwrap();
        let waits = format!("if [ -e {slow} ]; then rm {slow}; echo $$ > {began}; sleep 50; fi");
        let body = format!("#!/bin/sh\nvalue=$(cat)\n{waits}\nprintf %s \"$value\" > {store}\n");
        std::fs::write(&put, body).unwrap();
        std::fs::set_permissions(&put, std::fs::Permissions::from_mode(0o700)).unwrap();
        real.run(&["target", "add", KEY, "--command", &put, "--yes"], "")
            .await
            .ok();
        let mut command = real.command(binary());
        command.args(["--data-dir", &real.data(), "rotate", KEY, "--yes"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let rotating = command.spawn().unwrap();
        let mut put = String::new();
        for _ in 0..600 {
            tokio::time::sleep(Duration::from_millis(50)).await;
            put = std::fs::read_to_string(&began).unwrap_or_default();
            if put.ends_with('\n') {
                break;
            }
        }
        let put = put.trim().to_owned();
        assert!(!put.is_empty(), "the command was not run");
        Slow { real, rotating, put }
    }

    /// Ends Keywheel by that signal; returns its exit code.
    async fn ends(&mut self, signal: &str) -> Option<i32> {
        let id = self.rotating.id().expect("it is still there").to_string();
        kill(signal, &id).await;
        let ended = tokio::time::timeout(Duration::from_secs(20), self.rotating.wait()).await;
        ended.expect("it ends").unwrap().code()
    }

    fn store(&self) -> String {
        let store: PathBuf = self.real.dir.path().join("store");
        std::fs::read_to_string(store).unwrap()
    }

    fn still_runs(&self) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.put));
        stat.is_ok_and(|stat| !stat.contains(") Z "))
    }

    fn live(&self) -> usize {
        self.real.sim.live_keys(&self.real.org.id).len()
    }
}

async fn kill(signal: &str, whom: &str) {
    let killed = Command::new("kill").args([signal, "--", whom]).status().await;
    assert!(killed.unwrap().success());
}

#[test]
fn a_request_to_end_takes_a_running_command_along() {
    run(|| async {
        for signal in ["-TERM", "-INT", "-HUP"] {
            let mut slow = Slow::begin().await;
            assert_eq!(slow.ends(signal).await, Some(75), "{signal}");
            assert!(!slow.still_runs(), "{signal}");
            assert_eq!(slow.store(), slow.real.old.value, "it had not written yet");
            slow.real.run(&["resume", KEY], "").await.ok();
            let new = slow.store();
            assert!(new != slow.real.old.value && slow.real.sim.accepts(&new));
            slow.real.run(&["undo", KEY], "").await.ok();
            assert_eq!(slow.store(), slow.real.old.value);
        }
    });
}

#[test]
fn what_a_killed_keywheel_has_left_running_is_waited_for() {
    run(|| async {
        let mut slow = Slow::begin().await;
        assert_eq!(slow.ends("-KILL").await, None);
        assert!(slow.still_runs(), "nobody was there to end it");
        let waits = |said: Said| {
            assert_eq!(said.code, Some(79), "{said:?}");
            assert!(said.out.contains("still runs from before"), "{said:?}");
        };
        waits(slow.real.run(&["resume", KEY], "").await);
        waits(slow.real.run(&["undo", KEY], "").await);
        assert_eq!(slow.live(), 3, "what it may put there lives");
        assert_eq!(slow.store(), slow.real.old.value, "no other command was run");
        assert!(slow.still_runs());
        kill("-KILL", &format!("-{}", slow.put)).await;
        for _ in 0..100 {
            if !slow.still_runs() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        slow.real.run(&["resume", KEY], "").await.ok();
        assert_eq!(slow.store(), slow.real.old.value);
        assert_eq!(slow.live(), 2, "the undo has come to its end");
    });
}
