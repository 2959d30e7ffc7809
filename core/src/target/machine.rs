//! The targets of this machine.

use async_trait::async_trait;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::command::{self, DEADLINE, VARIABLES};
use super::running::{self, OURS, Running, Turn};
use super::{Targets, Way, env_file};
use crate::failure::{Code, Effect, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{Command, EnvFile, Secret, Target};
use crate::tracked;

/// Writes files and runs commands.
pub struct Machine {
    /// Where other processes see which commands run.
    data_dir: PathBuf,
    variables: Vec<(OsString, OsString)>,
    deadline: Duration,
    running: &'static Running,
}

impl Machine {
    /// `variable` reads the environment, which is the shell's; commands are given a few of it.
    pub fn new(data_dir: &Path, variable: impl Fn(&str) -> Option<OsString>) -> Machine {
        let known = VARIABLES.iter();
        Machine {
            data_dir: data_dir.to_owned(),
            variables: known
                .filter_map(|name| Some((OsString::from(name), variable(name)?)))
                .collect(),
            deadline: DEADLINE,
            running: &OURS,
        }
    }

    /// For a test of what happens then.
    pub fn with_deadline(self, deadline: Duration) -> Machine {
        Machine { deadline, ..self }
    }

    /// For a test of how such a process leaves.
    #[cfg(all(test, unix))]
    fn among(self, running: &'static Running) -> Machine {
        Machine { running, ..self }
    }

    async fn run(&self, words: &[String], secret: &Secret, turn: Option<Turn>) -> Result<bool, Failure> {
        command::run(words, secret, &self.variables, self.deadline, self.running, turn).await
    }

    /// The turn of what writes there, by whichever words.
    async fn turn(&self, command: &Command) -> Result<Turn, Failure> {
        let (data_dir, write) = (self.data_dir.clone(), command.write.clone());
        aside(move || Turn::take(&data_dir, &write)).await
    }

    async fn confirm(&self, command: &Command, held: &Secret) -> Result<(), Failure> {
        match &command.confirm {
            Some(words) if !self.run(words, held, None).await? && in_place(Guard::CommandConfirms) => {
                Err(Failure::new(Code::TargetNotThere))
            }
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl Targets for Machine {
    async fn check(&self, target: &Target, held: &Secret) -> Result<(), Failure> {
        match target {
            Target::EnvFile(at) => {
                let (at, held) = (at.clone(), Secret::new(held.expose().to_owned()));
                aside(move || env_file::check(&at, &held)).await
            }
            Target::Command(command) => self.confirm(command, held).await.map_err(|failure| match failure.code {
                Code::TargetNotThere => Failure::new(Code::TargetDrifted),
                _ => failure.with_effect(Effect::NotApplied),
            }),
            Target::ByHand(_) => Ok(()),
        }
    }

    async fn replace(&self, target: &Target, from: &Secret, to: &Secret, way: Way) -> Result<bool, Failure> {
        match target {
            Target::EnvFile(at) => {
                let at = at.clone();
                let [from, to] = [from, to].map(|secret| Secret::new(secret.expose().to_owned()));
                match (aside(move || env_file::replace(&at, &from, &to)).await?, way) {
                    (false, Way::Deploy) => Err(Failure::new(Code::TargetDrifted)),
                    (replaced, _) => Ok(replaced),
                }
            }
            Target::Command(command) => {
                let words = match way {
                    Way::Deploy => &command.write,
                    Way::Restore => command.restore.as_ref().unwrap_or(&command.write),
                };
                let turn = self.turn(command).await?;
                match self.run(words, to, Some(turn)).await? {
                    true => self.confirm(command, to).await.map(|()| true),
                    false => Err(Failure::unknown(Code::TargetCommandFailed)),
                }
            }
            Target::ByHand(_) => Err(Failure::new(Code::RotationIllegal)),
        }
    }

    async fn rests(&self, target: &Target) -> Result<(), Failure> {
        match target {
            Target::Command(command) => {
                let (data_dir, write) = (self.data_dir.clone(), command.write.clone());
                aside(move || running::rests(&data_dir, &write)).await
            }
            Target::EnvFile(_) | Target::ByHand(_) => Ok(()),
        }
    }

    async fn look(&self, target: &Target) -> Result<Option<Secret>, Failure> {
        match target {
            Target::EnvFile(at) => {
                let at = at.clone();
                aside(move || env_file::look(&at)).await.map(Some)
            }
            Target::Command(_) | Target::ByHand(_) => Ok(None),
        }
    }

    async fn names_of(&self, target: &Target, value: &Secret) -> Result<Vec<String>, Failure> {
        match target {
            Target::EnvFile(at) => {
                let (at, value) = (at.clone(), Secret::new(value.expose().to_owned()));
                aside(move || env_file::names_of(&at, &value)).await
            }
            Target::Command(_) | Target::ByHand(_) => Ok(Vec::new()),
        }
    }

    async fn find(&self, path: &Path, name: &str, tracked: bool) -> Result<EnvFile, Failure> {
        let (path, name) = (path.to_owned(), name.to_owned());
        aside(move || {
            let found = env_file::find(&path, &name)?;
            match !tracked && tracked::has(&found.file)? {
                true => Err(Failure::new(Code::TargetTracked).field("path")),
                false => Ok(found),
            }
        })
        .await
    }

    async fn contents(&self, command: &Command) -> Result<Secret, Failure> {
        let command = command.clone();
        aside(move || command::contents(&command)).await
    }
}

/// A disk may take its time: not on a thread that others wait for.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T, Failure> + Send + 'static) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(Failure::unknown(Code::TargetFailed)))
}

#[cfg(all(test, unix))]
mod tests;
