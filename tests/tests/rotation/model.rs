//! The state function against a small model of the world: random walks of events that it takes, from every plan.
//!
//! The model knows what was begun, done, written and minted, and nothing of states.

use std::collections::{BTreeSet, HashSet, VecDeque};

use keywheel_core::provider::Strategy;
use keywheel_core::rotation::{Act, Ending, Event, Plan, Position, State, StepKind};
use proptest::prelude::*;

use super::states::{events, plans};

/// What the events so far have done.
struct Model<'a> {
    plan: &'a Plan,
    /// Indexes of steps that are done and were not taken back.
    done: BTreeSet<usize>,
    /// What was begun and is not settled.
    open: Option<usize>,
    /// Targets that may hold the new key.
    written: BTreeSet<usize>,
    /// The new key may exist at the provider beside the old one.
    minted: bool,
}

impl<'a> Model<'a> {
    fn new(plan: &'a Plan) -> Model<'a> {
        Model {
            plan,
            done: BTreeSet::new(),
            open: None,
            written: BTreeSet::new(),
            minted: false,
        }
    }

    fn index(&self, kind: StepKind) -> usize {
        self.plan.index(kind).expect("a step of the plan")
    }

    /// A value that is replaced in place leaves none behind.
    fn in_place(&self) -> bool {
        self.plan.rolls() || self.plan.strategy == Strategy::TwoSlot
    }

    fn is_final(&self) -> bool {
        self.plan.pivot().is_some_and(|pivot| self.done.contains(&pivot))
    }

    /// Forgets the steps from this one on.
    fn back_to(&mut self, kind: StepKind) {
        let at = self.index(kind);
        self.done.retain(|step| *step < at);
    }

    /// Takes the event; says what the world does not allow.
    fn take(&mut self, event: Event) -> Result<(), &'static str> {
        let allow = |holds: bool, else_what| if holds { Ok(()) } else { Err(else_what) };
        match event {
            Event::Intended(kind) => {
                let at = self.index(kind);
                allow(self.open.is_none(), "begun while something is open")?;
                allow((0..at).all(|step| self.done.contains(&step)), "a step was left out")?;
                allow(!self.done.contains(&at), "done twice")?;
                if kind == StepKind::Mint && self.plan.sends(kind) {
                    allow(
                        !self.minted || self.in_place(),
                        "minted beside a key that is not settled",
                    )?;
                    self.minted = true;
                }
                if matches!(kind, StepKind::Deploy(_)) {
                    self.written.insert(at);
                }
                self.open = Some(at);
            }
            Event::Applied(kind) | Event::Skipped(kind, _) => self.finish(kind)?,
            Event::Confirmed => self.finish(StepKind::Confirm)?,
            Event::CutShort => self.finish(StepKind::Wait)?,
            Event::NotApplied(kind, _) => {
                self.open = None;
                self.minted &= kind != StepKind::Mint || self.in_place();
            }
            // What waits for a moment has had no effect.
            Event::Parked { step, until, .. } => {
                self.minted &= step != StepKind::Mint || until.is_none() || self.in_place();
            }
            Event::Anyway => {
                let at = self.index(StepKind::RevokeOld);
                allow(!self.done.contains(&at), "revoked anyway after it was revoked")?;
                self.open = None;
            }
            Event::Interrupted(_) | Event::Woken => self.open = None,
            Event::ByHand(kind) => {
                let at = self.index(kind);
                allow(self.open.is_none(), "done by hand while it is being done")?;
                self.done.insert(at);
            }
            Event::ValueLost => {
                self.open = None;
                if self.in_place() {
                    self.back_to(StepKind::Mint);
                }
            }
            Event::PasteAgain => {
                self.back_to(StepKind::Mint);
                self.open = Some(self.index(StepKind::Mint));
            }
            // Sent again from the proof that it is dead: what follows a revocation is done.
            Event::RevokeAgain if self.plan.revokes_first() => {
                allow(
                    self.open == Some(self.index(StepKind::ProveDead)),
                    "sent again beside the proof",
                )?;
            }
            Event::RevokeAgain => {
                self.open = None;
                self.back_to(StepKind::RevokeOld);
            }
            Event::CheckedAgain => self.back_to(StepKind::Check),
            Event::Repeated => {
                let mint = self.index(StepKind::Mint);
                allow(self.open == Some(mint), "sent again what is settled")?;
            }
            Event::AnsweredAbsent => {
                (self.open, self.minted) = (None, false);
                self.back_to(StepKind::Check);
            }
            Event::UndoBegun => {
                let replaces = self.plan.act == Act::Rotate && self.plan.strategy != Strategy::ReplaceFirst;
                allow(!self.is_final() || !replaces, "taken back what is final")?;
                self.open = None;
            }
            Event::Restored(kind) => {
                let at = self.index(kind);
                self.written.remove(&at);
                self.done.remove(&at);
            }
            Event::DiscardIntended | Event::DiscardParked => {
                allow(self.written.is_empty(), "discarded while a target has it")?;
                self.open = None;
            }
            Event::Discarded => {
                self.minted = false;
                self.done.clear();
            }
            Event::Closed(Ending::Completed) => {
                let all = self.done.len() == self.plan.steps.len() && self.open.is_none();
                allow(all, "completed before all was done")?;
            }
            _ => {}
        }
        Ok(())
    }

    fn finish(&mut self, kind: StepKind) -> Result<(), &'static str> {
        let at = self.index(kind);
        if self.open.take() != Some(at) {
            return Err("ended without being begun");
        }
        self.done.insert(at);
        Ok(())
    }

    /// Whether the position is where the model stands, while it goes forward.
    fn agrees(&self, position: Position) -> bool {
        let forward = !position.is_discarding() && !position.is_closed();
        !forward || self.done.iter().copied().eq(0..position.cursor)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_walk_of_events_leaves_no_step_out_and_nothing_open_behind(
        plan in proptest::sample::select(plans()),
        choices in proptest::collection::vec(any::<proptest::sample::Index>(), 0..120),
    ) {
        let (all, mut position, mut model) = (events(), Position::START, Model::new(&plan));
        let mut walked = Vec::new();
        for choice in choices {
            let taken: Vec<_> = all.iter().filter_map(|event| Some((*event, position.after(&plan, *event).ok()?))).collect();
            if position.is_closed() {
                prop_assert!(taken.is_empty(), "{position:?} takes {taken:?}");
                break;
            }
            prop_assert!(!taken.is_empty(), "{position:?} takes nothing");
            let (event, next) = taken[choice.index(taken.len())];
            walked.push(event);
            let told = model.take(event);
            prop_assert!(told.is_ok(), "{told:?} at {position:?} after {walked:?}");
            prop_assert!(model.agrees(next), "{next:?}, but {:?} are done after {walked:?}", model.done);
            position = next;
        }
    }
}

#[test]
fn every_state_that_is_reached_has_a_way_to_an_end() {
    let all = events();
    for plan in plans() {
        let (mut reached, mut next) = (vec![Position::START], 0);
        let mut leads: Vec<Vec<usize>> = Vec::new();
        while next < reached.len() {
            let from = reached[next];
            let to = all.iter().filter_map(|event| from.after(&plan, *event).ok());
            let to: Vec<usize> = to
                .map(|to| match reached.iter().position(|known| *known == to) {
                    Some(at) => at,
                    None => {
                        reached.push(to);
                        reached.len() - 1
                    }
                })
                .collect();
            leads.push(to);
            next += 1;
        }
        for position in reached.iter().filter(|position| position.can_undo(&plan)) {
            let undo = match position.has_minted(&plan) {
                true => Event::UndoBegun,
                false => Event::Closed(Ending::Stopped),
            };
            assert!(
                position.after(&plan, undo).is_ok(),
                "{position:?} of {:?}: {:?}",
                plan.act,
                plan.strategy
            );
        }
        let ends = |at: &usize| matches!(reached[*at].state, State::Closed(_));
        let mut ending: HashSet<usize> = (0..reached.len()).filter(ends).collect();
        let mut found: VecDeque<usize> = ending.iter().copied().collect();
        while let Some(end) = found.pop_front() {
            for (from, to) in leads.iter().enumerate() {
                if to.contains(&end) && ending.insert(from) {
                    found.push_back(from);
                }
            }
        }
        let stuck: Vec<_> = (0..reached.len())
            .filter(|at| !ending.contains(at))
            .map(|at| reached[at])
            .collect();
        assert!(stuck.is_empty(), "{:?} {:?}: {stuck:?}", plan.act, plan.strategy);
    }
}
