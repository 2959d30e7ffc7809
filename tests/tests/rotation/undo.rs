//! Taking back: possible before the point of no return, and refused after it.

use keywheel_core::Code;
use keywheel_core::model::VersionState;
use keywheel_core::rotation::{Ending, Rotation, State, StepKind, TakeBack};
use keywheel_core::vault::{Vault, VaultRef};
use keywheel_wire::render::{Names, rotation_view};
use provider_sim::{Fault, RetryAfter};
use tests::{Mishap, Moment, What, World, code, from_use, went};

use super::{assert_clean, keys_path, mints, step};

#[tokio::test]
async fn an_undo_before_the_confirm_revokes_the_new_key_and_leaves_the_old_one() {
    let world = World::calm().connected().await;
    let waiting = went(world.rotate().await);
    let new = waiting
        .subject
        .new
        .clone()
        .and_then(|new| new.remote_id)
        .expect("an id");
    let undone = world
        .app()
        .undo(waiting.id, &Default::default())
        .await
        .expect("it can be undone");
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
    assert!(!world.sim.ledger().key(&new).expect("the new key").is_live());
    assert!(world.has_working_key().await);
    assert_clean(&world, &undone).await;
}

#[tokio::test]
async fn an_undo_in_the_overlap_makes_the_old_key_the_serving_one_again() {
    let world = World::calm().overlapping(24).connected().await;
    let waiting = went(world.rotate().await);
    world.app().confirm_replaced(waiting.id).await.expect("it goes on");
    let undone = world.app().undo(waiting.id, &from_use(&waiting)).await;
    let undone = undone.expect("the old key still lives");
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
    assert!(world.sim.accepts(&world.old.value));
    assert_eq!(
        undone.subject.old.as_ref().map(|old| old.state),
        Some(VersionState::Live)
    );
    assert_clean(&world, &undone).await;
    let again = went(world.rotate().await);
    assert_eq!(
        again.position.state,
        State::AwaitingPerson,
        "the key can be rotated anew"
    );
}

#[tokio::test]
async fn an_undo_before_the_mint_just_stops() {
    let world = World::calm().connected().await;
    for fault in [
        Fault::status(403).on("GET", &keys_path(&world)),
        Fault::status(429)
            .on("GET", &keys_path(&world))
            .retry_after(RetryAfter::Seconds(3000)),
    ] {
        world.sim.inject(fault);
        let held_up = went(world.rotate().await);
        assert_eq!(step(&held_up), Some(StepKind::Check), "{:?}", held_up.position);
        let stopped = world
            .app()
            .undo(held_up.id, &Default::default())
            .await
            .expect("nothing is in the way");
        assert_eq!(stopped.position.state, State::Closed(Ending::Stopped));
        assert_eq!(mints(&world), 0);
        assert_clean(&world, &stopped).await;
    }
}

#[tokio::test]
async fn after_the_revocation_there_is_no_undo() {
    let world = World::calm().connected().await;
    world
        .sim
        .inject(Fault::no_effect().on("DELETE", &format!("{}/*", keys_path(&world))));
    let waiting = went(world.rotate().await);
    let proving = world.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert_eq!(step(&proving), Some(StepKind::ProveDead));
    let (app, id) = (world.app(), waiting.id);
    assert_eq!(
        code(world.live(async move { app.undo(id, &Default::default()).await }).await),
        Code::RotationNotNow
    );
}

#[tokio::test]
async fn a_discard_that_the_provider_only_claims_is_not_believed() {
    let world = World::calm().connected().await;
    let waiting = went(world.rotate().await);
    world.sim.inject(
        Fault::no_effect()
            .on("DELETE", &format!("{}/*", keys_path(&world)))
            .times(2),
    );
    let undoing = world
        .app()
        .undo(waiting.id, &Default::default())
        .await
        .expect("it is tried");
    assert_clean(&world, &undoing).await;
    assert!(
        !undoing.position.is_closed(),
        "the new key still lives: {:?}",
        undoing.position
    );
    let undone = world.app().go_on(waiting.id).await.expect("it goes on");
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
    assert_clean(&world, &undone).await;
}

#[tokio::test]
async fn a_discard_is_not_settled_by_a_list_that_lags() {
    use std::time::Duration;
    let mut world = World::calm().connected().await;
    world
        .sim
        .inject(Fault::list_lag(Duration::from_secs(50)).on("POST", &keys_path(&world)));
    let waiting = went(world.rotate().await);
    // Nobody has the value any more, so that only the list can tell.
    let new = waiting.subject.new.as_ref().expect("a new version").id;
    let lost = world.vault.delete(&VaultRef::version(new)).await;
    lost.expect("the keychain answers");
    // The process ends between the intent of the discard and its request.
    let (app, id) = (world.app(), waiting.id);
    let discards = |what: &What| matches!(what, What::Request { method, .. } if method == "DELETE");
    world.tape.strike_first(discards, Moment::Before, Mishap::Crash);
    let stopped = world.live(async move { app.undo(id, &Default::default()).await }).await;
    assert!(stopped.is_err(), "{:?}", world.tape.crossings().last());
    world.reopen().await;
    let end = world.finish().await;
    assert_eq!(end.outcome, tests::Outcome::Closed(Ending::Undone));
    let rotation = world.rotation().await.expect("a rotation");
    assert_clean(&world, &rotation).await;
}

#[tokio::test]
async fn a_discard_that_nobody_can_look_at_is_told_as_unknown() {
    let mut world = World::calm().connected().await;
    let waiting = went(world.rotate().await);
    let (app, id) = (world.app(), waiting.id);
    let discards = |what: &What| matches!(what, What::Request { method, .. } if method == "DELETE");
    world.tape.strike_first(discards, Moment::After, Mishap::Crash);
    let stopped = world.live(async move { app.undo(id, &Default::default()).await }).await;
    assert!(stopped.is_err(), "{:?}", world.tape.crossings().last());
    assert!(
        !world.sim.accepts(&value_of(&world, &waiting)),
        "the ledger: it is gone"
    );
    world.reopen().await;
    let forbidden = Fault::status(403).before().always();
    world.sim.inject(forbidden.on("GET", &keys_path(&world)));
    let unclear = world.app().go_on(id).await.expect("it is asked");
    assert!(!unclear.position.is_closed(), "{:?}", unclear.position);
    let app = world.app();
    let names = Names::of(&app).await.expect("names");
    let said = rotation_view(&unclear, &names).headline;
    assert!(
        said.starts_with("The new key may or may not have been discarded: the management"),
        "{said}"
    );
}

#[tokio::test]
async fn a_mint_that_was_refused_and_made_is_told_as_the_providers_word() {
    let world = World::calm().connected().await;
    world
        .sim
        .inject(Fault::status(403).after().on("POST", &keys_path(&world)));
    let failed = went(world.rotate().await);
    assert_eq!(step(&failed), Some(StepKind::Mint), "{:?}", failed.position);
    let stopped = world.app().undo(failed.id, &Default::default()).await;
    let stopped = stopped.expect("nothing is in the way");
    assert_eq!(mints(&world), 1, "the ledger: it was made");
    let app = world.app();
    let names = Names::of(&app).await.expect("names");
    let view = rotation_view(&stopped, &names);
    assert!(
        view.headline.contains("answered that it did nothing"),
        "{}",
        view.headline
    );
    assert!(!view.headline.contains("Nothing was changed"), "{}", view.headline);
}

/// The new value as the provider knows it.
fn value_of(world: &World, rotation: &Rotation) -> String {
    let new = rotation.subject.new.as_ref().and_then(|new| new.remote_id.clone());
    let ledger = world.sim.ledger();
    ledger
        .key(&new.expect("an id"))
        .expect("the provider knows it")
        .value
        .clone()
}

#[tokio::test]
async fn a_new_key_is_not_discarded_while_a_file_has_it_again() {
    let world = World::calm().used_in_files(1).connected().await;
    let waiting = went(world.rotate().await);
    let value = value_of(&world, &waiting);
    let fault = Fault::status(500).before();
    world
        .sim
        .inject(fault.on("DELETE", &format!("{}/*", keys_path(&world))));
    let held_up = world
        .app()
        .undo(waiting.id, &Default::default())
        .await
        .expect("it is begun");
    assert!(
        !matches!(held_up.position.state, State::Closed(_)),
        "{:?}",
        held_up.position
    );
    assert_eq!(world.places[0].value().as_deref(), Some(&*world.old.value));
    // A deployment writes the file that it was made from.
    world.places[0].write(&world.places[0].text(&value));
    let stopped = world.app().go_on(waiting.id).await.expect("it is looked at");
    assert!(
        !matches!(stopped.position.state, State::Closed(_)),
        "{:?}",
        stopped.position
    );
    assert!(world.sim.accepts(&value), "the file has it");
    world.places[0].write(&world.places[0].text(&world.old.value));
    let undone = world.app().go_on(waiting.id).await.expect("it goes on");
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
    assert!(!world.sim.accepts(&value) && world.files_work());
}

#[tokio::test]
async fn a_new_key_is_not_discarded_while_a_file_has_it_under_another_name() {
    let world = World::calm().used_in_files(1).connected().await;
    let waiting = went(world.rotate().await);
    let value = value_of(&world, &waiting);
    let text = world.places[0].text(&value);
    world.places[0].write(&format!("{text}\nWORKER_KEY={value}\n"));
    let stopped = world
        .app()
        .undo(waiting.id, &Default::default())
        .await
        .expect("it is begun");
    assert!(
        !matches!(stopped.position.state, State::Closed(_)),
        "{:?}",
        stopped.position
    );
    assert!(world.sim.accepts(&value), "the other name has it");
    let anyway = TakeBack {
        anyway: true,
        ..from_use(&stopped)
    };
    let undone = world
        .app()
        .undo(waiting.id, &anyway)
        .await
        .expect("a person has looked");
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
}
