//! The course of a rotation in which nothing goes wrong.

use jiff::SignedDuration;
use keywheel_core::model::{Policy, PolicyScope, Receipt, VersionState};
use keywheel_core::rotation::{Ending, Proof, State, StepKind};
use keywheel_core::vault::VaultState;
use tests::{Outcome, World, went};

use super::{assert_clean, mints, revocations, step};

#[tokio::test]
async fn both_keys_work_until_the_person_has_replaced_the_old_one() {
    let world = World::calm().connected().await;
    let waiting = went(world.rotate().await);
    assert_eq!(
        (waiting.position.state, step(&waiting)),
        (State::AwaitingPerson, Some(StepKind::Confirm))
    );
    let new = world.live_at_provider().pop().expect("the new key");
    assert!(
        new.name.as_deref().is_some_and(|name| name.starts_with("payments ~k")),
        "{:?}",
        new.name
    );
    assert!(world.sim.accepts(&world.old.value) && world.sim.accepts(&new.value));
    assert_eq!(world.clipboard.copied(), std::slice::from_ref(&new.value));
    assert_eq!(world.live_at_provider().len(), 3, "old, new and the bystander");
    assert_clean(&world, &waiting).await;

    let closed = world.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
    assert!(!world.sim.accepts(&world.old.value) && world.sim.accepts(&new.value));
    let (old, serving) = (
        closed.subject.old.clone().expect("old"),
        closed.subject.new.clone().expect("new"),
    );
    assert_eq!(
        (old.state, old.held),
        (VersionState::Revoked, false),
        "an ended value leaves the keychain"
    );
    assert!(
        matches!(old.receipt, Some(Receipt::Refused { status: 401, .. })),
        "{:?}",
        old.receipt
    );
    assert_eq!((serving.state, serving.held), (VersionState::Live, true));
    assert_eq!(serving.remote_id, Some(new.key_id));
    assert_eq!((mints(&world), revocations(&world)), (1, 1));
    assert_clean(&world, &closed).await;
}

#[tokio::test]
async fn the_end_of_a_key_that_is_not_held_is_proven_by_the_list() {
    let mut world = World::calm().not_holding().connected().await;
    let waiting = went(world.rotate().await);
    assert_eq!(waiting.plan.proof, Proof::Unlisted);
    assert_eq!(world.finish().await.outcome, Outcome::Closed(Ending::Completed));
    let closed = world.rotation().await.expect("it was opened");
    let old = closed.subject.old.clone().expect("old");
    assert!(
        matches!(old.receipt, Some(Receipt::Unlisted { .. })),
        "{:?}",
        old.receipt
    );
    assert_clean(&world, &closed).await;
}

/// Confirms a rotation whose policy keeps the old key for a day.
async fn overlapping() -> (World, keywheel_core::rotation::Rotation) {
    let world = World::calm().overlapping(24).connected().await;
    let waiting = went(world.rotate().await);
    let overlap = world.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert_eq!(step(&overlap), Some(StepKind::Wait));
    assert!(matches!(overlap.position.state, State::AwaitingTime { .. }));
    (world, overlap)
}

#[tokio::test]
async fn the_overlap_is_waited_out_across_restarts() {
    let (mut world, overlap) = overlapping().await;
    for _ in 0..23 {
        world.advance(60);
        world.reopen().await;
        assert!(world.app().tick().await.expect("a tick").is_empty());
        assert!(
            world.sim.accepts(&world.old.value),
            "the old key lives through the overlap"
        );
    }
    world.advance(60);
    let driven = world.app().tick().await.expect("a tick");
    assert_eq!(
        driven.first().map(|rotation| rotation.position.state),
        Some(State::Closed(Ending::Completed))
    );
    assert!(!world.sim.accepts(&world.old.value));
    assert_clean(&world, &world.app().rotation(overlap.id).await.expect("a rotation")).await;
}

#[tokio::test]
async fn a_clock_that_jumps_backwards_only_lengthens_the_overlap() {
    let (world, _) = overlapping().await;
    world.clock.advance(SignedDuration::from_hours(-5));
    world.clock.advance(SignedDuration::from_hours(24));
    assert!(world.app().tick().await.expect("a tick").is_empty());
    assert!(world.sim.accepts(&world.old.value));
    world.clock.advance(SignedDuration::from_hours(5));
    assert_eq!(world.app().tick().await.expect("a tick").len(), 1);
    assert!(!world.sim.accepts(&world.old.value));
}

#[tokio::test]
async fn the_person_may_end_the_overlap_early() {
    let (world, overlap) = overlapping().await;
    let closed = world.app().revoke_old_now(overlap.id).await.expect("it goes on");
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
    assert_clean(&world, &closed).await;
}

#[tokio::test]
async fn a_rotation_goes_on_from_where_it_rested_in_every_new_process() {
    for (holds, hours) in [(true, 0), (false, 0), (true, 24), (false, 24)] {
        let mut world = World::calm().overlapping(hours);
        if !holds {
            world = world.not_holding();
        }
        let mut world = world.connected().await;
        let mut rotation = went(world.rotate().await);
        let mut rests = 0;
        while !rotation.position.is_closed() {
            rests += 1;
            world.reopen().await;
            let here = world
                .app()
                .go_on(rotation.id)
                .await
                .expect("going on does nothing here");
            assert_eq!(
                (here.position, here.records.len()),
                (rotation.position, rotation.records.len())
            );
            rotation = match here.position.state {
                State::AwaitingPerson => world.app().confirm_replaced(here.id).await.expect("it goes on"),
                _ => {
                    world.advance(25 * 60);
                    world.app().tick().await.expect("a tick").pop().expect("it was due")
                }
            };
        }
        assert_eq!(rests, if hours == 0 { 1 } else { 2 });
        assert_clean(&world, &rotation).await;
    }
}

#[tokio::test]
async fn a_plan_that_changed_since_it_was_shown_is_refused() {
    let world = World::calm().connected().await;
    let shown = world
        .app()
        .propose_rotation(world.the_key(), VaultState::Ready)
        .await
        .expect("a proposal");
    let policy = Policy {
        overlap_hours: Some(1),
        ..Policy::open(PolicyScope::All)
    };
    world.app().set_policy(&policy).await.expect("a policy");
    let started = world
        .app()
        .start_rotation(world.the_key(), &shown.hash, VaultState::Ready)
        .await;
    assert_eq!(
        started.err().map(|failure| failure.code),
        Some(keywheel_core::Code::RotationPlanChanged)
    );
    assert!(world.rotation().await.is_none(), "nothing was opened");
}
