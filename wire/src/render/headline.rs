//! One sentence: what is true now and what comes next.

use keywheel_core::failure::Code;
use keywheel_core::model::{Answer, Receipt, Target};
use keywheel_core::provider::Strategy;
use keywheel_core::rotation::{Act, Ending, Event, Rotation, State, StepKind};

use super::discard;
use super::known::{self, Old, can_ask, new_answer, nothing_changed, old_now};
use super::plan::title;
use super::rotation::{ended_by, is_ended};
use super::silence;
use super::target::{may_have_it, target_title};

pub(super) fn headline(rotation: &Rotation, provider: &str) -> String {
    let here = rotation.position.step(&rotation.plan);
    let step = here.map(|kind| title(kind, &rotation.plan)).unwrap_or_default();
    let key = &rotation.subject.key.name;
    if let Some(why) = silence::headline(rotation, provider) {
        return why;
    }
    if rotation.is_unseen() && !rotation.position.is_closed() {
        return format!(
            "Open in a state that was put back, or while another data directory had the keys. What became of it since is not \
             known: look at {provider}, then go on."
        );
    }
    match (rotation.position.state, rotation.act()) {
        (State::Ready | State::Doing, _) if rotation.driver.is_some() => format!("{step} is running."),
        (State::Doing, _) if here.is_some_and(|kind| rotation.plan.sends(kind)) => {
            format!("Stopped in the middle of {step}. {provider} is asked before anything else happens.")
        }
        (State::Ready | State::Doing, _) => format!("Stopped before {step}. Resume goes on from here."),
        (State::Failed(Code::KeySuccessorRefused), _) if !known::touched(rotation) => {
            format!("{provider} refuses the new key, so the old one was not revoked.")
        }
        (
            State::Failed(Code::KeySuccessorRefused)
            | State::AwaitingTime {
                code: Some(Code::KeySuccessorRefused),
                ..
            },
            _,
        ) => {
            format!("{provider} refuses the new key. {}", old_now(rotation, provider))
        }
        (State::Failed(Code::KeySuccessorUnlisted), _) => {
            format!("{provider} does not list the new key, so the old one was not revoked.")
        }
        (State::Failed(Code::KeySuccessorUnusual), _) => {
            format!("The new key does not look like those of {provider}, so the old one was not revoked.")
        }
        (State::Failed(_), _) if rotation.put_by_hand().is_some() => not_written(rotation, provider),
        (State::Failed(Code::KeyStillAccepted | Code::KeyStillListed), _)
            if here == Some(StepKind::RevokeOld) && was_silent(rotation) =>
        {
            let still = match known::old(rotation) {
                Old::Accepted => "accepts",
                _ => "lists",
            };
            format!("{provider} did not answer the revocation, and still {still} the key: it was not revoked.")
        }
        (State::Failed(_), Act::Rotate) => format!("{step} did not go through. {}", stands(rotation, provider)),
        (State::Failed(_), _) => format!("{step} did not go through."),
        (State::Restoring | State::RestoreDoing, _) if rotation.driver.is_some() => {
            "The old key is being put back where it is used.".to_owned()
        }
        (State::Restoring | State::RestoreDoing, _) => {
            format!(
                "Stopped while the old key was being put back. {}",
                old_now(rotation, provider)
            )
        }
        (State::RestoreFailed(Code::TargetStillRunning), _) => {
            format!("{} {}", still_runs(rotation), old_now(rotation, provider))
        }
        (State::RestoreFailed(_), _) => {
            format!(
                "The old key could not be put back in {}. {}",
                here_at(rotation),
                old_now(rotation, provider)
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
            let still = match known::old(rotation) {
                Old::Accepted => "accepts",
                _ => "lists",
            };
            format!("{provider} still {still} the old key. Delete it there, then say so.")
        }
        (State::AwaitingPerson, _) if here == Some(StepKind::RevokeOld) => {
            format!("Delete the old key on {provider}'s page, then say so.")
        }
        (State::DiscardAwaiting(_), _) => discard::awaited(rotation, provider),
        (State::AwaitingPerson, _) if rotation.plan.has_outage() => {
            format!(
                "The old key is {}. Put the new one in place now, then say so.",
                ended_by(rotation)
            )
        }
        (State::AwaitingPerson, _) if new_answer(rotation) == Some(Answer::Dead) => {
            format!("{provider} refuses the new key. See why before you put it to use, or discard it.")
        }
        (State::AwaitingPerson, _) if !rotation.subject.bindings.is_empty() => in_place(rotation).to_owned(),
        (State::AwaitingPerson, _) => {
            let works = match (can_ask(rotation), new_answer(rotation)) {
                (true, Some(Answer::Live)) => "The new key works.".to_owned(),
                (true, _) => "The new key is stored; no call was made with it yet.".to_owned(),
                (false, _) => format!("The new key is stored; {provider} offers no way to ask whether it works."),
            };
            format!("{works} Put it where the old one is used, then say so.")
        }
        (State::AwaitingTime { code: Some(code), .. }, _) => format!("Waiting: {}.", code.message()),
        (State::AwaitingTime { code: None, .. }, _) if rotation.plan.grace.is_some() => {
            format!("{provider} keeps the old value for a while; it ends by itself.")
        }
        (State::AwaitingTime { code: None, .. }, _) => {
            "The overlap runs: the old key is not touched before it ends.".to_owned()
        }
        (State::Asking, _) => "One question is open; nothing runs before it is answered.".to_owned(),
        (State::Discarding(_) | State::DiscardDoing(_), _) if rotation.driver.is_some() => {
            "The new key is being discarded.".to_owned()
        }
        (State::Discarding(_) | State::DiscardDoing(_) | State::DiscardUnknown(_), _) => {
            discard::held_up(rotation, provider)
        }
        (State::Closed(Ending::Completed), Act::Rotate) => {
            format!("{key} is replaced. {}", old_end(rotation, "The old key", provider))
        }
        (State::Closed(Ending::Completed), Act::Revoke) => old_end(rotation, key.as_str(), provider),
        (State::Closed(Ending::Completed), _) => "The new key is stored. You can copy it again any time.".to_owned(),
        (State::Closed(Ending::Undone), _) => discard::undone(rotation, provider),
        (State::Closed(Ending::Settled), _) => {
            let said = rotation.claims().map(known::said).unwrap_or_default();
            format!("Ended by your word: {said}. Nothing was sent for that, and nobody was asked.")
        }
        (State::Closed(Ending::Stopped), _) if rotation.may_have_minted() => {
            format!("Ended as it is. {}", stands(rotation, provider))
        }
        (State::Closed(Ending::Stopped), _) => format!("Stopped. {}", nothing_changed(rotation, provider)),
    }
}

/// Whether the newest revocation got no answer.
fn was_silent(rotation: &Rotation) -> bool {
    let newest = rotation.records.iter().rev().map(|record| record.event);
    let mut after = newest.take_while(|event| *event != Event::Intended(StepKind::RevokeOld));
    after.any(|event| matches!(event, Event::Unclear(StepKind::RevokeOld, _)))
}

/// Where a person has to see to it before they say that the new key is in use.
fn in_place(rotation: &Rotation) -> &'static str {
    match rotation
        .subject
        .bindings
        .iter()
        .all(|binding| binding.target.is_written())
    {
        true if rotation
            .subject
            .bindings
            .iter()
            .any(|binding| !reads_back(&binding.target)) =>
        {
            "Each place was given the new key; what a command did with it, it alone knows. Make sure that it is in use, then say so."
        }
        true => "The new key is in place. Make sure that it is in use, then say so.",
        false => "The new key is in place where Keywheel writes it. Put it in the other places too, then say so.",
    }
}

/// Whether somebody has looked that the value is there.
fn reads_back(target: &Target) -> bool {
    match target {
        Target::Command(command) => command.confirm.is_some(),
        Target::EnvFile(_) | Target::ByHand(_) => true,
    }
}

/// What is so at the provider after a step that did not go through.
fn stands(rotation: &Rotation, provider: &str) -> String {
    let in_place = rotation.plan.rolls() || rotation.plan.strategy == Strategy::TwoSlot;
    let before_new = rotation
        .position
        .step(&rotation.plan)
        .is_some_and(|_| !rotation.position.has_minted(&rotation.plan));
    match (before_new, is_ended(rotation)) {
        // An answer was lost: nobody has what it made.
        (true, _) if rotation.may_have_minted() && in_place => {
            let old = match rotation.plan.rolls() {
                true => "The old value may have been replaced",
                false => "The unused key may have been replaced",
            };
            format!("{old}, and nobody has the new one. {}", old_now(rotation, provider))
        }
        (true, _) if rotation.may_have_minted() => {
            format!(
                "A key that nobody has may have been created. {}",
                old_now(rotation, provider)
            )
        }
        (true, true) => format!(
            "The old key is {}: what uses it fails until there is a new one.",
            ended_by(rotation)
        ),
        // What was sent may have arrived, or may yet.
        (true, false) if known::touched(rotation) => old_now(rotation, provider),
        (true, false) => nothing_changed(rotation, provider),
        (false, true) => format!("The old key is {}.", ended_by(rotation)),
        (false, false) => old_now(rotation, provider),
    }
}

/// What shows the end of the key that was to end.
fn old_end(rotation: &Rotation, key: &str, provider: &str) -> String {
    match rotation.subject.old.as_ref().and_then(|old| old.receipt.as_ref()) {
        Some(Receipt::Refused { .. }) => format!("{key} is proven dead."),
        Some(Receipt::Unlisted { .. }) => format!(
            "{provider} no longer lists {}. No call was made with it: nothing is proven.",
            uncapitalised(key)
        ),
        Some(Receipt::Word { .. }) | None => format!(
            "{provider} offers no way to ask whether {} is dead: nothing is proven.",
            uncapitalised(key)
        ),
    }
}

/// A name stays as it is.
fn uncapitalised(key: &str) -> &str {
    if key == "The old key" { "the old key" } else { key }
}

/// The target of the present step.
fn here_at(rotation: &Rotation) -> String {
    let binding = rotation
        .position
        .step(&rotation.plan)
        .and_then(|kind| rotation.binding(kind));
    binding.map(|binding| target_title(&binding.target)).unwrap_or_default()
}

/// Of a command that was started before, by whomever.
fn still_runs(rotation: &Rotation) -> String {
    format!(
        "{} still runs from before, and may yet put in place what it was given.",
        here_at(rotation)
    )
}

fn not_written(rotation: &Rotation, provider: &str) -> String {
    let still = match before_pivot(rotation) {
        true => old_now(rotation, provider),
        false => "What uses it there fails until the new key is in place.".to_owned(),
    };
    if rotation.position.state == State::Failed(Code::TargetStillRunning) {
        return format!("{} {still}", still_runs(rotation));
    }
    let may_have_it = rotation
        .position
        .step(&rotation.plan)
        .is_some_and(|kind| may_have_it(rotation, kind));
    match may_have_it {
        true => format!(
            "{} was run with the new key and did not end well: it may have put it in place. {still}",
            here_at(rotation)
        ),
        false => format!("{} does not have the new key. {still}", here_at(rotation)),
    }
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
