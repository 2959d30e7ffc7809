//! Which event may follow which: one total function, and nothing else moves a rotation.

use jiff::Timestamp;

use super::claims::Claims;
use super::plan::{Actor, Plan, StepKind};
use crate::failure::{Code, Family};
use crate::guard::{Guard, in_place};
use crate::provider::Strategy;

mod words;

pub(super) use words::only_a_person_knows;

/// Where a rotation stands: the step it is at, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Index into the plan's steps; equals their number when all are done.
    pub cursor: usize,
    pub state: State,
}

/// How it stands at its step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The step has not begun.
    Ready,
    /// Its intent is written, its outcome is not.
    Doing,
    /// It ended without an effect; it may be tried again or taken back.
    Failed(Code),
    /// It may or may not have had its effect. Only asking settles it.
    Unknown(Code),
    AwaitingPerson,
    AwaitingTime {
        until: Timestamp,
        code: Option<Code>,
    },
    /// Only a person can say what is to be done.
    Asking,
    /// The former value is to be put back at the target of this step.
    Restoring,
    /// Its intent is written, its outcome is not.
    RestoreDoing,
    /// It could not be put back; it may be tried again, or the person does it.
    RestoreFailed(Code),
    /// The new key is to be revoked: to be minted anew, or to end the rotation.
    Discarding(Then),
    /// The person is to delete the new key.
    DiscardAwaiting(Then),
    /// Its intent is written, its outcome is not.
    DiscardDoing(Then),
    DiscardUnknown(Then),
    Closed(Ending),
}

/// What follows a discarded key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// Mint once more: its value is lost.
    Mint,
    /// End the rotation: the person, or the keychain, did not want it.
    End,
}

/// How a rotation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Completed,
    /// The new key was discarded; the old one is as before.
    Undone,
    /// Nothing had been done, or the person left it as it is.
    Stopped,
    /// By what a person said of each key.
    Settled,
}

/// Whether a person may have the old key revoked all the same, whatever the plan waits for.
fn may_be_decided(plan: &Plan, state: State) -> bool {
    // A person needs no credential to delete it.
    let unasked = |code: Code| !plan.sends(StepKind::RevokeOld) && code.family() == Family::Credential;
    let open = |code| code == Code::KeyReplacedElsewhere || only_a_person_knows(code) || unasked(code);
    state.code().is_some_and(open)
}

/// What happened. Each one is a row of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    Opened,
    /// About to do it: written before.
    Intended(StepKind),
    Applied(StepKind),
    NotApplied(StepKind, Code),
    Unclear(StepKind, Code),
    /// A step without an effect at the provider was cut off: it is simply done again.
    Interrupted(StepKind),
    /// It waits; without a moment, for the person.
    Parked {
        step: StepKind,
        until: Option<Timestamp>,
        code: Option<Code>,
    },
    /// It could not be done and is not needed to go on: no clipboard, or the provider does not know the key that was to
    /// be revoked.
    Skipped(StepKind, Code),
    /// The moment has come.
    Woken,
    /// The person says that the key is replaced where it is used.
    Confirmed,
    /// The person ends the overlap early.
    CutShort,
    /// The person has the old key revoked although it may still be in use.
    Anyway,
    /// The person, or a restart, goes on after a failure.
    Retried,
    /// About to send a mint again, with the key by which its provider knows it: written before.
    Repeated,
    /// The checks are too old to mint on.
    CheckedAgain,
    Asked(Code),
    /// The person says that the candidate is ours and lost: discard it, mint again.
    AnsweredDiscard,
    /// The person says that nothing of ours was created.
    AnsweredAbsent,
    /// It was created, and nobody holds its value.
    ValueLost,
    /// What the person pasted is not kept, or not accepted: they paste it again.
    PasteAgain,
    /// The old key outlived its revocation and every lag: it is revoked once more.
    RevokeAgain,
    /// The person put the value at this target: the new one, or the former one while it is taken back.
    ByHand(StepKind),
    /// The new key is not wanted.
    UndoBegun,
    /// The new key is not wanted, by the person's word, whatever is known of the old one.
    UndoAnyway,
    /// About to put the former value back.
    RestoreIntended(StepKind),
    Restored(StepKind),
    NotRestored(StepKind, Code),
    DiscardIntended,
    /// It waits for the person to delete the new key.
    DiscardParked,
    /// The person says that it is deleted.
    DiscardConfirmed,
    Discarded,
    DiscardNotApplied(Code),
    DiscardUnclear(Code),
    /// The person says of each key what became of it.
    Settled(Claims),
    Closed(Ending),
}

/// An event that cannot follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a rotation at step {} cannot take this event", .position.cursor)]
pub struct IllegalTransition {
    pub position: Position,
    pub event: Event,
}

impl Position {
    /// Where every rotation begins.
    pub const START: Position = Position {
        cursor: 0,
        state: State::Ready,
    };

    /// Whether the value of the new key may exist at the provider without being settled.
    pub fn is_unsettled(self) -> bool {
        matches!(
            self.state,
            State::Doing | State::Unknown(_) | State::Asking | State::DiscardDoing(_) | State::DiscardUnknown(_)
        )
    }

    /// Whether the new key is on its way out.
    pub fn is_discarding(self) -> bool {
        matches!(
            self.state,
            State::Discarding(_) | State::DiscardAwaiting(_) | State::DiscardDoing(_) | State::DiscardUnknown(_)
        ) || self.is_restoring()
    }

    /// Whether former values are on their way back to the targets.
    pub fn is_restoring(self) -> bool {
        matches!(
            self.state,
            State::Restoring | State::RestoreDoing | State::RestoreFailed(_)
        )
    }

    pub fn is_closed(self) -> bool {
        matches!(self.state, State::Closed(_))
    }

    /// Whether the new key can still be taken back: nothing of the old one has been touched.
    pub fn can_undo(self, plan: &Plan) -> bool {
        let before = plan.pivot().is_none_or(|pivot| self.cursor <= pivot) || !in_place(Guard::UndoBeforePivot);
        // Asked to delete the old key, the person may have done so.
        let asked = self.state == State::AwaitingPerson
            && self.step(plan) == Some(StepKind::RevokeOld)
            && self.has_minted(plan);
        before
            && !asked
            && matches!(
                self.state,
                State::Ready | State::Failed(_) | State::AwaitingPerson | State::AwaitingTime { .. }
            )
    }

    /// Whether there is a new key to be taken back. Where a step is done again that comes before its mint, there is
    /// one, and it may be in use.
    fn can_take_back(self, plan: &Plan) -> bool {
        self.can_undo(plan) && self.has_minted(plan)
    }

    /// Whether a new key exists that ending the rotation would leave behind.
    pub fn has_minted(self, plan: &Plan) -> bool {
        plan.index(StepKind::Mint).is_some_and(|mint| self.cursor > mint)
    }

    /// The step it is at.
    pub fn step(self, plan: &Plan) -> Option<StepKind> {
        plan.steps.get(self.cursor).map(|step| step.kind)
    }

    /// Where taking back begins: at the last target that may have been written to, else with the new key.
    fn take_back(self, plan: &Plan) -> Position {
        let is_deploy = |at: &usize| matches!(plan.steps.get(*at).map(|step| step.kind), Some(StepKind::Deploy(_)));
        match (0..=self.cursor)
            .rev()
            .find(is_deploy)
            .filter(|_| in_place(Guard::BackFirst))
        {
            Some(cursor) => Position {
                cursor,
                state: State::Restoring,
            },
            None => Position {
                cursor: self.cursor,
                state: State::Discarding(Then::End),
            },
        }
    }

    /// What follows once the target of this step is as before.
    fn restored(self, plan: &Plan) -> Position {
        let before = Position {
            cursor: self.cursor.saturating_sub(1),
            ..self
        };
        before.take_back(plan)
    }

    /// Returns where the event leads, or refuses it.
    pub fn after(self, plan: &Plan, event: Event) -> Result<Position, IllegalTransition> {
        let here = self.step(plan);
        let at = |kind: StepKind| here == Some(kind);
        let to = |state: State| {
            Ok(Position {
                cursor: self.cursor,
                state,
            })
        };
        let go = |kind: StepKind, state: State| match plan.index(kind) {
            Some(cursor) => Ok(Position { cursor, state }),
            None => Err(IllegalTransition { position: self, event }),
        };
        let next = || {
            Ok(Position {
                cursor: self.cursor + 1,
                state: State::Ready,
            })
        };
        let refuse = || Err(IllegalTransition { position: self, event });
        let by_person = plan.actor(StepKind::Mint) == Some(Actor::Person);
        // A lost value is replaced by another one in the same place; there is nothing to discard.
        let in_place = plan.rolls() || plan.strategy == Strategy::TwoSlot;
        match (self.state, event) {
            (State::Ready, Event::Opened) if self.cursor == 0 => to(State::Ready),
            (State::Ready, Event::Intended(kind)) if at(kind) => to(State::Doing),
            (State::Ready, Event::CheckedAgain) if at(StepKind::Mint) => go(StepKind::Check, State::Ready),
            (State::Ready, Event::UndoBegun | Event::UndoAnyway) if self.can_take_back(plan) => {
                Ok(self.take_back(plan))
            }
            (State::Ready, Event::Closed(Ending::Completed)) if here.is_none() => to(State::Closed(Ending::Completed)),
            (_, Event::Closed(Ending::Stopped)) if self.can_undo(plan) && !self.has_minted(plan) => {
                to(State::Closed(Ending::Stopped))
            }
            (state, Event::Settled(_)) if !matches!(state, State::Closed(_)) => to(State::Closed(Ending::Settled)),
            (State::Doing, Event::Applied(kind)) if at(kind) => next(),
            (State::Doing, Event::Skipped(kind @ (StepKind::Copy | StepKind::RevokeOld), _)) if at(kind) => next(),
            (State::Doing, Event::NotApplied(kind, code)) if at(kind) => to(State::Failed(code)),
            (State::Doing, Event::Unclear(kind, code)) if at(kind) && plan.sends(kind) => to(State::Unknown(code)),
            (State::Doing, Event::Interrupted(kind)) if at(kind) && !plan.sends(kind) => to(State::Ready),
            (State::Doing, Event::Parked { step, until, code }) if at(step) => match until {
                Some(until) => to(State::AwaitingTime { until, code }),
                None if plan.actor(step) == Some(Actor::Person) => to(State::AwaitingPerson),
                None => refuse(),
            },
            (State::Doing | State::Ready | State::AwaitingTime { .. }, Event::ValueLost)
                if at(StepKind::Store) && !by_person =>
            {
                if in_place {
                    go(StepKind::Mint, State::Ready)
                } else {
                    to(State::Discarding(Then::Mint))
                }
            }
            (State::Unknown(_), Event::ValueLost) if at(StepKind::Mint) && in_place => to(State::Ready),
            (State::Doing | State::Ready | State::AwaitingTime { .. }, Event::PasteAgain)
                if at(StepKind::Store) && by_person =>
            {
                go(StepKind::Mint, State::AwaitingPerson)
            }
            (State::Failed(_), Event::PasteAgain) if at(StepKind::VerifyNew) && by_person => {
                go(StepKind::Mint, State::AwaitingPerson)
            }
            (State::Doing | State::AwaitingTime { .. }, Event::UndoBegun | Event::UndoAnyway)
                if at(StepKind::Store) && plan.pivot().is_none_or(|pivot| self.cursor < pivot) =>
            {
                to(State::Discarding(Then::End))
            }
            // Still in use, replaced elsewhere too, without a successor that serves, or nobody can tell: nothing is about
            // to be sent, or asked of a person, yet.
            (
                State::Ready,
                Event::Parked {
                    step,
                    until: Some(until),
                    code,
                },
            ) if at(step) && step == StepKind::RevokeOld => to(State::AwaitingTime { until, code }),
            (state @ (State::AwaitingTime { .. } | State::Failed(_)), Event::Anyway)
                if at(StepKind::RevokeOld) && (plan.listens() || may_be_decided(plan, state)) =>
            {
                to(State::Ready)
            }
            (State::AwaitingPerson, Event::Confirmed) if at(StepKind::Confirm) => next(),
            (State::AwaitingPerson, Event::Applied(kind)) if at(kind) && kind.mutates() => next(),
            // What follows a revocation there is done, and is not done twice: it is sent again from here.
            (State::Doing, Event::RevokeAgain) if at(StepKind::ProveDead) && plan.revokes_first() => to(State::Doing),
            (State::Doing | State::AwaitingTime { .. }, Event::RevokeAgain)
                if at(StepKind::ProveDead) && !plan.revokes_first() =>
            {
                go(StepKind::RevokeOld, State::Ready)
            }
            (State::AwaitingTime { .. }, Event::Woken) => to(State::Ready),
            (State::AwaitingTime { .. }, Event::CutShort) if at(StepKind::Wait) && plan.grace.is_none() => next(),
            (State::AwaitingTime { .. }, Event::Applied(StepKind::Wait)) if at(StepKind::Wait) => next(),
            (
                State::AwaitingPerson | State::AwaitingTime { .. } | State::Failed(_),
                Event::UndoBegun | Event::UndoAnyway,
            ) if self.can_take_back(plan) => Ok(self.take_back(plan)),
            (State::Discarding(Then::End), Event::UndoAnyway) => to(State::Discarding(Then::End)),
            (State::Failed(_), Event::ByHand(kind @ StepKind::Deploy(_))) if at(kind) => next(),
            // The provider does not let the credential do it, so the person did; or has, before the checks were made again.
            (State::Ready, Event::ByHand(kind @ StepKind::RevokeOld)) if at(kind) => next(),
            (State::Failed(code), Event::ByHand(kind @ StepKind::RevokeOld))
                if at(kind) && code.family() == Family::Credential =>
            {
                next()
            }
            (State::Restoring, Event::RestoreIntended(kind)) if at(kind) => to(State::RestoreDoing),
            (State::RestoreDoing, Event::Restored(kind)) if at(kind) => Ok(self.restored(plan)),
            (State::RestoreDoing, Event::NotRestored(kind, code)) if at(kind) => to(State::RestoreFailed(code)),
            (State::RestoreDoing, Event::Interrupted(kind)) if at(kind) => to(State::Restoring),
            (State::RestoreFailed(_), Event::Retried) => to(State::Restoring),
            (State::RestoreFailed(_), Event::ByHand(kind)) if at(kind) => Ok(self.restored(plan)),
            (State::Failed(_), Event::Retried) => to(State::Ready),
            (State::Unknown(_), Event::Applied(kind)) if at(kind) => next(),
            (State::Unknown(_), Event::Skipped(kind @ StepKind::RevokeOld, _)) if at(kind) => next(),
            (State::Unknown(_), Event::NotApplied(kind, code)) if at(kind) => to(State::Failed(code)),
            (State::Unknown(_), Event::Unclear(kind, code)) if at(kind) => to(State::Unknown(code)),
            (state @ State::Unknown(_), Event::Repeated) if at(StepKind::Mint) && !by_person => to(state),
            (State::Unknown(_), Event::Asked(_)) if at(StepKind::Mint) => to(State::Asking),
            (State::Asking, Event::AnsweredDiscard) => to(State::Discarding(Then::Mint)),
            (State::Asking, Event::AnsweredAbsent) => go(StepKind::Check, State::Ready),
            (State::Asking, Event::Closed(Ending::Stopped)) => to(State::Closed(Ending::Stopped)),
            (State::Discarding(then), Event::DiscardIntended) => to(State::DiscardDoing(then)),
            (State::Discarding(then), Event::DiscardParked) => to(State::DiscardAwaiting(then)),
            (State::DiscardAwaiting(then), Event::DiscardConfirmed) => to(State::DiscardDoing(then)),
            (State::DiscardDoing(then) | State::DiscardUnknown(then), Event::Discarded) => match then {
                Then::Mint => go(StepKind::Check, State::Ready),
                Then::End => to(State::Closed(Ending::Undone)),
            },
            (State::DiscardDoing(then) | State::DiscardUnknown(then), Event::DiscardNotApplied(_)) => {
                to(State::Discarding(then))
            }
            (State::DiscardDoing(then) | State::DiscardUnknown(then), Event::DiscardUnclear(_)) => {
                to(State::DiscardUnknown(then))
            }
            _ => refuse(),
        }
    }
}
