//! The session's bus and its keychain: a real Secret Service whose default collection is open.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use crate::{
    command::{self, Outcome},
    headless::Headless,
};

/// The password of the throw-away collection, for tests that lock it and open it again.
pub const PASSWORD: &str = "throw-away";

/// The variable that tells tests the password.
pub const PASSWORD_VARIABLE: &str = "KEYWHEEL_TEST_KEYRING_PASSWORD";

/// Starts the bus and the keychain, and returns once the default collection says that it is not locked.
pub fn open(session: &mut Headless) -> Outcome {
    let socket = session.folder().join("run/bus");
    let address = format!("unix:path={}", socket.display());
    session.set("DBUS_SESSION_BUS_ADDRESS", &address);
    let mut bus = session.command("dbus-daemon");
    bus.args([
        "--session",
        "--nofork",
        "--nopidfile",
        "--nosyslog",
        "--address",
        &address,
    ]);
    bus.stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(session.log("dbus-daemon")?);
    let process = bus.spawn().map_err(|cause| command::not_started(&bus, &cause))?;
    session.keep(process);
    session.wait("dbus-daemon", || socket.exists())?;

    let mut daemon = session.command("gnome-keyring-daemon");
    daemon.args(["--foreground", "--unlock", "--components=secrets"]);
    daemon
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(session.log("gnome-keyring-daemon")?);
    let mut process = daemon.spawn().map_err(|cause| command::not_started(&daemon, &cause))?;
    if let Some(mut input) = process.stdin.take() {
        input
            .write_all(PASSWORD.as_bytes())
            .map_err(|cause| format!("the keychain took no password: {cause}"))?;
    }
    session.keep(process);
    // Asked before the daemon owns its name, the bus would start a second one, without the password.
    session.wait("gnome-keyring-daemon", || is_there(session))?;
    session.wait("gnome-keyring-daemon", || is_unlocked(session))
}

/// Returns whether a Secret Service is on the bus.
fn is_there(session: &Headless) -> bool {
    let mut ask = call(session, "org.freedesktop.DBus", "/org/freedesktop/DBus");
    says(
        ask.args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]),
        "boolean true",
    )
}

/// Returns whether the default collection exists and is open.
fn is_unlocked(session: &Headless) -> bool {
    let mut ask = call(
        session,
        "org.freedesktop.secrets",
        "/org/freedesktop/secrets/aliases/default",
    );
    ask.args([
        "org.freedesktop.DBus.Properties.Get",
        "string:org.freedesktop.Secret.Collection",
        "string:Locked",
    ]);
    says(&mut ask, "boolean false")
}

/// Returns the start of a call over the session's bus.
fn call(session: &Headless, service: &str, object: &str) -> Command {
    let mut send = session.command("dbus-send");
    send.args(["--session", "--print-reply", "--reply-timeout=2000"])
        .arg(format!("--dest={service}"))
        .arg(object);
    send
}

/// Returns whether a call's answer holds `expected`.
fn says(call: &mut Command, expected: &str) -> bool {
    command::text(call).is_ok_and(|answer| answer.contains(expected))
}
