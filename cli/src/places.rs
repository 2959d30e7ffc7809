//! Where things are for this user. The only module that reads where the data directory lies.

use std::env::var_os;
use std::path::PathBuf;

use crate::exit::Stop;

/// Returns the data directory of this user, by the platform's custom.
pub fn data_dir() -> Result<PathBuf, Stop> {
    default().ok_or_else(|| Stop::about("data-dir", "there is no home directory; give --data-dir"))
}

#[cfg(target_os = "macos")]
fn default() -> Option<PathBuf> {
    home().map(|home| home.join("Library/Application Support/keywheel"))
}

#[cfg(windows)]
fn default() -> Option<PathBuf> {
    absolute("LOCALAPPDATA").map(|local| local.join("keywheel"))
}

#[cfg(not(any(target_os = "macos", windows)))]
fn default() -> Option<PathBuf> {
    // XDG Base Directory Specification: a relative path is invalid and ignored.
    let data = absolute("XDG_DATA_HOME").or_else(|| home().map(|home| home.join(".local/share")));
    data.map(|data| data.join("keywheel"))
}

#[cfg(not(windows))]
fn home() -> Option<PathBuf> {
    absolute("HOME")
}

fn absolute(variable: &str) -> Option<PathBuf> {
    var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute())
}

/// Whether there is a desktop whose clipboard could be used.
pub fn has_display() -> bool {
    let set = |variable: &str| var_os(variable).is_some_and(|value| !value.is_empty());
    cfg!(any(target_os = "macos", windows)) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// All processes of this user take turns at the keychain, whatever their data directory; the window names the same file.
pub fn keychain_turns() -> PathBuf {
    absolute("XDG_RUNTIME_DIR")
        .unwrap_or_else(std::env::temp_dir)
        .join("keywheel-keychain.lock")
}
