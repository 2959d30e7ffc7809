//! Ends what a headless session leaves behind, also when the process that held the session was killed.
//!
//! The janitor is this program again, in a process group of its own so that Ctrl-C does not reach it. It waits for
//! the end of its input, which the system closes when the holder of the session is gone, and only then works.

use std::{
    fs,
    io::Read,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    command::{self, Outcome},
    headless::MARK,
};

/// How long processes have to end by themselves.
const GRACE: Duration = Duration::from_secs(3);

/// The janitor of one session, seen from the process that holds the session.
pub struct Janitor {
    process: Child,
}

impl Janitor {
    /// Starts the janitor of the session in `folder`.
    pub fn hire(folder: &Path) -> Outcome<Janitor> {
        // Not by path: `cargo xtask test` builds xtask anew, and the file that runs is then gone from its folder.
        let mut command = Command::new("/proc/self/exe");
        command
            .arg("janitor")
            .arg(folder)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null());
        let process = command
            .spawn()
            .map_err(|cause| command::not_started(&command, &cause))?;
        Ok(Janitor { process })
    }

    /// Has the janitor do its work, and waits for it.
    pub fn dismiss(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// Waits until the session's holder is gone, then ends what is left and deletes the folder.
pub fn serve(folder: &Path) -> Outcome {
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
    // First the programs, then what they talk to: a program can still say goodbye to its display and its bus.
    end(|| inhabitants(folder).filter(|process| !is_service(process)).collect());
    end(|| inhabitants(folder).collect());
    // A process on its last breath may still write; what it wrote is swept up by the next try.
    let swept = (0..50).any(|_| {
        let gone = fs::remove_dir_all(folder).is_ok() || !folder.exists();
        if !gone {
            thread::sleep(Duration::from_millis(20));
        }
        gone
    });
    if swept {
        Ok(())
    } else {
        Err(format!("{} could not be deleted", folder.display()))
    }
}

/// Asks processes to end, waits a little, and stops those that have not.
fn end(processes: impl Fn() -> Vec<PathBuf>) {
    let deadline = Instant::now() + GRACE;
    signal("TERM", &processes());
    while !processes().is_empty() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(20));
    }
    signal("KILL", &processes());
}

/// Returns the processes that carry the session's mark in their environment, as folders of /proc.
fn inhabitants(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let mark = [MARK.as_bytes(), b"=", folder.as_os_str().as_encoded_bytes()].concat();
    let processes = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()));
    processes.filter(move |process| {
        fs::read(process.join("environ")).is_ok_and(|variables| variables.split(|byte| *byte == 0).any(|v| v == mark))
    })
}

/// Returns whether a process is one that the others need to end well. The system keeps 15 bytes of a name.
fn is_service(process: &Path) -> bool {
    let name = fs::read_to_string(process.join("comm")).unwrap_or_default();
    ["Xvfb", "dbus-daemon", "gnome-keyring-d"].contains(&name.trim_end())
}

/// Sends a signal to processes; one that is gone already is no failure.
fn signal(name: &str, processes: &[PathBuf]) {
    if !processes.is_empty() {
        let numbers = processes.iter().filter_map(|process| process.file_name());
        command::succeeds(
            Command::new("sh")
                .args(["-c", "kill -s \"$@\"", "sh", name])
                .args(numbers),
        );
    }
}
