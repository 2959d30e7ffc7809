//! A command that writes the key is slow, and Keywheel is ended meanwhile: nothing of it has the last word.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};

use crate::run;
use tests::real::{KEY, Real, Said, binary};
use tests::slow::{Running, Slow};

/// A rotation whose command takes its time.
struct Scene {
    real: Real,
    rotating: Child,
    slow: Slow,
    put: Running,
}

impl Scene {
    async fn begin() -> Scene {
        let real = Real::connected().await;
        let slow = Slow::new(real.dir.path(), &real.old.value);
        let put = slow.put.to_str().expect("text");
        real.run(&["target", "add", KEY, "--command", put, "--yes"], "")
            .await
            .ok();
        let mut command = real.command(binary());
        command.args(["--data-dir", &real.data(), "rotate", KEY, "--yes"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let rotating = command.spawn().unwrap();
        let put = slow.started().await;
        Scene {
            real,
            rotating,
            slow,
            put,
        }
    }

    /// Ends Keywheel by that signal; returns its exit code.
    async fn ends(&mut self, signal: &str) -> Option<i32> {
        let id = self.rotating.id().expect("it is still there").to_string();
        let killed = Command::new("kill").args([signal, "--", &id]).status().await;
        assert!(killed.unwrap().success());
        let ended = tokio::time::timeout(Duration::from_secs(20), self.rotating.wait()).await;
        ended.expect("it ends").unwrap().code()
    }

    fn live(&self) -> usize {
        self.real.sim.live_keys(&self.real.org.id).len()
    }
}

#[test]
fn a_request_to_end_takes_a_running_command_along() {
    run(|| async {
        for signal in ["-TERM", "-INT", "-HUP"] {
            let mut scene = Scene::begin().await;
            assert_eq!(scene.ends(signal).await, Some(75), "{signal}");
            assert!(!scene.put.goes_on(), "{signal}");
            assert_eq!(scene.slow.store(), scene.real.old.value, "it had not written yet");
            scene.real.run(&["resume", KEY], "").await.ok();
            let new = scene.slow.store();
            assert!(new != scene.real.old.value && scene.real.sim.accepts(&new));
            scene.real.run(&["undo", KEY], "").await.ok();
            assert_eq!(scene.slow.store(), scene.real.old.value);
        }
    });
}

#[test]
fn what_a_killed_keywheel_has_left_running_is_waited_for() {
    run(|| async {
        let mut scene = Scene::begin().await;
        assert_eq!(scene.ends("-KILL").await, None);
        assert!(scene.put.goes_on(), "nobody was there to end it");
        let waits = |said: Said| {
            assert_eq!(said.code, Some(79), "{said:?}");
            assert!(said.out.contains("still runs from before"), "{said:?}");
        };
        waits(scene.real.run(&["resume", KEY], "").await);
        waits(scene.real.run(&["undo", KEY], "").await);
        assert_eq!(scene.live(), 3, "what it may put there lives");
        assert_eq!(scene.slow.store(), scene.real.old.value, "no other command was run");
        assert!(scene.put.goes_on());
        scene.put.end().await;
        scene.real.run(&["resume", KEY], "").await.ok();
        assert_eq!(scene.slow.store(), scene.real.old.value);
        assert_eq!(scene.live(), 2, "the undo has come to its end");
    });
}
