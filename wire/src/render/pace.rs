//! What a provider that takes only so many calls means for a plan.

use keywheel_core::app::PacedPlan;
use keywheel_core::rotation::{Plan, Proof, StepKind};

use super::plan::time;
use crate::PlanPaceView;

pub(super) fn pace(plan: &Plan, paced: PacedPlan, provider: &str) -> PlanPaceView {
    let how_many = match paced.quota.requests {
        1 => "one call".to_owned(),
        many => format!("{many} calls"),
    };
    let made = match paced.calls {
        1 => "makes one".to_owned(),
        2 => "makes two".to_owned(),
        many => format!("makes {many}"),
    };
    let verifies = plan.index(StepKind::VerifyNew).is_some();
    let proves = plan.index(StepKind::ProveDead).is_some() && plan.proof == Proof::Refusal;
    let why = match (verifies, proves) {
        _ if paced.calls > u32::from(verifies) + u32::from(proves) => "",
        (true, true) => ": one to verify the new key, one to prove that the old one is dead",
        (true, false) => " to verify the new key",
        (false, true) => " to prove that the old key is dead",
        (false, false) => "",
    };
    PlanPaceView {
        sentence: format!(
            "{provider} takes {how_many} in {}. This plan {made}{why}.",
            time(paced.quota.span)
        ),
        last_call_at: paced.last_at.to_string(),
    }
}
