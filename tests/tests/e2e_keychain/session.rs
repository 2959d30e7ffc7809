//! A bus, a home and a daemon for one test, and what is asked of them from outside of Keywheel.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use keywheel_core::clock::SystemClock;
use keywheel_core::vault::{Deadlines, Keychain, VaultRef};

use tests::daemons::{Bus, Daemon, activate, private, script};

use crate::scripts::MASTER;

pub const SERVICE: &str = "app.keywheel.e2e";
pub const PASSWORD: &str = "correct horse";
/// Which part of a test this process plays; unset in the process that `cargo test` starts.
pub const PART: &str = "KEYWHEEL_E2E_PART";
const ROOT: &str = "KEYWHEEL_E2E_ROOT";
const DAEMON: &str = "KEYWHEEL_E2E_DAEMON";
pub const LOGIN: &str = "/org/freedesktop/secrets/collection/login";

/// What a session starts with.
#[derive(Clone, Copy, PartialEq)]
pub enum Start {
    NoBus,
    /// A bus that neither has nor can start a keychain.
    NoDaemon,
    /// A daemon with an unlocked login keyring.
    Unlocked,
    /// A daemon that has never seen a password, and so has no keyring.
    NoKeyring,
    /// Unlocked at first; the bus starts a new daemon when it is gone.
    Activated,
}

/// The private bus, home and daemon of one test.
pub struct Session {
    pub root: PathBuf,
    daemon: Option<u32>,
}

/// Runs the scenario in a session of its own. `name` is the test's own name.
pub fn in_session<S: Future<Output = ()>>(name: &str, start: Start, scenario: impl FnOnce(Session) -> S) {
    if let Ok(root) = std::env::var(ROOT) {
        let daemon = std::env::var(DAEMON).ok().and_then(|pid| pid.parse().ok());
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(4)
            .enable_all()
            .build()
            .unwrap();
        return runtime.block_on(scenario(Session {
            root: root.into(),
            daemon,
        }));
    }
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    for folder in ["run", "home", "services"] {
        std::fs::create_dir(root.join(folder)).unwrap();
    }
    std::fs::set_permissions(root.join("run"), std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    // A prompter that fails to start is how the daemon learns that there will be no answer.
    script(root, "prompter", &format!("touch {}/prompted; exit 1", root.display()));
    activate(root, "org.gnome.keyring.SystemPrompter", "prompter");
    if start == Start::Activated {
        script(
            root,
            "keyring",
            "exec gnome-keyring-daemon --start --foreground --components=secrets",
        );
        activate(root, "org.freedesktop.secrets", "keyring");
    }
    let bus = (start != Start::NoBus).then(|| Bus::start(root));
    let address = bus.as_ref().map_or_else(
        || format!("unix:path={}/none", root.display()),
        |bus| bus.address.clone(),
    );
    let daemon = match start {
        Start::NoBus | Start::NoDaemon => None,
        Start::Unlocked | Start::Activated => Some(Daemon::start(root, &address, PASSWORD)),
        Start::NoKeyring => Some(Daemon::start(root, &address, "")),
    };
    let mut again = Command::new(std::env::current_exe().unwrap());
    again
        .args([name, "--exact", "--nocapture", "--test-threads=1"])
        .env(ROOT, root)
        .env(PART, "scenario");
    if let Some(daemon) = &daemon {
        again.env(DAEMON, daemon.0.id().to_string());
    }
    let output = private(&mut again, root, &address).output().unwrap();
    // The harness begins the line that the first of them ends.
    for (_, measured) in text(&output.stdout)
        .lines()
        .filter_map(|line| line.split_once("measured: "))
    {
        println!("{name}: {measured}");
    }
    let stdout = text(&output.stdout);
    assert!(output.status.success(), "{stdout}{}", text(&output.stderr));
    // A name that matches nothing succeeds too.
    assert!(
        stdout.contains("1 passed"),
        "{name} is not the name of this test: {stdout}"
    );
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

impl Session {
    pub fn keychain(&self) -> Keychain {
        // What a deadline is not the point of may run on a busy machine.
        self.keychain_within(Deadlines {
            soft: Duration::from_secs(30),
            hard: Duration::from_secs(30),
        })
    }

    pub fn keychain_within(&self, deadlines: Deadlines) -> Keychain {
        let keychain = Keychain::new(SERVICE, Arc::new(SystemClock::new()), deadlines);
        keychain.with_lock_file(self.root.join("keychain.lock"))
    }

    /// Asks the service from outside of Keywheel.
    pub fn call(&self, method: &str, arguments: &[&str]) {
        let mut command = Command::new("gdbus");
        command.args([
            "call",
            "--session",
            "-d",
            "org.freedesktop.secrets",
            "-o",
            "/org/freedesktop/secrets",
            "-m",
        ]);
        let output = command
            .arg(format!("org.freedesktop.Secret.Service.{method}"))
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{method}: {}", text(&output.stderr));
    }

    pub fn lock(&self, collection: &str) {
        self.call("Lock", &[&format!("['{collection}']")]);
    }

    /// Does with the master password what needs no prompt: `unlock PATH` or `create LABEL`.
    pub fn master(&self, act: &str, what: &str) -> String {
        let python = ["-c", MASTER, act, what, PASSWORD];
        let output = Command::new("/usr/bin/python3").args(python).output().unwrap();
        assert!(output.status.success(), "{act}: {}", text(&output.stderr));
        text(&output.stdout).trim().to_owned()
    }

    pub fn secret_tool(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = Command::new("secret-tool");
        command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut process = command.spawn().expect("secret-tool is installed");
        process.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        process.wait_with_output().unwrap()
    }

    /// The value as another program sees it.
    pub fn seen_outside(&self, at: &VaultRef) -> Option<String> {
        let output = self.secret_tool(&["lookup", "service", SERVICE, "username", at.as_str()], "");
        output.status.success().then(|| text(&output.stdout))
    }

    pub fn signal(&self, signal: &str) {
        let pid = self.daemon.unwrap().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }

    /// Whether anything asked for a prompt; forgets it.
    pub fn prompted(&self) -> bool {
        std::fs::remove_file(self.root.join("prompted")).is_ok()
    }

    /// Starts this test once more, in another part.
    pub fn again(&self, name: &str, part: &str) -> Child {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args([name, "--exact", "--nocapture", "--test-threads=1"])
            .env(PART, part);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }
}

pub fn plays(part: &str) -> bool {
    std::env::var(PART).is_ok_and(|playing| playing == part)
}
