//! Places that consume keys: written, confirmed, put back as they were. One file a kind.
//!
//! Deliberately absent: any decision. Each call does one thing at one target, and may be repeated.

mod command;
pub mod dotenv;
mod env_file;
#[cfg(unix)]
mod file;
#[cfg(not(unix))]
#[path = "target/file_elsewhere.rs"]
mod file;
mod machine;
#[cfg(unix)]
mod running;
#[cfg(not(unix))]
#[path = "target/running_elsewhere.rs"]
mod running;

pub use machine::Machine;

use async_trait::async_trait;
use std::path::Path;

use crate::failure::Failure;
use crate::model::{Command, EnvFile, Secret, Target};

/// Ends the commands of this process, with all that they started, and waits a moment until they are gone. For who is about to
/// leave: what goes on without Keywheel would write its value after everything else. No command begins after it, and nobody
/// learns how one ended.
pub fn end_commands() {
    running::OURS.end();
}

/// Which way a value is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The new one comes.
    Deploy,
    /// The former one comes back.
    Restore,
}

/// The targets of one machine.
#[async_trait]
pub trait Targets: Send + Sync {
    /// Says what keeps the value there from being replaced. Changes nothing; a command that confirms is run.
    async fn check(&self, target: &Target, held: &Secret) -> Result<(), Failure>;

    /// Puts `to` in the place of `from` and confirms that it landed; where it stands already, nothing is written.
    /// `false`: something else stands there, which on the way back is somebody else's, and is left.
    async fn replace(&self, target: &Target, from: &Secret, to: &Secret, way: Way) -> Result<bool, Failure>;

    /// Says whether a command of before still runs there, whoever has started it: it may write its value after all others.
    async fn rests(&self, target: &Target) -> Result<(), Failure>;

    /// Returns the value that stands there; `None` where a target does not tell.
    async fn look(&self, target: &Target) -> Result<Option<Secret>, Failure>;

    /// Names under which a file assigns the value, alone or within a longer one, such as an address; none where a target
    /// does not tell.
    async fn names_of(&self, target: &Target, value: &Secret) -> Result<Vec<String>, Failure>;

    /// Finds the file that a path leads to, and that it can be a target. `tracked`: though git tracks it.
    async fn find(&self, path: &Path, name: &str, tracked: bool) -> Result<EnvFile, Failure>;

    /// Returns what a command's seal is made from: its words, and the programs and files that they name.
    async fn contents(&self, command: &Command) -> Result<Secret, Failure>;
}
