//! One sentence: what is true now and what comes next.

use keywheel_core::rotation::{Act, Ending, Event, Proof, Rotation, State, StepKind};

use super::plan::title;
use super::silence;
use super::target::target_title;

pub(super) fn headline(rotation: &Rotation, provider: &str) -> String {
    let here = rotation.position.step(&rotation.plan);
    let step = here.map(|kind| title(kind, &rotation.plan)).unwrap_or_default();
    let key = &rotation.subject.key.name;
    if let Some(why) = silence::headline(rotation, provider) {
        return why;
    }
    match (rotation.position.state, rotation.act()) {
        (State::Ready | State::Doing, _) if rotation.driver.is_some() => format!("{step} is running."),
        (State::Doing, _) if here.is_some_and(|kind| rotation.plan.sends(kind)) => {
            format!("Stopped in the middle of {step}. {provider} is asked before anything else happens.")
        }
        (State::Ready | State::Doing, _) => format!("Stopped before {step}. Resume goes on from here."),
        (State::Failed(_), Act::Rotate) if untouched(rotation) => {
            format!("{step} did not go through. Nothing changed; the old key works.")
        }
        (State::Failed(_), _) if rotation.put_by_hand().is_some() => not_written(rotation),
        (State::Failed(_), Act::Rotate) if before_pivot(rotation) => {
            format!("{step} did not go through. The old key works.")
        }
        (State::Failed(_), _) => format!("{step} did not go through."),
        (State::Restoring | State::RestoreDoing, _) if rotation.driver.is_some() => {
            "The old key is being put back where it is used.".to_owned()
        }
        (State::Restoring | State::RestoreDoing, _) => {
            "Stopped while the old key was being put back. The old key works.".to_owned()
        }
        (State::RestoreFailed(_), _) => {
            format!(
                "The old key could not be put back in {}. The old key works.",
                here_at(rotation)
            )
        }
        (State::Unknown(_), _) if rotation.position.step(&rotation.plan) == Some(StepKind::Mint) => {
            format!("No answer from {provider}. The key may or may not have been created.")
        }
        (State::Unknown(_), _) => format!("No answer from {provider}. The old key may or may not have been revoked."),
        (State::AwaitingPerson, _) if here == Some(StepKind::Mint) => {
            format!("Your turn on {provider}'s page. Nothing is lost if you close Keywheel meanwhile.")
        }
        (State::AwaitingPerson, _) if here == Some(StepKind::RevokeOld) && told(rotation, Event::RevokeAgain) => {
            format!("{provider} still accepts the old key. Delete it there, then say so.")
        }
        (State::AwaitingPerson, _) if here == Some(StepKind::RevokeOld) => {
            format!("Delete the old key on {provider}'s page, then say so.")
        }
        (State::DiscardAwaiting(_), _) if told(rotation, Event::DiscardConfirmed) => {
            format!("{provider} still accepts the new key. Delete it there, then say so.")
        }
        (State::DiscardAwaiting(_), _) => format!("Delete the new key on {provider}'s page, then say so."),
        (State::AwaitingPerson, _) if rotation.plan.has_outage() => {
            "The old key is gone. Put the new one in place now, then say so.".to_owned()
        }
        (State::AwaitingPerson, _) if !rotation.plan.bindings.is_empty() => {
            "The new key is in place. Make sure that it is in use, then say so.".to_owned()
        }
        (State::AwaitingPerson, _) => "The new key works. Put it where the old one is used, then say so.".to_owned(),
        (State::AwaitingTime { code: Some(code), .. }, _) => format!("Waiting: {}.", code.message()),
        (State::AwaitingTime { code: None, .. }, _) if rotation.plan.grace.is_some() => {
            format!("{provider} keeps the old value for a while; it ends by itself.")
        }
        (State::AwaitingTime { code: None, .. }, _) => "Both keys work until the overlap ends.".to_owned(),
        (State::Asking, _) => "One question is open; nothing runs before it is answered.".to_owned(),
        (State::Discarding(_) | State::DiscardDoing(_), _) if rotation.driver.is_some() => {
            "The new key is being discarded.".to_owned()
        }
        (State::Discarding(_) | State::DiscardDoing(_) | State::DiscardUnknown(_), _) => {
            "The new key is not discarded yet. The old key works.".to_owned()
        }
        (State::Closed(Ending::Completed), Act::Rotate) if rotation.plan.proof == Proof::Word => {
            format!("{key} is replaced. {provider} offers no way to prove that the old key is dead.")
        }
        (State::Closed(Ending::Completed), Act::Rotate) => format!("{key} is replaced. The old key is proven dead."),
        (State::Closed(Ending::Completed), Act::Revoke) if rotation.plan.proof == Proof::Word => {
            format!("{key} is revoked. {provider} offers no way to prove it.")
        }
        (State::Closed(Ending::Completed), Act::Revoke) => format!("{key} is revoked and proven dead."),
        (State::Closed(Ending::Completed), _) => "The new key is stored. You can copy it again any time.".to_owned(),
        (State::Closed(Ending::Undone), _) => "The new key was discarded. Everything is as before.".to_owned(),
        (State::Closed(Ending::Stopped), _) => "Stopped. Nothing was changed.".to_owned(),
    }
}

/// The target of the present step.
fn here_at(rotation: &Rotation) -> String {
    let binding = rotation
        .position
        .step(&rotation.plan)
        .and_then(|kind| rotation.binding(kind));
    binding.map(|binding| target_title(&binding.target)).unwrap_or_default()
}

fn not_written(rotation: &Rotation) -> String {
    let still = match before_pivot(rotation) {
        true => "The old key works.",
        false => "What uses it there fails until the new key is in place.",
    };
    format!("{} does not have the new key. {still}", here_at(rotation))
}

fn told(rotation: &Rotation, event: Event) -> bool {
    rotation.records.iter().any(|record| record.event == event)
}

fn before_pivot(rotation: &Rotation) -> bool {
    rotation
        .plan
        .pivot()
        .is_none_or(|pivot| rotation.position.cursor <= pivot)
}

fn untouched(rotation: &Rotation) -> bool {
    rotation
        .plan
        .index(StepKind::Mint)
        .is_some_and(|mint| rotation.position.cursor <= mint)
}
