//! The whole sheet.

use jiff::Timestamp;
use keywheel_core::failure::{Code, SafeDetail};
use keywheel_core::model::Receipt;
use keywheel_core::provider::Strategy;
use keywheel_core::rotation::{Act, Actor, Ending, Event, Proof, Record, Rotation, State, StepKind};

use super::acts::acts;
use super::findings::findings;
use super::headline::headline;
use super::known;
use super::lines::{new_line, old_line};
use super::names::Names;
use super::plan::{act_view, ended_key, old_key_line, own_strategy, sentence};
use super::question::question;
use super::silence::silence;
use super::steps::{last_moved, step_views};
use super::task::task;
use super::versions::receipt_view;
use crate::{DriverView, RotationStateView, RotationView, StepStatusView, StepView};

/// Whether it stopped as if nothing had been made, and a list shows since that something was.
fn made_all_the_same(rotation: &Rotation, names: &Names) -> bool {
    let stopped = rotation.position.state == State::Closed(Ending::Stopped);
    stopped
        && names
            .unaccounted
            .iter()
            .any(|one| one.rotation_id == Some(rotation.id) && one.remote_id.is_some())
}

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
        headline: match made_all_the_same(rotation, names) {
            true => format!(
                "Stopped. {provider} lists a key that Keywheel may have asked for: see the keys that nobody accounts for."
            ),
            false => headline(rotation, &provider),
        },
        sentence: sentence(&rotation.plan, &provider, own_strategy(&subject.account, names)),
        old_key_line: old_line_now(rotation, &provider),
        steps: advised(step_views(rotation, &provider), rotation, names),
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

/// What the provider's answer said where a step stands, and what its definition advises then.
fn advised(mut steps: Vec<StepView>, rotation: &Rotation, names: &Names) -> Vec<StepView> {
    let definition = names.definition(&rotation.subject.account);
    if let (Some(said), Some(step)) = (&rotation.said, steps.get_mut(rotation.position.cursor))
        && let StepStatusView::Failed { error } | StepStatusView::Unknown { error } = &mut step.status
    {
        let code = said.code.as_deref();
        error.details.push(SafeDetail::HttpStatus(said.status).to_string());
        error.details.extend(code.map(|code| format!("provider code {code}")));
        if let Some(advice) = definition.as_ref().and_then(|one| one.advice(Some(said.status), code)) {
            error.remedy = advice.to_owned();
        }
    }
    steps
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
        State::Closed(Ending::Settled) => RotationStateView::Settled { at },
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
    let here = rotation.position.step(&rotation.plan);
    match rotation.position.state {
        State::AwaitingTime {
            code: Some(code @ (Code::KeyStillAccepted | Code::KeyStillListed)),
            ..
        } => {
            let (done, still) = (
                ended_by(rotation),
                if code == Code::KeyStillListed {
                    "lists"
                } else {
                    "accepts"
                },
            );
            format!("{key} is {done}, but {provider} still {still} it. Keywheel keeps asking.")
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
        State::AwaitingTime { code: None, .. } if here == Some(StepKind::Wait) => {
            "The old key is not touched until the overlap ends, and is revoked then.".to_owned()
        }
        // The headline says it, and says it once.
        State::Closed(_) | State::Failed(_) | State::Unknown(_) => String::new(),
        _ if known::touched(rotation) => String::new(),
        _ if rotation.position.is_discarding() => "The old key stays as it is.".to_owned(),
        _ if confirmed(rotation) => "The old key is not revoked yet.".to_owned(),
        _ => old_key_line(&rotation.plan, provider),
    }
}

/// Whether the new key is said to be in use, or shown to be, and the old one is to go.
fn confirmed(rotation: &Rotation) -> bool {
    let revoked = rotation.plan.index(StepKind::RevokeOld);
    rotation.position.has_minted(&rotation.plan) && revoked == Some(rotation.position.cursor)
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

/// Why the step that revokes the old key has ended without a revocation, as far as an answer told.
pub(super) fn not_revoked(rotation: &Rotation) -> Option<Code> {
    let last = rotation.records.iter().rev().find_map(|record| match record.event {
        Event::Skipped(StepKind::RevokeOld, code) => Some(Some(code)),
        Event::Applied(StepKind::RevokeOld) => Some(None),
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
    let said = |record: &Record| record.event == Event::ByHand(StepKind::RevokeOld);
    let by_person =
        rotation.plan.actor(StepKind::RevokeOld) == Some(Actor::Person) || rotation.records.iter().any(said);
    match rotation.plan.rolls() || rotation.plan.strategy == Strategy::TwoSlot && rotation.act() == Act::Rotate {
        true => "replaced",
        false if by_person => "deleted",
        false => "revoked",
    }
}
