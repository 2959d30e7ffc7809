//! A timer that finds nothing to do rests until somebody writes; what is left to do, or comes due, never rests with it.

use jiff::SignedDuration;
use keywheel_core::rotation::{Ending, Event, Rotation, State, StepKind};
use keywheel_core::vault::VaultState;
use tests::{Mishap, Moment, What, World, went};

async fn tick(world: &World) -> Vec<Rotation> {
    world.app().tick().await.expect("a tick")
}

#[tokio::test]
async fn what_another_process_has_begun_comes_due_here() {
    let world = World::calm().overlapping(24).connected().await;
    world.untouched();
    assert!(tick(&world).await.is_empty());
    let (there, key) = (world.another().await.expect("the CLI"), world.the_key());
    let plan = there.propose_rotation(key, VaultState::Ready).await.expect("a plan");
    let id = there.start_rotation(key, &plan.hash, VaultState::Ready).await;
    let id = id.expect("it begins");
    there.go_on(id).await.expect("it goes on");
    there.confirm_replaced(id).await.expect("the old key is kept");
    there.close().await;
    world.untouched();
    assert!(tick(&world).await.is_empty(), "it waits");
    assert!(tick(&world).await.is_empty());
    world.advance(24 * 60);
    let driven: Vec<State> = tick(&world).await.iter().map(|one| one.position.state).collect();
    assert_eq!(driven, [State::Closed(Ending::Completed)]);
}

#[tokio::test]
async fn a_value_that_could_not_be_deleted_is_deleted_once_the_keychain_is_back() {
    let rehearsal = World::calm().connected().await;
    let waiting = went(rehearsal.rotate().await);
    rehearsal.app().confirm_replaced(waiting.id).await.expect("it ends");
    let proven = What::Record(Event::Applied(StepKind::ProveDead));
    let crossings = rehearsal.tape.crossings();
    let at = crossings.iter().find(|crossing| crossing.what == proven);
    let at = at.expect("it is written").n;

    let world = World::calm();
    let vault = world.vault.clone();
    let locks = Mishap::Meanwhile(std::sync::Arc::new(move || vault.set_state(VaultState::Locked)));
    let world = world.and(at, Moment::After, locks).connected().await;
    let waiting = went(world.rotate().await);
    world.app().confirm_replaced(waiting.id).await.expect("it ends");
    let held = world.vault.len();
    world.clock.advance(SignedDuration::from_hours(1));
    world.untouched();
    tick(&world).await;
    assert_eq!(world.vault.len(), held, "it is locked");
    world.vault.set_state(VaultState::Ready);
    tick(&world).await;
    assert_eq!(
        world.vault.len(),
        held - 1,
        "nobody wrote, and it is deleted all the same"
    );
    assert_eq!(rehearsal.vault.len(), held - 1);
}
