//! Where keys are used: said, shown with what stands there, forgotten.

use std::path::PathBuf;

use super::App;
use super::places::named;
use crate::failure::{Code, Failure, Family, SafeDetail};
use crate::model::{Binding, BindingId, Command, KeyId, KeyVersion, Target, VersionId, VersionState};
use crate::rotation::MOST_BINDINGS;
use crate::store::{ActivityResult, NewActivity};
use crate::vault::{VaultRef, VaultState};

/// A target as a person names it.
#[derive(Debug, Clone)]
pub enum NewTarget {
    EnvFile {
        /// Absolute.
        path: PathBuf,
        name: String,
        /// The person knows that git tracks the file.
        tracked: bool,
    },
    /// The person has seen these words, and allows them to run.
    Command(Command),
    ByHand(String),
}

/// A key's use at a target, and what stands there now.
#[derive(Debug, Clone)]
pub struct Use {
    pub binding: Binding,
    pub stands: Stands,
}

/// What stands at a target beside the key's own versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stands {
    /// The version that serves.
    Serving,
    /// Another version of this key: the new one in a rotation, or a former one.
    Other(VersionId),
    /// A value that Keywheel does not know: drift.
    Drifted,
    /// It cannot be read, or what is run there is not what was allowed.
    Amiss(Failure),
    /// Nobody can tell without doing something.
    Untold,
}

impl App {
    /// Says that a key is used there. A file has to hold the key's value; where Keywheel does not hold it, it is taken
    /// from there.
    pub async fn add_target(&self, id: KeyId, new: NewTarget) -> Result<Use, Failure> {
        self.has_the_keys().await?;
        let row = self.store.key(id).await?;
        if row.under_way.is_some() {
            return Err(Failure::new(Code::KeyBusy));
        }
        if !row.key.purpose.is_rotated() {
            return Err(Failure::new(Code::KeyManagedByHand));
        }
        if self.store.bindings_of(id).await?.len() >= MOST_BINDINGS {
            let most = SafeDetail::Count {
                what: "targets at most",
                n: MOST_BINDINGS as u64,
            };
            return Err(Failure::new(Code::InputInvalid).field("target").detail(most));
        }
        let version = row.version.ok_or_else(|| Failure::new(Code::KeyEnded))?;
        let target = match new {
            NewTarget::EnvFile { path, name, tracked } => {
                let target = Target::EnvFile(self.targets.find(&path, &name, tracked).await?);
                self.take_from(id, &version, &target).await?;
                target
            }
            NewTarget::Command(command) => {
                let allowed = Some(self.seal(&command).await?);
                Target::Command(Command { allowed, ..command })
            }
            NewTarget::ByHand(place) => Target::ByHand(named(&place, "place")?),
        };
        let (ms, random) = self.id_parts();
        let binding = Binding {
            id: BindingId::new(ms, random),
            key_id: id,
            holds: matches!(target, Target::EnvFile(_)).then_some(version.id),
            target,
        };
        self.store.add_binding(&binding, version.id, self.clock.now()).await?;
        self.note_target(&binding, "target.added").await?;
        self.used(binding, VaultState::Ready).await
    }

    /// The value that stands there is the key's, and is held from now on.
    async fn take_from(&self, id: KeyId, version: &KeyVersion, target: &Target) -> Result<(), Failure> {
        let there = self.targets.look(target).await?;
        let there = there.ok_or_else(|| Failure::new(Code::TargetNoName))?;
        if !version.held {
            return self.hold_value(id, &there).await;
        }
        let held = self.vault.get(&VaultRef::version(version.id)).await?;
        let held = held.ok_or_else(|| Failure::new(Code::KeychainMissing))?;
        match held.same_as(&there) {
            true => Ok(()),
            false => Err(Failure::new(Code::TargetDrifted)),
        }
    }

    /// Where a key is used. Files are read; no command is run.
    pub async fn targets_of(&self, id: KeyId, keychain: VaultState) -> Result<Vec<Use>, Failure> {
        let mut uses = Vec::new();
        for binding in self.store.bindings_of(id).await? {
            uses.push(self.used(binding, keychain).await?);
        }
        Ok(uses)
    }

    /// Where any key is used.
    pub async fn all_targets(&self, keychain: VaultState) -> Result<Vec<Use>, Failure> {
        let mut uses = Vec::new();
        for binding in self.store.bindings().await? {
            uses.push(self.used(binding, keychain).await?);
        }
        Ok(uses)
    }

    pub async fn target(&self, id: BindingId) -> Result<Binding, Failure> {
        self.store.binding(id).await
    }

    /// Forgets that a key is used there. What stands there stays.
    pub async fn remove_target(&self, id: BindingId) -> Result<(), Failure> {
        self.has_the_keys().await?;
        let binding = self.idle_binding(id).await?;
        self.store.remove_binding(id, self.clock.now()).await?;
        self.note_target(&binding, "target.removed").await
    }

    /// The person has looked at a command that was changed, and allows it as it is now.
    pub async fn allow_target(&self, id: BindingId) -> Result<Use, Failure> {
        let binding = self.store.binding(id).await?;
        let Target::Command(command) = &binding.target else {
            return Err(Failure::new(Code::InputInvalid).field("target"));
        };
        self.store.allow_command(id, &self.seal(command).await?).await?;
        self.note_target(&binding, "target.allowed").await?;
        self.used(self.store.binding(id).await?, VaultState::Ready).await
    }

    async fn idle_binding(&self, id: BindingId) -> Result<Binding, Failure> {
        let binding = self.store.binding(id).await?;
        match self.store.key(binding.key_id).await?.open_rotation() {
            Some(_) => Err(Failure::new(Code::KeyBusy)),
            None => Ok(binding),
        }
    }

    async fn seal(&self, command: &Command) -> Result<crate::model::Fingerprint, Failure> {
        let contents = self.targets.contents(command).await?;
        Ok(self.fingerprints().await?.of(&contents))
    }

    async fn used(&self, binding: Binding, keychain: VaultState) -> Result<Use, Failure> {
        let stands = match self.stands(&binding, keychain).await {
            Ok(stands) => stands,
            Err(failure) if failure.code.family() == Family::Target => Stands::Amiss(failure),
            Err(failure) => return Err(failure),
        };
        Ok(Use { binding, stands })
    }

    async fn stands(&self, binding: &Binding, keychain: VaultState) -> Result<Stands, Failure> {
        // A list does not wait for the keychain.
        let told = keychain == VaultState::Ready && binding.target.is_written();
        let value = self.targets.look(&binding.target).await?;
        if !told {
            return Ok(Stands::Untold);
        }
        if let Target::Command(command) = &binding.target {
            let seal = self.seal(command).await?;
            return match command.allowed == Some(seal) {
                true => Ok(Stands::Untold),
                false => Err(Failure::new(Code::TargetNotAllowed)),
            };
        }
        let Some(value) = value else {
            return Ok(Stands::Untold);
        };
        let fingerprint = self.fingerprints().await?.of(&value);
        let versions = self.store.versions(binding.key_id).await?;
        let same = versions
            .iter()
            .find(|version| version.fingerprint.as_ref() == Some(&fingerprint));
        let known = versions.iter().any(|version| version.fingerprint.is_some());
        Ok(match same {
            Some(version) if version.state == VersionState::Live => Stands::Serving,
            Some(version) => Stands::Other(version.id),
            None if known => Stands::Drifted,
            None => Stands::Untold,
        })
    }

    async fn note_target(&self, binding: &Binding, verb: &'static str) -> Result<(), Failure> {
        let noted = NewActivity {
            key_id: Some(binding.key_id),
            ..NewActivity::new(&self.who.who, verb, ActivityResult::Done)
        };
        self.store.note(&noted, self.clock.now()).await
    }
}
