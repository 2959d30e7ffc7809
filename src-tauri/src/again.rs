//! A start in the moment in which the window that runs is ending: it was asked to come up, and ended before it answered.

use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::Duration;

/// How long an ending process may keep its name on the session bus: this often, and this long in between.
const STARTS: u32 = 20;
const BETWEEN: Duration = Duration::from_millis(100);

/// Which start this is, for the one that follows it.
const COUNT: &str = "KEYWHEEL_START";

/// Starts this program anew in its own process where that is why no window could be opened. Comes back if it is not,
/// or has been tried for long enough.
pub fn start(error: &tauri::Error) {
    let tauri::Error::PluginInitialization(plugin, _) = error else {
        return;
    };
    let count = std::env::var(COUNT)
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(1_u32);
    let (Ok(program), true) = (std::env::current_exe(), plugin == "single-instance" && count < STARTS) else {
        return;
    };
    tracing::info!("the window that ran has ended; starting once more");
    std::thread::sleep(BETWEEN);
    // What the plugins hold can be made once in a process, so a second builder in this one is no way.
    let error = Command::new(program)
        .args(std::env::args_os().skip(1))
        .env(COUNT, (count + 1).to_string())
        .exec();
    tracing::error!("the program does not start again: {error}");
}
