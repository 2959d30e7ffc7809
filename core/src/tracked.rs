//! The files that git tracks under a folder. Git is started without a shell, and runs no program of the repository.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::{Code, Failure};

/// Settings of a repository that would start a program.
const TAME: [&str; 4] = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath="];
/// Would lead git to another repository than the folder's.
const ELSEWHERE: [&str; 5] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
];

/// What lies at a path.
pub enum Read {
    Bytes(Vec<u8>),
    TooLarge,
    /// A link, a folder of another repository, or nothing that can be read.
    Not,
}

/// Returns the paths below the folder.
pub fn list(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut git = Command::new("git");
    for variable in ELSEWHERE {
        git.env_remove(variable);
    }
    let ran = git
        .args(TAME)
        .arg("-C")
        .arg(folder)
        .args(["ls-files", "-z", "--cached"])
        .stdin(Stdio::null())
        .output();
    let ran = ran.map_err(|_| Failure::new(Code::GitMissing).field("folder"))?;
    if !ran.status.success() {
        return Err(Failure::new(Code::InputNotTracked).field("folder"));
    }
    let named = ran.stdout.split(|byte| *byte == 0).filter(|name| !name.is_empty());
    let mut paths: Vec<PathBuf> = named.filter_map(path).collect();
    // In a merge a file stands there up to three times.
    paths.dedup();
    Ok(paths)
}

#[cfg(unix)]
fn path(name: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Some(PathBuf::from(std::ffi::OsStr::from_bytes(name)))
}

#[cfg(not(unix))]
fn path(name: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(name).ok().map(PathBuf::from)
}

/// Reads a file whole; a link is not followed.
pub fn read(path: &Path, largest: u64) -> Read {
    match std::fs::symlink_metadata(path) {
        Ok(about) if about.is_file() && about.len() > largest => return Read::TooLarge,
        Ok(about) if about.is_file() => {}
        _ => return Read::Not,
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(largest + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) if bytes.len() as u64 > largest => Read::TooLarge,
        Ok(_) => Read::Bytes(bytes),
        Err(_) => Read::Not,
    }
}
