//! What is done next. Pure: the same rotation, evidence and moment always lead to the same move.

use super::moves::{Deed, Evidence, Move};
use super::plan::StepKind;
use super::scene::{Scene, asks_person};
use super::state::{Ending, Event, State};
use super::{deploy, mint, person, prove, reconcile, retire, undo, wait};
use crate::failure::{Code, Failure};

/// Decides it; what has been found out since the last row is taken from the evidence where it is used.
pub(super) fn next(scene: &Scene<'_>, evidence: &mut Evidence) -> Result<Move, Failure> {
    let rotation = scene.rotation;
    let step = rotation.position.step(&rotation.plan);
    match rotation.position.state {
        State::Closed(_) | State::Failed(_) | State::RestoreFailed(_) | State::Asking | State::DiscardAwaiting(_) => {
            Ok(Move::Rest)
        }
        State::AwaitingPerson => person::arrived(scene),
        State::Ready => match step {
            None => Ok(Move::note([Event::Closed(Ending::Completed).into()])),
            Some(kind) => begin(scene, evidence, kind),
        },
        State::Doing | State::RestoreDoing => interrupted(scene, evidence),
        State::Unknown(_) => match step {
            Some(StepKind::Mint) => reconcile::next_of_mint(scene, evidence),
            Some(StepKind::RevokeOld) => reconcile::next_of_revoke(scene),
            _ => Err(Failure::new(Code::RotationIllegal)),
        },
        State::AwaitingTime { until, .. } if until > scene.now => Ok(Move::Sleep(until)),
        State::AwaitingTime { .. } => Ok(wait::wake(scene)),
        State::Restoring => deploy::put_back(scene),
        State::Discarding(_) | State::DiscardDoing(_) | State::DiscardUnknown(_) => undo::next(scene, evidence),
    }
}

fn begin(scene: &Scene<'_>, evidence: &mut Evidence, kind: StepKind) -> Result<Move, Failure> {
    Ok(match kind {
        StepKind::Check => Move::step(kind, Deed::Check),
        StepKind::Mint => mint::next(scene, evidence),
        StepKind::Store => scene.new_version().map(|_| Move::step(kind, Deed::Store))?,
        StepKind::VerifyNew => scene.new_version().map(|_| Move::step(kind, Deed::CallNew))?,
        StepKind::Copy => scene.new_version().map(|_| Move::step(kind, Deed::Copy))?,
        StepKind::Deploy(n) => Move::step(kind, Deed::Deploy(n)),
        StepKind::Confirm => Move::note([Event::Intended(kind).into(), asks_person(kind).into()]),
        StepKind::Wait => wait::next(scene),
        StepKind::RevokeOld => retire::next(scene, evidence)?,
        StepKind::ProveDead => prove::next(scene)?,
    })
}

/// The process that wrote the intent is gone, or an error tore it out of the step.
fn interrupted(scene: &Scene<'_>, evidence: &mut Evidence) -> Result<Move, Failure> {
    let rotation = scene.rotation;
    let Some(kind) = rotation.position.step(&rotation.plan) else {
        return Err(Failure::new(Code::RotationIllegal));
    };
    if let Some(still) = evidence.revoke_again.take() {
        return retire::again(scene, still);
    }
    let event = match rotation.plan.sends(kind) {
        true => Event::Unclear(kind, Code::ProviderNoAnswer),
        false => Event::Interrupted(kind),
    };
    Ok(Move::note([event.into()]))
}
