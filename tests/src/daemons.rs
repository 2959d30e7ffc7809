//! The programs of a session of its own: its bus, its keychain, and scripts that the bus may start.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Gives a process the session and nothing of this one.
pub fn private<'c>(command: &'c mut Command, root: &Path, address: &str) -> &'c mut Command {
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

pub fn script(root: &Path, name: &str, line: &str) {
    let path = root.join(name);
    std::fs::write(&path, format!("#!/bin/sh\n{line}\n")).unwrap();
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
}

/// Lets the bus start the script for a name.
pub fn activate(root: &Path, name: &str, script: &str) {
    let service = format!("[D-BUS Service]\nName={name}\nExec={}\n", root.join(script).display());
    std::fs::write(root.join("services").join(format!("{name}.service")), service).unwrap();
}

pub struct Bus {
    process: Child,
    pub address: String,
}

impl Bus {
    pub fn start(root: &Path) -> Bus {
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

pub struct Daemon(pub Child);

impl Daemon {
    /// Starts a daemon and waits until it has its name. An empty password makes no keyring.
    pub fn start(root: &Path, address: &str, password: &str) -> Daemon {
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
            String::from_utf8_lossy(&waited.stderr)
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
