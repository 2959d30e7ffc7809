//! A provider whose parts do not agree at once.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use keywheel_core::Code;
use keywheel_core::model::VersionState;
use keywheel_core::rotation::{Ending, Event, State, StepKind};
use provider_sim::Fault;
use tests::tape::Crossing;
use tests::{Mishap, Moment, Outcome, What, World, went};

use super::{assert_clean, keys_path, mints, revocations, step};

#[tokio::test]
async fn a_new_key_that_is_refused_at_first_is_asked_for_again() {
    let world = World::calm().connected().await;
    world
        .sim
        .inject(Fault::new_key_refused(Duration::from_secs(90)).on("POST", &keys_path(&world)));
    let mut rotation = went(world.rotate().await);
    let mut rounds = 0;
    while let State::AwaitingTime { code, .. } = rotation.position.state {
        assert_eq!(
            (code, step(&rotation)),
            (Some(Code::KeyNotAccepted), Some(StepKind::VerifyNew))
        );
        world.advance(1);
        world.app().tick().await.expect("a tick");
        rotation = world.rotation().await.expect("a rotation");
        rounds += 1;
        assert!(rounds < 20, "it never ends");
    }
    assert_eq!(rotation.position.state, State::AwaitingPerson);
    assert_eq!(mints(&world), 1);
    assert_clean(&world, &rotation).await;
}

#[tokio::test]
async fn a_new_key_that_stays_refused_fails_after_ten_minutes_and_the_old_one_works() {
    let world = World::calm().connected().await;
    world
        .sim
        .inject(Fault::new_key_refused(Duration::from_secs(86_400)).on("POST", &keys_path(&world)));
    let mut rotation = went(world.rotate().await);
    let begun = world.now();
    while matches!(rotation.position.state, State::AwaitingTime { .. }) {
        world.advance(1);
        world.app().tick().await.expect("a tick");
        rotation = world.rotation().await.expect("a rotation");
    }
    assert_eq!(rotation.position.state, State::Failed(Code::KeyNotAccepted));
    let took = world.now().duration_since(begun);
    assert!(
        (SignedDuration::from_mins(9)..SignedDuration::from_mins(25)).contains(&took),
        "{took}"
    );
    assert!(world.has_working_key().await);
    let undone = world
        .app()
        .undo(rotation.id, &Default::default())
        .await
        .expect("it can be undone");
    assert_clean(&world, &undone).await;
}

#[tokio::test]
async fn an_old_key_that_dies_late_is_asked_less_and_less_often() {
    let world = World::calm().connected().await;
    let delete = format!("{}/*", keys_path(&world));
    world
        .sim
        .inject(Fault::revoked_key_accepted(Duration::from_secs(420)).on("DELETE", &delete));
    let waiting = went(world.rotate().await);
    let mut rotation = world.app().confirm_replaced(waiting.id).await.expect("it goes on");
    while let State::AwaitingTime { until, code } = rotation.position.state {
        assert_eq!(
            (code, step(&rotation)),
            (Some(Code::KeyStillAccepted), Some(StepKind::ProveDead))
        );
        assert_ne!(
            rotation.subject.old.as_ref().map(|old| old.state),
            Some(VersionState::Revoked)
        );
        world.clock.advance(until.duration_since(world.now()));
        world.app().tick().await.expect("a tick");
        rotation = world.rotation().await.expect("a rotation");
    }
    assert_eq!(rotation.position.state, State::Closed(Ending::Completed));
    let waits: Vec<SignedDuration> = rotation
        .records
        .iter()
        .filter_map(|record| match record.event {
            Event::Parked {
                step: StepKind::ProveDead,
                until: Some(until),
                ..
            } => Some(until.duration_since(record.at)),
            _ => None,
        })
        .collect();
    assert!(
        waits.len() > 4 && waits.is_sorted() && waits[0] < waits[waits.len() - 1],
        "{waits:?}"
    );
    assert_eq!(revocations(&world), 1, "a revocation is not repeated");
    assert_clean(&world, &rotation).await;
}

#[tokio::test]
async fn a_revocation_that_did_nothing_never_counts_as_death() {
    let world = World::calm().connected().await;
    let delete = format!("{}/*", keys_path(&world));
    world.sim.inject(Fault::no_effect().on("DELETE", &delete).always());
    let waiting = went(world.rotate().await);
    world.app().confirm_replaced(waiting.id).await.expect("it goes on");
    for _ in 0..48 {
        world.advance(60);
        world.app().tick().await.expect("a tick");
        let rotation = world.rotation().await.expect("a rotation");
        let said = matches!(
            rotation.position.state,
            State::AwaitingTime {
                code: Some(Code::KeyStillAccepted),
                ..
            }
        );
        assert!(
            said && step(&rotation) == Some(StepKind::ProveDead),
            "{:?}",
            rotation.position
        );
        assert_clean(&world, &rotation).await;
    }
    assert_eq!(revocations(&world), 3, "it is not sent for ever");
    // The person revokes it on the provider's own page.
    world.sim.clear_faults();
    world.revoke_at_provider(&world.old.key_id).await;
    world.advance(60);
    world.app().tick().await.expect("a tick");
    let closed = world.rotation().await.expect("a rotation");
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
}

#[tokio::test]
async fn a_revocation_that_did_nothing_is_sent_again_once_no_lag_explains_it() {
    let world = World::calm().connected().await;
    let delete = format!("{}/*", keys_path(&world));
    world.sim.inject(Fault::no_effect().on("DELETE", &delete));
    let waiting = went(world.rotate().await);
    world.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert_eq!(revocations(&world), 1, "a lag is waited out first");
    world.advance(5);
    world.app().tick().await.expect("a tick");
    let closed = world.rotation().await.expect("a rotation");
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
    assert_eq!(revocations(&world), 2);
    assert_clean(&world, &closed).await;
}

#[tokio::test]
async fn a_lost_mint_is_found_although_the_list_lags() {
    let mint = |crossing: &&Crossing| matches!(&crossing.what, What::Request { method, path } if method == "POST" && path.ends_with("/api-keys"));
    let rehearsal = World::calm().connected().await;
    went(rehearsal.rotate().await);
    let at = rehearsal.tape.crossings().iter().find(mint).expect("a mint").n;
    for seconds in [0, 10, 45] {
        let lag = Fault::list_lag(Duration::from_secs(seconds));
        for end in [Mishap::Crash, Mishap::Fail] {
            let world = World::with(at, Moment::Before, Mishap::Provider(Box::new(lag.clone())));
            let mut world = world.and(at, Moment::After, end).connected().await;
            let _ = world.rotate().await;
            world.reopen().await;
            let settled = world.finish().await;
            assert_eq!(settled.outcome, Outcome::Closed(Ending::Completed), "lag {seconds} s");
            assert_eq!((settled.questions, settled.mints), (1, 2), "lag {seconds} s");
            let rotation = world.rotation().await.expect("a rotation");
            assert_clean(&world, &rotation).await;
        }
    }
}

#[tokio::test]
async fn a_clock_set_back_ends_no_wait_for_a_new_key() {
    let verify =
        |crossing: &&Crossing| matches!(&crossing.what, What::Request { path, .. } if path.ends_with("/verify"));
    let rehearsal = World::calm().connected().await;
    went(rehearsal.rotate().await);
    let at = rehearsal
        .tape
        .crossings()
        .iter()
        .find(verify)
        .expect("it is verified")
        .n;
    let world = World::calm();
    let clock = world.clock.clone();
    let back = Mishap::Meanwhile(Arc::new(move || clock.advance(SignedDuration::from_hours(-1))));
    let world = world.and(at, Moment::After, back).connected().await;
    let late = Fault::new_key_refused(Duration::from_secs(90));
    world.sim.inject(late.on("POST", &keys_path(&world)));
    let waiting = went(world.rotate().await);
    assert!(
        matches!(waiting.position.state, State::AwaitingTime { .. }),
        "{:?}",
        waiting.position
    );
    assert_clean(&world, &waiting).await;
}
