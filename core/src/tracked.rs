//! What git tracks: the files under a folder, and whether a file is one. Git is started without a shell, and runs no program of the repository.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::{Code, Failure};

/// Settings of a repository that would start a program.
const TAME: [&str; 6] = [
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=",
    "-c",
    "protocol.allow=never",
];
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
    let ran = git(folder).args(["ls-files", "-z", "--cached"]).output();
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

/// Whether git keeps a file, and with it every value that ever stood in it. Where there is no git, it tracks nothing.
pub fn has(file: &Path) -> bool {
    let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else {
        return false;
    };
    let mut git = git(folder);
    git.args(["ls-files", "--error-unmatch", "--"]).arg(name);
    git.stdout(Stdio::null()).stderr(Stdio::null());
    git.status().is_ok_and(|status| status.success())
}

fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    for variable in ELSEWHERE {
        git.env_remove(variable);
    }
    // What the repository lacks is fetched from nobody: a remote can be a program.
    git.env("GIT_NO_LAZY_FETCH", "1").env("GIT_ALLOW_PROTOCOL", "");
    git.args(TAME).arg("-C").arg(folder).stdin(Stdio::null());
    git
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
