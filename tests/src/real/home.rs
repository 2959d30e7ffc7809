//! A data directory with its provider, and the command that works on it.
//!
//! Everything it prints and every argument it is given is searched for secrets.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use provider_sim::{Clock, Options, Serving, Simulator, World};
use serde_json::Value;
use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::keyring::Keyring;
use crate::leftovers::{Kept, into_keyring};

/// No command takes longer, the slowest keychain included.
const PATIENCE: Duration = Duration::from_secs(150);

/// One data directory and its provider.
pub struct Home {
    pub dir: TempDir,
    pub sim: Simulator,
    /// Where the provider listens.
    pub address: String,
    pub keyring: Keyring,
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

/// The command under test, built with `--features fail-points`.
pub fn binary() -> PathBuf {
    if let Some(named) = std::env::var_os("KEYWHEEL_CLI") {
        return named.into();
    }
    let test = std::env::current_exe().expect("a test has a file");
    let debug = test.ancestors().nth(2).expect("it lies below the programs");
    let built = debug.join(format!("keywheel{}", std::env::consts::EXE_SUFFIX));
    let missing = "build it first: cargo build -p keywheel-cli --features fail-points";
    assert!(built.is_file(), "{} is missing; {missing}", built.display());
    built
}

impl Home {
    /// A demo data directory below `place`, and a provider with that world.
    pub async fn begin(world: World, place: &Path, keyring: Keyring) -> Home {
        let options = Options {
            clock: Clock::starting_at(start()),
            world,
            ..Options::default()
        };
        let sim = Simulator::new(options);
        let serving = sim.serve(([127, 0, 0, 1], 0).into()).await.expect("a port");
        let home = Home {
            dir: tempfile::tempdir_in(place).expect("a folder"),
            address: format!("http://{}", serving.addr),
            keyring,
            sim,
            _serving: serving,
        };
        let now = home.sim.clock().now().to_string();
        home.run(&["init", "--demo", &home.address, "--now", &now], "")
            .await
            .ok();
        home
    }

    /// The data directory, keychain and provider of a leftover, for the command of this version. The provider is honest,
    /// and listens elsewhere than it did.
    pub async fn taking_over(kept: &Kept, keyring: Keyring) -> Home {
        let options = Options {
            clock: Clock::starting_at(kept.provider.now),
            ..Options::default()
        };
        let sim = Simulator::restored(&kept.provider, options);
        let serving = sim.serve(([127, 0, 0, 1], 0).into()).await.expect("a port");
        let home = Home {
            dir: tempfile::tempdir().expect("a folder"),
            address: format!("http://{}", serving.addr),
            keyring,
            sim,
            _serving: serving,
        };
        let data = home.dir.path().join("data");
        std::fs::create_dir(&data).expect("a folder");
        kept.place(&data).await.expect("a data directory");
        into_keyring(kept, &home.keyring).await;
        // It becomes a demo, of which the keychain has to tell as well.
        for (name, value) in &kept.keychain {
            if let Some(id) = name.strip_prefix("fingerprint-key/") {
                home.keyring.put(&format!("demo-fingerprint-key/{id}"), value).await;
            }
        }
        let offset = kept.provider.now.duration_since(Timestamp::now()).as_millis();
        let mut database = home.database().await;
        let moved = sqlx::query("UPDATE data_dir SET demo_simulator = ?, demo_clock_offset_ms = ?")
            .bind(&home.address)
            .bind(i64::try_from(offset).expect("a span"))
            .execute(&mut database)
            .await;
        moved.expect("it is written");
        let moved = sqlx::query("UPDATE accounts SET base_url = ? WHERE base_url IS NOT NULL")
            .bind(format!("{}/v1", home.address))
            .execute(&mut database)
            .await;
        moved.expect("it is written");
        home
    }

    pub async fn run(&self, arguments: &[&str], input: &str) -> Said {
        self.run_in(&self.data(), arguments, input).await
    }

    /// Runs the command on another data directory.
    pub async fn run_in(&self, data: &str, arguments: &[&str], input: &str) -> Said {
        let mut command = self.command(binary());
        command.args(["--data-dir", data]);
        self.said_by(command, arguments, input).await
    }

    /// Runs the command below another program, which is started with these words.
    pub async fn run_below(&self, above: &[&str], arguments: &[&str], input: &str) -> Said {
        let mut command = self.command(above.first().expect("a program"));
        command.args(&above[1..]).arg(binary());
        command.args(["--data-dir", &self.data()]);
        self.said_by(command, arguments, input).await
    }

    async fn said_by(&self, mut command: Command, arguments: &[&str], input: &str) -> Said {
        command.args(arguments);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the command starts");
        let mut stdin = child.stdin.take().expect("its input");
        // A command that reads nothing may have gone before this arrives.
        let _ = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        let ended = tokio::time::timeout(PATIENCE, child.wait_with_output()).await;
        let ended = ended.unwrap_or_else(|_| panic!("{arguments:?} did not end"));
        let ended = ended.expect("its end");
        let said = Said {
            code: ended.status.code(),
            out: String::from_utf8(ended.stdout).expect("text"),
            err: String::from_utf8(ended.stderr).expect("text"),
        };
        let line = arguments.join(" ");
        let canaries = self.canaries();
        for (text, place) in [(&line, "an argument"), (&said.out, &line), (&said.err, &line)] {
            let told = canaries.iter().any(|canary| text.contains(canary));
            assert!(!told, "a value is in the output of: {place}");
            assert!(!has_token(text), "a token is in the output of: {place}");
        }
        said
    }

    /// The start of any program in this home's session.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = self.keyring.command(program);
        command.kill_on_drop(true);
        command
    }

    pub async fn json(&self, arguments: &[&str]) -> Value {
        let all = [&["--json"], arguments].concat();
        self.run(&all, "").await.ok().json()
    }

    /// Values that nothing may show.
    pub fn canaries(&self) -> Vec<String> {
        let world = self.sim.world();
        let users = world
            .users
            .into_iter()
            .flat_map(|user| [user.refresh_token, user.password]);
        let webhooks = world.orgs.into_iter().map(|org| org.webhook_secret);
        let admins = world.accounts.into_iter().filter_map(|account| account.lab);
        let admins = admins.map(|rules| rules.admin_key);
        let keys = world.keys.into_iter().map(|key| key.value);
        users.chain(webhooks).chain(admins).chain(keys).collect()
    }

    /// Time goes by, for the provider and for Keywheel.
    pub async fn pass(&self, seconds: i64) {
        self.sim.clock().advance(SignedDuration::from_secs(seconds));
        self.set_clock(seconds).await;
    }

    /// Keywheel's clock is set forward, and no time goes by.
    pub async fn set_clock(&self, seconds: i64) {
        let sql = "UPDATE data_dir SET demo_clock_offset_ms = demo_clock_offset_ms + ?";
        let moved = sqlx::query(sql)
            .bind(seconds * 1000)
            .execute(&mut self.database().await)
            .await;
        assert_eq!(moved.expect("it is written").rows_affected(), 1);
    }

    pub async fn database(&self) -> SqliteConnection {
        let file = self.dir.path().join("data").join(keywheel_core::store::DB_FILE);
        let opened = SqliteConnectOptions::new().filename(file).connect().await;
        opened.expect("the database opens")
    }

    pub fn data(&self) -> String {
        self.dir.path().join("data").to_str().expect("text").to_owned()
    }
}

/// Whether a JSON web token stands in it: `{"` in base64 (RFC 7515, 3.1), and more of it than is ever shown of a masked value,
/// which may begin so by chance.
pub fn has_token(text: &str) -> bool {
    let is_of_token = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let mut starts = text.match_indices("eyJ");
    starts.any(|(at, _)| {
        text.as_bytes()[at..]
            .iter()
            .take_while(|byte| is_of_token(byte))
            .count()
            > 12
    })
}

/// When every provider's clock begins.
pub fn start() -> Timestamp {
    "2026-11-21T14:05:00Z".parse().expect("a moment")
}
