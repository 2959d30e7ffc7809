//! What a provider that takes only so many calls means for a plan.

use keywheel_core::model::Account;
use keywheel_core::provider::Workspace;
use keywheel_core::rotation::{Actor, Plan, Proof, StepKind};

use super::names::Names;
use super::plan::time;
use crate::PlanPaceView;

pub(super) fn pace(plan: &Plan, account: &Account, names: &Names) -> Option<PlanPaceView> {
    let definition = names.definition(account)?;
    let provider = definition.name().to_owned();
    let at = Workspace {
        account_id: account.id,
        definition,
        fields: account.fields.clone(),
        base_url: account.base_url.clone(),
        credential: None,
    };
    let quota = at.quota()?;
    let calls = u32::try_from(plan.steps.iter().filter(|step| calls(plan, step.kind)).count()).ok()?;
    // The last call before this plan may have been a moment ago: each of its calls may have to wait for its turn.
    let turns = calls.div_ceil(quota.requests.max(1));
    let seconds = turns.checked_mul(u32::try_from(quota.span.as_secs()).ok()?)?;
    let how_many = match quota.requests {
        1 => "one call".to_owned(),
        many => format!("{many} calls"),
    };
    let made = match calls {
        0 => return None,
        1 => "makes one".to_owned(),
        2 => "makes two".to_owned(),
        many => format!("makes {many}"),
    };
    let proves = plan.index(StepKind::ProveDead).is_some() && plan.proof == Proof::Refusal;
    let why = match (plan.index(StepKind::VerifyNew).is_some(), proves) {
        (true, true) => ": one to verify the new key, one to prove that the old one is dead",
        (true, false) => " to verify the new key",
        (false, true) => " to prove that the old key is dead",
        (false, false) => "",
    };
    Some(PlanPaceView {
        sentence: format!(
            "{provider} takes {how_many} in {}. This plan {made}{why}.",
            time(quota.span)
        ),
        seconds,
    })
}

/// Whether the step asks the provider.
fn calls(plan: &Plan, kind: StepKind) -> bool {
    match kind {
        StepKind::VerifyNew => true,
        StepKind::ProveDead => plan.proof == Proof::Refusal,
        StepKind::Mint | StepKind::RevokeOld => plan.actor(kind) == Some(Actor::Api),
        StepKind::Check | StepKind::Store | StepKind::Copy | StepKind::Confirm | StepKind::Wait => false,
    }
}
