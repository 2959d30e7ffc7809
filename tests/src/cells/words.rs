//! What may be said: no view claims more than a call, a list or a person told, judged by the provider's ledger.

use keywheel_core::model::Answer;
use keywheel_core::rotation::{Act, Event, Rotation, StepKind};
use keywheel_wire::{RotationView, VersionLineStateView};
use provider_sim::{Ledger, RequestRecord, Sent};

use super::cell::Cell;
use super::person::Person;
use crate::project::Project;

/// Sentences of the view that are not so.
pub(super) fn false_ones(
    project: &Project,
    cell: &Cell,
    person: &Person,
    rotation: &Rotation,
    view: &RotationView,
) -> Vec<String> {
    let ledger = project.sim.ledger();
    let opened = rotation.opened_at;
    let first = project.first.as_ref().expect("a key");
    let rotates = rotation.act() == Act::Rotate || rotation.act() == Act::Revoke;
    let old_id = first.grant.slot.clone().unwrap_or_else(|| first.key_id.clone());
    let mut found = Vec::new();
    let mut says = |what: &str, is_so: bool, sentence: &str| {
        if sentence.contains(what) && !is_so {
            found.push(format!("said “{sentence}”"));
        }
    };
    let sentences: Vec<&str> = [Some(view.headline.as_str()), Some(view.old_key_line.as_str())]
        .into_iter()
        .flatten()
        .chain(
            view.old
                .iter()
                .flat_map(|line| [line.word.as_str(), line.detail.as_str()]),
        )
        .collect();
    let ours = |request: &&RequestRecord| request.at >= opened && !person.by_hand.contains(&request.n);
    let lives = |id: &String| {
        ledger
            .keys
            .iter()
            .any(|key| key.key_id == *id && project.sim.accepts(&key.value))
    };
    // What was made and is gone again is no change.
    let changed = ledger
        .requests
        .iter()
        .filter(ours)
        .any(|request| request.effect.minted.iter().any(lives) || request.effect.revoked.contains(&first.key_id));
    let old_dead = !project.sim.accepts(&first.value);
    let lies = cell.lies_of_values();
    // What was sent against the old key, and may have had its effect.
    let ends = |request: &&RequestRecord| {
        let path = request.path.as_str();
        path.ends_with(&format!("/keys/{old_id}")) && request.method == "DELETE"
            || path.ends_with(&format!("/keys/{old_id}/roll"))
    };
    let may_have = |request: &&RequestRecord| match request.status {
        Sent::Status(status) => (200..300).contains(&status) || status >= 500,
        Sent::Pending | Sent::Dropped | Sent::Hung => true,
    };
    let sent = ledger.requests.iter().filter(ours).filter(ends);
    let touched = sent.clone().any(|request| may_have(&request));
    let refused = last_answer(rotation.subject.old.as_ref()) == Some(Answer::Dead);
    let accepted = sent
        .clone()
        .any(|request| matches!(request.status, Sent::Status(200..=299)))
        || touched && refused;
    // A plan says what is to come.
    let begun = rotation
        .records
        .iter()
        .any(|record| record.event == Event::Intended(StepKind::RevokeOld));
    let new = rotation.subject.new.as_ref();
    for sentence in sentences.into_iter().filter(|_| rotates) {
        says("proven dead", old_dead || lies, sentence);
        says("is dead.", old_dead || lies, sentence);
        says("Nothing was changed", !changed, sentence);
        says("Keywheel changed nothing", !changed, sentence);
        says("not touched", !touched, sentence);
        says("untouched", !touched, sentence);
        says("The old key is revoked", accepted || !begun, sentence);
        says("as before", !changed, sentence);
        says(
            "still accepts the old key",
            last_answer(rotation.subject.old.as_ref()) == Some(Answer::Live),
            sentence,
        );
        says("The new key works", last_answer(new) == Some(Answer::Live), sentence);
    }
    if let Some(old) = view.old.as_ref().filter(|_| rotates) {
        if old.word == "revoked" && !accepted {
            found.push(format!(
                "the old key counts as revoked, and no revocation was accepted: {}",
                old.detail
            ));
        }
        if old.word == "deleted" && person.by_hand.is_empty() {
            found.push("the old key counts as deleted, and nobody deleted it".to_owned());
        }
        if old.state == VersionLineStateView::Works
            && ended_by_us_before_the_last_call(&ledger, person, rotation, &first.key_id)
        {
            found.push(
                "the old key counts as working, and was ended by an act of ours after the last call with it".to_owned(),
            );
        }
    }
    if view.receipt.as_ref().is_some_and(|receipt| receipt.proven) && rotates && !old_dead && !lies {
        found.push("the end of the old key counts as proven, and it is accepted".to_owned());
    }
    let discarded = view.headline.contains("The new key was discarded");
    let kept = view.headline.contains("Nothing proves") || cell.shape.in_place();
    if discarded && !kept && !lies && person.new_lives(project, rotation) {
        found.push(format!("said “{}”, and the new key works", view.headline));
    }
    let new_id = new.and_then(|new| new.remote_id.as_ref());
    let was_revoked = |request: &RequestRecord| new_id.is_some_and(|id| request.effect.revoked.contains(id));
    if view.headline.contains("is not discarded") && ledger.requests.iter().filter(ours).any(was_revoked) {
        found.push(format!("said “{}”, and the new key was revoked", view.headline));
    }
    found
}

fn last_answer(version: Option<&keywheel_core::model::KeyVersion>) -> Option<Answer> {
    version
        .and_then(|version| version.verdict.as_ref())
        .map(|verdict| verdict.answer)
}

fn ended_by_us_before_the_last_call(ledger: &Ledger, person: &Person, rotation: &Rotation, key_id: &str) -> bool {
    let verdict = rotation.subject.old.as_ref().and_then(|old| old.verdict.as_ref());
    let Some(verdict) = verdict else { return false };
    ledger.requests.iter().any(|request| {
        !person.by_hand.contains(&request.n)
            && request.at >= rotation.opened_at
            && request.at > verdict.at
            && request.effect.revoked.iter().any(|id| id == key_id)
            && matches!(request.status, Sent::Status(200..=299))
    })
}
