//! The whole sheet.

use jiff::Timestamp;
use keywheel_core::failure::Code;
use keywheel_core::model::{Answer, KeyVersion, Receipt, VersionState};
use keywheel_core::provider::Strategy;
use keywheel_core::rotation::{Act, Actor, Ending, Event, Proof, Rotation, State, StepKind, Then};

use super::findings::findings;
use super::headline::headline;
use super::known::{self, Old, can_ask, end, new_answer};
use super::names::Names;
use super::plan::{act_view, ended_key, old_key_line, own_strategy, sentence};
use super::question::question;
use super::silence::silence;
use super::steps::{last_moved, step_views};
use super::target::in_place;
use super::task::task;
use super::versions::receipt_view;
use crate::{DriverView, RotationActsView, RotationStateView, RotationView, VersionLineStateView, VersionLineView};

pub fn rotation_view(rotation: &Rotation, names: &Names) -> RotationView {
    let subject = &rotation.subject;
    let provider = names.provider(&subject.account);
    let number = |index: usize| u32::try_from(index).ok();
    let cursor = rotation.position.cursor;
    RotationView {
        id: rotation.id.to_string(),
        revision: rotation.records.last().map_or(0, |record| record.seq),
        act: act_view(rotation.act()),
        key_id: subject.key.id.to_string(),
        key_name: subject.key.name.to_string(),
        account_id: subject.account.id.to_string(),
        account_label: subject.account.label.to_string(),
        monogram: names.monogram(&subject.account),
        org_name: names.org(subject.account.org_id),
        environment_id: subject.key.environment_id.to_string(),
        environment_name: names.environment(subject.key.environment_id),
        state: state_view(rotation),
        headline: headline(rotation, &provider),
        sentence: sentence(&rotation.plan, &provider, own_strategy(&subject.account, names)),
        old_key_line: old_line_now(rotation, &provider),
        steps: step_views(rotation, &provider),
        pivot: rotation.plan.pivot().and_then(number),
        outage: rotation.plan.has_outage(),
        proves: rotation.plan.proof != Proof::Word,
        current: (cursor < rotation.plan.steps.len() && !rotation.position.is_closed())
            .then(|| number(cursor))
            .flatten(),
        old: subject.old.as_ref().map(|old| old_line(rotation, old, &provider)),
        new: (rotation.act() != Act::Revoke).then(|| new_line(rotation, &provider)),
        acts: acts(rotation),
        silence: silence(rotation),
        task: task(rotation, &provider, names),
        question: question(rotation, &provider, names),
        findings: findings(rotation, &provider),
        receipt: subject
            .old
            .as_ref()
            .and_then(|old| old.receipt.as_ref())
            .map(|one| receipt_view(one, &provider)),
        driven_elsewhere: None,
        opened_at: rotation.opened_at.to_string(),
        new_from: new_from(rotation).map(|at| at.to_string()),
        old_until: old_until(rotation).map(|at| at.to_string()),
        closed_at: rotation.closed_at.map(|at| at.to_string()),
        provider_id: subject.account.provider_id.clone(),
        provider_name: provider,
    }
}

/// When its new key came into being.
fn new_from(rotation: &Rotation) -> Option<Timestamp> {
    let made = rotation.subject.new.as_ref().filter(|new| new.hint.is_some());
    made.map(|new| new.born().0)
}

/// When the old key ended, or ends by itself.
fn old_until(rotation: &Rotation) -> Option<Timestamp> {
    let ended = rotation.subject.old.as_ref().and_then(|old| old.ended_at);
    ended.or(match rotation.position.state {
        // When it is looked again whether the overlap has passed, is not its end.
        State::AwaitingTime { until, code: None } if rotation.position.step(&rotation.plan) == Some(StepKind::Wait) => {
            Some(until)
        }
        _ => None,
    })
}

impl RotationView {
    /// Says who drives it, where that is another process than the one named.
    pub fn seen_by(mut self, rotation: &Rotation, instance: &str) -> RotationView {
        let other = rotation.driver.as_ref().filter(|driver| driver.instance != instance);
        self.driven_elsewhere = other.map(|driver| DriverView {
            who: driver.who.clone(),
            since: driver.since.to_string(),
        });
        self
    }
}

fn state_view(rotation: &Rotation) -> RotationStateView {
    let driven = rotation.driver.is_some();
    let at = rotation.closed_at.unwrap_or_else(|| last_moved(rotation)).to_string();
    match rotation.position.state {
        State::Ready | State::Doing if driven => RotationStateView::Running,
        State::Ready => RotationStateView::Ready,
        State::Doing => match rotation.position.step(&rotation.plan) {
            Some(kind) if rotation.plan.sends(kind) => RotationStateView::Unknown,
            _ => RotationStateView::Ready,
        },
        State::Failed(_) => RotationStateView::Failed,
        State::Unknown(_) => RotationStateView::Unknown,
        State::AwaitingPerson | State::DiscardAwaiting(_) => RotationStateView::AwaitingPerson,
        State::AwaitingTime { until, .. } => RotationStateView::AwaitingTime {
            until: until.to_string(),
        },
        State::Asking => RotationStateView::Asking,
        State::Restoring | State::RestoreDoing | State::Discarding(_) | State::DiscardDoing(_) if driven => {
            RotationStateView::Undoing
        }
        State::Restoring | State::RestoreDoing | State::RestoreFailed(_) | State::Discarding(_) => {
            RotationStateView::Failed
        }
        State::DiscardDoing(_) | State::DiscardUnknown(_) => RotationStateView::Unknown,
        State::Closed(Ending::Completed) => RotationStateView::Completed { at },
        State::Closed(Ending::Undone) => RotationStateView::Undone { at },
        State::Closed(Ending::Stopped) => RotationStateView::Stopped { at },
    }
}

fn old_line_now(rotation: &Rotation, provider: &str) -> String {
    let Some(old) = &rotation.subject.old else {
        return old_key_line(&rotation.plan, provider);
    };
    let key = ended_key(rotation.act());
    if old.ended_at.is_some() {
        return match &old.receipt {
            Some(receipt) if receipt.is_proof() => format!("{key} is dead."),
            Some(Receipt::Unlisted { .. }) => format!("{provider} no longer lists {}.", key.to_lowercase()),
            _ => format!("{key} has ended, as far as anybody said."),
        };
    }
    let revoked = is_ended(rotation);
    match rotation.position.state {
        State::AwaitingTime {
            code: Some(Code::KeyStillAccepted),
            ..
        } => {
            let done = ended_by(rotation);
            format!("{key} is {done}, but {provider} still accepts it. Keywheel keeps asking.")
        }
        // When that is, each shell says in the person's own time.
        State::AwaitingTime { code: None, .. } if rotation.plan.grace.is_some() => {
            format!("{provider} keeps the old value for a while; then it ends.")
        }
        _ if rotation.spared().is_some() => {
            "The old key is not revoked meanwhile. The new one is in use, as you said.".to_owned()
        }
        _ if revoked && rotation.plan.rolls() => {
            "The old value was replaced when the new one was created; its end is still to be proven.".to_owned()
        }
        _ if revoked => format!("{key} is {}; its end is still to be proven.", ended_by(rotation)),
        State::AwaitingTime { code: None, .. } => {
            "The old key is not touched until the overlap ends, and is revoked then.".to_owned()
        }
        // The headline says it, and says it once.
        State::Closed(_) => String::new(),
        _ => old_key_line(&rotation.plan, provider),
    }
}

/// Whether the old value has been brought to its end, proven or not.
pub(super) fn is_ended(rotation: &Rotation) -> bool {
    let ends = match rotation.plan.strategy {
        Strategy::Roll if rotation.plan.rolls() => StepKind::Mint,
        _ => StepKind::RevokeOld,
    };
    let ended = |event| matches!(event, Event::Applied(kind) | Event::Skipped(kind, _) if kind == ends);
    rotation.records.iter().any(|record| ended(record.event))
}

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

/// Why the step that revokes the old key has ended without a revocation, unless it was gone back to since.
pub(super) fn not_revoked(rotation: &Rotation) -> Option<Code> {
    let last = rotation.records.iter().rev().find_map(|record| match record.event {
        Event::Skipped(StepKind::RevokeOld, code) => Some(Some(code)),
        Event::Applied(StepKind::RevokeOld) | Event::RevokeAgain => Some(None),
        _ => None,
    });
    last.flatten()
}

/// What was done to the old key, in a word or two.
pub(super) fn ended_by(rotation: &Rotation) -> &'static str {
    match not_revoked(rotation) {
        Some(Code::KeyUnlisted) => return "not listed",
        Some(_) => return "not found",
        None => {}
    }
    let by_person = rotation.plan.actor(StepKind::RevokeOld) == Some(Actor::Person);
    match rotation.plan.rolls() || rotation.plan.strategy == Strategy::TwoSlot && rotation.act() == Act::Rotate {
        true => "replaced",
        false if by_person => "deleted",
        false => "revoked",
    }
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

fn old_line(rotation: &Rotation, old: &KeyVersion, provider: &str) -> VersionLineView {
    use VersionLineStateView as Shown;
    let has = |event: Event| rotation.records.iter().any(|record| record.event == event);
    if old.ended_at.is_some() {
        let (word, detail) = end(old, provider);
        return line(Some(old), Shown::Ended, word, detail);
    }
    if is_ended(rotation) {
        return line(
            Some(old),
            Shown::Unknown,
            ended_by(rotation),
            format!("{provider} has not refused it yet"),
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
        Old::MayHaveEnded if rotation.position.has_minted(&rotation.plan) => line(
            Some(old),
            Shown::Unknown,
            ended_by(rotation),
            format!("{provider} was not asked since"),
        ),
        Old::MayHaveEnded => line(
            Some(old),
            Shown::Unknown,
            "unknown",
            "it may have been replaced".to_owned(),
        ),
    }
}

fn new_line(rotation: &Rotation, provider: &str) -> VersionLineView {
    use VersionLineStateView as Shown;
    let new = rotation.subject.new.as_ref();
    let cursor = rotation.position.cursor;
    let done = |kind: StepKind| rotation.plan.index(kind).is_some_and(|index| cursor > index);
    let state = rotation.position.state;
    let unmade = new.is_none_or(|new| new.fingerprint.is_none() && new.remote_id.is_none());
    if rotation.position.is_closed() && unmade && !rotation.may_have_minted() {
        return line(None, Shown::Absent, "not created", String::new());
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
        return line(new, Shown::Unknown, "being discarded", used.to_owned());
    }
    if !done(StepKind::Store) {
        return line(new, Shown::Created, "created", "not in the keychain yet".to_owned());
    }
    let used = match (done(StepKind::Confirm), rotation.act()) {
        (true, _) => "in use".to_owned(),
        (false, Act::Rotate) => in_place(rotation).unwrap_or_else(|| "stored; nothing uses it yet".to_owned()),
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

/// Whether the discard was refused for what became of the new key itself.
fn new_lives_on(rotation: &Rotation) -> bool {
    let refused = rotation.records.iter().rev().find_map(|record| match record.event {
        Event::DiscardNotApplied(code) | Event::DiscardUnclear(code) => Some(code),
        _ => None,
    });
    refused.is_none_or(|code| code == Code::KeyStillAccepted || code.as_str().starts_with("credential."))
}

fn acts(rotation: &Rotation) -> RotationActsView {
    let state = rotation.position.state;
    let idle = rotation.driver.is_none();
    let step = rotation.position.step(&rotation.plan);
    let mutates = step.is_some_and(|kind| rotation.plan.sends(kind));
    let unknown = matches!(
        state,
        State::Unknown(_) | State::DiscardDoing(_) | State::DiscardUnknown(_)
    ) || (state == State::Doing && mutates);
    let stopped = matches!(
        state,
        State::Ready
            | State::Failed(_)
            | State::Restoring
            | State::RestoreDoing
            | State::RestoreFailed(_)
            | State::Discarding(_)
            | State::AwaitingTime { .. }
    ) || (state == State::Doing && !mutates);
    let waits = matches!(state, State::AwaitingTime { .. }) && step == Some(StepKind::Wait);
    let asked = |kind| idle && state == State::AwaitingPerson && step == Some(kind);
    let again = rotation.position.after(&rotation.plan, Event::PasteAgain).is_ok();
    RotationActsView {
        resume: idle && stopped && !waits,
        check: idle && unknown,
        replaced: asked(StepKind::Confirm) || idle && rotation.put_by_hand().is_some(),
        revoke_old_now: idle && waits && rotation.plan.grace.is_none(),
        revoke_anyway: idle && rotation.may_revoke_anyway(),
        undo: idle && rotation.position.can_undo(&rotation.plan),
        undo_from_use: rotation.is_in_use(),
        undo_anyway: idle && state == State::Discarding(Then::End) && !new_lives_on(rotation),
        copy_new: rotation
            .subject
            .new
            .as_ref()
            .is_some_and(|new| new.held && !matches!(new.state, VersionState::Revoked | VersionState::Compromised)),
        take_value: asked(StepKind::Mint),
        deleted: idle && matches!(state, State::DiscardAwaiting(_) | State::Discarding(_))
            || asked(StepKind::RevokeOld),
        paste_again: idle && matches!(state, State::Failed(_)) && again,
    }
}
