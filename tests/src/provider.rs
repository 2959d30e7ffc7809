//! The simulator as a program of its own, on loopback, with its ledger as the witness.

use serde_json::Value;
use std::path::Path;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::window::Outcome;

/// A running simulator; it ends when this is dropped.
pub struct Provider {
    pub address: String,
    _program: Child,
    http: reqwest::Client,
}

impl Provider {
    /// Starts it with the demo's world at a clock that begins at `now`.
    pub async fn start(program: &Path, now: &str) -> Outcome<Provider> {
        Provider::of_world(program, now, "demo").await
    }

    /// Starts it with one of its other worlds.
    pub async fn of_world(program: &Path, now: &str, world: &str) -> Outcome<Provider> {
        let mut child = Command::new(program)
            .args(["--port", "0", "--world", world, "--now", now, "--ignore-stdin"])
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("{} does not start: {error}", program.display()))?;
        let out = child.stdout.take().ok_or("the simulator says nothing")?;
        let mut lines = BufReader::new(out).lines();
        let line = lines
            .next_line()
            .await
            .map_err(|error| error.to_string())?
            .unwrap_or_default();
        let said: Value = serde_json::from_str(&line).map_err(|_| format!("the simulator said {line:?}"))?;
        let address = said["listening"]
            .as_str()
            .ok_or("the simulator does not say where it listens")?
            .to_owned();
        Ok(Provider {
            address,
            _program: child,
            http: reqwest::Client::new(),
        })
    }

    async fn get(&self, path: &str) -> Outcome<Value> {
        let answer = self.http.get(format!("{}/_sim/{path}", self.address)).send().await;
        let text = answer
            .map_err(|_| "the simulator does not answer")?
            .text()
            .await
            .map_err(|_| "no answer")?;
        serde_json::from_str(&text).map_err(|_| format!("{path} is not JSON"))
    }

    /// Users with their credentials, organisations, keys with their values.
    pub async fn world(&self) -> Outcome<Value> {
        self.get("world").await
    }

    /// Every request and every key.
    pub async fn ledger(&self) -> Outcome<Value> {
        self.get("ledger").await
    }

    /// What the ledger says of the key with that value.
    pub async fn key_of_value(&self, value: &str) -> Outcome<Option<Value>> {
        let ledger = self.ledger().await?;
        let keys = ledger["keys"].as_array().cloned().unwrap_or_default();
        Ok(keys.into_iter().find(|key| key["value"] == value))
    }

    /// Moves its clock forward.
    pub async fn advance(&self, seconds: i64) -> Outcome {
        let sent = self.http.post(format!("{}/_sim/clock", self.address));
        let sent = sent.header("content-type", "application/json");
        let answer = sent.body(format!(r#"{{"advance_s":{seconds}}}"#)).send().await;
        let answer = answer.map_err(|_| "the simulator does not answer")?;
        match answer.status().is_success() {
            true => Ok(()),
            false => Err(format!("its clock stands still: {}", answer.status())),
        }
    }

    /// Nothing goes wrong any more.
    pub async fn forget_faults(&self) -> Outcome {
        let sent = self.http.delete(format!("{}/_sim/faults", self.address)).send();
        sent.await.map(drop).map_err(|_| "no answer".to_owned())
    }

    /// Sends a form of a dashboard as a browser would; returns the page that answers.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Outcome<String> {
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let sent = self.http.post(format!("{}{path}", self.address)).body(body.join("&"));
        let sent = sent.header("content-type", "application/x-www-form-urlencoded").send();
        let answer = sent.await.map_err(|_| "the dashboard does not answer")?;
        let status = answer.status();
        let page = answer.text().await.map_err(|_| "no page")?;
        match status.is_success() {
            true => Ok(page),
            false => Err(format!("{path}: {status}")),
        }
    }

    /// Changes how an account of the world behaves.
    pub async fn account(&self, id: &str, change: &Value) -> Outcome {
        let sent = self.http.post(format!("{}/_sim/orgs/{id}", self.address));
        let sent = sent.header("content-type", "application/json").body(change.to_string());
        let answer = sent.send().await.map_err(|_| "the simulator does not answer")?;
        match answer.status().is_success() {
            true => Ok(()),
            false => Err(format!("the change is refused: {}", answer.status())),
        }
    }

    /// Makes something go wrong.
    pub async fn fault(&self, fault: &Value) -> Outcome {
        let sent = self
            .http
            .post(format!("{}/_sim/faults", self.address))
            .body(fault.to_string());
        let sent = sent
            .header("content-type", "application/json")
            .send()
            .await
            .map_err(|_| "no answer")?;
        if sent.status().is_success() {
            Ok(())
        } else {
            Err(format!("fault refused: {}", sent.status()))
        }
    }
}
