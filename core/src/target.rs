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

pub use machine::Machine;

use async_trait::async_trait;
use std::path::Path;

use crate::failure::Failure;
use crate::model::{Command, EnvFile, Secret, Target};

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
