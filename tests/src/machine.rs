//! A person's machine: the real command on a data directory of its own.

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::process::Child;

use crate::keyring::Keyring;

/// No command takes longer.
const PATIENCE: Duration = Duration::from_secs(150);

/// Everything that the command prints is searched for secrets.
pub struct Machine {
    folder: TempDir,
    keyring: Keyring,
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

    /// Exit code, stable code, and the field at fault.
    pub fn refused(&self) -> (Option<i32>, &str, Option<&str>) {
        (
            self.code,
            self.err["code"].as_str().unwrap_or_default(),
            self.err["field"].as_str(),
        )
    }

    /// Where the rotation stands.
    pub fn state(&self) -> &str {
        self.out["state"]["kind"].as_str().unwrap_or("no view")
    }
}

impl Machine {
    /// With the organisation `lab`, and the values that are secret from the start.
    pub async fn begin(secrets: &[&str]) -> Machine {
        let machine = Machine::bare(Keyring::OfSession, secrets);
        machine.run(&["org", "add", "lab"], "").await.ok();
        machine
    }

    /// As [`Machine::begin`], with a clock that can be moved and the built-in hosts at that address.
    pub async fn demo(address: &str, secrets: &[&str]) -> Machine {
        Machine::demo_with(Keyring::OfSession, address, secrets).await
    }

    /// As [`Machine::demo`], with a keychain that is given.
    pub async fn demo_with(keyring: Keyring, address: &str, secrets: &[&str]) -> Machine {
        let machine = Machine::bare(keyring, secrets);
        let now = jiff::Timestamp::now().to_string();
        machine.run(&["init", "--demo", address, "--now", &now], "").await.ok();
        machine.run(&["org", "add", "lab"], "").await.ok();
        machine
    }

    fn bare(keyring: Keyring, secrets: &[&str]) -> Machine {
        assert!(
            std::env::var_os("KEYWHEEL_HEADLESS").is_some(),
            "this test writes to the keychain: run it inside `cargo xtask headless --`"
        );
        Machine {
            folder: tempfile::tempdir().unwrap(),
            keyring,
            secrets: secrets.iter().map(|secret| (*secret).to_owned()).collect(),
        }
    }

    /// Nothing may print this from now on.
    pub fn conceal(&mut self, secret: &str) {
        self.secrets.push(secret.to_owned());
    }

    pub async fn run(&self, arguments: &[&str], input: &str) -> Said {
        let (out, err, code) = self.ended(self.start(arguments, input).await, arguments).await;
        Said {
            code,
            out: serde_json::from_str(&out).unwrap_or(Value::Null),
            err: serde_json::from_str(&err).unwrap_or(Value::Null),
        }
    }

    /// As [`Machine::run`], for what prints no JSON.
    pub async fn prints(&self, arguments: &[&str]) -> String {
        let child = self.start(arguments, "").await;
        let (out, err, code) = self.ended(child, arguments).await;
        assert_eq!(code, Some(0), "{arguments:?}: {err}");
        out
    }

    /// Kills the command (SIGKILL) after that time; what it said if it had ended before.
    pub async fn killed_after(&self, time: Duration, arguments: &[&str]) -> Option<Said> {
        let mut child = self.start(arguments, "").await;
        let ended = tokio::time::timeout(time, child.wait()).await.is_ok();
        if !ended {
            child.start_kill().unwrap();
        }
        let (out, err, code) = self.ended(child, arguments).await;
        code.map(|code| Said {
            code: Some(code),
            out: serde_json::from_str(&out).unwrap_or(Value::Null),
            err: serde_json::from_str(&err).unwrap_or(Value::Null),
        })
    }

    async fn start(&self, arguments: &[&str], input: &str) -> Child {
        let test = std::env::current_exe().unwrap();
        let program = test.ancestors().nth(2).unwrap().join("keywheel");
        let mut command = self.keyring.command(program);
        command.arg("--data-dir").arg(self.folder.path().join("data"));
        // Without it a reveal goes to its pipe alone.
        if arguments.first() != Some(&"reveal") {
            command.arg("--json");
        }
        command.args(arguments).kill_on_drop(true);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A command that reads nothing may have gone before this arrives.
        let _ = stdin.write_all(input.as_bytes()).await;
        child
    }

    async fn ended(&self, child: Child, arguments: &[&str]) -> (String, String, Option<i32>) {
        let ended = tokio::time::timeout(PATIENCE, child.wait_with_output()).await;
        let ended = ended.unwrap_or_else(|_| panic!("{arguments:?} did not end")).unwrap();
        let (out, err) = (
            String::from_utf8(ended.stdout).unwrap(),
            String::from_utf8(ended.stderr).unwrap(),
        );
        let revealed = arguments.first() == Some(&"reveal");
        for secret in &self.secrets {
            let told = (out.contains(secret.as_str()) && !revealed) || err.contains(secret.as_str());
            assert!(!told, "a secret is in the output of: {}", arguments.join(" "));
        }
        (out, err, ended.status.code())
    }

    /// Holds the value of a key that was listed.
    pub async fn hold(&mut self, key: &str, value: &str) {
        self.conceal(value);
        self.run(&["key", "hold", key], value).await.ok();
    }

    /// The versions of a key, and the value that the keychain holds for each.
    pub async fn held(&self, key: &str) -> Vec<(Value, Option<String>)> {
        let shown = self.run(&["key", "show", key], "").await.ok();
        let mut held = Vec::new();
        for version in shown["versions"].as_array().unwrap() {
            let value = self.keyring.value_of(version["id"].as_str().unwrap()).await;
            held.push((version.clone(), value));
        }
        held
    }

    /// Time goes by for the command, where its clock can be moved.
    pub async fn pass(&self, seconds: i64) {
        let sql = "UPDATE data_dir SET demo_clock_offset_ms = demo_clock_offset_ms + ?";
        let moved = sqlx::query(sql)
            .bind(seconds * 1000)
            .execute(&self.database().await)
            .await;
        assert_eq!(moved.unwrap().rows_affected(), 1);
    }

    pub async fn database(&self) -> sqlx::SqlitePool {
        let file = self.folder.path().join("data/keywheel.db");
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
        let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1);
        pool.connect_with(options).await.unwrap()
    }
}
