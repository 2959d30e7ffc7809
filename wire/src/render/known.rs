//! What a call, a list or a person has said of the two keys of a rotation. Sentences claim no more than this.

use jiff::Timestamp;
use keywheel_core::model::{Answer, KeyVersion, Receipt};
use keywheel_core::rotation::{Actor, Event, Rotation, StepKind};

/// What is known of the old key, where nothing tells of its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Old {
    /// The newest call with it was accepted, and nothing was sent since that may have ended it.
    Accepted,
    /// The newest call with it was refused.
    Refused,
    /// Nothing was sent that may have ended it, and no call tells whether it works.
    Untouched,
    /// Something was sent that may have ended it, and nobody has asked since.
    MayHaveEnded,
}

/// Decides it by the records and the newest answer.
pub(super) fn old(rotation: &Rotation) -> Old {
    let verdict = rotation.subject.old.as_ref().and_then(|old| old.verdict.as_ref());
    let touched = touched_at(rotation);
    match verdict.filter(|verdict| touched.is_none_or(|at| verdict.at >= at)) {
        Some(verdict) if verdict.answer == Answer::Live => Old::Accepted,
        Some(verdict) if verdict.answer == Answer::Dead => Old::Refused,
        _ if touched.is_some() => Old::MayHaveEnded,
        _ => Old::Untouched,
    }
}

/// When something was last sent, or told, that may have ended the old key; none where it is shown not to have had an
/// effect.
fn touched_at(rotation: &Rotation) -> Option<Timestamp> {
    let plan = &rotation.plan;
    let ends = |kind: StepKind| kind == StepKind::RevokeOld || kind == StepKind::Mint && plan.rolls();
    let (mut sent, mut lost) = (None, None);
    for record in &rotation.records {
        match record.event {
            Event::Intended(kind) if ends(kind) && plan.sends(kind) => sent = Some(record.at),
            Event::Applied(kind) if ends(kind) => sent = sent.or(Some(record.at)),
            Event::NotApplied(kind, _) if ends(kind) => sent = None,
            // The next one settles only itself.
            Event::ValueLost | Event::AnsweredAbsent => lost = sent.take().or(lost),
            _ => {}
        }
    }
    sent.or(lost)
}

/// The newest answer to a call with the new value; none where nobody called.
pub(super) fn new_answer(rotation: &Rotation) -> Option<Answer> {
    let verdict = rotation.subject.new.as_ref().and_then(|new| new.verdict.as_ref());
    verdict.map(|verdict| verdict.answer)
}

/// Whether a call can tell if the new value works.
pub(super) fn can_ask(rotation: &Rotation) -> bool {
    rotation.plan.index(StepKind::VerifyNew).is_some()
}

/// One sentence about the old key, where nothing tells of its end.
pub(super) fn old_now(rotation: &Rotation, provider: &str) -> String {
    match old(rotation) {
        Old::Accepted => format!("{provider} accepted the old key when it was last asked."),
        Old::Refused => format!("{provider} refused the old key when it was last asked."),
        Old::Untouched => "The old key was not touched.".to_owned(),
        Old::MayHaveEnded => "Nobody has asked since whether the old key works.".to_owned(),
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
