//! States as the store keeps them: a word, and columns for a code or a moment.

use jiff::Timestamp;

use super::{Ending, State, Then};
use crate::failure::Code;

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            State::Ready => "ready",
            State::Doing => "doing",
            State::Failed(_) => "failed",
            State::Unknown(_) => "unknown",
            State::AwaitingPerson => "awaiting_person",
            State::AwaitingTime { .. } => "awaiting_time",
            State::Asking => "asking",
            State::Restoring => "restoring",
            State::RestoreDoing => "restore_doing",
            State::RestoreFailed(_) => "restore_failed",
            State::Discarding(Then::Mint) => "discarding_to_mint",
            State::Discarding(Then::End) => "discarding_to_end",
            State::DiscardAwaiting(Then::Mint) => "discard_awaiting_to_mint",
            State::DiscardAwaiting(Then::End) => "discard_awaiting_to_end",
            State::DiscardDoing(Then::Mint) => "discard_doing_to_mint",
            State::DiscardDoing(Then::End) => "discard_doing_to_end",
            State::DiscardUnknown(Then::Mint) => "discard_unknown_to_mint",
            State::DiscardUnknown(Then::End) => "discard_unknown_to_end",
            State::Closed(Ending::Completed) => "completed",
            State::Closed(Ending::Undone) => "undone",
            State::Closed(Ending::Stopped) => "stopped",
            State::Closed(Ending::Settled) => "settled",
        }
    }

    pub fn read(word: &str, code: Option<Code>, until: Option<Timestamp>) -> Option<State> {
        Some(match word {
            "ready" => State::Ready,
            "doing" => State::Doing,
            "failed" => State::Failed(code?),
            "unknown" => State::Unknown(code?),
            "awaiting_person" => State::AwaitingPerson,
            "awaiting_time" => State::AwaitingTime { until: until?, code },
            "asking" => State::Asking,
            "restoring" => State::Restoring,
            "restore_doing" => State::RestoreDoing,
            "restore_failed" => State::RestoreFailed(code?),
            "discarding_to_mint" => State::Discarding(Then::Mint),
            "discarding_to_end" => State::Discarding(Then::End),
            "discard_awaiting_to_mint" => State::DiscardAwaiting(Then::Mint),
            "discard_awaiting_to_end" => State::DiscardAwaiting(Then::End),
            "discard_doing_to_mint" => State::DiscardDoing(Then::Mint),
            "discard_doing_to_end" => State::DiscardDoing(Then::End),
            "discard_unknown_to_mint" => State::DiscardUnknown(Then::Mint),
            "discard_unknown_to_end" => State::DiscardUnknown(Then::End),
            "completed" => State::Closed(Ending::Completed),
            "undone" => State::Closed(Ending::Undone),
            "stopped" => State::Closed(Ending::Stopped),
            "settled" => State::Closed(Ending::Settled),
            _ => return None,
        })
    }

    /// Code that the state carries.
    pub fn code(self) -> Option<Code> {
        match self {
            State::Failed(code) | State::Unknown(code) | State::RestoreFailed(code) => Some(code),
            State::AwaitingTime { code, .. } => code,
            _ => None,
        }
    }

    /// Moment that the state waits for.
    pub fn until(self) -> Option<Timestamp> {
        match self {
            State::AwaitingTime { until, .. } => Some(until),
            _ => None,
        }
    }
}

/// Whether the old key stays because of something about the new one, or its own id, that no question settles.
pub(in crate::rotation) fn only_a_person_knows(code: Code) -> bool {
    matches!(
        code,
        Code::KeySuccessorUnlisted
            | Code::KeySuccessorUnusual
            | Code::KeySuccessorEnds
            | Code::KeySuccessorOff
            | Code::KeySuccessorAnothers
            | Code::KeyIdAnothers
            | Code::KeyShared
            | Code::TargetGone
            | Code::TargetHoldsMore
    )
}
