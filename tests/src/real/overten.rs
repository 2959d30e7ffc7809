//! The real command on a real database, the real keychain of this session and a provider on loopback.
//!
//! Everything it prints and every argument it is given is searched for secrets.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use keywheel_core::clock::SystemClock;
use keywheel_core::model::{Secret, VersionId};
use keywheel_core::vault::{Deadlines, Keychain, Vault, VaultRef};
use provider_sim::{Clock, KeyRecord, Options, Org, SeedKey, Serving, Simulator, User, World};
use serde_json::Value;
use tests::places::{NAME, Place};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// Under which the keychain keeps all items.
pub use keywheel_core::vault::SERVICE;
/// The slot that is rotated.
pub const KEY: &str = "acme/production/checkout-api";
/// A slot that is not there yet.
pub const ADDED: &str = "acme/ci/nightly";
/// No command takes longer, the slowest keychain included.
const PATIENCE: Duration = Duration::from_secs(150);

/// One data directory, its provider, and the person in front of it.
pub struct Real {
    pub dir: tempfile::TempDir,
    pub sim: Simulator,
    pub owner: User,
    pub org: Org,
    /// What the slot holds at first.
    pub old: SeedKey,
    /// Another key of the organisation: nobody may touch it.
    pub bystander: SeedKey,
    pub address: String,
    /// Files that hold the slot's value.
    pub places: Vec<Place>,
    _serving: Serving,
}

/// How a command ended and what it said.
#[derive(Debug, Clone)]
pub struct Said {
    /// None: it was killed.
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Said {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub fn ok(self) -> Said {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }
}

pub fn start() -> Timestamp {
    "2026-11-21T14:05:00Z".parse().unwrap()
}

/// The command under test, built with `--features fail-points`.
pub fn binary() -> PathBuf {
    if let Some(named) = std::env::var_os("KEYWHEEL_CLI") {
        return named.into();
    }
    let test = std::env::current_exe().unwrap();
    let debug = test.parent().and_then(|deps| deps.parent()).unwrap();
    let built = debug.join(format!("keywheel{}", std::env::consts::EXE_SUFFIX));
    let missing = "build it first: cargo build -p keywheel-cli --features fail-points";
    assert!(built.is_file(), "{} is missing; {missing}", built.display());
    built
}

impl Real {
    /// A demo data directory and a provider with one organisation and two keys.
    pub async fn begin() -> Real {
        Real::begin_in(&std::env::temp_dir()).await
    }

    /// As [`Real::begin`], with the data directory in a place of the test's choice.
    pub async fn begin_in(place: &Path) -> Real {
        assert!(
            std::env::var_os("KEYWHEEL_HEADLESS").is_some(),
            "this test writes to the keychain: run it inside `cargo xtask headless --`"
        );
        let mut world = World::empty();
        let owner = world.add_user("ada@acme.example");
        let org = world.add_org("acme", &owner);
        let days = |days: i64| start() - SignedDuration::from_hours(days * 24);
        let old = world.add_key(&org, "checkout-api", "production", days(100));
        let bystander = world.add_key(&org, "search-indexer", "production", days(10));
        let options = Options {
            clock: Clock::starting_at(start()),
            world,
            ..Options::default()
        };
        let sim = Simulator::new(options);
        let serving = sim.serve(([127, 0, 0, 1], 0).into()).await.unwrap();
        let address = format!("http://{}", serving.addr);
        let dir = tempfile::tempdir_in(place).unwrap();
        let real = Real {
            dir,
            sim,
            owner,
            org,
            old,
            bystander,
            address,
            places: Vec::new(),
            _serving: serving,
        };
        let now = real.sim.clock().now().to_string();
        real.run(&["init", "--demo", &real.address, "--now", &now], "")
            .await
            .ok();
        real
    }

    /// As [`Real::begin`], with the account connected and the slot's value held.
    pub async fn connected() -> Real {
        Real::begin().await.with_account().await
    }

    /// Connects the account and holds the slot's value.
    pub async fn with_account(self) -> Real {
        let real = self;
        real.connect("main", &real.owner.refresh_token).await.ok();
        let hint: String = real.old.value.chars().take(12).collect();
        let listed = real.json(&["key", "list"]).await;
        let found = listed
            .as_array()
            .unwrap()
            .iter()
            .find(|key| key["hint"].as_str() == Some(&format!("{hint}…")));
        let id = found.unwrap()["id"].as_str().unwrap().to_owned();
        real.run(&["key", "rename", &id, "checkout-api"], "").await.ok();
        real.run(&["key", "hold", KEY], &real.old.value).await.ok();
        real
    }

    /// Has two files hold the slot's value, and says so.
    pub async fn bind(&mut self) {
        self.places = (0..2)
            .map(|n| Place::new(self.dir.path(), n, &self.old.value))
            .collect();
        for place in &self.places {
            let path = place.path.to_str().unwrap();
            self.run(&["target", "add", KEY, "--env-file", path, "--name", NAME], "")
                .await
                .ok();
        }
    }

    pub async fn connect(&self, label: &str, refresh_token: &str) -> Said {
        let (org, key) = (
            format!("org_id={}", self.org.id),
            format!("web_api_key={}", self.owner.web_api_key),
        );
        let mut form = vec![
            "--json",
            "account",
            "connect",
            "--provider",
            "overten",
            "--org",
            "acme",
            "--env",
            "production",
        ];
        if self.json(&["org", "list"]).await.as_array().is_none_or(Vec::is_empty) {
            form.push("--new-org");
        }
        form.extend([
            "--scheme",
            "firebase_refresh",
            "--label",
            label,
            "--field",
            &org,
            "--field",
            &key,
        ]);
        self.run(&form, refresh_token).await
    }

    pub async fn run(&self, arguments: &[&str], input: &str) -> Said {
        self.run_in(&self.data(), arguments, input).await
    }

    /// Runs the command on another data directory.
    pub async fn run_in(&self, data: &str, arguments: &[&str], input: &str) -> Said {
        let mut command = Command::new(binary());
        command.args(["--data-dir", data]).args(arguments).kill_on_drop(true);
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
        let said = Said {
            code: ended.status.code(),
            out: String::from_utf8(ended.stdout).unwrap(),
            err: String::from_utf8(ended.stderr).unwrap(),
        };
        self.search(&arguments.join(" "), "an argument");
        self.search(&said.out, &arguments.join(" "));
        self.search(&said.err, &arguments.join(" "));
        said
    }

    pub async fn json(&self, arguments: &[&str]) -> Value {
        let mut all = vec!["--json"];
        all.extend(arguments);
        self.run(&all, "").await.ok().json()
    }

    /// Values that nothing may show.
    pub fn canaries(&self) -> Vec<String> {
        let mut canaries = vec![self.owner.refresh_token.clone(), self.owner.password.clone()];
        canaries.push(self.org.webhook_secret.clone());
        canaries.extend(self.sim.ledger().keys.into_iter().map(|key| key.value));
        canaries.extend(self.sim.world().orgs.into_iter().map(|org| org.webhook_secret));
        canaries
    }

    fn search(&self, text: &str, place: &str) {
        for canary in self.canaries() {
            assert!(!text.contains(&canary), "a secret is in the output of: {place}");
        }
        assert!(!text.contains("eyJ"), "a token is in the output of: {place}");
    }

    /// Time goes by, for the provider and for Keywheel.
    pub async fn pass(&self, seconds: i64) {
        self.sim.clock().advance(SignedDuration::from_secs(seconds));
        let sql = "UPDATE data_dir SET demo_clock_offset_ms = demo_clock_offset_ms + ?";
        sqlx::query(sql)
            .bind(seconds * 1000)
            .execute(&self.database().await)
            .await
            .unwrap();
    }

    pub async fn database(&self) -> sqlx::SqlitePool {
        let file = self.dir.path().join("data").join("keywheel.db");
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
        sqlx::sqlite::SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options)
            .await
            .unwrap()
    }

    pub fn data(&self) -> String {
        self.dir.path().join("data").to_str().unwrap().to_owned()
    }

    /// What the keychain of this session holds for a version, read beside the command.
    pub async fn held(&self, version: &str) -> Option<Secret> {
        let keychain = Keychain::new(SERVICE, Arc::new(SystemClock::new()), Deadlines::default());
        keychain
            .get(&VaultRef::version(VersionId::parse(version).unwrap()))
            .await
            .unwrap()
    }

    /// The provider's record of the slot's first key.
    pub fn old_record(&self) -> KeyRecord {
        self.sim.ledger().key(&self.old.key_id).cloned().unwrap()
    }
}
