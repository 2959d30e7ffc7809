//! Answers that are not so: the ledger, the keychain and the database agree in the end all the same.
//!
//! Others stand beside what they are about: a revocation that did nothing and a key that is refused at first in `lag`,
//! a mint that was carried out twice in `unaccounted`.

use std::time::Duration;

use jiff::SignedDuration;
use keywheel_core::failure::Code;
use keywheel_core::rotation::{Ending, State};
use provider_sim::{Fault, FaultKind, ListStyle};
use serde_json::{Value, json};
use tests::{Outcome, World, went};

use super::{assert_clean, keys_path, mints};

/// An answer to the mint that the provider makes up, or gives although it has minted another key.
fn answers(status: u16, body: Value) -> Fault {
    Fault::new(FaultKind::Status {
        status,
        code: None,
        body: Some(body),
        retry_after: None,
        headers: Default::default(),
    })
}

/// Rotates to the end; nothing may be left over, and nobody else's key be gone.
async fn ends_well(mut world: World) -> World {
    let _ = world.rotate().await;
    assert_eq!(world.finish().await.outcome, Outcome::Closed(Ending::Completed));
    let rotation = world.rotation().await.expect("a rotation");
    assert_clean(&world, &rotation).await;
    assert!(world.has_working_key().await);
    assert!(!world.sim.accepts(&world.old.value));
    world
}

#[tokio::test]
async fn by_an_answer_with_another_keys_id_and_a_value_that_is_none_nothing_is_revoked() {
    let mut world = World::calm().connected().await;
    let body = json!({"key_id": world.bystander.key_id, "secret": "sk_live_0123456789abcdefghijklmnopqr"});
    world
        .sim
        .inject(answers(201, body).on("POST", &keys_path(&world)).after());
    let _ = world.rotate().await;
    let failed = Outcome::Open(State::Failed(Code::KeyNotAccepted));
    assert_eq!(world.finish().await.outcome, failed);
    let rotation = world.rotation().await.expect("a rotation");
    let undone = world.app().undo(rotation.id, &Default::default()).await;
    let undone = undone.expect("a person is asked").position.state;
    assert!(matches!(undone, State::DiscardAwaiting(_)), "{undone:?}");
    assert!(world.sim.accepts(&world.old.value) && world.sim.accepts(&world.bystander.value));
}

#[tokio::test]
async fn an_answer_with_the_value_of_another_key_is_not_believed() {
    let world = World::calm().connected().await;
    let app = world.app();
    let other = world.key_of(&world.bystander.key_id).await.expect("it is listed");
    let handle = world.pasted("key", &world.bystander.value);
    app.hold(other, &handle).await.expect("it is that key's");
    let body = json!({"key_id": "key_new", "secret": world.bystander.value});
    world
        .sim
        .inject(answers(201, body).on("POST", &keys_path(&world)).after());
    let world = ends_well(world).await;
    assert!(world.sim.accepts(&world.bystander.value));
    assert_eq!(mints(&world), 2);
}

#[tokio::test]
async fn an_answer_with_the_old_value_is_not_believed() {
    let world = World::calm().connected().await;
    let body = json!({"key_id": "key_new", "secret": world.old.value});
    world
        .sim
        .inject(answers(201, body).on("POST", &keys_path(&world)).after());
    let world = ends_well(world).await;
    assert_eq!(mints(&world), 2);
}

#[tokio::test]
async fn a_key_that_is_not_found_right_after_its_mint_is_asked_for_again() {
    let world = World::calm().connected().await;
    world.sim.inject(Fault::status(404).on("*", "/**/verify").times(3));
    let world = ends_well(world).await;
    assert_eq!(mints(&world), 1);
}

#[tokio::test]
async fn a_list_that_repeats_and_reorders_asks_about_one_key() {
    let world = World::calm().connected().await;
    let list = ListStyle {
        repeats: true,
        ..ListStyle::default()
    };
    world.sim.set_list(&world.org.id, list);
    let lost = Fault::drop_connection().on("POST", &keys_path(&world)).after();
    world.sim.inject(lost);
    let asking = went(world.rotate().await);
    assert_eq!(asking.position.state, State::Asking);
    assert_eq!(world.unaccounted().await.len(), 1);
    let mut world = world;
    assert_eq!(world.finish().await.outcome, Outcome::Closed(Ending::Completed));
    assert_eq!(world.orphans().await.len(), 0);
}

#[tokio::test]
async fn a_lost_key_that_the_list_shows_ten_minutes_late_is_seen_then() {
    let world = World::calm().connected().await;
    let late = Duration::from_secs(600);
    world.sim.inject(Fault::list_lag(late).on("POST", &keys_path(&world)));
    let lost = Fault::drop_connection().on("POST", &keys_path(&world)).after();
    world.sim.inject(lost);
    let mut world = world;
    let _ = world.rotate().await;
    assert_eq!(world.finish().await.outcome, Outcome::Closed(Ending::Completed));
    let orphans = world.orphans().await;
    let [lost] = orphans.as_slice() else {
        panic!("the first one was minted and lost: {orphans:?}")
    };
    world.clock.advance(SignedDuration::from_mins(11));
    world.app().refresh(None).await.expect("the list is read");
    assert_eq!(
        world.unaccounted().await,
        [Some(lost.key_id.clone())],
        "it may be of the request that was lost"
    );
    assert!(world.has_working_key().await);
}
