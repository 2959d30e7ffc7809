//! The test of the package: install it, start both programs once, remove it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    bundle,
    command::{self, Outcome},
    headless::Headless,
    output::Output,
    place::Place,
    setup,
};

/// How long the window may take to appear.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long the window has to stay to count as started.
const SETTLED: Duration = Duration::from_secs(1);

/// Makes the package from the development build and tries it.
pub fn check(place: &Place, output: &mut Output) -> Outcome {
    let package = bundle::pack(place, true, &mut |command| output.run(command))?;
    try_out(place, &package, output)
}

/// Installs the package, starts both programs once and removes it; where it may not install, it unpacks.
pub fn try_out(place: &Place, package: &Path, output: &mut Output) -> Outcome {
    output.note(&size(package)?);
    let is_installed = command::text(Command::new("dpkg-query").args(["-W", "-f=${db:Status-Status}", "keywheel"]))
        .is_ok_and(|status| status == "installed");
    match setup::root_prefix() {
        Some(_) if is_installed => {
            output.note("unpacked, not installed: this machine has a Keywheel of its own");
            unpacked(place, package, output)
        }
        Some(prefix) => installed(prefix, package, output),
        None => {
            output.note("unpacked, not installed: that takes root");
            unpacked(place, package, output)
        }
    }
}

/// Returns how large a file is, in words.
pub fn size(file: &Path) -> Outcome<String> {
    let bytes = fs::metadata(file)
        .map_err(|cause| format!("{}: {cause}", file.display()))?
        .len();
    let tenths = bytes * 10 / (1024 * 1024);
    Ok(format!("{}.{} MiB", tenths / 10, tenths % 10))
}

/// Installs the package as a person would, tries it and removes it again, also when it failed.
fn installed(prefix: &str, package: &Path, output: &mut Output) -> Outcome {
    let noninteractive = format!("{prefix}env DEBIAN_FRONTEND=noninteractive apt-get -q -y");
    output.run(setup::apt(&format!("{noninteractive} install --no-install-recommends")).arg(package))?;
    let tried = try_both(Path::new("/usr/bin"), output);
    let removed = output.run(&mut setup::apt(&format!("{noninteractive} purge keywheel")));
    tried.and(removed)?;
    output.note("installed, both started, removed");
    match Path::new("/usr/bin/keywheel").exists() || Path::new("/usr/bin/keywheel-desktop").exists() {
        true => Err("a program is still there after the package was removed".into()),
        false => Ok(()),
    }
}

/// Unpacks the package beside the build and tries what was in it.
fn unpacked(place: &Place, package: &Path, output: &mut Output) -> Outcome {
    let folder: PathBuf = place.target.join("unpacked");
    let _ = fs::remove_dir_all(&folder);
    output.run(Command::new("dpkg-deb").arg("--extract").arg(package).arg(&folder))?;
    try_both(&folder.join("usr/bin"), output)
}

/// Starts the command, which says its version, and the app, whose window must appear and stay; looks at what the
/// desktop reads of it.
fn try_both(programs: &Path, output: &mut Output) -> Outcome {
    let entry = programs.with_file_name("share/applications/Keywheel.desktop");
    output.run(Command::new("desktop-file-validate").arg("--no-hints").arg(entry))?;
    let session = Headless::start()?;
    output.run(session.dress(Command::new(programs.join("keywheel")).arg("--version")))?;
    let mut app = session.command(&programs.join("keywheel-desktop").to_string_lossy());
    let mut process = app
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .map_err(|cause| command::not_started(&app, &cause))?;
    let deadline = Instant::now() + PATIENCE;
    while !has_window(&session) {
        if let Ok(Some(status)) = process.try_wait() {
            return Err(format!("{} before its window appeared", command::ended(&app, status)));
        }
        if Instant::now() > deadline {
            return Err(format!("no window within {} s", PATIENCE.as_secs()));
        }
        thread::sleep(Duration::from_millis(100));
    }
    thread::sleep(SETTLED);
    match process.try_wait() {
        Ok(None) => session.was_alone(),
        _ => Err("the app ended right after its window had appeared".into()),
    }
}

/// Returns whether a window with Keywheel's name is on the display.
fn has_window(session: &Headless) -> bool {
    command::text(session.command("xwininfo").args(["-root", "-tree"])).is_ok_and(|tree| tree.contains("\"Keywheel"))
}
