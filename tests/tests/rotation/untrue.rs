//! Answers to a mint that cannot be true.

use keywheel_core::rotation::{Event, State, StepKind};
use provider_sim::Fault;
use serde_json::json;
use tests::tape::Crossing;
use tests::{Mishap, Moment, What, World, went};

use super::{assert_clean, keys_path, mints};

#[tokio::test]
async fn the_old_value_as_the_new_one_is_not_believed_and_the_key_is_made_once_more() {
    let world = World::calm().connected().await;
    let told = json!({ "key_id": "key_of_its_own", "secret": world.old.value });
    let told = Fault::status(201).body(told).before();
    world.sim.inject(told.on("POST", &keys_path(&world)));
    let waiting = went(world.rotate().await);
    assert_eq!(waiting.position.state, State::AwaitingPerson);
    assert_eq!((mints(&world), waiting.mints), (2, 2));
    assert_clean(&world, &waiting).await;
}

#[tokio::test]
async fn an_id_that_another_key_has_is_not_believed_and_the_value_beside_it_is_kept() {
    let world = World::calm().connected().await;
    let told = json!({ "key_id": world.bystander.key_id, "secret": "sk_live_ZYXWVUTSRQPONMLKJIHGFEDCBA98" });
    world
        .sim
        .inject(Fault::status(201).body(told).on("POST", &keys_path(&world)).before());
    let works = Fault::status(200).body(json!({ "ok": true })).before().always();
    world.sim.inject(works.on("*", "/**/verify"));
    let waiting = went(world.rotate().await);
    assert_eq!((waiting.position.state, mints(&world)), (State::AwaitingPerson, 1));
    let new = waiting.subject.new.expect("a new version");
    assert_eq!((new.held, new.remote_id), (true, None));
}

#[tokio::test]
async fn an_id_that_tells_the_value_is_not_written_down_and_the_value_is_kept() {
    let fresh = "sk_live_ZYXWVUTSRQPONMLKJIHGFEDCBA98";
    for id in [format!("key_{fresh}"), format!("key.{}", &fresh[8..])] {
        let world = World::calm().connected().await;
        let told = Fault::status(201).body(json!({ "key_id": id, "secret": fresh }));
        world.sim.inject(told.on("POST", &keys_path(&world)).before());
        let works = Fault::status(200).body(json!({ "ok": true })).before().always();
        world.sim.inject(works.on("*", "/**/verify"));
        let waiting = went(world.rotate().await);
        assert_eq!((waiting.position.state, mints(&world)), (State::AwaitingPerson, 1));
        let new = waiting.subject.new.expect("a new version");
        assert_eq!((new.held, new.remote_id), (true, None));
        let file = std::fs::read(world.dir.path().join(keywheel_core::store::DB_FILE)).expect("the database");
        let secret = &fresh.as_bytes()[8..];
        assert!(!file.windows(secret.len()).any(|part| part == secret), "{id}");
    }
}

#[tokio::test]
async fn a_crash_right_after_the_record_of_a_mint_costs_no_second_one() {
    let rehearsal = World::calm().connected().await;
    went(rehearsal.rotate().await);
    let minted = |one: &&Crossing| one.what == What::Record(Event::Applied(StepKind::Mint));
    let at = rehearsal.tape.crossings().iter().find(minted).expect("it is minted").n;
    let mut world = World::with(at, Moment::After, Mishap::Crash).connected().await;
    assert!(world.rotate().await.is_err(), "it is cut");
    world.reopen().await;
    let id = world.rotation().await.expect("it was opened").id;
    let waiting = world.app().go_on(id).await.expect("it goes on");
    assert_eq!((waiting.position.state, mints(&world)), (State::AwaitingPerson, 1));
    assert_clean(&world, &waiting).await;
}
