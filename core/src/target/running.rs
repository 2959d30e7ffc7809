//! Commands that run: who leaves ends them, and who comes next sees one that goes on without its Keywheel.
//!
//! Such a command would have the last word at its place, with a value that is dead by then. So the groups of this process
//! are known, and a command that writes inherits an open file with a lock on it: the system gives that up with the last
//! process that has the file, whatever became of Keywheel.

use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
use sha2::{Digest, Sha256};
use tokio::process::{Child, Command};

use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};

/// Where the locks lie, in the data directory; those of processes lie there too, and leftovers are swept by a start.
const LOCKS: &str = "locks";
/// Between two looks at what takes a moment.
const LOOKS_EVERY: Duration = Duration::from_millis(5);
/// So often it is looked whether killed commands are gone: for two seconds. A system call may keep one for longer, and
/// then its lock says so.
const LOOKS_AT_END: usize = 400;
/// So often a lock is tried: another start may look at it at the same moment.
const TRIES: usize = 20;

/// The commands of this process.
pub(super) static OURS: Running = Running::new();

/// Commands that run, and whether their process is leaving.
pub(super) struct Running(Mutex<State>);

struct State {
    leaving: bool,
    groups: Vec<Pid>,
}

impl Running {
    pub(super) const fn new() -> Running {
        Running(Mutex::new(State {
            leaving: false,
            groups: Vec::new(),
        }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the process is leaving: then nobody is to learn how a command ended, for it was killed.
    pub(super) fn is_leaving(&self) -> bool {
        self.state().leaving
    }

    /// Starts a command in a group of its own, with its turn. None: the process is leaving, and begins nothing more.
    pub(super) fn start(&self, command: &mut Command, turn: Option<&Turn>) -> Option<io::Result<(Child, Group<'_>)>> {
        let mut state = self.state();
        if state.leaving {
            return None;
        }
        Some(spawned(command, turn).map(|child| {
            let id = child.id().and_then(|id| i32::try_from(id).ok());
            let leader = id.and_then(Pid::from_raw);
            state.groups.extend(leader);
            let running = self;
            (child, Group { running, leader })
        }))
    }

    /// Ends each with all that it started, and waits until they are gone; from here on none begins.
    pub(super) fn end(&self) {
        let groups = {
            let mut state = self.state();
            state.leaving = true;
            state.groups.clone()
        };
        for group in &groups {
            let _ = kill_process_group(*group, Signal::KILL);
        }
        let is_there = |group: &Pid| test_kill_process_group(*group).is_ok();
        for _ in 0..LOOKS_AT_END {
            if !groups.iter().any(is_there) {
                return;
            }
            pause();
        }
    }
}

/// The descriptor that a command inherits is one for the moment of its start: another program that starts just then may have
/// it too, and gives the lock up with the others once the command has ended.
fn spawned(command: &mut Command, turn: Option<&Turn>) -> io::Result<Child> {
    // A duplicate stays open in what is started (dup(2)).
    let _inherited = turn.map(|turn| rustix::io::dup(&turn.file)).transpose()?;
    command.process_group(0).spawn()
}

/// Ends a command with all that it started, however it is left.
pub(super) struct Group<'r> {
    running: &'r Running,
    leader: Option<Pid>,
}

impl Drop for Group<'_> {
    fn drop(&mut self) {
        if let Some(leader) = self.leader {
            let _ = kill_process_group(leader, Signal::KILL);
            self.running.state().groups.retain(|group| *group != leader);
        }
    }
}

/// The right to run what writes to one place: held by the command itself and all that it starts.
pub(super) struct Turn {
    file: File,
    path: PathBuf,
}

impl Turn {
    /// Takes it, unless a command of before still runs.
    pub(super) fn take(data_dir: &Path, write: &[String]) -> Result<Turn, Failure> {
        let path = lock_of(data_dir, write);
        let failed = |_| Failure::new(Code::TargetFailed);
        std::fs::create_dir_all(data_dir.join(LOCKS)).map_err(failed)?;
        for _ in 0..TRIES {
            let file = File::create(&path).map_err(failed)?;
            match file.try_lock() {
                // It may have been swept away between its creation and its lock.
                Ok(()) if is_at(&file, &path) => return Ok(Turn { file, path }),
                Ok(()) => continue,
                Err(TryLockError::WouldBlock) if !in_place(Guard::CommandsRest) => return Ok(Turn { file, path }),
                Err(TryLockError::WouldBlock) => pause(),
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
        }
        Err(Failure::new(Code::TargetStillRunning))
    }

    /// The command has ended by itself: what it left behind, as a server that it has started anew, writes nothing more.
    pub(super) fn over(self) {
        // Both may fail: a leftover file is swept away, and a lock ends with those who have it.
        let _ = std::fs::remove_file(&self.path);
        let _ = self.file.unlock();
    }
}

/// Says whether a command that writes there still runs, whoever has started it.
pub(super) fn rests(data_dir: &Path, write: &[String]) -> Result<(), Failure> {
    let path = lock_of(data_dir, write);
    // Only where there is no such file does nothing run: whoever cannot look takes nothing for ended.
    let failed = |_| Failure::new(Code::TargetFailed);
    for _ in 0..TRIES {
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(failed(error)),
        };
        match file.try_lock_shared() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => pause(),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
    }
    match in_place(Guard::CommandsRest) {
        true => Err(Failure::new(Code::TargetStillRunning)),
        false => Ok(()),
    }
}

/// A place is known by the command that writes there: one that was confirmed or put back by another one is the same place.
fn lock_of(data_dir: &Path, write: &[String]) -> PathBuf {
    let mut words = Sha256::new();
    for word in write {
        words.update((word.len() as u64).to_be_bytes());
        words.update(word);
    }
    let name: String = words
        .finalize()
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    data_dir.join(LOCKS).join(format!("command-{name}"))
}

fn is_at(file: &File, path: &Path) -> bool {
    let known = |about: io::Result<std::fs::Metadata>| about.ok().map(|about| (about.dev(), about.ino()));
    known(file.metadata()).is_some_and(|this| known(path.symlink_metadata()) == Some(this))
}

/// Blocks: what it waits for takes milliseconds, on a thread that nobody else waits for.
#[expect(
    clippy::disallowed_methods,
    reason = "another process is waited for, whatever Keywheel's clock shows"
)]
fn pause() {
    std::thread::sleep(LOOKS_EVERY);
}
