//! The session's bus and its keychain: a real Secret Service whose default collection is open.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
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

/// The session's bus: everybody in it may talk to everybody, and nothing is started on it but what that folder names.
/// What is installed on the machine, and what a desktop would start, stays out.
fn rules(address: &str, services: &Path) -> String {
    let services = services.display();
    format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>{address}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#
    )
}

/// Starts the bus and the keychain, and returns once the default collection says that it is not locked.
pub fn open(session: &mut Headless, services: &[String]) -> Outcome {
    let socket = session.folder().join("run/bus");
    let address = format!("unix:path={}", socket.display());
    session.set("DBUS_SESSION_BUS_ADDRESS", &address);
    let mut bus = session.command("dbus-daemon");
    let config = session.folder().join("bus.conf");
    let folder = named(session, services)?;
    fs::write(&config, rules(&address, &folder)).map_err(|cause| format!("{}: {cause}", config.display()))?;
    bus.args(["--nofork", "--nopidfile", "--nosyslog"]);
    bus.arg(format!("--config-file={}", config.display()));
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
    session.wait("gnome-keyring-daemon", || is_there(session))?;
    session.wait("gnome-keyring-daemon", || is_unlocked(session))
}

/// Makes the folder of the services that the bus may start, as the machine describes them.
fn named(session: &Headless, services: &[String]) -> Outcome<PathBuf> {
    let folder = session.folder().join("services");
    fs::create_dir(&folder).map_err(|cause| format!("{}: {cause}", folder.display()))?;
    for name in services {
        let file = format!("{name}.service");
        let of_machine = Path::new("/usr/share/dbus-1/services").join(&file);
        fs::copy(&of_machine, folder.join(&file)).map_err(|cause| format!("{}: {cause}", of_machine.display()))?;
    }
    Ok(folder)
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
