//! What asking about an unknown step can find, and what each finding leads to.

use keywheel_core::model::Answer;
use keywheel_core::provider::Strategy;
use keywheel_core::rotation::{Rotation, State, StepKind};

use super::known::{new_answer, old_now};
use crate::FindingView;

pub(super) fn findings(rotation: &Rotation, provider: &str) -> Vec<FindingView> {
    let unknown = matches!(rotation.position.state, State::Unknown(_))
        || (rotation.position.state == State::Doing && rotation.driver.is_none());
    let told: Vec<(&str, String)> = match rotation.position.step(&rotation.plan) {
        Some(StepKind::Mint) if unknown => of_mint(rotation, provider),
        Some(StepKind::RevokeOld) if unknown => of_revocation(rotation, provider),
        _ => Vec::new(),
    };
    let told = told.into_iter();
    told.map(|(found, leads_to)| FindingView {
        found: found.to_owned(),
        leads_to,
    })
    .collect()
}

fn of_mint(rotation: &Rotation, provider: &str) -> Vec<(&'static str, String)> {
    let unanswered = (
        "No answer again",
        format!("Stays unknown. {}", old_now(rotation, provider)),
    );
    // No list tells one value from another in the same place.
    let again = match rotation.plan.strategy {
        Strategy::RollWithGrace => "You are asked: replacing it once more may end the old value's time early.",
        Strategy::Roll => "It is replaced once more, as soon as the first request can no longer arrive.",
        Strategy::TwoSlot => "The unused key is renewed once more, as soon as the first request can no longer arrive.",
        Strategy::Overlap | Strategy::ReplaceFirst => {
            let lost = "Its value is lost. If it is surely this rotation's it is revoked; if not, you are asked.";
            return vec![
                ("No further key in the list", "Mint runs once more.".to_owned()),
                ("A further key in the list", lost.to_owned()),
                unanswered,
            ];
        }
    };
    vec![("Nobody has the new value", again.to_owned()), unanswered]
}

fn of_revocation(rotation: &Rotation, provider: &str) -> Vec<(&'static str, String)> {
    let mut unanswered = format!("Stays unknown until {provider} answers.");
    if new_answer(rotation) == Some(Answer::Live) {
        unanswered += &format!(" {provider} accepted the new key when it was last asked.");
    }
    let gone = "Nothing more is sent. Its end is proven next, where a call can.";
    vec![
        ("The old key is refused, or no longer listed", gone.to_owned()),
        (
            "The old key is still there",
            "The request is sent once more.".to_owned(),
        ),
        ("No answer again", unanswered),
    ]
}
