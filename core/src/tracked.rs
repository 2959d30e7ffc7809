//! What git tracks: the files under a folder, and whether a file is one. Git is started without a shell, and runs no program of the repository.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::{Code, Failure};

/// Names are names and no patterns; settings of a repository that would start a program are off.
const TAME: [&str; 7] = [
    "--literal-pathspecs",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=",
    "-c",
    "protocol.allow=never",
];
/// Would lead git to another repository than the folder's, or to another answer about it.
const ELSEWHERE: [&str; 14] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CEILING_DIRECTORIES",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
    "GIT_GLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
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
        let code = match is_below_repository(folder) {
            true => Code::GitFailed,
            false => Code::InputNotTracked,
        };
        return Err(Failure::new(code).field("folder"));
    }
    let named = ran.stdout.split(|byte| *byte == 0).filter(|name| !name.is_empty());
    let mut paths: Vec<PathBuf> = named.filter_map(path).collect();
    // In a merge a file stands there up to three times.
    paths.dedup();
    Ok(paths)
}

/// Whether git keeps a file, and with it every value that ever stood in it. Where there is no repository, nothing is kept;
/// where git cannot say, neither can we.
pub fn has(file: &Path) -> Result<bool, Failure> {
    let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else {
        return Ok(false);
    };
    let mut git = git(folder);
    git.args(["ls-files", "--error-unmatch", "--"]).arg(name);
    git.stdout(Stdio::null()).stderr(Stdio::null());
    let failed = |code| Err(Failure::new(code).field("path"));
    match git.status() {
        Ok(status) if status.success() => Ok(true),
        // "Do not appear in the index": git-ls-files(1).
        Ok(status) if status.code() == Some(1) => Ok(false),
        _ if !is_below_repository(folder) => Ok(false),
        Ok(_) => failed(Code::GitFailed),
        Err(_) => failed(Code::GitMissing),
    }
}

/// Whether the folder, or one above it, is where a repository begins.
fn is_below_repository(folder: &Path) -> bool {
    folder
        .ancestors()
        .any(|above| above.join(".git").symlink_metadata().is_ok())
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

/// Reads a file of a folder whole; no link below the folder is followed: what it leads to git does not keep.
pub fn read(folder: &Path, path: &Path, largest: u64) -> Read {
    let below = path
        .ancestors()
        .skip(1)
        .take_while(|above| *above != folder && above.starts_with(folder));
    for above in below {
        if std::fs::symlink_metadata(above).is_ok_and(|about| about.is_symlink()) {
            return Read::Not;
        }
    }
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
