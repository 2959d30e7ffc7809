//! Whether a process that once took the right to drive still lives: it holds the lock on its file.

use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// This process, as other processes on the same data directory see it.
pub(super) struct Instance {
    name: String,
    dir: PathBuf,
    _lock: File,
}

impl Instance {
    pub(super) fn begin(data_dir: &Path, name: &str) -> io::Result<Instance> {
        let dir = data_dir.join("locks");
        std::fs::create_dir_all(&dir)?;
        let lock = Instance::lock(&dir.join(name))?;
        let instance = Instance {
            name: name.to_owned(),
            dir,
            _lock: lock,
        };
        instance.sweep();
        Ok(instance)
    }

    /// Another process may sweep the file away between its creation and its lock; once locked it stays.
    fn lock(file: &Path) -> io::Result<File> {
        loop {
            let lock = File::create(file)?;
            lock.lock()?;
            if file.exists() {
                return Ok(lock);
            }
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn is_this(&self, name: &str) -> bool {
        self.name == name
    }

    /// Whether the process of that name still holds its lock. The operating system gives it up with the process.
    pub(super) fn is_alive(&self, name: &str) -> bool {
        if self.is_this(name) {
            return true;
        }
        // A name from the database is joined to a path: it has to be a plain one.
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            return false;
        }
        // Only where there is no such file is nobody there: whoever cannot look takes nobody for dead.
        match lock_file(&self.dir.join(name)) {
            Ok(file) => matches!(file.try_lock(), Err(TryLockError::WouldBlock)),
            Err(error) => error.kind() != ErrorKind::NotFound,
        }
    }

    /// Removes the files of processes that are gone.
    fn sweep(&self) {
        let Ok(entries) = std::fs::read_dir(&self.dir) else {
            return;
        };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            // Removed under its lock, so that a process that is just beginning sees it.
            let Ok(file) = lock_file(&entry.path()) else {
                continue;
            };
            if !self.is_this(&name) && file.try_lock().is_ok() {
                // A leftover file does no harm: the next start tries again.
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

/// Opens a lock's file. What else has its name is none, and might never be opened.
fn lock_file(path: &Path) -> std::io::Result<File> {
    match std::fs::symlink_metadata(path)?.is_file() {
        true => File::open(path),
        false => Err(ErrorKind::NotFound.into()),
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(self.dir.join(&self.name));
    }
}
