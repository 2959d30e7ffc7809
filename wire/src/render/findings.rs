//! What asking about an unknown step can find, and what each finding leads to.

use keywheel_core::rotation::{Rotation, State, StepKind};

use crate::FindingView;

pub(super) fn findings(rotation: &Rotation, provider: &str) -> Vec<FindingView> {
    let finding = |found: &str, leads_to: &str| FindingView {
        found: found.to_owned(),
        leads_to: leads_to.to_owned(),
    };
    let unknown = matches!(rotation.position.state, State::Unknown(_))
        || (rotation.position.state == State::Doing && rotation.driver.is_none());
    match rotation.position.step(&rotation.plan) {
        Some(StepKind::Mint) if unknown => vec![
            finding(
                "No further key in the list",
                "Nothing was created. Mint runs once more.",
            ),
            finding(
                "A further key in the list",
                "Its value may be lost. You are asked before it is revoked.",
            ),
            finding("No answer again", "Stays unknown. The old key works."),
        ],
        Some(StepKind::RevokeOld) if unknown => vec![
            finding("The old key is refused", "It was revoked. Its end is proven."),
            finding(
                "The old key is still listed",
                "It was not revoked. The request is sent once more.",
            ),
            finding(
                "No answer again",
                &format!("Stays unknown until {provider} answers. The new key works."),
            ),
        ],
        _ => Vec::new(),
    }
}
