//! A command of the person's own: no shell, the value on standard input, few variables, one minute.
//!
//! What it prints is not read: it could hold the value. Only how it ends counts.

use std::ffi::OsString;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;
use tokio::process::Command as Process;

use super::running::{Running, Turn};
use crate::clock::{Clock, SystemClock};
use crate::failure::{Code, Failure};
use crate::model::{Command, Secret};

/// The only variables that a command is given.
pub(super) const VARIABLES: &[&str] = &[
    "HOME",
    "LANG",
    "LC_ALL",
    "LOGNAME",
    "PATH",
    "SystemRoot",
    "TMPDIR",
    "USER",
    "XDG_CONFIG_HOME",
];
/// Longest time that a command may take.
pub(super) const DEADLINE: Duration = Duration::from_secs(60);
/// Of files that a command names, the largest that is looked into.
const LARGEST: u64 = 256 << 20;

/// Runs the program with its arguments; `Ok` tells whether it ended with 0. One that writes has a turn, which goes on for as
/// long as it runs. Nothing more is told once the process is leaving.
pub(super) async fn run(
    words: &[String],
    secret: &Secret,
    variables: &[(OsString, OsString)],
    deadline: Duration,
    running: &Running,
    turn: Option<Turn>,
) -> Result<bool, Failure> {
    let (program, arguments) = words.split_first().ok_or_else(|| Failure::new(Code::TargetGone))?;
    let root = Path::new(program).ancestors().last().unwrap_or(Path::new("/"));
    let mut process = Process::new(program);
    process
        .args(arguments)
        .env_clear()
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .current_dir(root)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let started = match running.start(&mut process, turn.as_ref()) {
        Some(started) => started,
        None => std::future::pending().await,
    };
    // What it starts in its turn ends with it.
    let (mut child, group) = started.map_err(|_| Failure::new(Code::TargetGone))?;
    let stdin = child.stdin.take();
    let told = async {
        if let Some(mut stdin) = stdin {
            // One that does not read it may have ended before it arrives.
            let _ = stdin.write_all(secret.expose().as_bytes()).await;
        }
        child.wait().await
    };
    // A command's time is the machine's, whatever Keywheel's clock shows.
    let clock: std::sync::Arc<dyn Clock> = std::sync::Arc::new(SystemClock::new());
    let ended = crate::clock::within(&clock, deadline, told).await;
    if running.is_leaving() {
        std::future::pending().await
    }
    drop(group);
    match ended {
        Some(Ok(status)) => {
            if let Some(turn) = turn {
                turn.over();
            }
            Ok(status.success())
        }
        Some(Err(_)) => Err(Failure::unknown(Code::TargetCommandFailed)),
        None => Err(Failure::unknown(Code::TargetTooLong)),
    }
}

/// The absolute path that a word is, or ends with, as in `--config=/etc/put.toml`.
fn named(word: &str) -> &Path {
    let whole = Path::new(word);
    let begins = word.find('/').filter(|_| !whole.is_absolute());
    begins.map_or(whole, |at| Path::new(&word[at..]))
}

/// Returns what the command is, in all that it names: each word, and each word that is or ends with the absolute path of a
/// file with the contents of that file. A script that was changed is another command.
pub(super) fn contents(command: &Command) -> Result<Secret, Failure> {
    let mut whole = Sha256::new();
    let nothing = Vec::new();
    for words in [
        &command.write,
        command.confirm.as_ref().unwrap_or(&nothing),
        command.restore.as_ref().unwrap_or(&nothing),
    ] {
        whole.update((words.len() as u64).to_be_bytes());
        for (at, word) in words.iter().enumerate() {
            whole.update((word.len() as u64).to_be_bytes());
            whole.update(word);
            let path = named(word);
            let file = path
                .metadata()
                .ok()
                .filter(|about| path.is_absolute() && about.is_file());
            match file {
                Some(about) if about.len() <= LARGEST => {
                    let bytes = std::fs::read(path).map_err(|_| Failure::new(Code::TargetRefused))?;
                    whole.update(Sha256::digest(bytes));
                }
                // What is run is always looked into.
                _ if at == 0 => return Err(Failure::new(Code::TargetGone)),
                _ => {}
            }
        }
    }
    let digest = whole.finalize();
    Ok(Secret::new(digest.iter().map(|byte| format!("{byte:02x}")).collect()))
}
