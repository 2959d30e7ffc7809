//! Tests only: a value that comes in is let out on purpose, so that the search for canaries is known to see it.
//!
//! Each way out is another place, and most are another form too.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use keywheel_core::App;

/// Where a value is let out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Leak {
    /// In a message at the level of tracing.
    Log,
    /// In an error, as a careless `Debug` prints bytes.
    Error,
    /// In the arguments of a program that is started.
    Argument,
    /// In the environment of a program that is started.
    Environment,
    /// In a file in the folder for temporary ones.
    TemporaryFile,
    /// In a file of the person's home.
    HomeFile,
    /// In a row of the database.
    Row,
    /// In memory that is never given back.
    Memory,
}

static PLANTED: OnceLock<Leak> = OnceLock::new();

/// Lets every value out that comes in from here on.
pub fn plant(leak: Option<Leak>) {
    if let Some(leak) = leak {
        // The first one stays.
        let _ = PLANTED.set(leak);
    }
}

/// Lets a value out where that was asked for.
pub fn let_out(app: &App, value: &str) {
    let reversed = || value.chars().rev().collect::<String>();
    let hex = || value.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    let utf16 = || value.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    match PLANTED.get() {
        None => {}
        Some(Leak::Log) => tracing::trace!(value, "let out"),
        Some(Leak::Error) => eprintln!("BadEncoding({:?})", value.as_bytes()),
        Some(Leak::Argument) => nap(Command::new("sh").args(["-c", "sleep 0.3", value])),
        Some(Leak::Environment) => nap(Command::new("sleep").arg("0.3").env("LET_OUT", hex())),
        Some(Leak::TemporaryFile) => write(&std::env::temp_dir(), &utf16()),
        Some(Leak::HomeFile) => write(&home(), reversed().as_bytes()),
        Some(Leak::Row) => {
            let named = async { app.add_org(value).await };
            let added = tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(named));
            assert!(added.is_ok(), "the row was not written");
        }
        Some(Leak::Memory) => std::mem::forget(value.to_owned()),
    }
}

fn home() -> PathBuf {
    std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default()
}

fn nap(command: &mut Command) {
    let ended = command.stdin(Stdio::null()).status();
    assert!(ended.is_ok_and(|status| status.success()), "the program did not run");
}

fn write(folder: &Path, bytes: &[u8]) {
    let written = std::fs::write(folder.join("let-out"), bytes);
    assert!(written.is_ok(), "the file was not written");
}
