//! The one function that moves a rotation: total, and the database agrees with it.

use std::time::Duration;

use jiff::Timestamp;
use keywheel_core::Code;
use keywheel_core::clock::Entropy;
use keywheel_core::model::{Binding, BindingId, EnvFile, KeyId, Name, Target};
use keywheel_core::provider::{Grace, GraceStarts, Strategy};
use keywheel_core::rotation::{
    Act, Actor, DriverIdentity, Ending, Event, Facts, Plan, Position, State, StepKind, Then,
};
use keywheel_core::vault::VaultState;
use tests::World;
use tests::clock::SeededEntropy;

const CODE: Code = Code::ProviderNoAnswer;

/// A file, a place that only the person can reach, another file; or none.
fn uses(some: bool) -> Vec<Binding> {
    let file = |path: &str| {
        Target::EnvFile(EnvFile {
            path: path.into(),
            file: path.into(),
            name: "KEY".to_owned(),
        })
    };
    let by_hand = Target::ByHand(Name::new("dashboard").expect("a name"));
    let targets = [file("/a/.env"), by_hand, file("/b/.env")];
    let uses = targets.into_iter().map(|target| Binding {
        id: BindingId::new(0, [0; 10]),
        key_id: KeyId::new(0, [0; 10]),
        target,
        holds: None,
    });
    uses.filter(|_| some).collect()
}

pub(super) fn plans() -> Vec<Plan> {
    let hour = Duration::from_secs(3600);
    let strategies = [
        (Strategy::Overlap, None),
        (Strategy::Roll, None),
        (Strategy::RollWithGrace, Some(GraceStarts::Roll)),
        (Strategy::RollWithGrace, Some(GraceStarts::FirstUse)),
        (Strategy::ReplaceFirst, None),
        (Strategy::TwoSlot, None),
    ];
    let mut plans = Vec::new();
    for (strategy, starts) in strategies {
        for act in [Act::Rotate, Act::Create, Act::SignUp, Act::Revoke] {
            for actor in [Actor::Api, Actor::Person] {
                let none = Duration::ZERO;
                for (verifies, overlap, quiet) in [(true, none, none), (true, hour, hour), (false, none, none)] {
                    plans.push(Plan::decide(Facts {
                        act,
                        strategy,
                        minter: actor,
                        revoker: actor,
                        old_held: true,
                        verifies,
                        lists: actor == Actor::Api,
                        overlap,
                        quiet,
                        grace: starts.map(|starts| Grace { span: hour, starts }),
                        bindings: uses(verifies),
                    }));
                }
            }
        }
    }
    plans
}

fn states() -> Vec<State> {
    let mut states = vec![
        State::Ready,
        State::Doing,
        State::Failed(CODE),
        State::Unknown(CODE),
        State::AwaitingPerson,
        State::AwaitingTime {
            until: Timestamp::UNIX_EPOCH,
            code: Some(CODE),
        },
        State::Asking,
        State::Restoring,
        State::RestoreDoing,
        State::RestoreFailed(CODE),
    ];
    for then in [Then::Mint, Then::End] {
        states.extend([
            State::Discarding(then),
            State::DiscardAwaiting(then),
            State::DiscardDoing(then),
            State::DiscardUnknown(then),
        ]);
    }
    states.extend([Ending::Completed, Ending::Undone, Ending::Stopped].map(State::Closed));
    states
}

pub(super) fn events() -> Vec<Event> {
    let mut events = vec![
        Event::Opened,
        Event::Woken,
        Event::Confirmed,
        Event::CutShort,
        Event::Anyway,
        Event::Retried,
        Event::Repeated,
        Event::CheckedAgain,
        Event::Asked(CODE),
        Event::AnsweredDiscard,
        Event::AnsweredAbsent,
        Event::ValueLost,
        Event::PasteAgain,
        Event::RevokeAgain,
        Event::UndoBegun,
        Event::DiscardIntended,
        Event::DiscardParked,
        Event::DiscardConfirmed,
        Event::Discarded,
        Event::DiscardNotApplied(CODE),
        Event::DiscardUnclear(CODE),
    ];
    for kind in StepKind::all().filter(|kind| !matches!(kind, StepKind::Deploy(3..))) {
        events.extend([
            Event::Intended(kind),
            Event::Applied(kind),
            Event::NotApplied(kind, CODE),
            Event::Unclear(kind, CODE),
            Event::Interrupted(kind),
            Event::Skipped(kind, CODE),
            Event::ByHand(kind),
            Event::RestoreIntended(kind),
            Event::Restored(kind),
            Event::NotRestored(kind, CODE),
            Event::Parked {
                step: kind,
                until: Some(Timestamp::UNIX_EPOCH),
                code: Some(CODE),
            },
            Event::Parked {
                step: kind,
                until: None,
                code: None,
            },
        ]);
    }
    events.extend([Ending::Completed, Ending::Undone, Ending::Stopped].map(Event::Closed));
    events
}

#[test]
fn every_event_in_every_state_is_taken_or_refused_and_none_leaves_the_plan() {
    let (mut taken, mut refused) = (0, 0);
    for plan in plans() {
        for cursor in 0..=plan.steps.len() {
            for state in states() {
                let here = Position { cursor, state };
                for event in events() {
                    let Ok(next) = here.after(&plan, event) else {
                        refused += 1;
                        continue;
                    };
                    taken += 1;
                    assert!(
                        cursor <= plan.steps.len() && next.cursor <= plan.steps.len(),
                        "{here:?} {event:?}"
                    );
                    assert!(!here.is_closed(), "{here:?} took {event:?}");
                    if let Event::Intended(kind) = event {
                        assert_eq!((state, here.step(&plan)), (State::Ready, Some(kind)));
                    }
                    // Past the point of no return nothing takes the new key back: what leads back there does a step
                    // again that is known not to have done its work.
                    let past = plan.pivot().is_some_and(|pivot| cursor > pivot);
                    let again = matches!(
                        event,
                        Event::RevokeAgain | Event::PasteAgain | Event::ValueLost | Event::CheckedAgain
                    );
                    let back = next.cursor < cursor && !here.is_discarding() && state != State::Asking;
                    assert!(!(past && back) || again, "{here:?} {event:?} leads back to {next:?}");
                    let taken_back =
                        matches!(next.state, State::Discarding(Then::End) | State::Restoring) && !here.is_discarding();
                    assert!(!(past && taken_back), "{here:?} {event:?} takes back what is final");
                }
            }
        }
    }
    assert!(taken > 500 && refused > 10 * taken, "{taken} taken, {refused} refused");
}

#[test]
fn every_state_is_read_back_from_its_columns() {
    for state in states() {
        assert_eq!(State::read(state.as_str(), state.code(), state.until()), Some(state));
    }
}

/// A walk of random events over the real journal: what is refused leaves no trace, what is taken is the fold.
#[tokio::test]
async fn the_state_column_is_the_fold_of_the_journal() {
    let world = World::calm().overlapping(1).used_in_files(2).connected().await;
    let (app, key, chance) = (world.app(), world.the_key(), SeededEntropy::new(42));
    let proposal = app.propose_rotation(key, VaultState::Ready).await.expect("a proposal");
    let id = app
        .start_rotation(key, &proposal.hash, VaultState::Ready)
        .await
        .expect("it opens");
    let journal = world.journal();
    let who = DriverIdentity {
        instance: "walk".to_owned(),
        who: "cli".to_owned(),
        since: world.now(),
    };
    let fence = journal.acquire(id, &who).await.expect("nobody drives");
    let (mut position, mut rows) = (Position::START, 1);
    let all = events();
    for _ in 0..4000 {
        let mut bytes = [0u8; 8];
        chance.fill(&mut bytes);
        let chosen = usize::try_from(u64::from_le_bytes(bytes) % all.len() as u64).expect("an index");
        // Endings would end the walk.
        let event = all[chosen];
        if matches!(event, Event::Closed(_) | Event::UndoBegun) {
            continue;
        }
        let expected = position.after(&proposal.plan, event);
        let written = journal.record(fence, world.now(), event, vec![]).await;
        match (&expected, &written) {
            (Ok(next), Ok(())) => (position, rows) = (*next, rows + 1),
            (Err(_), Err(failure)) => assert_eq!(failure.code, Code::RotationIllegal),
            _ => panic!("{position:?} {event:?}: {expected:?}, but {written:?}"),
        }
        if written.is_ok() {
            let loaded = journal.load(id).await.expect("it is readable");
            assert_eq!((loaded.position, loaded.records.len()), (position, rows));
        }
    }
    assert!(rows > 20, "the walk came nowhere: {rows} rows");
}
