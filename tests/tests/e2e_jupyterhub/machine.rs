//! A person's machine: the real command on a data directory of its own, with this session's keychain.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use keywheel_core::clock::SystemClock;
use keywheel_core::model::VersionId;
use keywheel_core::vault::{Deadlines, Keychain, SERVICE, Vault, VaultRef};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::hub::ADMIN;

/// No command takes longer.
const PATIENCE: Duration = Duration::from_secs(150);

pub struct Machine {
    folder: TempDir,
    /// Values that nothing may print.
    secrets: Vec<String>,
}

/// How a command ended and what it said.
#[derive(Debug)]
pub struct Said {
    pub code: Option<i32>,
    pub out: Value,
    pub err: Value,
}

impl Said {
    pub fn ok(self) -> Value {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.out
    }

    pub fn refused(&self) -> (Option<i32>, &str, Option<&str>) {
        (
            self.code,
            self.err["code"].as_str().unwrap_or_default(),
            self.err["field"].as_str(),
        )
    }
}

impl Machine {
    pub async fn begin() -> Machine {
        assert!(
            std::env::var_os("KEYWHEEL_HEADLESS").is_some(),
            "this test writes to the keychain: run it inside `cargo xtask headless --`"
        );
        let machine = Machine {
            folder: tempfile::tempdir().unwrap(),
            secrets: vec![ADMIN.to_owned()],
        };
        machine.run(&["org", "add", "lab"], "").await.ok();
        machine
    }

    pub async fn run(&self, arguments: &[&str], input: &str) -> Said {
        let test = std::env::current_exe().unwrap();
        let mut command = Command::new(test.ancestors().nth(2).unwrap().join("keywheel"));
        command.arg("--data-dir").arg(self.folder.path().join("data"));
        command.arg("--json").args(arguments).kill_on_drop(true);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A command that reads nothing may have gone before this arrives.
        let _ = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        let ended = tokio::time::timeout(PATIENCE, child.wait_with_output()).await;
        let ended = ended.unwrap_or_else(|_| panic!("{arguments:?} did not end")).unwrap();
        let (out, err) = (
            String::from_utf8(ended.stdout).unwrap(),
            String::from_utf8(ended.stderr).unwrap(),
        );
        for secret in &self.secrets {
            let told = out.contains(secret.as_str()) || err.contains(secret.as_str());
            assert!(!told, "a secret is in the output of: {}", arguments.join(" "));
        }
        Said {
            code: ended.status.code(),
            out: serde_json::from_str(&out).unwrap_or(Value::Null),
            err: serde_json::from_str(&err).unwrap_or(Value::Null),
        }
    }

    /// Connects a user's account under the user's own name.
    pub async fn connect(&self, address: &str, user: &str, admin: &str) -> Said {
        let (user_field, scope) = (format!("user={user}"), "scope=inherit");
        let form = [
            "account",
            "connect",
            "--provider",
            "jupyterhub",
            "--org",
            "lab",
            "--env",
            "production",
        ];
        let account = ["--scheme", "token", "--label", user, "--base-url", address];
        let fields = ["--field", &user_field, "--field", scope];
        self.run(&[&form[..], &account, &fields].concat(), admin).await
    }

    /// Holds the value of a key that was listed.
    pub async fn hold(&mut self, key: &str, value: &str) {
        self.secrets.push(value.to_owned());
        self.run(&["key", "hold", key], value).await.ok();
    }

    /// The versions of a key that serve, and the value that the keychain holds for each.
    pub async fn held(&self, key: &str) -> Vec<(Value, Option<String>)> {
        let shown = self.run(&["key", "show", key], "").await.ok();
        let keychain = Keychain::new(SERVICE, Arc::new(SystemClock::new()), Deadlines::default());
        let mut held = Vec::new();
        for version in shown["versions"].as_array().unwrap() {
            let id = VersionId::parse(version["id"].as_str().unwrap()).unwrap();
            let secret = keychain.get(&VaultRef::version(id)).await.unwrap();
            held.push((version.clone(), secret.map(|secret| secret.expose().to_owned())));
        }
        held
    }
}
