//! Each step as it stands, and the two rails beside it.

use jiff::Timestamp;
use keywheel_core::failure::{Code, Failure, Family};
use keywheel_core::model::{Answer, KeyVersion};
use keywheel_core::rotation::{Act, Actor, Ending, Event, Record, Rotation, State, StepKind};

use super::error::error_view;
use super::known::{self, Old};
use super::plan::{actor_view, detail, step_view, title};
use super::rotation::{ended_by, not_revoked};
use super::target::may_have_it;
use crate::{ErrorView, RailView, StepStatusView, StepView, WaitingForView};

pub(super) fn step_views(rotation: &Rotation, provider: &str) -> Vec<StepView> {
    rotation
        .plan
        .steps
        .iter()
        .enumerate()
        .map(|(index, step)| StepView {
            step: step_view(step.kind),
            title: title(step.kind, &rotation.plan).to_owned(),
            detail: match not_revoked(rotation).filter(|_| step.kind == StepKind::RevokeOld) {
                Some(Code::KeyUnlisted) => format!("no answer came; {provider} no longer lists it"),
                Some(_) => format!("not done: {provider} does not know this key"),
                None if may_have_it(rotation, step.kind) => format!(
                    "{}; it was run, did not end well, and may have the new key",
                    detail(step, &rotation.plan, &rotation.subject.bindings, provider)
                ),
                None => detail(step, &rotation.plan, &rotation.subject.bindings, provider),
            },
            actor: actor_view(step.actor),
            status: status(rotation, index, step.kind, provider),
            took_ms: took(&rotation.records, step.kind, rotation.position.cursor > index),
            old_rail: old_rail(rotation, index),
            new_rail: new_rail(rotation, index),
        })
        .collect()
}

fn status(rotation: &Rotation, index: usize, kind: StepKind, provider: &str) -> StepStatusView {
    let cursor = rotation.position.cursor;
    let state = rotation.position.state;
    if let Some(status) = put_back(rotation, kind) {
        return status;
    }
    let last = || rotation.records.iter().rfind(|record| settles(&record.event, kind));
    let skipped = || last().is_some_and(|record| matches!(record.event, Event::Skipped(..)));
    if matches!(state, State::Closed(Ending::Undone)) {
        let done = index < cursor && index >= rotation.plan.index(StepKind::Mint).unwrap_or(0);
        // What a person did elsewhere nobody took back.
        let kept = kind == StepKind::Store && rotation.subject.new.as_ref().is_some_and(KeyVersion::is_kept);
        return if done && kind != StepKind::Confirm && !kept && !skipped() {
            StepStatusView::Undone
        } else {
            StepStatusView::Held
        };
    }
    if index < cursor {
        return match skipped() {
            true => StepStatusView::Skipped,
            false => StepStatusView::Done,
        };
    }
    if index > cursor {
        return match state {
            State::Ready | State::Doing | State::AwaitingPerson | State::AwaitingTime { .. } => StepStatusView::Pending,
            _ => StepStatusView::Held,
        };
    }
    let pasted = rotation.plan.actor(StepKind::Mint) == Some(Actor::Person);
    let failed = |code: Code| match code {
        Code::KeyNotAccepted if pasted => ErrorView {
            message: format!("{provider} does not accept this value"),
            remedy: "Copy the whole value there and take it again. A key that is seconds old may need another try."
                .to_owned(),
            ..error_view(&Failure::new(code))
        },
        code => error_view(&Failure::new(code)),
    };
    match state {
        State::Ready if rotation.driver.is_some() => StepStatusView::Running,
        State::Ready => StepStatusView::Pending,
        State::Doing if rotation.driver.is_some() || !rotation.plan.sends(kind) => StepStatusView::Running,
        State::Doing => StepStatusView::Unknown {
            error: error_view(&Failure::unknown(Code::ProviderNoAnswer)),
        },
        State::Failed(code) | State::RestoreFailed(code) => StepStatusView::Failed { error: failed(code) },
        State::Restoring | State::RestoreDoing if rotation.driver.is_some() => StepStatusView::Running,
        State::Restoring | State::RestoreDoing => StepStatusView::Held,
        State::Unknown(code) => StepStatusView::Unknown {
            error: error_view(&Failure::unknown(code)),
        },
        State::Asking => StepStatusView::Unknown {
            error: error_view(&Failure::unknown(Code::RotationNeedsAnswer)),
        },
        State::AwaitingPerson => StepStatusView::Waiting {
            waiting_for: WaitingForView::Person,
            until: None,
        },
        State::AwaitingTime { until, code } => StepStatusView::Waiting {
            waiting_for: waiting_for(code),
            until: Some(until.to_string()),
        },
        State::DiscardAwaiting(_) => StepStatusView::Waiting {
            waiting_for: WaitingForView::Person,
            until: None,
        },
        State::Discarding(_) | State::DiscardDoing(_) | State::DiscardUnknown(_) => StepStatusView::Held,
        State::Closed(_) => StepStatusView::Skipped,
    }
}

/// A target that is as before again; one that was never written has not been touched.
fn put_back(rotation: &Rotation, kind: StepKind) -> Option<StepStatusView> {
    let undone = rotation
        .records
        .iter()
        .position(|record| matches!(record.event, Event::UndoBegun | Event::UndoAnyway))?;
    let (before, since) = rotation.records.split_at(undone);
    let back = |record: &Record| matches!(record.event, Event::Restored(at) | Event::ByHand(at) if at == kind);
    let written = |record: &Record| matches!(record.event, Event::Applied(at) | Event::ByHand(at) if at == kind);
    since.iter().any(back).then(|| match before.iter().any(written) {
        true => StepStatusView::Undone,
        false => StepStatusView::Held,
    })
}

fn waiting_for(code: Option<Code>) -> WaitingForView {
    match code {
        Some(Code::ProviderRateLimited) => WaitingForView::RateLimit,
        Some(code) if code.family() == Family::Keychain => WaitingForView::Keychain,
        Some(Code::ProviderUnreachable | Code::ProviderNoAnswer | Code::ProviderUndetermined) => {
            WaitingForView::Network
        }
        _ => WaitingForView::Time,
    }
}

fn settles(event: &Event, kind: StepKind) -> bool {
    match event {
        Event::Applied(done) | Event::Skipped(done, _) => *done == kind,
        Event::ByHand(done) => *done == kind,
        Event::Confirmed => kind == StepKind::Confirm,
        Event::CutShort => kind == StepKind::Wait,
        _ => false,
    }
}

/// From the last intent to what settled it.
fn took(records: &[Record], kind: StepKind, done: bool) -> Option<u32> {
    let end = records
        .iter()
        .rposition(|record| settles(&record.event, kind))
        .filter(|_| done)?;
    let begin = records[..end]
        .iter()
        .rfind(|record| record.event == Event::Intended(kind))?;
    let ms: i64 = records[end].at.as_millisecond() - begin.at.as_millisecond();
    u32::try_from(ms).ok()
}

fn label(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// The old key: it works up to the step that ends it.
fn old_rail(rotation: &Rotation, index: usize) -> RailView {
    let Some(old) = &rotation.subject.old else {
        return RailView::None;
    };
    let (cursor, plan) = (rotation.position.cursor, &rotation.plan);
    // In a grace the old value lives on after the new one exists.
    let end = match plan.grace {
        Some(_) => plan.index(StepKind::ProveDead),
        None => plan.pivot(),
    };
    let Some(pivot) = end else {
        return RailView::None;
    };
    let ended = old.ended_at.is_some();
    // It was taken back: the old key works on.
    let kept = matches!(
        rotation.position.state,
        State::Closed(Ending::Undone | Ending::Stopped) | State::DiscardAwaiting(_)
    );
    if let (State::Closed(Ending::Settled), false) = (rotation.position.state, ended) {
        return RailView::Hollow { label: None };
    }
    let works = || (index == 0 && known::old(rotation) == Old::Accepted).then(|| "works".to_owned());
    if kept && !ended {
        return RailView::Solid { label: works() };
    }
    if index > pivot {
        return RailView::None;
    }
    if index == pivot {
        return RailView::End {
            label: label(if ended {
                "ended"
            } else if cursor > pivot {
                ended_by(rotation)
            } else {
                "ends"
            }),
        };
    }
    if refused(old) && rotation.act() == Act::Rotate {
        return RailView::Hollow {
            label: (index == 0).then(|| "refused".to_owned()),
        };
    }
    let reached = index <= cursor || rotation.position.is_closed();
    match reached {
        true => RailView::Solid { label: works() },
        false => RailView::ToCome { label: None },
    }
}

fn refused(version: &KeyVersion) -> bool {
    version.ended_at.is_none()
        && version
            .verdict
            .as_ref()
            .is_some_and(|verdict| verdict.answer == Answer::Dead)
}

/// The new key: hollow while unproven, solid once it works.
fn new_rail(rotation: &Rotation, index: usize) -> RailView {
    let plan = &rotation.plan;
    let (cursor, state) = (rotation.position.cursor, rotation.position.state);
    let Some(mint) = plan.index(StepKind::Mint) else {
        return RailView::None;
    };
    if index < mint {
        return RailView::None;
    }
    let unsettled = cursor == mint && matches!(state, State::Unknown(_) | State::Asking | State::Doing);
    if unsettled && index == mint && rotation.driver.is_none() {
        return RailView::MayExist {
            label: label("may exist"),
        };
    }
    match state {
        State::Closed(Ending::Settled) => {
            let gone = rotation.subject.new.as_ref().is_none_or(|new| new.ended_at.is_some());
            return match (gone, index == mint) {
                (false, _) => RailView::Hollow { label: None },
                (true, true) => RailView::End { label: None },
                (true, false) => RailView::None,
            };
        }
        State::Closed(Ending::Undone | Ending::Stopped) => {
            return if index == mint && rotation.mints > 0 {
                RailView::End {
                    label: label("discarded"),
                }
            } else {
                RailView::None
            };
        }
        State::Restoring
        | State::RestoreDoing
        | State::RestoreFailed(_)
        | State::Discarding(_)
        | State::DiscardAwaiting(_)
        | State::DiscardDoing(_)
        | State::DiscardUnknown(_)
            if index == cursor =>
        {
            return RailView::End {
                label: label("being discarded"),
            };
        }
        _ => {}
    }
    if index >= cursor {
        return RailView::ToCome { label: None };
    }
    let verified = plan.index(StepKind::VerifyNew);
    let kind = plan.steps[index].kind;
    let said = match kind {
        StepKind::Mint => label("created"),
        StepKind::Store => label("stored"),
        StepKind::VerifyNew => label("works"),
        StepKind::Confirm => label("in use"),
        _ => None,
    };
    match verified {
        Some(verified) if index >= verified => RailView::Solid { label: said },
        _ => RailView::Hollow { label: said },
    }
}

/// When the rotation was last moved.
pub(super) fn last_moved(rotation: &Rotation) -> Timestamp {
    rotation.records.last().map_or(rotation.opened_at, |record| record.at)
}
