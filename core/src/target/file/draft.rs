//! The draft beside a file. Its name tells what may be removed there: the draft itself, and after an exchange the file that was
//! read, each by its inode, size and moment. What is neither is somebody's save, and is left.

use std::ffi::{OsStr, OsString};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use rustix::fs::{self, AtFlags, Dir, Stat};
use rustix::io::Errno;

use super::{failed, lost};
use crate::failure::Failure;

/// By so much, in bytes, a draft's name may be longer than its file's.
pub(super) const LONGER: usize = 112;

/// The name of a draft that is not whole yet, where the system has no files without a name. None is ever exchanged.
pub(super) fn unfinished(name: &OsStr) -> OsString {
    let mut draft = beginning(name);
    draft.push("new");
    draft
}

/// The name of a whole draft, `own`, that is to take the place of the file that was read.
pub(super) fn named(name: &OsStr, own: &Stat, read: &Stat) -> OsString {
    let mut draft = beginning(name);
    draft.push(format!("{}+{}", state(own), state(read)));
    draft
}

/// Takes away what a killed process has left. What stays is said: a value may be in it.
pub(super) fn remove(folder: &OwnedFd, name: &OsStr) -> Result<(), Failure> {
    let beginning = beginning(name);
    let mut amiss = None;
    for entry in Dir::read_from(folder).map_err(failed)? {
        let entry = OsString::from_vec(entry.map_err(failed)?.file_name().to_bytes().to_vec());
        let Some(says) = entry.as_bytes().strip_prefix(beginning.as_bytes()) else {
            continue;
        };
        let Ok(there) = fs::statat(folder, &entry, AtFlags::SYMLINK_NOFOLLOW) else {
            continue;
        };
        if !is_known(says, &there) {
            amiss = Some(
                "what another program has saved lies beside it under the name of a draft: put it back, or remove it",
            );
            continue;
        }
        match fs::unlinkat(folder, &entry, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(_) => amiss = Some("what lies beside it under the name of its draft cannot be removed"),
        }
    }
    amiss.map_or(Ok(()), |what| Err(lost(what)))
}

fn beginning(name: &OsStr) -> OsString {
    let mut beginning = OsString::from(".");
    beginning.push(name);
    beginning.push(".keywheel-");
    beginning
}

fn is_known(says: &[u8], there: &Stat) -> bool {
    let Ok(says) = std::str::from_utf8(says) else {
        return false;
    };
    says == "new"
        || says
            .split_once('+')
            .is_some_and(|(draft, read)| [draft, read].contains(&state(there).as_str()))
}

/// What tells one state of a file's contents from another.
fn state(stat: &Stat) -> String {
    format!(
        "{:x}-{:x}-{:x}-{:x}",
        stat.st_ino, stat.st_size, stat.st_mtime, stat.st_mtime_nsec
    )
}
