//! Somebody whose account is at such a hub, with the real command.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use tests::keyring::Keyring;
use tests::stopped::{Said, Stopped};

use crate::hub::{ADMIN, Hub, NEW, OLD};

pub struct Victim {
    folder: TempDir,
    keyring: Keyring,
}

/// How an act went.
#[derive(Debug)]
pub struct Went {
    pub said: Said,
    pub took: Duration,
    /// In bytes.
    pub peak: u64,
}

/// A program that was built beside this test.
pub fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("this test has a path");
    test.ancestors()
        .nth(2)
        .expect("the test lies below the programs")
        .join(name)
}

impl Victim {
    /// Connects the account while the hub is honest, and holds its token; in the session's keychain.
    pub async fn of(hub: &Hub) -> Victim {
        Victim::with(Keyring::OfSession, hub).await
    }

    /// The same in a keychain that is given.
    pub async fn with(keyring: Keyring, hub: &Hub) -> Victim {
        let folder = tempfile::tempdir().expect("a folder");
        let victim = Victim { folder, keyring };
        let (address, org) = (hub.address(), ["--org", "lab", "--new-org", "--label", "ada"]);
        let form = ["account", "connect", "--provider", "jupyterhub", "--env", "production"];
        let account = ["--scheme", "token", "--base-url", &address];
        let fields = ["--field", "user=ada", "--field", "scope=inherit"];
        let connected = victim.run(&[&form[..], &org, &account, &fields].concat(), ADMIN).await;
        connected.said.ok();
        victim.run(&["key", "hold", "checkout-api"], OLD).await.said.ok();
        victim
    }

    pub fn dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Runs a command in JSON. Nothing secret and nothing that acts may be in what it writes.
    pub async fn run(&self, arguments: &[&str], input: &str) -> Went {
        self.run_as(&["--json"], arguments, input).await
    }

    /// Runs a command as a person would read it.
    pub async fn read(&self, arguments: &[&str]) -> Went {
        self.run_as(&[], arguments, "").await
    }

    async fn run_as(&self, how: &[&str], arguments: &[&str], input: &str) -> Went {
        let mut command = self.keyring.command(program("keywheel"));
        command.arg("--data-dir").arg(self.dir()).args(how).args(arguments);
        let started = Instant::now();
        let stopped = Stopped::after(command, input).await;
        let (took, peak) = (started.elapsed(), stopped.peak_memory());
        let said = stopped.end().await;
        for text in [&said.out, &said.err] {
            for secret in [ADMIN, OLD, NEW] {
                assert!(!text.contains(secret), "a value is in what {arguments:?} wrote");
            }
            let acting = text.chars().find(|c| acts(*c));
            assert_eq!(acting, None, "in what {arguments:?} wrote: {text:?}");
        }
        Went { said, took, peak }
    }
}

/// Whether a character does something to a terminal, or turns the reading direction round.
pub fn acts(c: char) -> bool {
    let direction = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    (c.is_control() && c != '\n') || direction
}

impl Went {
    /// The code and the effect that it was told with: as an error, or as the state of a step, or as a verdict.
    pub fn told(&self) -> (String, String) {
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap_or(Value::Null);
        let (out, err) = (read(&self.said.out), read(&self.said.err));
        let steps = out["steps"].as_array().into_iter().flatten();
        let step = steps
            .map(|step| &step["status"]["error"])
            .find(|error| error.is_object());
        let error = Some(&err).filter(|err| err.is_object()).or(step);
        if let Some(error) = error {
            let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
            return (text("code"), text("effect"));
        }
        let verdict = out["verdict"]["answer"].as_str();
        match (verdict, out["state"]["kind"].as_str()) {
            (Some(verdict), _) => (verdict.to_owned(), "none".to_owned()),
            (_, Some(state)) => (state.to_owned(), "none".to_owned()),
            _ => ("done".to_owned(), "none".to_owned()),
        }
    }
}
