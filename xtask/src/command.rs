//! Running other programs: one way to start them, one wording when they fail.

use std::{
    ffi::OsStr,
    process::{Command, ExitCode, ExitStatus},
};

/// What a step ends with: a sentence fragment for the person when it fails.
pub type Outcome<T = ()> = Result<T, String>;

/// Runs the command with its output shown, and fails unless it succeeds.
pub fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|cause| not_started(command, &cause))?;
    if status.success() {
        Ok(())
    } else {
        Err(ended(command, status))
    }
}

/// Runs the command and returns what it printed; its errors go into the failure.
pub fn text(command: &mut Command) -> Outcome<String> {
    let output = command.output().map_err(|cause| not_started(command, &cause))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!(
        "{}\n{}",
        ended(command, output.status),
        String::from_utf8_lossy(&output.stderr).trim_end()
    ))
}

/// Returns whether the command starts and succeeds; what it prints is dropped.
pub fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// Runs the command in place of this process: its exit code becomes ours.
pub fn become_it(command: &mut Command) -> Outcome<ExitCode> {
    let status = command.status().map_err(|cause| not_started(command, &cause))?;
    Ok(ExitCode::from(exit_code(status)))
}

/// The same command, which takes of the cores what others leave.
pub fn behind(command: &Command) -> Command {
    let mut behind = Command::new("nice");
    behind
        .args(["-n", "10"])
        .arg(command.get_program())
        .args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        behind.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => behind.env(name, value),
            None => behind.env_remove(name),
        };
    }
    behind
}

/// Returns the exit code a shell would report.
pub fn exit_code(status: ExitStatus) -> u8 {
    use std::os::unix::process::ExitStatusExt;
    let code = status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0));
    u8::try_from(code).unwrap_or(1)
}

/// Says that a command could not be started.
pub fn not_started(command: &Command, cause: &std::io::Error) -> String {
    format!("`{}` could not be started: {cause}", shown(command))
}

/// Says how a command ended.
pub fn ended(command: &Command, status: ExitStatus) -> String {
    format!("`{}` ended with {status}", shown(command))
}

/// Returns the command as a person would type it.
fn shown(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program());
    let words: Vec<_> = std::iter::once(program)
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect();
    words.join(" ")
}
