//! What has to be shown before anything is revoked.
//!
//! The tokens can be made here only, from settled records; a resumed rotation earns them again.

use super::history::History;
use super::journal::Rotation;
use super::plan::{Act, Plan, StepKind};
use super::silence::{Heard, is_used_by_others};
use super::state::Event;
use crate::failure::Code;
use crate::guard::{Guard, in_place};
use crate::provider::Strategy;

/// The right to revoke the old version.
#[derive(Debug)]
pub struct MayRevoke(());

impl MayRevoke {
    /// Gives the right when the records show it: the successor stored, verified where that can be, and
    /// confirmed to be in use; or the person's own choice of an emergency revocation.
    pub fn shown_by(plan: &Plan, history: &History) -> Option<MayRevoke> {
        match plan.act {
            // The plan that was confirmed says that the old key goes first; its checks have passed.
            Act::Rotate if plan.strategy == Strategy::ReplaceFirst => {
                history.applied_at(StepKind::Check).map(|_| MayRevoke(()))
            }
            Act::Rotate => {
                history.sent_at()?;
                let verified = plan.index(StepKind::VerifyNew).is_none() || history.is_done(StepKind::VerifyNew);
                let needed = [
                    (Guard::ProofStored, history.is_done(StepKind::Store)),
                    (Guard::ProofVerified, verified),
                    (Guard::ProofInUse, history.is_in_use(plan)),
                    (Guard::ProofNotDiscarded, !history.is_discarded()),
                ];
                let shown = needed.into_iter().all(|(guard, shown)| shown || !in_place(guard));
                shown.then_some(MayRevoke(()))
            }
            // Opened only by the person's own verb, with the hash of this very plan.
            Act::Revoke => Some(MayRevoke(())),
            Act::Create | Act::SignUp => None,
        }
    }
}

/// Nobody uses the old key, as far as its provider tells and the plan asks.
#[derive(Debug)]
pub struct NotInUse(());

impl NotInUse {
    /// Shown by what its provider told just now. A plan that does not ask, a person who revokes it anyway, and a
    /// revocation that did nothing need nothing told: by then the calls that prove its end are uses of ours.
    pub fn shown_by(plan: &Plan, history: &History, heard: Option<Heard>) -> Option<NotInUse> {
        let shown = !plan.listens()
            || history.is_decided(Code::KeyUseUnknown)
            || matches!(heard, Some(Heard::Silent | Heard::Dead));
        (shown || !in_place(Guard::ProofSilent)).then_some(NotInUse(()))
    }
}

impl Rotation {
    /// Whether it was taken back by itself, since the keychain did not take the new value in time.
    pub fn was_given_up(&self) -> bool {
        let of_store = Event::Intended(StepKind::Store);
        let pairs = self.records.windows(2);
        pairs
            .map(|pair| (pair[0].event, pair[1].event))
            .any(|pair| pair == (of_store, Event::UndoBegun))
    }

    /// Whether the new key was put to use, or its provider tells that it is used, so that programs fail once it is taken back.
    pub fn is_in_use(&self) -> bool {
        self.history().is_in_use(&self.plan) || self.subject.new.as_ref().is_some_and(is_used_by_others)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::MayRevoke;
    use crate::provider::Strategy;
    use crate::rotation::{Act, Actor, Event, Facts, History, Plan, Record, StepKind};

    /// Whether it is given on these records of a rotation with an overlap.
    fn given(events: &[Event]) -> bool {
        let plan = Plan::decide(Facts {
            act: Act::Rotate,
            strategy: Strategy::Overlap,
            minter: Actor::Api,
            revoker: Actor::Api,
            old_held: true,
            verifies: true,
            lists: true,
            overlap: Duration::ZERO,
            quiet: Duration::ZERO,
            grace: None,
            bindings: Vec::new(),
        });
        let record = |event: &Event| Record {
            seq: 0,
            at: Timestamp::UNIX_EPOCH,
            event: *event,
        };
        let records: Vec<Record> = events.iter().map(record).collect();
        MayRevoke::shown_by(&plan, &History::of(&plan, &records)).is_some()
    }

    #[test]
    fn each_part_of_the_proof_is_needed_since_the_last_mint_and_a_discard_takes_it_away() {
        let whole = [
            Event::Intended(StepKind::Mint),
            Event::Applied(StepKind::Store),
            Event::Applied(StepKind::VerifyNew),
            Event::Confirmed,
        ];
        assert!(given(&whole));
        for missing in 0..whole.len() {
            let mut rest = whole.to_vec();
            rest.remove(missing);
            assert!(!given(&rest), "without {:?}", whole[missing]);
        }
        for discarded in [
            Event::UndoBegun,
            Event::UndoAnyway,
            Event::ValueLost,
            Event::DiscardIntended,
        ] {
            assert!(!given(&[&whole[..], &[discarded]].concat()), "{discarded:?}");
        }
        let minted_again = Event::Intended(StepKind::Mint);
        assert!(
            !given(&[&whole[..], &[minted_again]].concat()),
            "the proof was another key's"
        );
    }
}
