//! The command of a run: at the level of tracing, stopped before its end and looked at.

use tests::stopped::{Said, Stopped};
use tokio::process::Command;

use crate::watch::{Watch, program};

/// Runs a command to the point where nothing but its end is left, looks at its memory, and lets it end.
pub async fn run(watch: &mut Watch, arguments: &[&str], input: &str) -> Said {
    let mut command = Command::new(program("keywheel"));
    command.arg("--data-dir").arg(&watch.dir).arg("-vvv").args(arguments);
    command.env("TMPDIR", watch.temporary());
    let stopped = Stopped::after(command, input).await;
    let scanner = watch.scanner().await;
    watch.memory("memory of the command", &scanner, stopped.id);
    let said = stopped.end().await;
    watch.text("standard output", &scanner, said.out.as_bytes());
    watch.text("standard error", &scanner, said.err.as_bytes());
    said
}
