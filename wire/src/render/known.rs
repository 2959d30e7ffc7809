//! What a call, a list or a person has said of the two keys of a rotation. Sentences claim no more than this.

use jiff::Timestamp;
use keywheel_core::Code;
use keywheel_core::model::{Answer, KeyVersion, Receipt};
use keywheel_core::rotation::{Actor, Claim, Claims, Event, Rotation, StepKind};

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

/// Whether something was sent, or told, that may have ended the old key.
pub(super) fn touched(rotation: &Rotation) -> bool {
    touched_at(rotation).is_some()
}

/// When something was last sent, or told, that may have ended the old key; none where it is shown not to have had an
/// effect.
fn touched_at(rotation: &Rotation) -> Option<Timestamp> {
    let plan = &rotation.plan;
    let ends = |kind: StepKind| kind == StepKind::RevokeOld || kind == StepKind::Mint && plan.rolls();
    let (mut sent, mut lost, mut unclear) = (None, None, false);
    for record in &rotation.records {
        match record.event {
            Event::Intended(kind) if ends(kind) && plan.sends(kind) => (sent, unclear) = (Some(record.at), false),
            Event::Unclear(kind, _) if ends(kind) => unclear = true,
            // No answer came, and a list showed it still: what was sent may yet arrive.
            Event::NotApplied(kind, _) if ends(kind) && unclear => lost = sent.take().or(lost),
            Event::Applied(kind) | Event::ByHand(kind) if ends(kind) => sent = sent.or(Some(record.at)),
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
        Old::Untouched => "Keywheel did not touch the old key.".to_owned(),
        Old::MayHaveEnded => "Nobody has asked since whether the old key works.".to_owned(),
    }
}

/// What Keywheel did itself, where nothing came of the rotation. What a person did meanwhile nobody asked.
pub(super) fn nothing_changed(rotation: &Rotation, provider: &str) -> String {
    // An answer that was lost, for as long as nobody has said or shown what became of it.
    let mut lost = None;
    let mut is_refused = false;
    for record in &rotation.records {
        match record.event {
            Event::Unclear(StepKind::Mint, _) => {
                lost = Some("An answer was lost; nothing that it made was found since.")
            }
            Event::AnsweredAbsent => lost = Some("Nothing was created, as you said; nothing else was changed."),
            Event::Discarded => lost = None,
            Event::NotApplied(StepKind::Mint, code) => is_refused |= code == Code::ProviderRefused,
            _ => {}
        }
    }
    match (rotation.plan.actor(StepKind::Mint), lost) {
        (Some(Actor::Person), _) => format!("Keywheel changed nothing at {provider}."),
        (_, Some(said)) => said.to_owned(),
        // Its word is all there is: who refuses a request may have carried it out.
        (_, None) if is_refused => format!("{provider} answered that it did nothing; Keywheel changed nothing else."),
        (_, None) => "Nothing was changed.".to_owned(),
    }
}

/// What a person said of the keys of a rotation, as a part of a sentence.
pub(super) fn said(claims: Claims) -> String {
    let one = |key: &str, claim: Claim| match claim {
        Claim::Works => format!("{key} works"),
        Claim::Gone => format!("{key} is gone"),
        Claim::Leave => format!("nothing is said of {key}"),
    };
    let old = claims.old.map(|claim| one("the old key", claim));
    let new = claims
        .new
        .map(|claim| one(if old.is_some() { "the new one" } else { "the new key" }, claim));
    let said: Vec<String> = [old, new].into_iter().flatten().collect();
    match said.is_empty() {
        true => "nothing was created".to_owned(),
        false => said.join(", "),
    }
}

/// What a person said of one key.
pub(super) fn claimed(claim: Claim) -> &'static str {
    match claim {
        Claim::Works => "it works, as you said",
        Claim::Gone => "it is gone, as you said",
        Claim::Leave => "left as it is; nothing was said of it",
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
