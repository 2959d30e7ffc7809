//! The real command, stopped before its end: everything is done, and the process can still be looked at.

use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

/// No command takes longer: a request ends within a minute, and machines may be busy.
const PATIENCE: Duration = Duration::from_secs(150);

/// A command of which nothing but the end is left.
pub struct Stopped {
    pub id: u32,
    child: Child,
    out: JoinHandle<String>,
    err: JoinHandle<String>,
}

/// How a command ended, and what it wrote.
#[derive(Debug)]
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Said {
    pub fn ok(self) -> Said {
        assert_eq!(self.code, Some(0), "{}\n{}", self.out, self.err);
        self
    }
}

impl Stopped {
    /// Starts it with `--stop-at-end`, which builds with the feature `fail-points` have, and waits until it stops.
    pub async fn after(mut command: Command, input: &str) -> Stopped {
        command.arg("--stop-at-end").kill_on_drop(true);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the command starts");
        let mut stdin = child.stdin.take().expect("its input");
        // A command that reads nothing may have gone before this arrives.
        let _ = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        let id = child.id().expect("it runs");
        let (out, err) = (collect(child.stdout.take()), collect(child.stderr.take()));
        let started = Instant::now();
        while !is_stopped(id) {
            if let Ok(Some(status)) = child.try_wait() {
                let err = err.await.unwrap_or_default();
                panic!("it ended by itself: {status}; is it built with the feature fail-points?\n{err}");
            }
            assert!(started.elapsed() < PATIENCE, "it comes to no end");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Stopped { id, child, out, err }
    }

    /// Most memory that it had in use, in bytes (proc_pid_status(5): VmHWM).
    pub fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id)).expect("it is there");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        kilobytes.expect("its peak") * 1024
    }

    /// Lets it end.
    pub async fn end(mut self) -> Said {
        let continued = Command::new("kill")
            .args(["-CONT", &self.id.to_string()])
            .status()
            .await;
        assert!(continued.is_ok_and(|status| status.success()), "it can go on");
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        Said {
            code: ended.expect("it ends").expect("its end").code(),
            out: self.out.await.expect("what it wrote"),
            err: self.err.await.expect("what it wrote"),
        }
    }
}

/// Whether the third field of `stat`, after the name in brackets, says so (proc_pid_stat(5)).
fn is_stopped(id: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let state = stat.rsplit(')').next().unwrap_or_default();
    state.trim_start().starts_with('T')
}

/// Reads all that comes, so that the command never waits for a reader.
fn collect<R: AsyncRead + Unpin + Send + 'static>(from: Option<R>) -> JoinHandle<String> {
    tokio::spawn(async move {
        let mut bytes = Vec::new();
        let mut from = from.expect("a pipe");
        from.read_to_end(&mut bytes).await.expect("what it wrote");
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
