//! Which processes run the window on a data directory.

use std::path::Path;

use tokio::process::Command;

use crate::window::Outcome;

/// The numbers of those that the system lists with its arguments.
pub async fn on(data_dir: &Path) -> Outcome<Vec<String>> {
    let program = format!("keywheel-desktop --data-dir {}", data_dir.display());
    let found = Command::new("pgrep").args(["-f", &program]).output().await;
    let found = found.map_err(|error| format!("pgrep: {error}"))?;
    let numbers = String::from_utf8_lossy(&found.stdout);
    Ok(numbers.lines().map(str::to_owned).collect())
}

/// Sends each of them a signal of `kill`, as `-KILL`.
pub async fn signal(ids: &[String], name: &str) -> Outcome {
    let sent = Command::new("kill").arg(name).args(ids).status().await;
    match sent.map_err(|error| format!("kill: {error}"))?.success() {
        true => Ok(()),
        false => Err(format!("{name} does not reach {ids:?}")),
    }
}

/// Whether all that it had open is closed. A process that ends gives back its memory first, and with it the arguments
/// that it is found by: until its connections are closed, it still answers for the window.
pub fn has_ended(id: &str) -> bool {
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{id}/stat")) else {
        return true;
    };
    // `proc(5)`: the state comes after the name, which may hold anything.
    stat.rsplit_once(") ")
        .is_none_or(|(_, rest)| rest.starts_with(['Z', 'X']))
}

/// Whether the process can leave a core file, which would hold what was in its memory (proc_pid_limits(5)).
pub fn can_leave_a_core_file(process: &str) -> bool {
    let limits = std::fs::read_to_string(format!("/proc/{process}/limits")).expect("it is there");
    let line = limits.lines().find_map(|line| line.strip_prefix("Max core file size"));
    let words: Vec<&str> = line.expect("the limit").split_whitespace().collect();
    !words.starts_with(&["0", "0"])
}
