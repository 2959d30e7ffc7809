//! What a call, a list or a person has said of the two keys of a rotation. Sentences claim no more than this.

use keywheel_core::model::{Answer, KeyVersion, Receipt};
use keywheel_core::rotation::{Actor, Event, Rotation, StepKind};

/// The newest answer to a call with the value; none where nobody called.
pub(super) fn answer(version: Option<&KeyVersion>) -> Option<Answer> {
    version
        .and_then(|version| version.verdict.as_ref())
        .map(|one| one.answer)
}

/// Whether the newest call with the old value was accepted.
pub(super) fn old_accepted(rotation: &Rotation) -> bool {
    answer(rotation.subject.old.as_ref()) == Some(Answer::Live)
}

/// Whether the newest call with the new value was accepted.
pub(super) fn new_accepted(rotation: &Rotation) -> bool {
    answer(rotation.subject.new.as_ref()) == Some(Answer::Live)
}

/// Whether a call can tell if the new value works.
pub(super) fn can_ask(rotation: &Rotation) -> bool {
    rotation.plan.index(StepKind::VerifyNew).is_some()
}

/// Whether anything was done to the old key: revoked, deleted or replaced in place.
pub(super) fn old_touched(rotation: &Rotation) -> bool {
    let revoked = |event| {
        matches!(
            event,
            Event::Applied(StepKind::RevokeOld) | Event::Unclear(StepKind::RevokeOld, _)
        )
    };
    rotation.records.iter().any(|record| revoked(record.event)) || rotation.plan.rolls() && rotation.may_have_minted()
}

/// One sentence about the old key, where nothing has ended it.
pub(super) fn old_now(rotation: &Rotation, provider: &str) -> String {
    match answer(rotation.subject.old.as_ref()) {
        Some(Answer::Live) => format!("The old key works: {provider} accepted it."),
        Some(Answer::Dead) => format!("{provider} refuses the old key."),
        Some(Answer::Undetermined) | None => "The old key was not touched.".to_owned(),
    }
}

/// What Keywheel did itself, where nothing came of the rotation. What a person did meanwhile nobody asked.
pub(super) fn nothing_changed(rotation: &Rotation, provider: &str) -> String {
    match rotation.plan.actor(StepKind::Mint) {
        Some(Actor::Person) => format!("Keywheel changed nothing at {provider}."),
        _ => "Nothing was changed.".to_owned(),
    }
}

/// What tells of a version's end, as a word and a sentence without its end.
pub(super) fn end(version: &KeyVersion, provider: &str) -> (&'static str, String) {
    let kept = match (version.is_kept(), version.held || version.fingerprint.is_none()) {
        (true, _) => "; its value is kept",
        (false, false) => "; its value is out of the keychain",
        (false, true) => "",
    };
    match &version.receipt {
        Some(Receipt::Refused { .. }) => ("dead", format!("proven: {provider} refused it{kept}")),
        Some(Receipt::Unlisted { .. }) => (
            "unlisted",
            format!("{provider} no longer lists it, nothing is proven{kept}"),
        ),
        Some(Receipt::Word { .. }) => ("ended", format!("as told, nothing is proven{kept}")),
        None => ("ended", format!("nothing is proven{kept}")),
    }
}
