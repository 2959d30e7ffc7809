//! The keychain against real GNOME Keyring daemons, each on a bus of its own in a home of its own.
//!
//! The store finds its bus through the environment, so every test runs itself again as a process inside
//! its session. Needs `dbus gnome-keyring libsecret-tools libglib2.0-bin python3-dbus python3-gi openssl`; no display.
//!
//! Deliberately absent: a person. The prompter is a script that notes that it was asked and then dismisses,
//! answers or stays silent.

#![cfg(target_os = "linux")]

use keywheel_core::clock::SystemClock;
use keywheel_core::failure::{Code, Effect, Failure};
use keywheel_core::model::Secret;
use keywheel_core::vault::{Deadlines, Keychain, Vault, VaultRef, VaultState, check_writable};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

const SERVICE: &str = "app.keywheel.e2e";
const PASSWORD: &str = "correct horse";
/// Which part of a test this process plays; unset in the process that `cargo test` starts.
const PART: &str = "KEYWHEEL_E2E_PART";
const ROOT: &str = "KEYWHEEL_E2E_ROOT";
const DAEMON: &str = "KEYWHEEL_E2E_DAEMON";
const LOGIN: &str = "/org/freedesktop/secrets/collection/login";

/// What a session starts with.
#[derive(Clone, Copy, PartialEq)]
enum Start {
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
struct Session {
    root: PathBuf,
    daemon: Option<u32>,
}

/// Runs the scenario in a session of its own. `name` is the test's own name.
fn in_session<S: Future<Output = ()>>(name: &str, start: Start, scenario: impl FnOnce(Session) -> S) {
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
    assert!(
        output.status.success(),
        "{}{}",
        text(&output.stdout),
        text(&output.stderr)
    );
}

/// Gives a process the session and nothing of this one.
fn private<'c>(command: &'c mut Command, root: &Path, address: &str) -> &'c mut Command {
    for name in [
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "GNOME_KEYRING_CONTROL",
        "DBUS_STARTER_ADDRESS",
        "DBUS_STARTER_BUS_TYPE",
    ] {
        command.env_remove(name);
    }
    let home = root.join("home");
    command
        .env("DBUS_SESSION_BUS_ADDRESS", address)
        .env("HOME", &home)
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("XDG_RUNTIME_DIR", root.join("run"))
}

fn script(root: &Path, name: &str, line: &str) {
    let path = root.join(name);
    std::fs::write(&path, format!("#!/bin/sh\n{line}\n")).unwrap();
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
}

/// Lets the bus start the script for a name.
fn activate(root: &Path, name: &str, script: &str) {
    let service = format!("[D-BUS Service]\nName={name}\nExec={}\n", root.join(script).display());
    std::fs::write(root.join("services").join(format!("{name}.service")), service).unwrap();
}

struct Bus {
    process: Child,
    address: String,
}

impl Bus {
    fn start(root: &Path) -> Bus {
        let config = root.join("bus.conf");
        let rules = format!(
            "<busconfig><type>session</type><listen>unix:path={0}/bus</listen><auth>EXTERNAL</auth>\
             <servicedir>{0}/services</servicedir><policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>\
             <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>",
            root.display()
        );
        std::fs::write(&config, rules).unwrap();
        let mut command = Command::new("dbus-daemon");
        command
            .arg("--nofork")
            .arg("--print-address")
            .arg(format!("--config-file={}", config.display()));
        let command = private(&mut command, root, "")
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut process = command.spawn().expect("dbus-daemon is installed");
        let mut address = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut address)
            .unwrap();
        Bus {
            process,
            address: address.trim().to_owned(),
        }
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

struct Daemon(Child);

impl Daemon {
    /// Starts a daemon and waits until it has its name. An empty password makes no keyring.
    fn start(root: &Path, address: &str, password: &str) -> Daemon {
        let mut command = Command::new("gnome-keyring-daemon");
        command
            .args(["--foreground", "--components=secrets"])
            .arg("--control-directory")
            .arg(root.join("run/control"));
        if !password.is_empty() {
            command.arg("--unlock");
        }
        private(&mut command, root, address)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut daemon = Daemon(command.spawn().expect("gnome-keyring-daemon is installed"));
        daemon.0.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
        let mut wait = Command::new("gdbus");
        wait.args(["wait", "--session", "--timeout=10", "org.freedesktop.secrets"]);
        let waited = private(&mut wait, root, address).output().expect("gdbus is installed");
        assert!(
            waited.status.success(),
            "the daemon has its name: {}",
            text(&waited.stderr)
        );
        daemon
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

impl Session {
    fn keychain(&self) -> Keychain {
        // What a deadline is not the point of may run on a busy machine.
        self.keychain_within(Deadlines {
            soft: Duration::from_secs(30),
            hard: Duration::from_secs(30),
        })
    }

    fn keychain_within(&self, deadlines: Deadlines) -> Keychain {
        let keychain = Keychain::new(SERVICE, Arc::new(SystemClock::new()), deadlines);
        keychain.with_lock_file(self.root.join("keychain.lock"))
    }

    /// Asks the service from outside of Keywheel.
    fn call(&self, method: &str, arguments: &[&str]) {
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

    fn lock(&self, collection: &str) {
        self.call("Lock", &[&format!("['{collection}']")]);
    }

    /// Does with the master password what needs no prompt: `unlock PATH` or `create LABEL`.
    fn master(&self, act: &str, what: &str) -> String {
        let python = ["-c", MASTER, act, what, PASSWORD];
        let output = Command::new("/usr/bin/python3").args(python).output().unwrap();
        assert!(output.status.success(), "{act}: {}", text(&output.stderr));
        text(&output.stdout).trim().to_owned()
    }

    fn secret_tool(&self, arguments: &[&str], input: &str) -> Output {
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
    fn seen_outside(&self, at: &VaultRef) -> Option<String> {
        let output = self.secret_tool(&["lookup", "service", SERVICE, "username", at.as_str()], "");
        output.status.success().then(|| text(&output.stdout))
    }

    fn signal(&self, signal: &str) {
        let pid = self.daemon.unwrap().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }

    /// Whether anything asked for a prompt; forgets it.
    fn prompted(&self) -> bool {
        std::fs::remove_file(self.root.join("prompted")).is_ok()
    }

    /// Starts this test once more, in another part.
    fn again(&self, name: &str, part: &str) -> Child {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args([name, "--exact", "--nocapture", "--test-threads=1"])
            .env(PART, part);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }
}

fn plays(part: &str) -> bool {
    std::env::var(PART).is_ok_and(|playing| playing == part)
}

const MASTER: &str = r"
import dbus, sys
act, what, password = sys.argv[1:4]
bus = dbus.SessionBus()
service = bus.get_object('org.freedesktop.secrets', '/org/freedesktop/secrets')
_, session = dbus.Interface(service, 'org.freedesktop.Secret.Service').OpenSession('plain', dbus.String('', variant_level=1))
secret = dbus.Struct((session, dbus.ByteArray(b''), dbus.ByteArray(password.encode()), 'text/plain'), signature='oayays')
direct = dbus.Interface(service, 'org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface')
if act == 'unlock':
    direct.UnlockWithMasterPassword(dbus.ObjectPath(what), secret)
else:
    label = dbus.Dictionary({'org.freedesktop.Secret.Collection.Label': what}, signature='sv')
    print(direct.CreateWithMasterPassword(label, secret))
";

/// Answers every prompt with the password, encrypted as the daemon asks for it (`sx-aes-1` of gcr).
const PROMPTER: &str = r#"
import base64, dbus, dbus.mainloop.glib, dbus.service, hashlib, hmac, os, subprocess, sys
from gi.repository import GLib
P = int('FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD'
        'EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED'
        'EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F'
        '83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA237327FFFFFFFFFFFFFFFF', 16)
OURS = int.from_bytes(os.urandom(128), 'big')
CALLBACK = 'org.gnome.keyring.internal.Prompter.Callback'
b64 = lambda raw: base64.b64encode(raw).decode()
PUBLIC = '[sx-aes-1]\npublic=' + b64(pow(2, OURS, P).to_bytes(192, 'big')) + '\n'

def encrypted(password, exchange):
    theirs = next(line[7:] for line in exchange.splitlines() if line.startswith('public='))
    shared = pow(int.from_bytes(base64.b64decode(theirs), 'big'), OURS, P).to_bytes(192, 'big')
    prk = hmac.new(bytes(32), shared, hashlib.sha256).digest()
    key, iv = hmac.new(prk, b'\x01', hashlib.sha256).digest()[:16], os.urandom(16)
    command = ['openssl', 'enc', '-aes-128-cbc', '-K', key.hex(), '-iv', iv.hex()]
    secret = subprocess.run(command, input=password.encode(), stdout=subprocess.PIPE, check=True).stdout
    return PUBLIC + 'secret=' + b64(secret) + '\niv=' + b64(iv) + '\n'

class Prompter(dbus.service.Object):
    def reply(self, sender, callback, method, *arguments):
        to = dbus.Interface(bus.get_object(sender, callback, introspect=False), CALLBACK)
        to.get_dbus_method(method)(*arguments, reply_handler=lambda *_: None, error_handler=print)
    def ready(self, sender, callback, word, exchange):
        self.reply(sender, callback, 'PromptReady', word, dbus.Dictionary({}, signature='sv'), exchange)
    @dbus.service.method('org.gnome.keyring.internal.Prompter', in_signature='o', sender_keyword='sender')
    def BeginPrompting(self, callback, sender):
        GLib.idle_add(self.ready, sender, callback, '', PUBLIC)
    @dbus.service.method('org.gnome.keyring.internal.Prompter', in_signature='osa{sv}s', sender_keyword='sender')
    def PerformPrompt(self, callback, kind, properties, exchange, sender):
        open(sys.argv[2], 'a').write(kind + '\n')
        GLib.idle_add(self.ready, sender, callback, 'yes', encrypted(sys.argv[1], exchange))
    @dbus.service.method('org.gnome.keyring.internal.Prompter', in_signature='o', sender_keyword='sender')
    def StopPrompting(self, callback, sender):
        GLib.idle_add(self.reply, sender, callback, 'PromptDone')

dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.SessionBus()
prompter = Prompter(bus, '/org/gnome/keyring/Prompter')
name = dbus.service.BusName('org.gnome.keyring.SystemPrompter', bus)
GLib.MainLoop().run()
"#;

const SHORT: Deadlines = Deadlines {
    soft: Duration::from_millis(600),
    hard: Duration::from_secs(2),
};

fn at(name: &str) -> VaultRef {
    VaultRef::canary(name)
}

fn secret(value: &str) -> Secret {
    Secret::new(value.to_owned())
}

async fn value(keychain: &Keychain, at: &VaultRef) -> Option<String> {
    keychain.get(at).await.unwrap().map(|secret| secret.expose().to_owned())
}

/// Calls everything that is answered without a person, and returns the slowest call.
async fn all_fail_with(keychain: &Keychain, state: VaultState) -> Duration {
    let expected = state.failure().unwrap();
    let mut slowest = Duration::ZERO;
    let item = at("a");
    for call in ["put", "get", "delete", "state"] {
        let begun = Instant::now();
        let failure = match call {
            "put" => keychain.put(&item, &secret("value")).await.err(),
            "get" => keychain.get(&item).await.err(),
            "delete" => keychain.delete(&item).await.err(),
            _ => keychain.state().await.failure(),
        };
        slowest = slowest.max(begun.elapsed());
        assert_eq!(failure, Some(expected.clone()), "{call}");
    }
    slowest
}

/// Which of the pauses ends while the write is under way depends on the machine; the unknown effect tells.
async fn freeze_in_the_middle_of_a_write(session: &Session, keychain: &Keychain) {
    for pause in [250, 100, 400, 30, 10] {
        let writing = tokio::spawn({
            let keychain = keychain.clone();
            async move { keychain.put(&at("large"), &secret(&"v".repeat(8 << 20))).await }
        });
        tokio::time::sleep(Duration::from_millis(pause)).await;
        session.signal("-STOP");
        match writing.await.unwrap() {
            Err(failure) if failure.effect == Effect::Unknown => {
                return assert_eq!(failure.code, Code::KeychainTooLong);
            }
            _ => session.signal("-CONT"),
        }
    }
    panic!("no write was caught in the middle");
}

/// Mean, 95th percentile and worst.
fn spans(mut spans: Vec<Duration>) -> String {
    spans.sort();
    let ms = |span: Duration| format!("{:.1} ms", span.as_secs_f64() * 1e3);
    let mean = spans.iter().sum::<Duration>() / u32::try_from(spans.len()).unwrap();
    format!(
        "mean {}, p95 {}, worst {}",
        ms(mean),
        ms(spans[spans.len() * 95 / 100]),
        ms(spans[spans.len() - 1])
    )
}

#[test]
fn a_value_goes_round_and_another_program_sees_it() {
    in_session(
        "a_value_goes_round_and_another_program_sees_it",
        Start::Unlocked,
        async |session| {
            let (keychain, item) = (session.keychain(), at("a"));
            assert_eq!(keychain.backend().await.unwrap(), format!("secret-service:{LOGIN}"));
            assert!(
                keychain.get(&item).await.unwrap().is_none(),
                "nothing is there at first"
            );
            for value_now in ["sk-first", "sk-second ünïcode 🔑", "", " with spaces\nand lines\n"] {
                keychain.put(&item, &secret(value_now)).await.unwrap();
                assert_eq!(value(&keychain, &item).await.as_deref(), Some(value_now));
                assert_eq!(session.seen_outside(&item).unwrap_or_default(), value_now);
            }
            let found = session.secret_tool(&["search", "--all", "service", SERVICE], "");
            let shown = text(&found.stdout) + &text(&found.stderr);
            assert!(shown.contains("label = Keywheel canary"), "{shown}");
            assert_eq!(
                shown.matches("attribute.username").count(),
                1,
                "one item, however often it is written: {shown}"
            );
            keychain.delete(&item).await.unwrap();
            keychain.delete(&item).await.unwrap();
            assert_eq!(session.seen_outside(&item), None);
            check_writable(&keychain, "size", 2560).await.unwrap();
            assert!(!session.prompted());
        },
    );
}

#[test]
fn a_locked_keychain_is_told_at_once_without_a_prompt_and_works_when_unlocked() {
    let name = "a_locked_keychain_is_told_at_once_without_a_prompt_and_works_when_unlocked";
    in_session(name, Start::Unlocked, async |session| {
        let (keychain, item) = (session.keychain(), at("a"));
        keychain.put(&item, &secret("kept")).await.unwrap();
        // The second has not connected yet.
        for keychain in [&keychain, &session.keychain()] {
            session.lock(LOGIN);
            let slowest = all_fail_with(keychain, VaultState::Locked).await;
            println!("measured: locked is told within {slowest:?}");
            assert!(slowest < Duration::from_secs(1), "{slowest:?}");
            assert!(!session.prompted(), "put, get, delete and state never prompt");
            session.master("unlock", LOGIN);
            assert_eq!(value(keychain, &item).await.as_deref(), Some("kept"));
            keychain.put(&item, &secret("kept")).await.unwrap();
        }
    });
}

#[test]
fn an_item_in_another_locked_collection_makes_no_prompt() {
    in_session(
        "an_item_in_another_locked_collection_makes_no_prompt",
        Start::Unlocked,
        async |session| {
            let (keychain, item) = (session.keychain(), at("a"));
            let other = session.master("create", "other");
            session.call("SetAlias", &["default", &other]);
            keychain.put(&item, &secret("value")).await.unwrap();
            assert_eq!(keychain.backend().await.unwrap(), format!("secret-service:{other}"));
            session.call("SetAlias", &["default", LOGIN]);
            assert_eq!(
                value(&keychain, &item).await.as_deref(),
                Some("value"),
                "the store looks everywhere"
            );
            session.lock(&other);
            assert_eq!(keychain.get(&item).await.unwrap_err().code, Code::KeychainLocked);
            assert_eq!(
                keychain.put(&item, &secret("new")).await.unwrap_err().code,
                Code::KeychainLocked
            );
            keychain.put(&at("b"), &secret("value")).await.unwrap();
            assert!(!session.prompted());
        },
    );
}

#[test]
fn an_item_that_exists_twice_is_never_guessed() {
    in_session(
        "an_item_that_exists_twice_is_never_guessed",
        Start::Unlocked,
        async |session| {
            let (keychain, item) = (session.keychain(), at("a"));
            keychain.put(&item, &secret("ours")).await.unwrap();
            let attributes = ["service", SERVICE, "username", item.as_str(), "extra", "1"];
            session.secret_tool(&[&["store", "--label=x"], &attributes[..]].concat(), "theirs");
            for failure in [
                keychain.get(&item).await.unwrap_err(),
                keychain.put(&item, &secret("new")).await.unwrap_err(),
                keychain.delete(&item).await.unwrap_err(),
            ] {
                assert_eq!(failure, Failure::new(Code::KeychainAmbiguous));
            }
        },
    );
}

#[test]
fn a_frozen_daemon_is_too_long_at_the_deadline_and_works_when_thawed() {
    in_session(
        "a_frozen_daemon_is_too_long_at_the_deadline_and_works_when_thawed",
        Start::Unlocked,
        async |session| {
            let (keychain, item) = (session.keychain_within(SHORT), at("a"));
            keychain.put(&item, &secret("kept")).await.unwrap();
            session.signal("-STOP");
            let slowest = all_fail_with(&keychain, VaultState::TooLong).await;
            println!("measured: too long is told after {slowest:?}");
            assert!(slowest >= SHORT.soft && slowest < SHORT.soft * 2, "{slowest:?}");
            assert_eq!(keychain.unlock().await.unwrap_err().code, Code::KeychainTooLong);
            assert_eq!(keychain.backend().await.unwrap_err().code, Code::KeychainTooLong);
            session.signal("-CONT");
            assert_eq!(value(&keychain, &item).await.as_deref(), Some("kept"));
        },
    );
}

#[test]
fn a_daemon_frozen_in_the_middle_of_a_write_leaves_it_unknown_and_does_not_hold_up_the_exit() {
    let name = "a_daemon_frozen_in_the_middle_of_a_write_leaves_it_unknown_and_does_not_hold_up_the_exit";
    in_session(name, Start::Unlocked, async |session| {
        if plays("child") {
            let keychain = session.keychain_within(SHORT);
            keychain.put(&at("a"), &secret("before")).await.unwrap();
            freeze_in_the_middle_of_a_write(&session, &keychain).await;
            if session.root.join("thaw").exists() {
                session.signal("-CONT");
                assert_eq!(
                    value(&keychain, &at("a")).await.as_deref(),
                    Some("before"),
                    "a new thread does it"
                );
                keychain.put(&at("a"), &secret("after")).await.unwrap();
            }
            println!("at the end");
            return;
        }
        for thaw in [false, true] {
            if thaw {
                std::fs::write(session.root.join("thaw"), "").unwrap();
            }
            let mut child = session.again(name, "child");
            let mut lines = BufReader::new(child.stdout.take().unwrap())
                .lines()
                .map_while(Result::ok);
            let ended = lines.any(|line| line.ends_with("at the end"));
            let begun = Instant::now();
            let output = child.wait_with_output().unwrap();
            let exit = begun.elapsed();
            session.signal("-CONT");
            assert!(
                ended && output.status.success(),
                "thaw {thaw}: {}",
                text(&output.stderr)
            );
            println!("measured: the process exits within {exit:?}, daemon thawed: {thaw}");
            assert!(exit < Duration::from_secs(2), "{exit:?}");
        }
        assert_eq!(value(&session.keychain(), &at("a")).await.as_deref(), Some("after"));
    });
}

#[test]
fn a_killed_daemon_is_no_service_and_a_new_one_is_found() {
    in_session(
        "a_killed_daemon_is_no_service_and_a_new_one_is_found",
        Start::Unlocked,
        async |session| {
            let (keychain, item) = (session.keychain(), at("a"));
            keychain.put(&item, &secret("kept")).await.unwrap();
            session.signal("-KILL");
            all_fail_with(&keychain, VaultState::NoService).await;
            assert_eq!(keychain.unlock().await.unwrap_err().code, Code::KeychainNoService);
            let address = std::env::var("DBUS_SESSION_BUS_ADDRESS").unwrap();
            let _new = Daemon::start(&session.root, &address, PASSWORD);
            // The old connection and its session are worth nothing to the new daemon.
            assert_eq!(value(&keychain, &item).await.as_deref(), Some("kept"));
            keychain.put(&item, &secret("new")).await.unwrap();
            assert_eq!(session.seen_outside(&item).as_deref(), Some("new"));
        },
    );
}

#[test]
fn a_daemon_killed_in_the_middle_of_writes_is_always_typed() {
    in_session(
        "a_daemon_killed_in_the_middle_of_writes_is_always_typed",
        Start::Unlocked,
        async |session| {
            let keychain = session.keychain();
            keychain.put(&at("0"), &secret("value")).await.unwrap();
            let writing = tokio::spawn(async move {
                for n in 1.. {
                    if let Err(failure) = keychain.put(&at(&n.to_string()), &secret("value")).await {
                        return failure;
                    }
                }
                unreachable!("it is killed before that")
            });
            tokio::time::sleep(Duration::from_millis(100)).await;
            session.signal("-KILL");
            assert_eq!(writing.await.unwrap().code, Code::KeychainNoService);
        },
    );
}

#[test]
fn a_daemon_that_the_bus_starts_anew_is_locked_and_not_prompted_for() {
    in_session(
        "a_daemon_that_the_bus_starts_anew_is_locked_and_not_prompted_for",
        Start::Activated,
        async |session| {
            let keychain = session.keychain();
            keychain.put(&at("a"), &secret("kept")).await.unwrap();
            session.signal("-KILL");
            all_fail_with(&keychain, VaultState::Locked).await;
            assert!(!session.prompted());
            session.master("unlock", LOGIN);
            assert_eq!(value(&keychain, &at("a")).await.as_deref(), Some("kept"));
        },
    );
}

#[test]
fn without_a_bus_there_is_no_service() {
    in_session("without_a_bus_there_is_no_service", Start::NoBus, async |session| {
        all_fail_with(&session.keychain(), VaultState::NoService).await;
    });
}

#[test]
fn a_bus_without_a_keychain_is_no_service() {
    in_session(
        "a_bus_without_a_keychain_is_no_service",
        Start::NoDaemon,
        async |session| {
            all_fail_with(&session.keychain(), VaultState::NoService).await;
            assert_eq!(
                session.keychain().unlock().await.unwrap_err().code,
                Code::KeychainNoService
            );
            assert_eq!(
                session.keychain().backend().await.unwrap_err().code,
                Code::KeychainNoService
            );
        },
    );
}

#[test]
fn a_keychain_without_a_default_collection_says_so() {
    in_session(
        "a_keychain_without_a_default_collection_says_so",
        Start::NoKeyring,
        async |session| {
            all_fail_with(&session.keychain(), VaultState::NoDefaultCollection).await;
            assert_eq!(
                session.keychain().unlock().await.unwrap_err().code,
                Code::KeychainNoDefault
            );
            assert!(!session.prompted());
        },
    );
}

#[test]
fn a_dismissed_prompt_is_told_and_leaves_the_keychain_locked() {
    in_session(
        "a_dismissed_prompt_is_told_and_leaves_the_keychain_locked",
        Start::Unlocked,
        async |session| {
            let keychain = session.keychain();
            keychain.unlock().await.unwrap();
            assert!(!session.prompted(), "an open keychain is not asked for");
            session.lock(LOGIN);
            assert_eq!(
                keychain.unlock().await.unwrap_err(),
                Failure::new(Code::KeychainDismissed)
            );
            assert!(session.prompted(), "the prompter was asked");
            assert_eq!(keychain.state().await, VaultState::Locked);
        },
    );
}

#[test]
fn an_answered_prompt_unlocks() {
    in_session("an_answered_prompt_unlocks", Start::Unlocked, async |session| {
        let keychain = session.keychain();
        keychain.put(&at("a"), &secret("kept")).await.unwrap();
        let prompter = session.root.join("prompter.py");
        std::fs::write(&prompter, PROMPTER).unwrap();
        let asked = session.root.join("asked");
        let answer = format!(
            "exec /usr/bin/python3 {} '{PASSWORD}' {}",
            prompter.display(),
            asked.display()
        );
        script(
            &session.root,
            "prompter",
            &format!("touch {}/prompted; {answer}", session.root.display()),
        );
        session.lock(LOGIN);
        // Two windows ask, the person is asked once.
        let (one, other) = tokio::join!(keychain.unlock(), keychain.unlock());
        one.and(other).unwrap();
        assert!(session.prompted());
        assert_eq!(std::fs::read_to_string(&asked).unwrap(), "password\n");
        assert_eq!(value(&keychain, &at("a")).await.as_deref(), Some("kept"));
    });
}

#[test]
fn a_prompt_that_waits_holds_up_nothing_and_ends_at_the_hard_deadline() {
    in_session(
        "a_prompt_that_waits_holds_up_nothing_and_ends_at_the_hard_deadline",
        Start::Unlocked,
        async |session| {
            let keychain = session.keychain_within(SHORT);
            session.lock(LOGIN);
            script(
                &session.root,
                "prompter",
                &format!("touch {}/prompted; sleep 20", session.root.display()),
            );
            let begun = Instant::now();
            let unlocking = tokio::spawn({
                let keychain = keychain.clone();
                async move { keychain.unlock().await }
            });
            while !session.prompted() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let slowest = all_fail_with(&keychain, VaultState::Locked).await;
            assert!(slowest < SHORT.soft, "{slowest:?}");
            assert_eq!(unlocking.await.unwrap().unwrap_err().code, Code::KeychainTooLong);
            assert!(
                begun.elapsed() >= SHORT.hard && begun.elapsed() < SHORT.hard * 2,
                "{:?}",
                begun.elapsed()
            );
            session.master("unlock", LOGIN);
            keychain.put(&at("a"), &secret("value")).await.unwrap();
        },
    );
}

#[test]
fn two_hundred_writes_one_after_the_other() {
    in_session(
        "two_hundred_writes_one_after_the_other",
        Start::Unlocked,
        async |session| {
            let keychain = session.keychain();
            let begun = Instant::now();
            keychain.put(&at("0"), &secret("value")).await.unwrap();
            println!("measured: first put, with connecting, {:?}", begun.elapsed());
            let (mut create, mut replace, mut read) = (Vec::new(), Vec::new(), Vec::new());
            for (round, puts) in [&mut create, &mut replace].into_iter().enumerate() {
                for n in 1..=200 {
                    let begun = Instant::now();
                    keychain
                        .put(&at(&n.to_string()), &secret(&format!("value {n} {round}")))
                        .await
                        .unwrap();
                    puts.push(begun.elapsed());
                }
            }
            for n in 1..=200 {
                let begun = Instant::now();
                let found = value(&keychain, &at(&n.to_string())).await;
                read.push(begun.elapsed());
                assert_eq!(found, Some(format!("value {n} 1")));
            }
            println!("measured: put of a new item: {}", spans(create));
            println!("measured: put of an old item: {}", spans(replace));
            println!("measured: get: {}", spans(read));
        },
    );
}

#[test]
fn eight_callers_and_two_processes_get_their_own_values() {
    let name = "eight_callers_and_two_processes_get_their_own_values";
    in_session(name, Start::Unlocked, async |session| {
        let prefix = std::env::var(PART).unwrap();
        let children = if plays("scenario") {
            vec![session.again(name, "other")]
        } else {
            Vec::new()
        };
        let keychain = session.keychain();
        let mut callers = tokio::task::JoinSet::new();
        for caller in 0..8 {
            let (keychain, prefix) = (keychain.clone(), prefix.clone());
            callers.spawn(async move {
                for n in 0..10 {
                    let (item, written) = (at(&format!("{prefix}-{caller}-{n}")), format!("{prefix} {caller} {n}"));
                    keychain.put(&item, &secret(&written)).await.unwrap();
                    assert_eq!(value(&keychain, &item).await, Some(written));
                }
            });
        }
        callers.join_all().await;
        for child in children {
            let output = child.wait_with_output().unwrap();
            assert!(
                output.status.success(),
                "{}{}",
                text(&output.stdout),
                text(&output.stderr)
            );
        }
    });
}

#[test]
fn a_large_value_goes_round() {
    in_session("a_large_value_goes_round", Start::Unlocked, async |session| {
        let (keychain, large) = (session.keychain(), "k".repeat(64 << 10));
        let begun = Instant::now();
        keychain.put(&at("large"), &secret(&large)).await.unwrap();
        println!("measured: put of 64 KiB, with connecting, {:?}", begun.elapsed());
        assert_eq!(value(&keychain, &at("large")).await, Some(large));
    });
}
