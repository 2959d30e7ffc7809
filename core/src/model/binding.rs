//! Where a key is used: this key, under this name, at that target.

use std::path::PathBuf;

use super::{BindingId, Fingerprint, KeyId, Name, VersionId};

/// A place that a key is used at. Nothing but what was last put there ever changes; another place is another binding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    pub id: BindingId,
    pub key_id: KeyId,
    pub target: Target,
    /// The version that Keywheel put there last, and saw there.
    pub holds: Option<VersionId>,
}

/// A place that consumes keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    EnvFile(EnvFile),
    Command(Command),
    /// The person puts it there: a dashboard, another machine.
    ByHand(Name),
}

/// One assignment in a `.env` file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvFile {
    /// Absolute, as the person named it.
    pub path: PathBuf,
    /// The file itself, links resolved, when it was added: another one behind the same path is refused.
    pub file: PathBuf,
    /// The name that the value is assigned to.
    pub name: String,
}

/// Commands of the person's own, each a program with its arguments; the value comes on standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Puts the value in place. It may be run again with the same value.
    pub write: Vec<String>,
    /// Ends with 0 where the value is in place.
    pub confirm: Option<Vec<String>>,
    /// Puts the former value back; without it, `write` does.
    pub restore: Option<Vec<String>>,
    /// Seal of what was allowed to run: a keyed hash, so that none can be made by writing to the database.
    pub allowed: Option<Fingerprint>,
}

impl Target {
    /// The stable word.
    pub fn kind(&self) -> &'static str {
        match self {
            Target::EnvFile(_) => "env_file",
            Target::Command(_) => "command",
            Target::ByHand(_) => "by_hand",
        }
    }

    /// The assignment, where it is one.
    pub fn file(&self) -> Option<&EnvFile> {
        match self {
            Target::EnvFile(file) => Some(file),
            _ => None,
        }
    }

    /// Whether Keywheel puts the value there.
    pub fn is_written(&self) -> bool {
        !matches!(self, Target::ByHand(_))
    }

    /// Whether it can be seen there that the new value is in use. A file is read by a program when it starts.
    pub fn confirms_itself(&self) -> bool {
        matches!(self, Target::Command(command) if command.confirm.is_some())
    }
}
