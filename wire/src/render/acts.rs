//! What a person can do with a rotation now.

use keywheel_core::failure::{Code, Family};
use keywheel_core::model::VersionState;
use keywheel_core::rotation::{Claim, Event, Rotation, State, StepKind, Then};

use crate::{ClaimView, RotationActsView, SettleView};

/// Whether the discard was refused for something that no word about the old key changes: what the new one is or does, who may ask,
/// what still runs.
fn is_about_new(rotation: &Rotation) -> bool {
    let refused = rotation.records.iter().rev().find_map(|record| match record.event {
        Event::DiscardNotApplied(code) | Event::DiscardUnclear(code) => Some(code),
        _ => None,
    });
    refused.is_none_or(|code| {
        let of_new = matches!(
            code,
            Code::KeyStillAccepted
                | Code::KeyStillListed
                | Code::KeyManagesAccount
                | Code::KeyIdAnothers
                | Code::ProviderKeyGone
                | Code::TargetStillRunning
        );
        of_new || code.family() == Family::Credential
    })
}

pub(super) fn acts(rotation: &Rotation) -> RotationActsView {
    let state = rotation.position.state;
    let idle = rotation.driver.is_none();
    let step = rotation.position.step(&rotation.plan);
    let mutates = step.is_some_and(|kind| rotation.plan.sends(kind));
    let unknown = matches!(
        state,
        State::Unknown(_) | State::DiscardDoing(_) | State::DiscardUnknown(_)
    ) || (state == State::Doing && mutates);
    let stopped = matches!(
        state,
        State::Ready
            | State::Failed(_)
            | State::Restoring
            | State::RestoreDoing
            | State::RestoreFailed(_)
            | State::Discarding(_)
            | State::AwaitingTime { .. }
    ) || (state == State::Doing && !mutates);
    let waits = matches!(state, State::AwaitingTime { .. }) && step == Some(StepKind::Wait);
    let asked = |kind| idle && state == State::AwaitingPerson && step == Some(kind);
    let again = rotation.position.after(&rotation.plan, Event::PasteAgain).is_ok();
    RotationActsView {
        resume: idle && stopped && (!waits || rotation.is_unseen()),
        check: idle && unknown,
        replaced: asked(StepKind::Confirm) || idle && rotation.put_by_hand().is_some(),
        revoke_old_now: idle && waits && rotation.plan.grace.is_none(),
        revoke_anyway: idle && rotation.may_revoke_anyway(),
        undo: idle && rotation.position.can_undo(&rotation.plan),
        undo_from_use: rotation.is_in_use(),
        undo_anyway: idle && state == State::Discarding(Then::End) && !is_about_new(rotation),
        copy_new: rotation
            .subject
            .new
            .as_ref()
            .is_some_and(|new| new.held && !matches!(new.state, VersionState::Revoked | VersionState::Compromised)),
        take_value: asked(StepKind::Mint),
        deleted: idle && matches!(state, State::DiscardAwaiting(_) | State::Discarding(_))
            || asked(StepKind::RevokeOld)
            || idle
                && rotation
                    .position
                    .after(&rotation.plan, Event::ByHand(StepKind::RevokeOld))
                    .is_ok(),
        paste_again: idle && matches!(state, State::Failed(_)) && again,
        settle: (idle && !rotation.position.is_closed()).then(|| settle(rotation)),
    }
}

fn settle(rotation: &Rotation) -> SettleView {
    let (state, step) = (rotation.position.state, rotation.position.step(&rotation.plan));
    let planned = match state {
        // There it cannot be taken back any more: the person may have deleted it already.
        State::AwaitingPerson if step == Some(StepKind::RevokeOld) => false,
        State::Ready | State::AwaitingPerson => true,
        State::Doing => step.is_none_or(|kind| !rotation.plan.sends(kind)),
        State::AwaitingTime { code, .. } => code.is_none(),
        _ => false,
    };
    let view = |claims: &[Claim]| claims.iter().copied().map(claim_view).collect();
    SettleView {
        old: view(rotation.old_claims()),
        new: view(rotation.new_claims()),
        offered: !planned || rotation.is_unseen(),
    }
}

fn claim_view(claim: Claim) -> ClaimView {
    match claim {
        Claim::Works => ClaimView::Works,
        Claim::Gone => ClaimView::Gone,
        Claim::Leave => ClaimView::Leave,
    }
}
