//! Small and read-only file systems, in a mount namespace of the test's own: nothing is left behind,
//! and neither root nor an ordinary user needs a right that they do not have.

use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Says to a test that it runs in its own namespace; where there is a small file system, it is named.
const INSIDE: &str = "KEYWHEEL_TEST_NAMESPACE";

/// Mounts the small file system, then becomes the person again: the session bus looks at the user's id.
const THEN_AS_BEFORE: &str = "mount -t tmpfs -o \"size=$1k,mode=700\" tmpfs \"$2\" || exit
user=$3 group=$4; shift 4
exec unshare --user --map-user=\"$user\" --map-group=\"$group\" -- \"$@\"";

/// Whether the test runs in its own namespace; if not, it is run there, and must go well.
///
/// A test begins with `if !mounts::inside("its::name") { return; }`.
pub fn inside(test: &str) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    run_inside(unshare(), test, Path::new("here"));
    false
}

/// The small file system on which the test runs, under the person's own id; `None` outside, where it was run and
/// went well. A real program that is started from there may write on it and has its session.
///
/// A test begins with `let Some(place) = mounts::on_a_small_disk("its::name", 512) else { return };`.
pub fn on_a_small_disk(test: &str, kib: usize) -> Option<PathBuf> {
    if let Some(place) = std::env::var_os(INSIDE) {
        return Some(place.into());
    }
    let place = tempfile::tempdir().expect("a directory");
    let id = |option: &str| {
        let said = Command::new("id").arg(option).output().expect("coreutils has id");
        String::from_utf8_lossy(&said.stdout).trim().to_owned()
    };
    let mut command = unshare();
    command.args(["sh", "-c", THEN_AS_BEFORE, "sh", &kib.to_string()]);
    command.arg(place.path()).args([id("-u"), id("-g")]);
    run_inside(command, test, place.path());
    None
}

fn unshare() -> Command {
    let mut unshare = Command::new("unshare");
    unshare.args(["--user", "--map-root-user", "--mount", "--"]);
    unshare
}

/// Runs this one test once more, below the command.
fn run_inside(mut command: Command, test: &str, place: &Path) {
    let this = std::env::current_exe().expect("a test has a file");
    // A file, not a pipe: a program that outlives a failed test would hold the pipe open.
    let mut said = tempfile::tempfile().expect("a file");
    let copy = || said.try_clone().expect("a second handle");
    let run = command
        .arg(this)
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(INSIDE, place)
        .stdin(std::process::Stdio::null())
        .stdout(copy())
        .stderr(copy())
        .status()
        .expect("util-linux has unshare");
    let mut text = String::new();
    said.rewind().expect("a file");
    // What is not text is told by the status.
    let _ = said.read_to_string(&mut text);
    assert!(run.success() && text.contains("1 passed"), "in its namespace:\n{text}");
}

/// Mounts a file system in memory of so many kibibytes.
pub fn tiny(place: &Path, kib: usize) {
    mount(&["-t", "tmpfs", "-o", &format!("size={kib}k"), "tmpfs"], place);
}

/// Makes a mounted file system read-only.
pub fn read_only(place: &Path) {
    mount(&["-o", "remount,ro"], place);
}

fn mount(options: &[&str], place: &Path) {
    let run = Command::new("mount")
        .args(options)
        .arg(place)
        .output()
        .expect("util-linux has mount");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

/// Writes until nothing fits any more.
pub fn fill(file: &Path) {
    use std::io::Write;
    let mut file = std::fs::File::create(file).expect("a file");
    while file.write_all(&[0; 1024]).is_ok() {}
}
