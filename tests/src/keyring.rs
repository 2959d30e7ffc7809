//! Keychains from outside: the session's, locked and unlocked without a prompt; and others, beside it.

use keywheel_core::model::VersionId;
use keywheel_core::vault::{SERVICE, VaultRef};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::Path;
use std::process::Stdio;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::daemons::{Bus, Daemon, private};
use crate::wallets::{Kind, Wallet};
use crate::window::Outcome;

/// Where the programs of a test find a keychain.
pub enum Keyring {
    /// In the session that the test runs in.
    OfSession,
    /// On a bus that nobody else is on: what it holds is known to the last item.
    Own(Box<Own>),
}

/// A bus and an unlocked daemon in a folder of their own; they end with this.
pub struct Own {
    daemon: Running,
    bus: Bus,
    root: TempDir,
}

enum Running {
    Gnome { _daemon: Daemon },
    Other(Wallet),
}

impl Keyring {
    /// Starts a keychain beside the session's.
    pub async fn own() -> Keyring {
        Keyring::started(|root, address| Running::Gnome {
            _daemon: Daemon::start(root, address, "beside"),
        })
        .await
    }

    /// Starts one that is not GNOME's.
    pub async fn other(kind: Kind) -> Keyring {
        Keyring::started(move |root, address| Running::Other(Wallet::start(kind, root, address))).await
    }

    /// What is not GNOME's.
    pub fn wallet(&mut self) -> &mut Wallet {
        match self {
            Keyring::Own(own) => match &mut own.daemon {
                Running::Other(wallet) => wallet,
                Running::Gnome { .. } => panic!("it is GNOME's"),
            },
            Keyring::OfSession => panic!("it is the session's"),
        }
    }

    async fn started(start: impl FnOnce(&Path, &str) -> Running + Send + 'static) -> Keyring {
        let started = tokio::task::spawn_blocking(move || {
            let root = tempfile::tempdir().expect("a folder");
            for folder in ["run", "home", "services"] {
                std::fs::create_dir(root.path().join(folder)).expect("a folder");
            }
            let bus = Bus::start(root.path());
            let daemon = start(root.path(), &bus.address);
            Own { daemon, bus, root }
        });
        Keyring::Own(Box::new(started.await.expect("a keychain starts")))
    }

    /// The start of a program that finds this keychain.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        if let Keyring::Own(own) = self {
            private(command.as_std_mut(), own.root.path(), &own.bus.address);
        }
        command
    }

    /// What it holds for that version, as another program sees it.
    pub async fn value_of(&self, version: &str) -> Option<String> {
        let id = VersionId::parse(version).expect("a version");
        self.item(VaultRef::version(id).as_str()).await
    }

    /// The value of the item of that name, as another program sees it.
    pub async fn item(&self, name: &str) -> Option<String> {
        let mut lookup = self.command("secret-tool");
        let said = lookup.args(["lookup", "service", SERVICE, "username", name]).output();
        let said = said.await.expect("secret-tool is installed");
        let value = String::from_utf8(said.stdout).expect("text");
        said.status.success().then_some(value)
    }

    /// The names of all that Keywheel has in it.
    pub async fn items(&self) -> BTreeSet<String> {
        let mut search = self.command("secret-tool");
        let found = search.args(["search", "--all", "service", SERVICE]).output();
        let found = found.await.expect("secret-tool is installed");
        // Attributes go to one of the streams, by version; values are in neither of the lines kept here.
        let text = [found.stdout, found.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        let names = text
            .lines()
            .filter_map(|line| line.strip_prefix("attribute.username = "));
        names.map(str::to_owned).collect()
    }

    /// Puts a value in under that name, as another program would.
    pub async fn put(&self, name: &str, value: &str) {
        let mut store = self.command("secret-tool");
        store.args(["store", "--label", name, "service", SERVICE, "username", name]);
        let mut store = store.stdin(Stdio::piped()).spawn().expect("secret-tool is installed");
        let mut input = store.stdin.take().expect("its input");
        input.write_all(value.as_bytes()).await.expect("it reads the value");
        drop(input);
        assert!(store.wait().await.expect("its end").success(), "{name} is not stored");
    }

    /// Takes the item of that name out, as another program would.
    pub async fn clear(&self, name: &str) {
        let mut clear = self.command("secret-tool");
        let cleared = clear.args(["clear", "service", SERVICE, "username", name]).status();
        assert!(cleared.await.is_ok(), "secret-tool is installed");
    }

    /// Empties it of what Keywheel has in it.
    pub async fn forget(&self) {
        let mut clear = self.command("secret-tool");
        let cleared = clear.args(["clear", "service", SERVICE]).status().await;
        assert!(cleared.is_ok(), "secret-tool is installed");
    }
}

/// The collection that the session's default alias names.
const LOGIN: &str = "/org/freedesktop/secrets/collection/login";

/// Unlocks with the master password; gnome-keyring offers this to tests only.
const UNLOCK: &str = "
import dbus, os
bus = dbus.SessionBus()
name = 'org.freedesktop.secrets'
service = bus.get_object(name, '/org/freedesktop/secrets')
_, session = dbus.Interface(service, 'org.freedesktop.Secret.Service').OpenSession('plain', dbus.String('', variant_level=1))
password = os.environ['KEYWHEEL_TEST_KEYRING_PASSWORD'].encode()
secret = dbus.Struct((session, dbus.ByteArray(b''), dbus.ByteArray(password), 'text/plain'), signature='oayays')
direct = dbus.Interface(service, 'org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface')
direct.UnlockWithMasterPassword(dbus.ObjectPath('/org/freedesktop/secrets/collection/login'), secret)
";

pub async fn lock() -> Outcome {
    let list = format!("['{LOGIN}']");
    let call = [
        "call",
        "--session",
        "-d",
        "org.freedesktop.secrets",
        "-o",
        "/org/freedesktop/secrets",
    ];
    let method = ["-m", "org.freedesktop.Secret.Service.Lock", list.as_str()];
    done(Command::new("gdbus").args(call).args(method)).await
}

pub async fn is_locked() -> Outcome<bool> {
    let asked = Command::new("gdbus")
        .args(["call", "--session", "-d", "org.freedesktop.secrets", "-o", LOGIN])
        .args(["-m", "org.freedesktop.DBus.Properties.Get"])
        .args(["org.freedesktop.Secret.Collection", "Locked"])
        .output();
    let out = asked.await.map_err(|error| error.to_string())?;
    match String::from_utf8_lossy(&out.stdout).trim() {
        "(<true>,)" => Ok(true),
        "(<false>,)" => Ok(false),
        other => Err(format!("the keychain says {other}")),
    }
}

/// Waits for it to be locked.
pub async fn until_locked() -> bool {
    for _ in 0..600 {
        if is_locked().await == Ok(true) {
            return true;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    false
}

pub async fn unlock() -> Outcome {
    done(Command::new("/usr/bin/python3").args(["-c", UNLOCK])).await
}

async fn done(command: &mut Command) -> Outcome {
    let out = command.output().await.map_err(|error| error.to_string())?;
    if out.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&out.stderr).into_owned())
    }
}

/// The session's keychain daemon, stopped in the middle of what it does; it goes on when this is dropped.
pub struct Frozen {
    daemon: String,
}

impl Frozen {
    pub async fn now() -> Outcome<Frozen> {
        let call = [
            "call",
            "--session",
            "-d",
            "org.freedesktop.DBus",
            "-o",
            "/org/freedesktop/DBus",
        ];
        let method = [
            "-m",
            "org.freedesktop.DBus.GetConnectionUnixProcessID",
            "org.freedesktop.secrets",
        ];
        let asked = Command::new("gdbus").args(call).args(method).output().await;
        let said = asked.map_err(|error| format!("gdbus: {error}"))?.stdout;
        // "(uint32 4711,)"
        let said = String::from_utf8_lossy(&said).into_owned();
        let daemon = said
            .trim()
            .trim_start_matches("(uint32 ")
            .trim_end_matches(",)")
            .to_owned();
        let frozen = Frozen { daemon };
        frozen.signal("-STOP").map(|()| frozen)
    }

    fn signal(&self, signal: &str) -> Outcome {
        let sent = std::process::Command::new("kill").args([signal, &self.daemon]).status();
        match sent {
            Ok(status) if status.success() => Ok(()),
            _ => Err(format!("the keychain's daemon {:?} takes no {signal}", self.daemon)),
        }
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        // A daemon that is gone needs no thawing.
        let _ = self.signal("-CONT");
    }
}
