//! What a person can do with a rotation that rests or waits, but for ending it by their word.

use super::world::World;
use crate::model::{Fingerprint, Hint, Secret};
use crate::rotation::moves::Entry;
use crate::rotation::state::Then;
use crate::rotation::{Act, Change, Ending, Event, State, StepKind};

/// The worlds that what is offered leads to; what leads on first.
pub(super) fn verbs(world: &World) -> Vec<World> {
    let mut all = Vec::new();
    for entries in offered(world) {
        let mut then = world.clone();
        then.write(entries);
        all.push(then);
    }
    let settled = Event::Settled(Default::default());
    let open = !world.rotation.position.is_closed();
    let takes = world.rotation.position.after(&world.rotation.plan, settled).is_ok();
    assert!(takes || !open, "a person's word ends nothing at {}", world.told());
    all
}

/// Whether going on asks once more: what is not known yet may be known then.
pub(super) fn is_asked_again(world: &World) -> bool {
    matches!(
        world.rotation.position.state,
        State::Unknown(_) | State::DiscardUnknown(_) | State::DiscardDoing(_) | State::Discarding(_)
    )
}

fn offered(world: &World) -> Vec<Vec<Entry>> {
    let rotation = &world.rotation;
    let (position, plan) = (rotation.position, &rotation.plan);
    let step = position.step(plan);
    let one = |event: Event| vec![vec![Entry::from(event)]];
    let mut all = match position.state {
        State::Failed(_) => {
            let by_hand = rotation
                .put_by_hand()
                .map(|kind| vec![Entry::from(Event::ByHand(kind))]);
            let again = position.after(plan, Event::PasteAgain).is_ok();
            let pasted = again.then(|| vec![Entry::from(Event::PasteAgain)]);
            let more = by_hand.into_iter().chain(pasted);
            one(Event::Retried).into_iter().chain(more).collect()
        }
        State::RestoreFailed(_) => {
            let by_hand = rotation.put_by_hand().map(Event::ByHand).map(Entry::from);
            let by_hand = by_hand.map(|entry| vec![entry]);
            one(Event::Retried).into_iter().chain(by_hand).collect()
        }
        State::AwaitingPerson => match step {
            Some(StepKind::Confirm) => {
                let promoted = rotation
                    .subject
                    .new
                    .as_ref()
                    .map(|new| Change::Promoted { new: new.id });
                vec![vec![Entry::new(Event::Confirmed, promoted.into_iter().collect())]]
            }
            Some(StepKind::Mint) => vec![vec![pasted(world)]],
            Some(kind) => one(Event::Applied(kind)),
            None => vec![],
        },
        State::AwaitingTime { code: Some(_), .. } => one(Event::Woken),
        State::AwaitingTime { .. } if step == Some(StepKind::Wait) && plan.grace.is_none() => one(Event::CutShort),
        State::Asking => {
            let discard = rotation.subject.new.as_ref().map(|new| Change::Minted {
                version: new.id,
                remote_id: Some("new".to_owned()),
                created_at: None,
                expires_at: None,
            });
            let discard = Entry::new(Event::AnsweredDiscard, discard.into_iter().collect());
            let answers = [
                vec![Event::AnsweredAbsent.into()],
                vec![discard],
                vec![Event::Closed(Ending::Stopped).into()],
            ];
            answers.into_iter().collect()
        }
        State::DiscardAwaiting(_) => one(Event::DiscardConfirmed),
        State::Discarding(then) => {
            let deleted = vec![Event::DiscardParked.into(), Event::DiscardConfirmed.into()];
            let anyway = (then == Then::End).then(|| vec![Entry::from(Event::UndoAnyway)]);
            [deleted].into_iter().chain(anyway).collect()
        }
        _ => vec![],
    };
    if rotation.may_revoke_anyway() {
        all.push(vec![Event::Anyway.into()]);
    }
    if position.can_undo(plan) && rotation.act() != Act::Revoke {
        let undone = match position.has_minted(plan) {
            true => vec![Event::UndoBegun, Event::UndoAnyway],
            false => vec![Event::Closed(Ending::Stopped)],
        };
        all.extend(undone.into_iter().map(|event| vec![Entry::from(event)]));
    }
    all
}

fn pasted(world: &World) -> Entry {
    let new = world
        .rotation
        .subject
        .new
        .as_ref()
        .expect("a version that is asked for");
    let minted = Change::Minted {
        version: new.id,
        remote_id: None,
        created_at: None,
        expires_at: None,
    };
    let held = Change::Held {
        version: new.id,
        hint: Hint::of(&Secret::new("sk_0123456789abcdef0123456789".to_owned())),
        fingerprint: Fingerprint::stored("new".to_owned()),
    };
    Entry::new(Event::Applied(StepKind::Mint), vec![minted, held])
}
