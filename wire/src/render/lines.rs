//! The two keys of a rotation, a line each: what is known of it, in a word, and who uses it.

use keywheel_core::model::{Answer, KeyVersion, VersionState};
use keywheel_core::provider::Strategy;
use keywheel_core::rotation::{Act, Claim, Ending, Event, Rotation, State, StepKind, Then};

use super::discard;
use super::known::{self, Old, can_ask, end, new_answer};
use super::rotation::{ended_by, is_ended};
use super::target::{in_place, may_have_it};
use crate::{VersionLineStateView, VersionLineView};

/// What became of a new key that is not wanted.
fn discarded(rotation: &Rotation, provider: &str) -> VersionLineView {
    let new = rotation.subject.new.as_ref();
    let detail = match new {
        Some(new) if new.receipt.is_none() && rotation.plan.strategy == Strategy::TwoSlot => {
            format!("{provider} was not asked to end it; its value is kept")
        }
        Some(new) => end(new, provider).1,
        None => String::new(),
    };
    line(new, VersionLineStateView::Ended, "discarded", detail)
}

fn line(version: Option<&KeyVersion>, state: VersionLineStateView, word: &str, detail: String) -> VersionLineView {
    let verdict = version.and_then(|version| version.verdict.as_ref());
    let accepted = verdict.filter(|verdict| verdict.answer == Answer::Live);
    VersionLineView {
        accepted_at: accepted.map(|verdict| verdict.at.to_string()),
        version_id: version.map(|version| version.id.to_string()),
        hint: version
            .and_then(|version| version.hint.as_ref())
            .map(ToString::to_string),
        held: version.is_some_and(|version| version.held),
        state,
        word: word.to_owned(),
        detail,
    }
}

pub(super) fn old_line(rotation: &Rotation, old: &KeyVersion, provider: &str) -> VersionLineView {
    use VersionLineStateView as Shown;
    let has = |event: Event| rotation.records.iter().any(|record| record.event == event);
    if old.ended_at.is_some() {
        let (word, detail) = end(old, provider);
        return line(Some(old), Shown::Ended, word, detail);
    }
    if let Some(claim) = rotation.claims().and_then(|claims| claims.old) {
        return said_line(old, claim, provider);
    }
    if is_ended(rotation) {
        return line(
            Some(old),
            Shown::Unknown,
            ended_by(rotation),
            match known::old(rotation) {
                Old::Accepted => format!("{provider} still accepts it"),
                Old::Refused => format!("{provider} refuses it; that it has ended is not shown yet"),
                Old::Untouched | Old::MayHaveEnded => format!("{provider} was not asked since"),
            },
        );
    }
    let unclear = matches!(rotation.position.state, State::Unknown(_))
        && rotation.position.step(&rotation.plan) == Some(StepKind::RevokeOld);
    if unclear {
        return line(
            Some(old),
            Shown::Unknown,
            "unknown",
            "it may or may not have been revoked".to_owned(),
        );
    }
    let detail = match (rotation.act(), rotation.position.is_closed()) {
        (Act::Rotate, false) if has(Event::Confirmed) => "replaced where it is used".to_owned(),
        (Act::Rotate, false) if rotation.plan.rolls() => "in use until the new one is created".to_owned(),
        (Act::Rotate, false) if rotation.plan.has_outage() => "in use until it is deleted".to_owned(),
        (Act::Rotate, false) => "in use until you say that it is replaced".to_owned(),
        _ => "in use".to_owned(),
    };
    match known::old(rotation) {
        Old::Accepted => line(Some(old), Shown::Works, "works", detail),
        Old::Refused => line(Some(old), Shown::Refused, "refused", format!("{provider} refuses it")),
        Old::Untouched => line(Some(old), Shown::Untouched, "untouched", detail),
        Old::MayHaveEnded if rotation.plan.rolls() && rotation.position.has_minted(&rotation.plan) => line(
            Some(old),
            Shown::Unknown,
            ended_by(rotation),
            format!("{provider} was not asked since"),
        ),
        Old::MayHaveEnded => line(
            Some(old),
            Shown::Unknown,
            "unknown",
            match rotation.plan.rolls() {
                true => "it may have been replaced".to_owned(),
                false => "it may have been revoked".to_owned(),
            },
        ),
    }
}

/// A key that has not ended, of which a person said something: beside what the newest call told.
fn said_line(version: &KeyVersion, claim: Claim, provider: &str) -> VersionLineView {
    use VersionLineStateView as Shown;
    let said = known::claimed(claim).to_owned();
    match version.verdict.as_ref().map(|verdict| verdict.answer) {
        Some(Answer::Live) => line(
            Some(version),
            Shown::Unknown,
            "unproven",
            format!("{provider} accepted it before; {said}"),
        ),
        Some(Answer::Dead) => line(
            Some(version),
            Shown::Refused,
            "refused",
            format!("{provider} refused it; {said}"),
        ),
        _ => line(Some(version), Shown::Unknown, "unproven", said),
    }
}

/// Where no target has it for sure.
fn stored(rotation: &Rotation) -> &'static str {
    let mut kinds = rotation.plan.steps.iter().map(|step| step.kind);
    match kinds.any(|kind| may_have_it(rotation, kind)) {
        true => "stored; a command that did not end well may have put it in place",
        false => "stored; nothing uses it yet",
    }
}

pub(super) fn new_line(rotation: &Rotation, provider: &str) -> VersionLineView {
    use VersionLineStateView as Shown;
    let new = rotation.subject.new.as_ref();
    let cursor = rotation.position.cursor;
    let done = |kind: StepKind| rotation.plan.index(kind).is_some_and(|index| cursor > index);
    let state = rotation.position.state;
    let unmade = new.is_none_or(|new| new.fingerprint.is_none() && new.remote_id.is_none());
    if rotation.position.is_closed() && unmade && !rotation.may_have_minted() {
        let told = match known::is_refused_by_word(rotation) {
            true => format!("{provider} answered that it did nothing"),
            false => String::new(),
        };
        return line(None, Shown::Absent, "not created", told);
    }
    if let (Some(new), Some(claim)) = (new, rotation.claims().and_then(|claims| claims.new)) {
        return match new.ended_at {
            Some(_) if unmade => line(None, Shown::Unknown, "may exist", known::claimed(claim).to_owned()),
            Some(_) => line(Some(new), Shown::Ended, end(new, provider).0, end(new, provider).1),
            None => said_line(new, claim, provider),
        };
    }
    if matches!(state, State::Closed(Ending::Undone)) || new.is_some_and(|new| new.state == VersionState::Revoked) {
        return discarded(rotation, provider);
    }
    if !done(StepKind::Mint) {
        return match state {
            State::Unknown(_) | State::Asking | State::Doing if rotation.mints > 0 && rotation.driver.is_none() => {
                let name = rotation.mint_name.clone().unwrap_or_default();
                line(
                    None,
                    Shown::MayExist,
                    "may exist",
                    format!("as “{name}” at {provider}; nothing uses it"),
                )
            }
            _ => line(None, Shown::Absent, "not yet", String::new()),
        };
    }
    if matches!(
        state,
        State::Discarding(Then::End | Then::Mint) | State::DiscardDoing(_) | State::DiscardUnknown(_)
    ) {
        let used = match rotation.is_in_use() {
            true => "it was put to use",
            false => "nothing was given it by Keywheel",
        };
        let word = match rotation.driver.is_none() && discard::is_unknown(rotation) {
            true => "may be discarded",
            false => "being discarded",
        };
        return line(new, Shown::Unknown, word, used.to_owned());
    }
    if !done(StepKind::Store) {
        return line(new, Shown::Created, "created", "not in the keychain yet".to_owned());
    }
    let used = match (done(StepKind::Confirm), rotation.act()) {
        (true, _) => "in use".to_owned(),
        (false, Act::Rotate) => in_place(rotation).unwrap_or_else(|| stored(rotation).to_owned()),
        (false, _) => "stored in the keychain".to_owned(),
    };
    if !can_ask(rotation) {
        return line(
            new,
            Shown::Stored,
            "stored",
            format!("{used}; nobody asked whether it works"),
        );
    }
    if new_answer(rotation) == Some(Answer::Dead) {
        return line(new, Shown::Refused, "refused", format!("{provider} refuses it"));
    }
    match done(StepKind::VerifyNew) && new_answer(rotation) == Some(Answer::Live) {
        true => line(new, Shown::Works, "works", used),
        false => line(new, Shown::Stored, "stored", "not proven to work yet".to_owned()),
    }
}
