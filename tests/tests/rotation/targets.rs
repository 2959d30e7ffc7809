//! A key in files and commands: every place has the new key before the old one goes, or all of it is taken back.

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use keywheel_core::app::{NewTarget, Stands};
use keywheel_core::model::Command;
use keywheel_core::rotation::{Ending, Event, State, StepKind};
use keywheel_core::vault::VaultState;
use keywheel_core::{Code, Failure};
use tests::places::{NAME, Place};
use tests::{Mishap, Moment, World, code, went};

use super::{assert_clean, mints, revocations, step};

/// The value in each file, as the world knows it.
fn values(world: &World) -> Vec<Option<String>> {
    world.places.iter().map(Place::value).collect()
}

async fn new_value(world: &World) -> String {
    let rotation = world.rotation().await.expect("a rotation");
    let id = rotation
        .subject
        .new
        .and_then(|new| new.remote_id)
        .expect("it is minted");
    world
        .sim
        .ledger()
        .key(&id)
        .expect("the provider knows it")
        .value
        .clone()
}

fn file(place: &Place) -> NewTarget {
    NewTarget::EnvFile {
        path: place.path.clone(),
        name: NAME.to_owned(),
        tracked: false,
    }
}

fn refused<T>(done: Result<T, Failure>) -> Option<Code> {
    done.err().map(|failure| failure.code)
}

#[tokio::test]
async fn every_file_has_the_new_key_before_the_old_one_is_revoked() {
    let world = World::calm().used_in_files(3).connected().await;
    let waiting = went(world.rotate().await);
    assert_eq!(
        (step(&waiting), waiting.position.state),
        (Some(StepKind::Confirm), State::AwaitingPerson)
    );
    assert_eq!(values(&world), vec![Some(new_value(&world).await); 3]);
    assert_eq!(revocations(&world), 0, "a program may not have read its file yet");
    assert!(world.clipboard.copied().is_empty(), "nothing has to be pasted anywhere");
    let done = world.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert_eq!(done.position.state, State::Closed(Ending::Completed));
    assert_clean(&world, &done).await;
    let uses = world
        .app()
        .targets_of(world.the_key(), VaultState::Ready)
        .await
        .expect("uses");
    assert!(uses.iter().all(|one| one.stands == Stands::Serving), "{uses:?}");
}

#[tokio::test]
async fn a_file_that_cannot_be_written_stops_it_with_both_keys_alive_and_undo_puts_the_other_back() {
    let world = World::calm().used_in_files(2).connected().await;
    let second = world.places[1].clone();
    let mint = crossing(&world, |event| event == Event::Applied(StepKind::Mint)).await;
    let lock = second.clone();
    world
        .tape
        .strike(mint, Moment::After, Mishap::Meanwhile(Arc::new(move || lock.lock())));
    let failed = went(world.rotate().await);
    assert_eq!(step(&failed), Some(StepKind::Deploy(1)));
    assert_eq!(failed.position.state, State::Failed(Code::TargetRefused));
    let old = Some(world.old.value.clone());
    assert_eq!(values(&world), [Some(new_value(&world).await), old.clone()]);
    assert!(world.files_work(), "old and new live");
    assert_clean(&world, &failed).await;
    let (app, id) = (world.app(), failed.id);
    let again = app.go_on(id).await.expect("it is tried again");
    assert_eq!(again.position.state, State::Failed(Code::TargetRefused));
    let undone = app
        .undo(id, &Default::default())
        .await
        .expect("the old key still lives");
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
    assert_eq!(values(&world), [old.clone(), old]);
    second.unlock();
    assert_clean(&world, &undone).await;
    assert!(world.files_work());
}

#[tokio::test]
async fn what_the_person_puts_there_by_hand_counts_and_the_rotation_goes_on() {
    let world = World::calm().used_in_files(2).connected().await;
    let second = world.places[1].clone();
    let mint = crossing(&world, |event| event == Event::Applied(StepKind::Mint)).await;
    let lock = second.clone();
    world
        .tape
        .strike(mint, Moment::After, Mishap::Meanwhile(Arc::new(move || lock.lock())));
    let failed = went(world.rotate().await);
    second.unlock();
    second.write(&second.text(&new_value(&world).await));
    let waiting = world.app().confirm_replaced(failed.id).await.expect("it is believed");
    assert_eq!(
        step(&waiting),
        Some(StepKind::Confirm),
        "the whole is still to be confirmed"
    );
    assert!(
        waiting
            .records
            .iter()
            .any(|one| one.event == Event::ByHand(StepKind::Deploy(1)))
    );
    assert_eq!(revocations(&world), 0);
}

#[tokio::test]
async fn a_file_with_another_value_keeps_anything_from_being_minted() {
    let world = World::calm().used_in_files(2).connected().await;
    let drifted = &world.places[1];
    drifted.write(&drifted.text("sk_theirs"));
    let stopped = went(world.rotate().await);
    assert_eq!(stopped.position.state, State::Failed(Code::TargetDrifted));
    assert_eq!((step(&stopped), mints(&world)), (Some(StepKind::Check), 0));
    assert_eq!(drifted.value().as_deref(), Some("sk_theirs"));
    let uses = world
        .app()
        .targets_of(world.the_key(), VaultState::Ready)
        .await
        .expect("uses");
    let stands: Vec<_> = uses.into_iter().map(|one| one.stands).collect();
    assert_eq!(stands, [Stands::Serving, Stands::Drifted]);
    drifted.write(&drifted.text(&world.old.value));
    let waiting = world.app().go_on(stopped.id).await.expect("it goes on");
    assert_eq!(step(&waiting), Some(StepKind::Confirm));
}

#[tokio::test]
async fn a_value_that_somebody_else_writes_meanwhile_is_theirs_before_and_after_an_undo() {
    let world = World::calm().used_in_files(2).connected().await;
    let mint = crossing(&world, |event| event == Event::Applied(StepKind::Mint)).await;
    let theirs = world.places[1].clone();
    let write = theirs.clone();
    let meanwhile = Mishap::Meanwhile(Arc::new(move || write.write(&write.text("sk_theirs"))));
    world.tape.strike(mint, Moment::After, meanwhile);
    let failed = went(world.rotate().await);
    assert_eq!(failed.position.state, State::Failed(Code::TargetDrifted));
    let undone = world
        .app()
        .undo(failed.id, &Default::default())
        .await
        .expect("it is taken back");
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
    assert_eq!(
        values(&world),
        [Some(world.old.value.clone()), Some("sk_theirs".to_owned())]
    );
}

#[tokio::test]
async fn a_file_that_went_back_to_the_old_value_keeps_it_from_being_revoked() {
    let world = World::calm().used_in_files(2).connected().await;
    let waiting = went(world.rotate().await);
    let back = &world.places[1];
    back.write(&back.text(&world.old.value));
    let stopped = world.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert_eq!(stopped.position.state, State::Failed(Code::TargetDrifted));
    assert_eq!(step(&stopped), Some(StepKind::RevokeOld));
    assert!(world.sim.accepts(&world.old.value));
    let uses = world.app().targets_of(world.the_key(), VaultState::Ready).await;
    let stands: Vec<Stands> = uses.expect("its targets").into_iter().map(|one| one.stands).collect();
    let old = stopped.subject.old.as_ref().expect("an old version").id;
    assert_eq!(stands, [Stands::Serving, Stands::Other(old)], "the drift is shown");

    back.write(&back.text(&new_value(&world).await));
    let closed = world.app().go_on(stopped.id).await.expect("it is looked at once more");
    assert_clean(&world, &closed).await;
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
}

#[tokio::test]
async fn the_new_key_is_not_discarded_before_the_old_one_is_back_everywhere() {
    let world = World::calm().used_in_files(2).connected().await;
    let waiting = went(world.rotate().await);
    let (app, id) = (world.app(), waiting.id);
    world.places[0].lock();
    let stuck = app.undo(id, &Default::default()).await.expect("it is begun");
    assert_eq!(stuck.position.state, State::RestoreFailed(Code::TargetRefused));
    assert_eq!(step(&stuck), Some(StepKind::Deploy(0)));
    assert_eq!(
        values(&world),
        [Some(new_value(&world).await), Some(world.old.value.clone())]
    );
    assert!(world.files_work(), "the new key lives as long as a file holds it");
    assert_eq!(revocations(&world), 0);
    assert_eq!(
        refused(app.undo(id, &Default::default()).await),
        Some(Code::RotationNotNow),
        "it is under way"
    );
    world.places[0].unlock();
    let undone = app.go_on(id).await.expect("it goes on");
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
    assert_clean(&world, &undone).await;
}

#[tokio::test]
async fn a_file_that_is_gone_never_held_the_new_key() {
    let world = World::calm().used_in_files(2).connected().await;
    let mint = crossing(&world, |event| event == Event::Applied(StepKind::Mint)).await;
    let gone = world.places[1].path.clone();
    let meanwhile = Mishap::Meanwhile(Arc::new(move || std::fs::remove_file(&gone).expect("it is there")));
    world.tape.strike(mint, Moment::After, meanwhile);
    let failed = went(world.rotate().await);
    assert_eq!(failed.position.state, State::Failed(Code::TargetGone));
    let undone = world
        .app()
        .undo(failed.id, &Default::default())
        .await
        .expect("nothing is to be put back there");
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
    assert_eq!(world.places[0].value().as_deref(), Some(&*world.old.value));
}

#[tokio::test]
async fn what_is_in_use_has_to_be_known_before_it_is_replaced() {
    let mut world = World::calm().not_holding().connected().await;
    let (app, key) = (world.app(), world.the_key());
    let by_hand = app
        .add_target(key, NewTarget::ByHand("Vercel dashboard".to_owned()))
        .await;
    assert_eq!(by_hand.expect("a target").stands, Stands::Untold);
    world = world.used_in_files(1);
    let other = world.places[0].text("sk_live_0000000000000000000000000000000000");
    world.places[0].write(&other);
    assert!(
        app.add_target(key, file(&world.places[0])).await.is_err(),
        "that is another key's"
    );
    world.places[0].write(&world.places[0].text(&world.old.value));
    let added = app.add_target(key, file(&world.places[0])).await.expect("a target");
    assert_eq!(added.stands, Stands::Serving, "the value is taken from there");
    assert_eq!(
        refused(app.add_target(key, file(&world.places[0])).await),
        Some(Code::TargetTaken)
    );
    let proposal = app.propose_rotation(key, VaultState::Ready).await.expect("a plan");
    assert!(proposal.held.is_none(), "{:?}", proposal.held);
    let kinds: Vec<_> = proposal.plan.steps.iter().map(|step| step.kind.as_str()).collect();
    assert_eq!(
        &kinds[3..7],
        ["verify_new", "copy", "deploy_2", "confirm"],
        "the person needs it for their place"
    );
    let waiting = went(world.rotate().await);
    assert_eq!(step(&waiting), Some(StepKind::Confirm));
    assert_eq!(refused(app.remove_target(added.binding.id).await), Some(Code::KeyBusy));
}

#[tokio::test]
async fn another_target_is_another_plan() {
    let world = World::calm().used_in_files(1).connected().await;
    let (app, key) = (world.app(), world.the_key());
    let shown = app.propose_rotation(key, VaultState::Ready).await.expect("a plan");
    let place = Place::new(world.dir.path(), 2, &world.old.value);
    app.add_target(key, file(&place)).await.expect("a target");
    let started = app.start_rotation(key, &shown.hash, VaultState::Ready).await;
    assert_eq!(refused(started), Some(Code::RotationPlanChanged));
}

fn script(world: &World, name: &str, body: &str) -> String {
    let path = world.dir.path().join(name);
    std::fs::write(&path, format!("#!/bin/sh\n{body}\n")).expect("it is written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).expect("it may be run");
    path.to_str().expect("text").to_owned()
}

/// A store that a command writes to and another one looks into.
fn command(world: &World) -> NewTarget {
    let store = world.dir.path().join("store").to_str().expect("text").to_owned();
    std::fs::write(&store, &world.old.value).expect("it is written");
    NewTarget::Command(Command {
        write: vec![script(world, "put", &format!("cat > {store}"))],
        confirm: Some(vec![script(
            world,
            "has",
            &format!("[ \"$(cat)\" = \"$(cat {store})\" ]"),
        )]),
        restore: None,
        allowed: None,
    })
}

#[tokio::test]
async fn a_command_that_confirms_needs_no_word_of_the_person() {
    let world = World::calm().connected().await;
    let (app, key) = (world.app(), world.the_key());
    app.add_target(key, command(&world)).await.expect("a target");
    let done = went(world.rotate().await);
    assert_eq!(done.position.state, State::Closed(Ending::Completed));
    let stored = std::fs::read_to_string(world.dir.path().join("store")).expect("it is there");
    assert_eq!(stored, new_value(&world).await);
    assert!(world.sim.accepts(&stored) && !world.sim.accepts(&world.old.value));
    assert!(world.clipboard.copied().is_empty());
}

#[tokio::test]
async fn a_command_that_was_changed_does_not_run_before_it_is_allowed_again() {
    let world = World::calm().connected().await;
    let (app, key) = (world.app(), world.the_key());
    let added = app.add_target(key, command(&world)).await.expect("a target");
    let ran = world.dir.path().join("ran");
    script(&world, "put", &format!("touch {}", ran.display()));
    let stopped = went(world.rotate().await);
    assert_eq!(stopped.position.state, State::Failed(Code::TargetNotAllowed));
    assert_eq!(mints(&world), 0);
    let uses = app.targets_of(key, VaultState::Ready).await.expect("uses");
    assert!(matches!(&uses[0].stands, Stands::Amiss(failure) if failure.code == Code::TargetNotAllowed));
    // Whoever can write to the database cannot allow it: the seal is made with a key from the keychain.
    let plain = world.column("SELECT allowed FROM bindings").await;
    let mut database = world.database().await;
    let forged = sqlx::query("UPDATE bindings SET write = replace(write, 'put', 'has')");
    forged.execute(&mut database).await.expect("the query is right");
    assert_eq!(world.column("SELECT allowed FROM bindings").await, plain);
    let still = app.go_on(stopped.id).await.expect("it is tried");
    assert_eq!(still.position.state, State::Failed(Code::TargetNotAllowed));
    assert!(!ran.exists(), "nothing has run");
    app.allow_target(added.binding.id).await.expect("it is allowed");
    let on = app.go_on(stopped.id).await.expect("it goes on");
    assert_ne!(step(&on), Some(StepKind::Check), "{:?}", on.position);
}

#[tokio::test]
async fn no_value_of_a_file_is_in_the_database() {
    let world = World::calm().used_in_files(2).connected().await;
    let waiting = went(world.rotate().await);
    world
        .app()
        .undo(waiting.id, &Default::default())
        .await
        .expect("it is taken back");
    let file = world.dir.path().join(keywheel_core::store::DB_FILE);
    let bytes = std::fs::read(file).expect("the database");
    for key in world.sim.ledger().keys {
        let found = bytes
            .windows(key.value.len())
            .any(|window| window == key.value.as_bytes());
        assert!(!found, "a value is in the database");
    }
}

#[tokio::test]
async fn too_late_for_an_undo_is_too_late_for_the_files() {
    let world = World::calm().used_in_files(1).connected().await;
    let waiting = went(world.rotate().await);
    let done = world.app().confirm_replaced(waiting.id).await.expect("it goes on");
    let (app, id) = (world.app(), done.id);
    let late = world.live(async move { app.undo(id, &Default::default()).await }).await;
    assert_eq!(code(late), Code::RotationNotNow);
    assert_eq!(values(&world), [Some(new_value(&world).await)]);
}

/// Where a record will be, by a rehearsal in another world.
async fn crossing(world: &World, wanted: impl Fn(Event) -> bool) -> usize {
    let rehearsal = World::calm().used_in_files(world.places.len()).connected().await;
    went(rehearsal.rotate().await);
    let is = |what: &tests::What| matches!(what, tests::What::Record(event) if wanted(*event));
    let crossings = rehearsal.tape.crossings();
    crossings.iter().find(|one| is(&one.what)).expect("it is crossed").n
}
