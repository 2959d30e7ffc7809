//! What the records of a rotation say, read once and under names. Pure.
//!
//! Whoever decides asks here, and nobody looks through the records for an answer of their own.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::claims::Claims;
use super::journal::{Record, Rotation};
use super::plan::{Plan, StepKind};
use super::state::Event;
use crate::failure::{Code, Family};
use crate::guard::{Guard, in_place};
use crate::provider::Strategy;

/// The records, folded.
#[derive(Debug, Clone, Default)]
pub struct History {
    last: Option<Event>,
    /// When each step was last carried out.
    applied: BTreeMap<StepKind, Timestamp>,
    /// How often each step was put off.
    parked: BTreeMap<StepKind, usize>,
    sent_at: Option<Timestamp>,
    since_mint: SinceMint,
    last_send: Option<LastSend>,
    retried: usize,
    revocation: Option<Revocation>,
    /// What was told last of why the old key stays.
    kept_for: Option<Code>,
    revoked_again: usize,
    /// Whether a revocation was sent of which nobody knows what became.
    lost_a_revocation: bool,
    missed_discards: usize,
    /// Writes to each target that may have left something behind.
    writes: BTreeMap<StepKind, usize>,
    minted: MayHaveMinted,
    claims: Option<Claims>,
}

/// What was recorded since the newest mint; before the first one, since the beginning.
#[derive(Debug, Clone, Default)]
struct SinceMint {
    first_tries: BTreeMap<StepKind, Timestamp>,
    applied: BTreeSet<StepKind>,
    by_hand: BTreeSet<StepKind>,
    is_confirmed: bool,
    is_discarded: bool,
    /// What a person was told of each time they had the old key revoked all the same.
    waived: Vec<Code>,
    is_revoked_again: bool,
    is_taken_back_anyway: bool,
    lost_a_discard: bool,
    is_retried: bool,
    repeats: usize,
}

/// The newest request for a new value.
#[derive(Debug, Clone, Copy)]
struct LastSend {
    at: Timestamp,
    /// When its answer was given up.
    given_up: Option<Timestamp>,
}

/// What became of the old key last.
#[derive(Debug, Clone, Copy)]
struct Revocation {
    at: Timestamp,
    /// That it was carried out, or why it need not be; or that it lived on and is to be revoked once more.
    event: Event,
}

#[derive(Debug, Clone, Copy, Default)]
struct MayHaveMinted {
    is_pending: bool,
    is_lost: bool,
}

impl Rotation {
    /// What its records say.
    pub fn history(&self) -> History {
        History::of(&self.plan, &self.records)
    }
}

impl History {
    /// Reads records of that plan, oldest first.
    pub fn of(plan: &Plan, records: &[Record]) -> History {
        let mut history = History::default();
        for record in records {
            history.take(plan, *record);
        }
        history
    }

    fn take(&mut self, plan: &Plan, Record { at, event, .. }: Record) {
        self.last = Some(event);
        self.minted.take(plan, event);
        match event {
            Event::Intended(kind) => self.intended(kind, at),
            Event::Applied(kind) => {
                self.applied.insert(kind, at);
                self.since_mint.applied.insert(kind);
            }
            Event::Parked { step, code, .. } => {
                *self.parked.entry(step).or_default() += 1;
                self.keeps(step, code);
            }
            Event::NotApplied(kind, code) => {
                self.keeps(kind, Some(code));
                self.lost_a_revocation |= kind == StepKind::RevokeOld && code == Code::ProviderNoAnswer;
                if !may_have_written(code) {
                    let writes = self.writes.entry(kind);
                    writes.and_modify(|count| *count = count.saturating_sub(1));
                }
            }
            Event::Unclear(StepKind::Mint, _) => {
                if let Some(send) = &mut self.last_send {
                    send.given_up.get_or_insert(at);
                }
            }
            Event::Repeated => {
                self.since_mint.repeats += 1;
                self.last_send = Some(LastSend { at, given_up: None });
            }
            Event::Retried => {
                self.retried += 1;
                self.since_mint.is_retried = true;
            }
            Event::Confirmed => self.since_mint.is_confirmed = true,
            Event::ByHand(kind) => {
                self.since_mint.by_hand.insert(kind);
            }
            Event::Anyway => self.since_mint.waived.extend(self.kept_for),
            Event::RevokeAgain => {
                self.since_mint.is_revoked_again = true;
                self.revoked_again += 1;
            }
            Event::UndoBegun | Event::ValueLost | Event::DiscardIntended => self.since_mint.is_discarded = true,
            Event::UndoAnyway => {
                self.since_mint.is_discarded = true;
                self.since_mint.is_taken_back_anyway = true;
            }
            Event::DiscardUnclear(_) | Event::DiscardNotApplied(Code::KeyEndUnknown) => {
                self.since_mint.lost_a_discard = true;
            }
            Event::Settled(claims) => self.claims = Some(claims),
            _ => {}
        }
        match event {
            Event::Applied(StepKind::RevokeOld)
            | Event::Skipped(StepKind::RevokeOld, _)
            | Event::ByHand(StepKind::RevokeOld)
            | Event::RevokeAgain => self.revocation = Some(Revocation { at, event }),
            Event::UndoBegun | Event::UndoAnyway | Event::ValueLost | Event::AnsweredDiscard => {
                self.missed_discards = 0;
            }
            Event::DiscardUnclear(_) | Event::DiscardNotApplied(_) => self.missed_discards += 1,
            _ => {}
        }
    }

    fn intended(&mut self, kind: StepKind, at: Timestamp) {
        if kind == StepKind::Mint {
            self.since_mint = SinceMint::default();
            self.sent_at = Some(at);
            self.last_send = Some(LastSend { at, given_up: None });
        }
        self.since_mint.first_tries.entry(kind).or_insert(at);
        *self.writes.entry(kind).or_default() += 1;
    }

    fn keeps(&mut self, kind: StepKind, code: Option<Code>) {
        if kind == StepKind::RevokeOld {
            self.kept_for = code;
        }
    }

    /// What can make a difference, without moments; what counts without an end counts to one or two.
    #[cfg(test)]
    pub(super) fn shape(&self) -> String {
        let since = &self.since_mint;
        let written: Vec<StepKind> = self
            .writes
            .keys()
            .copied()
            .filter(|kind| self.was_touched(*kind))
            .collect();
        let written = written.into_iter().filter(|kind| matches!(kind, StepKind::Deploy(_)));
        let minted = (self.minted.is_pending, self.minted.is_lost);
        format!(
            "{:?}",
            (
                (
                    self.last == Some(Event::PasteAgain),
                    self.applied.contains_key(&StepKind::Check)
                ),
                (
                    self.is_done(StepKind::Store),
                    self.is_done(StepKind::VerifyNew),
                    &since.by_hand
                ),
                (since.is_confirmed, since.is_discarded, since.is_taken_back_anyway),
                (&since.waived, since.is_revoked_again, since.is_retried),
                (since.repeats.min(3), self.retried.min(1), self.missed_discards.min(1)),
                (self.is_revoked(), self.revocation.is_some(), self.revoked_again.min(2)),
                (minted, since.lost_a_discard, written.collect::<Vec<StepKind>>()),
            )
        )
    }

    /// The newest event.
    pub fn last(&self) -> Option<Event> {
        self.last
    }

    /// When the step was last carried out.
    pub fn applied_at(&self, kind: StepKind) -> Option<Timestamp> {
        self.applied.get(&kind).copied()
    }

    /// How often the step was put off.
    pub fn parked(&self, kind: StepKind) -> usize {
        self.parked.get(&kind).copied().unwrap_or_default()
    }

    /// When the newest mint was sent, or asked of a person.
    pub fn sent_at(&self) -> Option<Timestamp> {
        self.sent_at
    }

    /// When the step was first tried for the newest mint.
    pub fn first_tried(&self, kind: StepKind) -> Option<Timestamp> {
        self.since_mint.first_tries.get(&kind).copied()
    }

    /// Whether the step was carried out for the newest mint.
    pub fn is_done(&self, kind: StepKind) -> bool {
        self.since_mint.applied.contains(&kind)
    }

    /// Whether the target of the step got the newest value, from Keywheel or by hand.
    pub fn is_written(&self, kind: StepKind) -> bool {
        self.is_done(kind) || self.since_mint.by_hand.contains(&kind)
    }

    /// Whether the person has said that the newest key is in use.
    pub fn is_confirmed(&self) -> bool {
        self.since_mint.is_confirmed
    }

    /// Whether the newest key was taken back or lost, or that was begun.
    pub fn is_discarded(&self) -> bool {
        self.since_mint.is_discarded
    }

    /// Whether a person has had the old key revoked in spite of something.
    pub fn is_revoked_anyway(&self) -> bool {
        !self.since_mint.waived.is_empty()
    }

    /// Whether a person who was told that has the old key revoked all the same. Their word is for what they were told, and for
    /// nothing that comes after it.
    pub fn is_waived(&self, code: Code) -> bool {
        let of_use = |code| matches!(code, Code::KeyStillUsed | Code::KeyUsedByUs | Code::KeyUseUnknown);
        let needs_credential = of_use(code) || matches!(code, Code::KeyReplacedElsewhere | Code::KeySuccessorUnlisted);
        let covers = |told: &Code| match told.family() {
            // Who has it revoked though nothing may be asked knows that nothing is told.
            Family::Credential => *told == code || needs_credential,
            _ => *told == code || of_use(*told) && of_use(code),
        };
        let any = || !self.since_mint.waived.is_empty() && !in_place(Guard::AnywayIsForTheSaid);
        self.since_mint.waived.iter().any(covers) || any()
    }

    /// Whether that is no question any more: a person has waived it, or the key was revoked already and lives on.
    pub fn is_decided(&self, code: Code) -> bool {
        self.since_mint.is_revoked_again || self.is_waived(code)
    }

    /// Whether a person takes the new key back whatever is known of the old one.
    pub fn is_taken_back_anyway(&self) -> bool {
        self.since_mint.is_taken_back_anyway
    }

    /// Whether a discard of the newest key was sent of which nobody knows what became.
    pub fn lost_a_discard(&self) -> bool {
        self.since_mint.lost_a_discard
    }

    /// Whether somebody went on after a failure since the newest mint was sent.
    pub fn is_retried_since_mint(&self) -> bool {
        self.since_mint.is_retried
    }

    /// How often the newest mint was sent again as it was.
    pub fn repeats(&self) -> usize {
        self.since_mint.repeats
    }

    /// How often somebody went on after a failure.
    pub fn retried(&self) -> usize {
        self.retried
    }

    /// When the newest request for a value was sent, and when its answer was given up.
    pub fn last_send(&self) -> Option<(Timestamp, Option<Timestamp>)> {
        self.last_send.map(|send| (send.at, send.given_up))
    }

    /// Whether the old key is revoked, as far as its provider's answer goes.
    pub fn is_revoked(&self) -> bool {
        self.revoked_by().is_some()
    }

    /// The record that says so.
    pub fn revoked_by(&self) -> Option<Event> {
        let through = self
            .revocation
            .filter(|revocation| revocation.event != Event::RevokeAgain);
        through.map(|revocation| revocation.event)
    }

    /// When that came about, or when it was last seen to have had no effect.
    pub fn revoked_at(&self) -> Option<Timestamp> {
        self.revocation.map(|revocation| revocation.at)
    }

    /// How often it was revoked once more.
    pub fn revoked_again(&self) -> usize {
        self.revoked_again
    }

    /// Whether a revocation was sent whose answer got lost, or that a process ended in, and that nothing was seen of when it was
    /// asked for: it may have been carried out since.
    pub fn lost_a_revocation(&self) -> bool {
        self.lost_a_revocation
    }

    /// How often the discard that runs had no effect, or none that is known.
    pub fn missed_discards(&self) -> usize {
        self.missed_discards
    }

    /// Whether a write to the target of that step was begun that may have left something behind.
    pub fn was_touched(&self, kind: StepKind) -> bool {
        self.writes.get(&kind).is_some_and(|writes| *writes > 0)
    }

    /// Whether something may have been created, or replaced in place, that was neither discarded since nor shown not to
    /// be. A person's word that there is nothing does not count in place, where only the old value could tell.
    pub fn may_have_minted(&self) -> bool {
        self.minted.is_pending || self.minted.is_lost
    }

    /// What a person said of the keys, where the rotation ended by that.
    pub fn claims(&self) -> Option<Claims> {
        self.claims
    }

    /// Whether the new key was put to use: written to every target or put there by the person, and confirmed, by the
    /// person or by each target itself.
    pub fn is_in_use(&self, plan: &Plan) -> bool {
        let deploys = || {
            let kinds = plan.steps.iter().map(|step| step.kind);
            kinds.filter(|kind| matches!(kind, StepKind::Deploy(_)))
        };
        let confirms_itself = plan.index(StepKind::Confirm).is_none() && deploys().next().is_some();
        deploys().all(|kind| self.is_written(kind)) && (confirms_itself || self.is_confirmed())
    }
}

impl MayHaveMinted {
    fn take(&mut self, plan: &Plan, event: Event) {
        let in_place = plan.rolls() || plan.strategy == Strategy::TwoSlot;
        match event {
            Event::Intended(StepKind::Mint) => self.is_pending = plan.sends(StepKind::Mint),
            Event::Applied(StepKind::Mint) => self.is_pending = true,
            Event::NotApplied(StepKind::Mint, _) | Event::Discarded => self.is_pending = false,
            Event::ValueLost | Event::AnsweredAbsent if in_place => {
                self.is_lost |= std::mem::take(&mut self.is_pending);
            }
            Event::AnsweredAbsent => self.is_pending = false,
            _ => {}
        }
    }
}

fn may_have_written(code: Code) -> bool {
    matches!(
        code,
        Code::TargetFailed
            | Code::TargetChanged
            | Code::TargetCommandFailed
            | Code::TargetNotThere
            | Code::TargetTooLong
    )
}
