//! A plan in words, before anything happens.

use keywheel_core::app::Proposal;
use keywheel_core::rotation::{Act, Actor, Plan, Proof, Step, StepKind};

use super::error::error_view;
use crate::{ActKindView, PlanStepView, PlanView, StepActorView, StepKindView};

pub fn plan_view(proposal: &Proposal, provider: &str) -> PlanView {
    let plan = &proposal.plan;
    PlanView {
        hash: proposal.hash.clone(),
        act: act_view(plan.act),
        strategy: "overlap".to_owned(),
        sentence: sentence(plan.act).to_owned(),
        old_key_line: old_key_line(plan, provider),
        steps: plan
            .steps
            .iter()
            .map(|step| PlanStepView {
                step: step_view(step.kind),
                title: title(step.kind).to_owned(),
                detail: detail(step, plan, provider),
                actor: actor_view(step.actor),
            })
            .collect(),
        pivot: plan.pivot().and_then(|pivot| u32::try_from(pivot).ok()),
        held: proposal.held.as_ref().map(error_view),
    }
}

pub(super) fn act_view(act: Act) -> ActKindView {
    match act {
        Act::Rotate => ActKindView::Rotate,
        Act::Create => ActKindView::Create,
        Act::SignUp => ActKindView::Signup,
        Act::Revoke => ActKindView::Revoke,
    }
}

pub(super) fn actor_view(actor: Actor) -> StepActorView {
    match actor {
        Actor::Api => StepActorView::Api,
        Actor::Person => StepActorView::Person,
        Actor::Keywheel => StepActorView::Keywheel,
    }
}

pub(super) fn step_view(kind: StepKind) -> StepKindView {
    match kind {
        StepKind::Check => StepKindView::Check,
        StepKind::Mint => StepKindView::Mint,
        StepKind::Store => StepKindView::Store,
        StepKind::VerifyNew => StepKindView::VerifyNew,
        StepKind::Copy => StepKindView::Copy,
        StepKind::Confirm => StepKindView::Confirm,
        StepKind::Wait => StepKindView::Wait,
        StepKind::RevokeOld => StepKindView::RevokeOld,
        StepKind::ProveDead => StepKindView::ProveDead,
    }
}

pub(super) fn sentence(act: Act) -> &'static str {
    match act {
        Act::Rotate => "A second key is created. The old key works until it is revoked.",
        Act::Create => "A new key is created and stored before it is shown.",
        Act::SignUp => "An organisation is opened with its first key, which is stored before it is shown.",
        Act::Revoke => "The key stops working at once, without a successor. Whatever uses it fails from then on.",
    }
}

/// What happens to the old key, and when.
pub(super) fn old_key_line(plan: &Plan, provider: &str) -> String {
    let proof = match plan.proof {
        Proof::Refusal => format!("then {provider} has to refuse it"),
        Proof::Unlisted => format!("then it has to be gone from {provider}'s list"),
    };
    match plan.act {
        Act::Rotate if plan.overlap.is_zero() => {
            format!("The old key works until you say that it is replaced. It is revoked after that, and {proof}.")
        }
        Act::Rotate => format!(
            "The old key works until you say that it is replaced, and {} longer. It is revoked after that, and {proof}.",
            hours(plan)
        ),
        Act::Revoke => format!("The key is revoked at once, and {proof}."),
        Act::Create | Act::SignUp => "No other key is touched.".to_owned(),
    }
}

fn hours(plan: &Plan) -> String {
    match plan.overlap.as_secs() / 3600 {
        1 => "one hour".to_owned(),
        hours => format!("{hours} hours"),
    }
}

pub(super) fn title(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Check => "Check",
        StepKind::Mint => "Mint",
        StepKind::Store => "Store",
        StepKind::VerifyNew => "Verify new",
        StepKind::Copy => "Copy",
        StepKind::Confirm => "Replace",
        StepKind::Wait => "Wait",
        StepKind::RevokeOld => "Revoke old",
        StepKind::ProveDead => "Prove it is dead",
    }
}

pub(super) fn detail(step: &Step, plan: &Plan, provider: &str) -> String {
    match step.kind {
        StepKind::Check => format!("credential accepted by {provider}, keychain writable, keys listed"),
        StepKind::Mint if plan.act == Act::SignUp => format!("organisation and first key at {provider}"),
        StepKind::Mint => format!("a new key at {provider}"),
        StepKind::Store => "in the keychain, read back equal".to_owned(),
        StepKind::VerifyNew => format!("a harmless call to {provider} with the new key"),
        StepKind::Copy => "to the clipboard, cleared after a while".to_owned(),
        StepKind::Confirm => "you put the new key where the old one is used".to_owned(),
        StepKind::Wait => format!("{}, both keys work", hours(plan)),
        StepKind::RevokeOld => format!("by its id, through {provider}'s API"),
        StepKind::ProveDead => match plan.proof {
            Proof::Refusal => format!("calls with the old key until {provider} refuses it"),
            Proof::Unlisted => format!("looks for it in {provider}'s list: its value is not held"),
        },
    }
}
