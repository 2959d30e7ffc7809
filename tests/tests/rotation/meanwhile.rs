//! What is said of a key while a rotation of it begins.

use std::sync::Arc;

use keywheel_core::app::{App, NewTarget};
use keywheel_core::model::KeyId;
use keywheel_core::rotation::{Rotation, State};
use keywheel_core::vault::VaultState;
use keywheel_core::{Code, Failure};
use tests::places::NAME;
use tests::{Mishap, Moment, What, World};

async fn rotated(app: &App, key: KeyId) -> Rotation {
    let proposal = app.propose_rotation(key, VaultState::Ready).await.expect("a plan");
    let id = app.start_rotation(key, &proposal.hash, VaultState::Ready).await;
    app.go_on(id.expect("it is opened")).await.expect("it is tried")
}

/// Says that a file with the key's value is a target, and has the key rotated while that value is looked up: to its end, or as
/// far as it goes alone.
async fn added_beside(world: &World, ends: bool) -> Option<Code> {
    let path = world.dir.path().join("late.env");
    std::fs::write(&path, format!("{NAME}={}\n", world.old.value)).expect("a file");
    let (app, key) = (world.app(), world.the_key());
    let beside = Mishap::Beside(Arc::new(move || {
        let app = app.clone();
        Box::pin(async move {
            let waiting = rotated(&app, key).await;
            assert_eq!(waiting.position.state, State::AwaitingPerson);
            if ends {
                app.confirm_replaced(waiting.id).await.expect("it goes on");
            }
        })
    }));
    let is_looked_up = |what: &What| matches!(what, What::Keychain { verb: "get", .. });
    world.tape.strike_first(is_looked_up, Moment::After, beside);
    let new = NewTarget::EnvFile {
        path,
        name: NAME.to_owned(),
        tracked: true,
    };
    let added: Result<_, Failure> = world.app().add_target(key, new).await;
    assert_eq!(world.tape.calm(), 0, "it went on beside");
    added.err().map(|failure| failure.code)
}

#[tokio::test]
async fn a_place_that_a_rotation_does_not_know_of_is_not_taken_in() {
    for (ends, refused) in [(false, Code::KeyBusy), (true, Code::TargetDrifted)] {
        let world = World::calm().connected().await;
        assert_eq!(added_beside(&world, ends).await, Some(refused), "{ends}");
        let uses = world.app().targets_of(world.the_key(), VaultState::Ready).await;
        assert!(uses.expect("uses").is_empty(), "nothing is said to hold the key");
    }
}

#[tokio::test]
async fn a_rotation_does_not_begin_by_a_plan_that_lacks_a_place() {
    let world = World::calm().connected().await;
    let (app, key) = (world.app(), world.the_key());
    let hash = app.propose_rotation(key, VaultState::Ready).await.expect("a plan").hash;
    let other = app.clone();
    let beside = Mishap::Beside(Arc::new(move || {
        let app = other.clone();
        Box::pin(async move {
            let added = app.add_target(key, NewTarget::ByHand("Vercel".to_owned())).await;
            added.expect("no rotation is open");
        })
    }));
    world
        .tape
        .strike_first(|what| matches!(what, What::Keychain { .. }), Moment::After, beside);
    // It has not looked at the keychain yet.
    let second = world.another().await.expect("a second process");
    let started = second.start_rotation(key, &hash, VaultState::Ready).await;
    second.close().await;
    assert_eq!(world.tape.calm(), 0, "it was said beside");
    assert_eq!(
        started.err().map(|failure| failure.code),
        Some(Code::RotationPlanChanged)
    );
}
