//! What has to be shown before anything is revoked.
//!
//! The tokens can be made here only, from settled records; a resumed rotation earns them again.

use super::journal::{Record, Rotation};
use super::plan::{Act, StepKind};
use super::state::Event;
use crate::guard::{Guard, in_place};
use crate::provider::Strategy;

/// The right to revoke the old version.
#[derive(Debug)]
pub struct MayRevoke(());

impl MayRevoke {
    /// Gives the right when the records show it: the successor stored, verified where that can be, and
    /// confirmed to be in use; or the person's own choice of an emergency revocation.
    pub fn shown_by(rotation: &Rotation) -> Option<MayRevoke> {
        match rotation.act() {
            // The plan that was confirmed says that the old key goes first; its checks have passed.
            Act::Rotate if rotation.plan.strategy == Strategy::ReplaceFirst => {
                let checked = |record: &Record| record.event == Event::Applied(StepKind::Check);
                rotation.records.iter().any(checked).then_some(MayRevoke(()))
            }
            Act::Rotate => {
                let last_mint = rotation
                    .records
                    .iter()
                    .rposition(|record| record.event == Event::Intended(StepKind::Mint))?;
                let since = &rotation.records[last_mint..];
                let has = |event: Event| since.iter().any(|record| record.event == event);
                let discarded = has(Event::DiscardIntended) || has(Event::UndoBegun) || has(Event::ValueLost);
                let verified =
                    rotation.plan.index(StepKind::VerifyNew).is_none() || has(Event::Applied(StepKind::VerifyNew));
                let needed = [
                    (Guard::ProofStored, has(Event::Applied(StepKind::Store))),
                    (Guard::ProofVerified, verified),
                    (Guard::ProofInUse, is_in_use(rotation, since)),
                    (Guard::ProofNotDiscarded, !discarded),
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

/// Written to every target or put there by the person, and confirmed: by the person, or by each target itself.
fn is_in_use(rotation: &Rotation, since: &[Record]) -> bool {
    let has = |event: Event| since.iter().any(|record| record.event == event);
    let deploys = || {
        let kinds = rotation.plan.steps.iter().map(|step| step.kind);
        kinds.filter(|kind| matches!(kind, StepKind::Deploy(_)))
    };
    let written = deploys().all(|kind| has(Event::Applied(kind)) || has(Event::ByHand(kind)));
    let confirms_itself = rotation.plan.index(StepKind::Confirm).is_none() && deploys().next().is_some();
    written && (confirms_itself || has(Event::Confirmed))
}
