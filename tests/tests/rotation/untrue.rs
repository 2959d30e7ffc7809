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

const FRESH: &str = "sk_live_ZYXWVUTSRQPONMLKJIHGFEDCBA98";

/// A rotation whose mint is answered with that id and a value that works: the value is kept, and the id is not.
async fn kept_without_an_id(told: impl Fn(&World) -> String) -> World {
    let world = World::calm().connected().await;
    let answer = Fault::status(201).body(json!({ "key_id": told(&world), "secret": FRESH }));
    world.sim.inject(answer.on("POST", &keys_path(&world)).before());
    let works = Fault::status(200).body(json!({ "ok": true })).before().always();
    world.sim.inject(works.on("*", "/**/verify"));
    let waiting = went(world.rotate().await);
    assert_eq!((waiting.position.state, mints(&world)), (State::AwaitingPerson, 1));
    let new = waiting.subject.new.expect("a new version");
    assert_eq!((new.held, new.remote_id), (true, None));
    world
}

#[tokio::test]
async fn an_id_that_another_key_has_is_not_believed_and_the_value_beside_it_is_kept() {
    kept_without_an_id(|world| world.bystander.key_id.clone()).await;
}

#[tokio::test]
async fn an_id_that_tells_the_value_is_not_written_down_and_the_value_is_kept() {
    for id in [format!("key_{FRESH}"), format!("key.{}", &FRESH[8..])] {
        let world = kept_without_an_id(|_| id.clone()).await;
        let file = std::fs::read(world.dir.path().join(keywheel_core::store::DB_FILE)).expect("the database");
        let secret = &FRESH.as_bytes()[8..];
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
