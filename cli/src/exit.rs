//! What a script learns from the exit code, and how a failure is told.

use keywheel_core::failure::Family;
use keywheel_core::rotation::{Ending, Rotation, State, StepKind};
use keywheel_core::{Code, Effect, Failure};
use keywheel_wire::render::error_view;
use keywheel_wire::{EffectView, ErrorView};

/// How a command ended. The numbers are documented and stay; the worse of two is the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    Done = 0,
    /// Any failure without a number of its own.
    Failed = 1,
    /// The arguments or the input were at fault; nothing was changed.
    Usage = 2,
    /// `check` found stale keys, or `scan` values of keys.
    Found = 3,
    /// Not finished, or nothing was changed: come back later.
    Later = 75,
    /// Nobody knows yet what became of it; Keywheel asks before it acts again.
    Unknown = 76,
    /// The keychain was given up on while a value was held in memory.
    HeldInMemory = 77,
    /// The provider does not accept the new key.
    NotAccepted = 78,
    /// A place that uses the key does not have the right value yet.
    NotDeployed = 79,
    /// The provider still accepts the old key.
    StillAccepted = 80,
    /// Another process, or somebody else, is at it.
    Elsewhere = 81,
    /// The management credential was refused.
    Credential = 82,
    /// Ended by Ctrl-C.
    Interrupted = 130,
}

impl Exit {
    pub fn code(self) -> i32 {
        self as i32
    }

    /// Returns what a failure ends with.
    pub fn of_failure(failure: &Failure) -> Exit {
        if failure.effect == Effect::Unknown {
            Exit::Unknown
        } else {
            Exit::of_code(failure.code)
        }
    }

    pub fn of_code(code: Code) -> Exit {
        match code {
            Code::RotationNeedsAnswer | Code::RotationBehind => Exit::Unknown,
            Code::RotationHeldInMemory => Exit::HeldInMemory,
            Code::KeyNotAccepted
            | Code::KeySuccessorRefused
            | Code::KeySuccessorUnlisted
            | Code::KeySuccessorUnusual => Exit::NotAccepted,
            // A flag is wanted.
            Code::RotationNewInUse => Exit::Usage,
            Code::KeyStillAccepted | Code::KeyStillListed => Exit::StillAccepted,
            Code::RotationElsewhere | Code::RotationLeaseLost | Code::RotationSlotChanged => Exit::Elsewhere,
            Code::CredentialMissing
            | Code::CredentialRefused
            | Code::CredentialExpired
            | Code::CredentialNotAllowed => Exit::Credential,
            Code::RotationOpen | Code::KeyBusy => Exit::Later,
            code if code.family() == Family::Input => Exit::Usage,
            code if code.is_passing() => Exit::Later,
            _ => Exit::Failed,
        }
    }

    /// Returns what a rotation ends a command with, as it stands.
    pub fn of_rotation(rotation: &Rotation) -> Exit {
        match rotation.position.state {
            State::Closed(Ending::Completed | Ending::Settled) | State::AwaitingPerson | State::DiscardAwaiting(_) => {
                Exit::Done
            }
            // The keychain did not take the value in time, so the new key was taken back.
            State::Closed(Ending::Undone) if rotation.was_given_up() => Exit::HeldInMemory,
            State::Closed(Ending::Undone) => Exit::Done,
            State::Closed(Ending::Stopped) => Exit::Later,
            State::Unknown(_) | State::Asking | State::DiscardDoing(_) | State::DiscardUnknown(_) => Exit::Unknown,
            State::RestoreFailed(code) => Exit::of_code(code).max(Exit::NotDeployed),
            State::Failed(code) | State::AwaitingTime { code: Some(code), .. } => {
                match rotation.position.step(&rotation.plan) {
                    Some(StepKind::Deploy(_)) => Exit::of_code(code).max(Exit::NotDeployed),
                    Some(StepKind::ProveDead) => Exit::of_code(code).max(Exit::StillAccepted),
                    _ => Exit::of_code(code).max(Exit::Later),
                }
            }
            State::Ready
            | State::Doing
            | State::Restoring
            | State::RestoreDoing
            | State::Discarding(_)
            | State::AwaitingTime { code: None, .. } => Exit::Later,
        }
    }
}

/// Why a command stopped.
#[derive(Debug)]
pub enum Stop {
    /// Told to the person, or as JSON.
    Told { error: Box<ErrorView>, exit: Exit },
    /// All has been said already.
    Quiet(Exit),
}

impl Stop {
    /// What was asked for cannot be read.
    pub fn usage(message: impl Into<String>) -> Stop {
        let error = ErrorView {
            code: "input.usage".to_owned(),
            message: message.into(),
            remedy: "See --help; nothing was changed.".to_owned(),
            effect: EffectView::NotApplied,
            field: None,
            details: Vec::new(),
            retry_at: None,
        };
        Stop::Told {
            error: Box::new(error),
            exit: Exit::Usage,
        }
    }

    /// One option or field cannot be used.
    pub fn about(field: &str, message: impl Into<String>) -> Stop {
        let mut stop = Stop::usage(message);
        if let Stop::Told { error, .. } = &mut stop {
            error.field = Some(field.to_owned());
        }
        stop
    }

    /// Adds a fact of ours.
    pub fn detail(mut self, detail: String) -> Stop {
        if let Stop::Told { error, .. } = &mut self {
            error.details.push(detail);
        }
        self
    }

    pub fn exit(&self) -> Exit {
        match self {
            Stop::Told { exit, .. } | Stop::Quiet(exit) => *exit,
        }
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        let mut error = error_view(&failure);
        if failure.code == Code::ProviderUnreachable {
            error.details.extend(unused_proxy());
        }
        Stop::Told {
            error: Box::new(error),
            exit: Exit::of_failure(&failure),
        }
    }
}

/// A proxy that is set and not used: no value is handed to whoever the environment names.
fn unused_proxy() -> Option<String> {
    let names = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let set = names
        .into_iter()
        .find(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    set.map(|name| format!("{name} is set, and is not used"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(failure: Failure, exit: Exit) {
        assert_eq!(Exit::of_failure(&failure), exit, "{}", failure.code.as_str());
    }

    #[test]
    fn a_failure_ends_as_the_table_says() {
        check(Failure::new(Code::InputDuplicateName), Exit::Usage);
        check(Failure::new(Code::ProviderUnreachable), Exit::Later);
        check(Failure::unknown(Code::ProviderNoAnswer), Exit::Unknown);
        check(Failure::unknown(Code::CredentialRefused), Exit::Unknown);
        check(Failure::new(Code::RotationNeedsAnswer), Exit::Unknown);
        check(Failure::new(Code::RotationHeldInMemory), Exit::HeldInMemory);
        check(Failure::new(Code::KeyNotAccepted), Exit::NotAccepted);
        check(Failure::new(Code::KeyStillAccepted), Exit::StillAccepted);
        check(Failure::new(Code::RotationElsewhere), Exit::Elsewhere);
        check(Failure::new(Code::CredentialExpired), Exit::Credential);
        check(Failure::new(Code::KeychainLocked), Exit::Later);
        check(Failure::new(Code::StoreDamaged), Exit::Failed);
    }

    #[test]
    fn every_code_has_an_exit_other_than_success() {
        for code in Code::ALL {
            assert_ne!(Exit::of_code(*code), Exit::Done, "{}", code.as_str());
        }
    }

    #[test]
    fn the_numbers_are_the_documented_ones() {
        let numbers = [
            (Exit::Done, 0),
            (Exit::Failed, 1),
            (Exit::Usage, 2),
            (Exit::Found, 3),
            (Exit::Later, 75),
            (Exit::Unknown, 76),
            (Exit::HeldInMemory, 77),
            (Exit::NotAccepted, 78),
            (Exit::NotDeployed, 79),
            (Exit::StillAccepted, 80),
            (Exit::Elsewhere, 81),
            (Exit::Credential, 82),
            (Exit::Interrupted, 130),
        ];
        for (exit, number) in numbers {
            assert_eq!(exit.code(), number);
        }
    }
}
