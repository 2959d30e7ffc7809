//! Ends what a headless session leaves behind, also when the process that held the session was killed.
//!
//! The janitor is this program again, in a process group of its own so that Ctrl-C does not reach it. It waits for
//! the end of its input, which the system closes when the holder of the session is gone, and only then works.

use std::{
    env, fs,
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

/// How long a process has to end by itself.
const GRACE: Duration = Duration::from_secs(3);

/// The janitor of one session, seen from the process that holds the session.
pub struct Janitor {
    process: Child,
}

impl Janitor {
    /// Starts the janitor of the session in `folder`.
    pub fn hire(folder: &Path) -> Outcome<Janitor> {
        let ourselves = env::current_exe().map_err(|cause| format!("xtask does not find itself: {cause}"))?;
        let mut command = Command::new(ourselves);
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
    let deadline = Instant::now() + GRACE;
    signal("TERM", &inhabitants(folder));
    while !inhabitants(folder).is_empty() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(20));
    }
    signal("KILL", &inhabitants(folder));
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

/// Returns the processes that carry the session's mark in their environment.
fn inhabitants(folder: &Path) -> Vec<String> {
    let mark = [MARK.as_bytes(), b"=", folder.as_os_str().as_encoded_bytes()].concat();
    let Ok(processes) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    let is_marked = |process: &PathBuf| {
        fs::read(process.join("environ")).is_ok_and(|variables| variables.split(|byte| *byte == 0).any(|v| v == mark))
    };
    let marked = processes.filter_map(|entry| Some(entry.ok()?.path())).filter(is_marked);
    marked
        .filter_map(|process| Some(process.file_name()?.to_str()?.to_owned()))
        .collect()
}

/// Sends a signal to processes; one that is gone already is no failure.
fn signal(name: &str, processes: &[String]) {
    if !processes.is_empty() {
        command::succeeds(
            Command::new("sh")
                .args(["-c", "kill -s \"$@\"", "sh", name])
                .args(processes),
        );
    }
}
