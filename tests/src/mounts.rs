//! Small and read-only file systems, in a mount namespace of the test's own: nothing is left behind,
//! and neither root nor an ordinary user needs a right that they do not have.

use std::path::Path;
use std::process::Command;

/// Says to a test that it runs in its own namespace.
const INSIDE: &str = "KEYWHEEL_TEST_NAMESPACE";

/// Whether the test runs in its own namespace; if not, it is run there, and must go well.
///
/// A test begins with `if !mounts::inside("its::name") { return; }`.
pub fn inside(test: &str) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    let this = std::env::current_exe().expect("a test has a file");
    let run = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "--"])
        .arg(this)
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(INSIDE, "1")
        .output()
        .expect("util-linux has unshare");
    let said = String::from_utf8_lossy(&run.stdout);
    let went_well = run.status.success() && said.contains("1 passed");
    assert!(
        went_well,
        "in its namespace:\n{said}\n{}",
        String::from_utf8_lossy(&run.stderr)
    );
    false
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
