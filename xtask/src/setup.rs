//! `cargo xtask setup`: what a fresh Debian machine with Rust and Node lacks for building and testing.
//!
//! Each command asks only for what it needs. Where all is there, nothing is run but a query.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::{Map, Value};

use crate::{
    bundle,
    command::{self, Outcome},
    place::Place,
    policy, servers,
};

/// Debian packages that compiling the desktop app takes.
pub const BUILD: &[&str] = &[
    "build-essential",
    "libayatana-appindicator3-dev",
    "librsvg2-dev",
    "libwebkit2gtk-4.1-dev",
    "libxdo-dev",
    "pkg-config",
];

/// Debian packages that a window without a screen takes: display, session bus, keychain, driver, clipboard, fonts.
pub const WINDOW: &[&str] = &[
    "dbus",
    "dbus-x11",
    "desktop-file-utils",
    "fonts-inter",
    "gnome-keyring",
    "imagemagick",
    "libglib2.0-bin",
    "libsecret-tools",
    "openbox",
    "openssl",
    "procps",
    "python3-dbus",
    "python3-gi",
    "webkit2gtk-driver",
    "strace",
    "wmctrl",
    "x11-utils",
    "xauth",
    "xclip",
    "xdotool",
    "xsel",
    "xvfb",
];

/// Debian packages that the page's tests in a browser take: the engine without the desktop browser around it, which
/// opens a page in half of the time.
pub const BROWSER: &[&str] = &["chromium-headless-shell"];

/// Debian packages of keychains that are not GNOME's, with what KWallet encrypts a session by.
pub const WALLETS: &[&str] = &["keepassxc", "libkf5wallet-bin", "libqca-qt5-2-plugins"];

/// Debian packages that making a Python environment takes.
pub const PYTHON: &[&str] = &["python3-venv"];

/// Prepares the machine for every command.
pub fn everything(place: &Place) -> Outcome {
    system(&[BUILD, WINDOW, BROWSER, PYTHON])?;
    ui(place)?;
    policy::tool(place)?;
    bundle::tool(place)?;
    servers::install(place)
}

/// Installs those of the Debian packages that are missing, or says what to run.
pub fn system(sets: &[&[&str]]) -> Outcome {
    let wanted = sets.concat();
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    if !is_debian(&release) {
        return Err(format!(
            "this is not Debian: install what these packages hold, by your system's own means:\n  {}",
            wanted.join(" ")
        ));
    }
    let missing = missing(&wanted)?;
    if missing.is_empty() {
        return Ok(());
    }
    let install = format!("apt-get install -y --no-install-recommends {}", missing.join(" "));
    let Some(prefix) = root_prefix() else {
        return Err(format!(
            "system packages are missing; run this, then try again:\n  sudo apt-get update && sudo {install}"
        ));
    };
    println!("installing {} system packages: {}", missing.len(), missing.join(" "));
    let update = format!("{prefix}apt-get -q update");
    let install = format!("{prefix}env DEBIAN_FRONTEND=noninteractive {install} -q -o DPkg::Lock::Timeout=300");
    // A second try settles a mirror's hiccup, and archives that another apt-get swept away in between.
    let both = || command::run(&mut apt(&update)).and_then(|()| command::run(&mut apt(&install)));
    both().or_else(|_| both())
}

/// Installs the page's packages when those that are there are not those of the lock file.
pub fn ui(place: &Place) -> Outcome {
    let wanted = lock(&place.ui().join("package-lock.json"))?;
    if lock(&place.ui().join("node_modules/.package-lock.json")).is_ok_and(|installed| satisfies(&installed, &wanted)) {
        return Ok(());
    }
    if !command::succeeds(Command::new("npm").arg("--version")) {
        return Err("npm is missing: install Node.js 20 or later, with npm, then try again".into());
    }
    println!("installing the page's packages");
    command::run(place.npm().args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))
}

/// Returns the packages of an npm lock file, by the folder each is installed in.
fn lock(file: &Path) -> Outcome<Map<String, Value>> {
    let text = fs::read(file).map_err(|cause| format!("{} could not be read: {cause}", file.display()))?;
    let mut lock: Value = serde_json::from_slice(&text).map_err(|cause| format!("{}: {cause}", file.display()))?;
    match lock["packages"].take() {
        Value::Object(packages) => Ok(packages),
        _ => Err(format!("{} lists no packages", file.display())),
    }
}

/// Returns whether what npm notes as installed is what the lock file wants; optional packages may be absent.
fn satisfies(installed: &Map<String, Value>, wanted: &Map<String, Value>) -> bool {
    let same = |folder: &String, package: &Value| {
        wanted
            .get(folder)
            .is_some_and(|other| other["version"] == package["version"])
    };
    installed.iter().all(|(folder, package)| same(folder, package))
        && wanted
            .iter()
            .all(|(folder, package)| folder.is_empty() || package["optional"] == true || installed.contains_key(folder))
}

/// Returns what goes before a command that needs root, or `None` where that cannot be had without asking.
pub fn root_prefix() -> Option<&'static str> {
    if fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0) {
        return Some("");
    }
    command::succeeds(Command::new("sudo").args(["-n", "true"])).then_some("sudo -n ")
}

/// Returns the command for one apt command line of plain words; it asks nothing.
pub fn apt(line: &str) -> Command {
    let mut words = line.split(' ');
    let mut apt = Command::new(words.next().unwrap_or("apt-get"));
    apt.args(words).stdin(Stdio::null());
    apt
}

/// Returns those of the packages that are not installed.
fn missing<'a>(wanted: &[&'a str]) -> Outcome<Vec<&'a str>> {
    let mut query = Command::new("dpkg-query");
    query
        .args(["--show", "--showformat=${Package} ${db:Status-Status}\n"])
        .args(wanted);
    // It exits with 1 when it knows one of the packages not at all, and still lists the others.
    let output = query.output().map_err(|cause| command::not_started(&query, &cause))?;
    let known = String::from_utf8_lossy(&output.stdout);
    Ok(wanted
        .iter()
        .copied()
        .filter(|name| !known.lines().any(|line| line == format!("{name} installed")))
        .collect())
}

/// Returns whether an os-release file is that of Debian or of a system made from it.
fn is_debian(release: &str) -> bool {
    release
        .lines()
        .filter_map(|line| line.split_once('='))
        .filter(|(field, _)| matches!(*field, "ID" | "ID_LIKE"))
        .any(|(_, value)| value.trim_matches('"').split(' ').any(|id| id == "debian"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn installed_packages_are_compared_with_the_lock_file() {
        let packages = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap();
        let wanted = packages(
            r#"{"": {}, "node_modules/a": {"version": "1.0.0"}, "node_modules/b": {"version": "2.0.0", "optional": true}}"#,
        );
        for (installed, enough) in [
            (r#"{"node_modules/a": {"version": "1.0.0"}}"#, true),
            (
                r#"{"node_modules/a": {"version": "1.0.0"}, "node_modules/b": {"version": "2.0.0"}}"#,
                true,
            ),
            (r#"{"node_modules/a": {"version": "1.0.1"}}"#, false),
            (
                r#"{"node_modules/a": {"version": "1.0.0"}, "node_modules/c": {"version": "1.0.0"}}"#,
                false,
            ),
            ("{}", false),
        ] {
            assert_eq!(satisfies(&packages(installed), &wanted), enough, "{installed}");
        }
    }

    #[test]
    fn debian_and_its_children_are_recognised() {
        for (release, debian) in [
            ("NAME=\"Debian GNU/Linux\"\nID=debian\n", true),
            ("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", true),
            ("ID=fedora\nHOME_URL=debian\n", false),
            ("", false),
        ] {
            assert_eq!(is_debian(release), debian, "{release:?}");
        }
    }
}
