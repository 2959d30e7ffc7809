//! The session's keychain from outside: locked and unlocked without a prompt.

use keywheel_core::clock::SystemClock;
use keywheel_core::model::VersionId;
use keywheel_core::vault::{Deadlines, Keychain, SERVICE, Vault, VaultRef};
use std::sync::Arc;
use tokio::process::Command;

use crate::window::Outcome;

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

/// What the machine's keychain holds for that version.
pub async fn value_of(version: &str) -> Outcome<Option<String>> {
    let keychain = Keychain::new(SERVICE, Arc::new(SystemClock::new()), Deadlines::default());
    let id = VersionId::parse(version).ok_or_else(|| format!("{version} is no version"))?;
    let held = keychain.get(&VaultRef::version(id)).await;
    let held = held.map_err(|failure| failure.code.as_str().to_owned())?;
    Ok(held.map(|secret| secret.expose().to_owned()))
}
