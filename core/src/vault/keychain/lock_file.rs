//! One process at a time: more than one session at once has made GNOME Keyring abort.
//!
//! Two files make it fair. Who waits holds the place in front of the door, so that a busy process cannot
//! take one turn after the other while another one waits.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::clock::Clock;
use crate::failure::{Code, Failure};

const PAUSE: Duration = Duration::from_millis(5);

/// Waits for the lock; dropping the file releases it, as does the end of the process.
pub(super) async fn acquire(path: &Path, clock: &Arc<dyn Clock>) -> Result<File, Failure> {
    let _next = wait_for(&path.with_extension("next"), clock).await?;
    wait_for(path, clock).await
}

/// Notes in the file that is locked when something was written last, for all processes.
pub(super) fn note_write(lock: &File, at: Timestamp) {
    // Where it cannot be noted, the last note is older: a file system without times says nothing either.
    let _ = lock.set_modified(at.into());
}

/// When something was written last.
pub(super) fn last_write(path: &Path) -> Option<Timestamp> {
    let modified = path.metadata().and_then(|about| about.modified()).ok()?;
    Timestamp::try_from(modified).ok()
}

async fn wait_for(path: &Path, clock: &Arc<dyn Clock>) -> Result<File, Failure> {
    let file = open(path).map_err(|_| Failure::new(Code::KeychainFailed))?;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => clock.sleep(PAUSE).await,
            Err(TryLockError::Error(_)) => return Err(Failure::new(Code::KeychainFailed)),
        }
    }
}

fn open(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
