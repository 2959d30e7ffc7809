//! A command of before that still runs, as one whose Keywheel was killed: it may write its value after all others. So no key
//! goes that it may put there.

use std::fs::File;
use std::os::unix::fs::PermissionsExt;

use keywheel_core::Code;
use keywheel_core::app::NewTarget;
use keywheel_core::model::Command;
use keywheel_core::rotation::{Ending, Rotation, State, StepKind, Then};
use tests::{World, went};

use super::{mints, revocations, step};

/// A world whose key a command puts in place, which a person confirms. It writes down under which name it runs.
async fn world() -> World {
    let world = World::calm().connected().await;
    let at = |name: &str| world.dir.path().join(name).to_str().expect("text").to_owned();
    let (put, store, locks, name) = (at("put"), at("store"), at("locks"), at("name"));
    let body = format!("#!/bin/sh\ncat > {store}\nls {locks} | grep '^command-' > {name}\n");
    std::fs::write(&put, body).expect("it is written");
    std::fs::set_permissions(&put, std::fs::Permissions::from_mode(0o700)).expect("it may be run");
    let target = NewTarget::Command(Command {
        write: vec![put],
        confirm: None,
        restore: None,
        allowed: None,
    });
    world.app().add_target(world.the_key(), target).await.expect("a target");
    world
}

/// Holds what the command held while it ran, as a process of it would that still runs.
fn still_running(world: &World) -> File {
    let name = std::fs::read_to_string(world.dir.path().join("name")).expect("it has run");
    let lock = File::create(world.dir.path().join("locks").join(name.trim())).expect("a file");
    lock.lock().expect("nobody has it");
    lock
}

fn stored(world: &World) -> String {
    std::fs::read_to_string(world.dir.path().join("store")).expect("it has run")
}

fn waits_for_it(rotation: &Rotation) -> bool {
    let still = Code::TargetStillRunning;
    matches!(rotation.position.state, State::AwaitingTime { code: Some(code), .. } | State::Failed(code) if code == still)
}

#[tokio::test]
async fn an_old_key_lives_while_a_command_of_before_still_runs() {
    let world = world().await;
    let waiting = went(world.rotate().await);
    assert_eq!(step(&waiting), Some(StepKind::Confirm));
    let runs = still_running(&world);
    let held_up = world.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert_eq!(step(&held_up), Some(StepKind::RevokeOld));
    assert!(waits_for_it(&held_up), "{:?}", held_up.position);
    assert_eq!(revocations(&world), 0);
    assert!(world.sim.accepts(&world.old.value));
    drop(runs);
    let done = world.app().go_on(waiting.id).await.expect("it goes on");
    assert_eq!(done.position.state, State::Closed(Ending::Completed));
    assert!(world.sim.accepts(&stored(&world)) && !world.sim.accepts(&world.old.value));
}

#[tokio::test]
async fn nothing_is_minted_for_a_place_that_a_command_of_before_may_still_write() {
    let world = world().await;
    let waiting = went(world.rotate().await);
    world.app().confirm_replaced(waiting.id).await.expect("it goes on");
    let runs = still_running(&world);
    let held_up = went(world.rotate().await);
    assert_eq!(step(&held_up), Some(StepKind::Check));
    assert!(waits_for_it(&held_up), "{:?}", held_up.position);
    assert_eq!(mints(&world), 1);
    drop(runs);
    let on = world.app().go_on(held_up.id).await.expect("it goes on");
    assert_eq!((step(&on), mints(&world)), (Some(StepKind::Confirm), 2));
}

#[tokio::test]
async fn no_value_is_put_back_and_no_new_key_discarded_while_a_command_of_before_still_runs() {
    let world = world().await;
    let (app, id) = (world.app(), went(world.rotate().await).id);
    let new = stored(&world);
    let runs = still_running(&world);
    let stuck = app.undo(id, &Default::default()).await.expect("it is begun");
    assert_eq!(stuck.position.state, State::RestoreFailed(Code::TargetStillRunning));
    assert_eq!(stored(&world), new, "no other command is run");
    // By the person's word the old key is back there; the command knows nothing of that.
    let by_hand = app.confirm_replaced(id).await.expect("it goes on");
    assert_eq!(by_hand.position.state, State::Discarding(Then::End));
    assert_eq!(revocations(&world), 0);
    assert!(world.sim.accepts(&new));
    drop(runs);
    let undone = app.go_on(id).await.expect("it goes on");
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
    assert!(world.sim.accepts(&world.old.value) && !world.sim.accepts(&new));
}
