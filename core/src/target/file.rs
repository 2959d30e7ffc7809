//! A file that is replaced whole: at every moment it is the former one or the new one, with the same owner, mode and
//! attributes, and it is on the disk when the call returns.
//!
//! What a replacement would lose is refused: a second name of the file, another owner.

use std::ffi::{CStr, OsStr, OsString};
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::Duration;

use rustix::fs::{self, Access, AtFlags, FileType, FlockOperation, Gid, Mode, OFlags, RawMode, Stat, XattrFlags};
use rustix::io::Errno;
use zeroize::Zeroizing;

use crate::failure::{Code, Failure, SafeDetail};
use crate::guard::{Guard, in_place};

/// No `.env` file is larger.
const LARGEST: u64 = 1 << 20;
/// Longest name of a file (limits.h, `NAME_MAX`).
const LONGEST_NAME: usize = 255;
/// Longest value, in bytes: no keychain of any system holds more.
const LONGEST_VALUE: usize = 16 * 1024;

/// How long another program may hold a folder's lock before it is said.
const OTHERS: Duration = Duration::from_secs(5);
const LOOKS_EVERY: Duration = Duration::from_millis(20);

/// So often another program may save between two exchanges before no more is done about it.
#[cfg(target_os = "linux")]
const SAVES: usize = 8;

mod draft;

/// A file as it was read.
pub(super) struct Open {
    folder: OwnedFd,
    name: OsString,
    file: File,
    /// As the file was when it was read.
    stat: Stat,
    bytes: Zeroizing<Vec<u8>>,
}

#[expect(
    clippy::disallowed_methods,
    reason = "the system tells nobody when such a lock is given back; no clock decides anything here"
)]
/// Takes the folder's lock. Another program may hold it for ever: it is waited for, not without an end.
fn lock(folder: &OwnedFd) -> Result<(), Failure> {
    let mut waited = Duration::ZERO;
    loop {
        match try_lock(folder)? {
            false if waited < OTHERS => {
                std::thread::sleep(LOOKS_EVERY);
                waited += LOOKS_EVERY;
            }
            false => return Err(Failure::new(Code::TargetLocked)),
            true => return Ok(()),
        }
    }
}

/// Takes it where nobody has it. Some file systems have no locks: there the file is compared before it is replaced, as
/// everywhere.
fn try_lock(folder: &OwnedFd) -> Result<bool, Failure> {
    match fs::flock(folder, FlockOperation::NonBlockingLockExclusive) {
        Err(Errno::WOULDBLOCK) => Ok(false),
        Err(Errno::BADF | Errno::NOLCK | Errno::OPNOTSUPP | Errno::NOSYS) => Ok(true),
        locked => locked.map(|()| true).map_err(failed),
    }
}

impl Open {
    /// Reads the file that is to be replaced; the path is one without links. Other processes of Keywheel wait until it is
    /// dropped.
    pub(super) fn at(path: &Path) -> Result<Open, Failure> {
        Open::read(path, |folder| lock(folder).map(|()| true))
    }

    /// Reads the file; nobody waits for that.
    pub(super) fn to_look(path: &Path) -> Result<Open, Failure> {
        Open::read(path, try_lock)
    }

    fn read(path: &Path, lock: impl FnOnce(&OwnedFd) -> Result<bool, Failure>) -> Result<Open, Failure> {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(Failure::new(Code::TargetGone));
        };
        let no_link = OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let folder = fs::open(folder, OFlags::DIRECTORY | OFlags::RDONLY | no_link, Mode::empty()).map_err(failed)?;
        // A process that was killed here may have left its draft, with a value in it; nobody else writes one while the
        // folder is locked. It goes whatever became of the file.
        if lock(&folder)? {
            draft::remove(&folder, name)?;
        }
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | no_link;
        let mut file = File::from(fs::openat(&folder, name, flags, Mode::empty()).map_err(failed)?);
        let stat = fs::fstat(&file).map_err(failed)?;
        keepable(&stat, &fs::fstat(&folder).map_err(failed)?)?;
        let size = usize::try_from(stat.st_size).unwrap_or(0);
        let mut bytes = Zeroizing::new(Vec::with_capacity(size + 1));
        let read = Read::take(&mut file, LARGEST + 1).read_to_end(&mut bytes);
        read.map_err(|_| Failure::new(Code::TargetFailed))?;
        if bytes.len() != size {
            return Err(Failure::new(Code::TargetChanged));
        }
        Ok(Open {
            name: name.to_owned(),
            folder,
            file,
            stat,
            bytes,
        })
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Says what keeps the file from being replaced; leaves nothing behind.
    pub(super) fn check(&self) -> Result<(), Failure> {
        fs::accessat(&self.folder, ".", Access::WRITE_OK | Access::EXEC_OK, AtFlags::EACCESS).map_err(failed)?;
        if self.stat.st_mode & Mode::WUSR.as_raw_mode() == 0 {
            return Err(Failure::new(Code::TargetRefused).detail(SafeDetail::Part("the file is read-only")));
        }
        if self.name.len() + draft::LONGER > LONGEST_NAME {
            return Err(lost("its name is too long for a draft beside it"));
        }
        replaceable(&self.folder, &self.file)?;
        self.has_room()
    }

    /// As much as a replacement takes fits there, where a file without a name can be made.
    fn has_room(&self) -> Result<(), Failure> {
        let Some(probe) = nameless(&self.folder)? else {
            return Ok(());
        };
        let size = self.bytes.len() + LONGEST_VALUE;
        File::from(probe)
            .write_all(&vec![0; size])
            .map_err(|error| unwritten(&error))
    }

    /// Puts the bytes in the file's place.
    pub(super) fn replace(self, bytes: &Zeroizing<Vec<u8>>) -> Result<(), Failure> {
        self.check()?;
        let replaced = self.write(bytes).and_then(|draft| self.swap(&draft));
        match replaced {
            // What came out of an exchange may be somebody's save, and is said.
            Err(failure) => draft::remove(&self.folder, &self.name).and(Err(failure)),
            done => done,
        }
    }

    /// A draft has a name only once it is whole, where the system has files without one: a kill in between leaves nothing
    /// that anybody could find, or commit.
    fn write(&self, bytes: &[u8]) -> Result<OsString, Failure> {
        let nameless = nameless(&self.folder)?;
        let is_named = nameless.is_none();
        let flags = OFlags::CREATE | OFlags::EXCL | OFlags::WRONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let private = Mode::RUSR | Mode::WUSR;
        let mut new = File::from(match nameless {
            Some(file) => file,
            None => fs::openat(&self.folder, draft::unfinished(&self.name), flags, private).map_err(failed)?,
        });
        new.write_all(bytes).map_err(|error| unwritten(&error))?;
        let group = Gid::from_raw(self.stat.st_gid);
        if fs::fstat(&new).map_err(failed)?.st_gid != self.stat.st_gid {
            fs::fchown(&new, None, Some(group)).map_err(|_| lost("its group"))?;
        }
        if in_place(Guard::FileMode) {
            fs::fchmod(&new, Mode::from_raw_mode(self.stat.st_mode as RawMode & 0o7777)).map_err(failed)?;
        }
        attributes(&self.file, &new)?;
        fs::fsync(&new).map_err(failed)?;
        let draft = draft::named(&self.name, &fs::fstat(&new).map_err(failed)?, &self.stat);
        match is_named {
            true => fs::renameat(&self.folder, draft::unfinished(&self.name), &self.folder, &draft).map_err(failed)?,
            false => name(&new, &self.folder, &draft)?,
        }
        Ok(draft)
    }

    /// The file is still the one that was read, or nothing is done.
    fn swap(&self, draft: &OsStr) -> Result<(), Failure> {
        let now = fs::statat(&self.folder, &self.name, AtFlags::SYMLINK_NOFOLLOW).map_err(failed)?;
        if stamp(&now) != stamp(&self.stat) && in_place(Guard::FileUnchanged) {
            return Err(Failure::new(Code::TargetChanged));
        }
        self.exchange(draft)?;
        fs::fsync(&self.folder).map_err(failed)
    }

    #[cfg(target_os = "linux")]
    fn exchange(&self, draft: &OsStr) -> Result<(), Failure> {
        self.exchange_beside(draft, || {})
    }

    /// Puts the draft in the file's place, and looks at what came out: what somebody has saved since goes back, and of several
    /// saves the newest. What else was saved stays under the draft's name. `others` do something after each exchange.
    #[cfg(target_os = "linux")]
    fn exchange_beside(&self, draft: &OsStr, mut others: impl FnMut()) -> Result<(), Failure> {
        let mut swap = || {
            let flags = fs::RenameFlags::EXCHANGE;
            fs::renameat_with(&self.folder, draft, &self.folder, &self.name, flags).inspect(|()| others())
        };
        let aside = || {
            let there = fs::statat(&self.folder, draft, AtFlags::SYMLINK_NOFOLLOW);
            there.map(|there| contents(&there)).map_err(failed)
        };
        let mut in_place_now = aside()?;
        match swap() {
            // A file system that cannot exchange replaces.
            Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {
                return fs::renameat(&self.folder, draft, &self.folder, &self.name).map_err(failed);
            }
            swapped => swapped.map_err(failed)?,
        }
        let mut newest = aside()?;
        if newest == contents(&self.stat) || !in_place(Guard::FileUnchanged) {
            return fs::unlinkat(&self.folder, draft, AtFlags::empty()).map_err(failed);
        }
        for _ in 0..SAVES {
            swap().map_err(failed)?;
            let out = aside()?;
            // It came out as it went in: nobody has saved since.
            if out == in_place_now || !in_place(Guard::NewestSave) {
                break;
            }
            in_place_now = std::mem::replace(&mut newest, out);
        }
        Err(Failure::new(Code::TargetChanged))
    }

    #[cfg(not(target_os = "linux"))]
    fn exchange(&self, draft: &OsStr) -> Result<(), Failure> {
        fs::renameat(&self.folder, draft, &self.folder, &self.name).map_err(failed)
    }
}

/// A file in the folder that has no name; none where the system has no such files.
#[cfg(target_os = "linux")]
fn nameless(folder: &OwnedFd) -> Result<Option<OwnedFd>, Failure> {
    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    match fs::openat(folder, ".", flags, Mode::RUSR | Mode::WUSR) {
        Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL | Errno::NOSYS) => Ok(None),
        made => made.map(Some).map_err(failed),
    }
}

#[cfg(not(target_os = "linux"))]
fn nameless(_: &OwnedFd) -> Result<Option<OwnedFd>, Failure> {
    Ok(None)
}

/// Gives a file its name (open(2), `O_TMPFILE`).
#[cfg(target_os = "linux")]
fn name(file: &File, folder: &OwnedFd, draft: &OsStr) -> Result<(), Failure> {
    use std::os::fd::AsRawFd;
    let own = format!("/proc/self/fd/{}", file.as_raw_fd());
    fs::linkat(fs::CWD, own, folder, draft, AtFlags::SYMLINK_FOLLOW).map_err(failed)
}

#[cfg(not(target_os = "linux"))]
fn name(_: &File, _: &OwnedFd, _: &OsStr) -> Result<(), Failure> {
    Ok(())
}

/// Says what keeps a file from being replaced that its modes do not show: marks of the file system, a mount.
#[cfg(target_os = "linux")]
fn replaceable(folder: &OwnedFd, file: &File) -> Result<(), Failure> {
    use rustix::fs::{IFlags, StatxFlags};
    let held = IFlags::IMMUTABLE | IFlags::APPEND;
    // A file system without marks has none that are set.
    let is_held = |flags: rustix::io::Result<IFlags>| flags.is_ok_and(|flags| flags.intersects(held));
    if is_held(fs::ioctl_getflags(file)) {
        return Err(Failure::new(Code::TargetRefused).detail(SafeDetail::Part("the file may not be changed (lsattr)")));
    }
    if is_held(fs::ioctl_getflags(folder)) {
        return Err(
            Failure::new(Code::TargetRefused).detail(SafeDetail::Part("its folder may not be changed (lsattr)"))
        );
    }
    // `STATX_MNT_ID` (statx(2)); an older system does not tell.
    let mount = |of: rustix::io::Result<fs::Statx>| of.ok().map(|about| about.stx_mnt_id);
    let at = AtFlags::EMPTY_PATH;
    let of_file = mount(fs::statx(file, "", at, StatxFlags::MNT_ID));
    match of_file == mount(fs::statx(folder, "", at, StatxFlags::MNT_ID)) {
        true => Ok(()),
        false => Err(lost("it is a mount of its own")),
    }
}

#[cfg(not(target_os = "linux"))]
fn replaceable(_: &OwnedFd, _: &File) -> Result<(), Failure> {
    Ok(())
}

/// Says what would be lost by a replacement.
fn keepable(file: &Stat, folder: &Stat) -> Result<(), Failure> {
    if !FileType::from_raw_mode(file.st_mode as RawMode).is_file() {
        return Err(lost("it is not a plain file"));
    }
    if file.st_uid != rustix::process::geteuid().as_raw() {
        return Err(lost("it belongs to another user"));
    }
    if file.st_nlink != 1 {
        return Err(lost("it has a second name (a hard link)"));
    }
    if u64::try_from(file.st_size).map_or(true, |size| size > LARGEST) {
        return Err(lost("it is larger than 1 MiB"));
    }
    let mode = Mode::from_raw_mode(folder.st_mode as RawMode);
    if mode.contains(Mode::WOTH) && !mode.contains(Mode::SVTX) {
        return Err(lost("everybody may replace files in its folder"));
    }
    Ok(())
}

/// Copies access lists, labels and the like; a file system without them has none to lose.
fn attributes(from: &File, to: &File) -> Result<(), Failure> {
    let keep = |_| lost("its extended attributes");
    let mut names = Vec::with_capacity(64 << 10);
    match fs::flistxattr(from, rustix::buffer::spare_capacity(&mut names)) {
        Ok(_) => {}
        Err(Errno::NOTSUP) => return Ok(()),
        Err(error) => return Err(keep(error)),
    }
    for name in names.split_inclusive(|byte| *byte == 0) {
        let name = CStr::from_bytes_with_nul(name).map_err(|_| lost("its extended attributes"))?;
        let mut value = Vec::with_capacity(64 << 10);
        fs::fgetxattr(from, name, rustix::buffer::spare_capacity(&mut value)).map_err(keep)?;
        match fs::fsetxattr(to, name, &value, XattrFlags::empty()) {
            Ok(()) => {}
            // The system sets its own label.
            Err(_) if name.to_bytes().starts_with(b"security.") => {}
            Err(error) => return Err(keep(error)),
        }
    }
    Ok(())
}

/// What tells one state of a file's contents from another. Its name may change meanwhile.
#[cfg(target_os = "linux")]
fn contents(stat: &Stat) -> (u64, u64, i64, i64, i64) {
    let whole = stamp(stat);
    (whole.0, whole.1, whole.2, whole.5, whole.6)
}

type Stamp = (u64, u64, i64, i64, i64, i64, i64);

fn stamp(stat: &Stat) -> Stamp {
    let time = |seconds: i64, nanos: i64| (seconds, nanos);
    #[expect(clippy::unnecessary_cast, reason = "the widths differ between systems")]
    let (changed, modified) = (
        time(stat.st_ctime as i64, stat.st_ctime_nsec as i64),
        time(stat.st_mtime as i64, stat.st_mtime_nsec as i64),
    );
    #[expect(clippy::unnecessary_cast, reason = "the widths differ between systems")]
    let file = (stat.st_dev as u64, stat.st_ino as u64, stat.st_size as i64);
    (file.0, file.1, file.2, changed.0, changed.1, modified.0, modified.1)
}

fn unwritten(error: &std::io::Error) -> Failure {
    match error.raw_os_error() {
        Some(number) => failed(Errno::from_raw_os_error(number)),
        None => Failure::new(Code::TargetFailed),
    }
}

fn lost(what: &'static str) -> Failure {
    Failure::new(Code::TargetNotSafe).detail(SafeDetail::Part(what))
}

fn failed(error: Errno) -> Failure {
    Failure::new(match error {
        Errno::NOENT | Errno::NOTDIR => Code::TargetGone,
        // A link stands where a file or a folder was.
        Errno::LOOP | Errno::MLINK => Code::TargetMoved,
        Errno::ACCESS | Errno::PERM | Errno::ROFS => Code::TargetRefused,
        Errno::NOSPC | Errno::DQUOT => Code::TargetFull,
        _ => Code::TargetFailed,
    })
}

#[cfg(test)]
mod tests;
