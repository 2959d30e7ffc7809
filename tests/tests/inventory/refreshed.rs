//! A reading of the lists says whether it tells anything new: only then all keys are shown anew.

use std::sync::Arc;

use jiff::Timestamp;
use provider_sim::Fault;
use tests::{Mishap, Moment, What, World};

async fn read(world: &World) -> bool {
    world.advance(15);
    world.app().refresh(None).await.expect("the lists are read")
}

async fn listed_at(world: &World) -> Option<Timestamp> {
    let listings = world.app().listings().await.expect("the accounts");
    let of_ours = listings.into_iter().find(|(id, _)| *id == world.the_account());
    of_ours.and_then(|(_, listing)| listing.listed_at)
}

#[tokio::test]
async fn a_list_that_is_as_before_is_no_news_but_for_its_time() {
    let world = World::calm().connected().await;
    read(&world).await;
    let before = listed_at(&world).await;
    assert!(!read(&world).await, "nothing has changed");
    assert!(listed_at(&world).await > before, "and it was read");

    world.revoke_at_provider(&world.bystander.key_id).await;
    assert!(read(&world).await, "a key is gone");
    assert!(!read(&world).await, "that is known by now");

    world.sim.inject(Fault::status(500).on("GET", "/**/api-keys").always());
    assert!(read(&world).await, "it fails");
    assert!(!read(&world).await, "it fails as before");
    world.sim.clear_faults();
    assert!(read(&world).await, "it does not fail any more");
    assert!(!read(&world).await);
}

#[tokio::test]
async fn connecting_tells_of_its_keys_although_a_timer_has_read_them_first() {
    let alone = World::calm().opened().await;
    let found = |connected: keywheel_core::app::Connected| connected.found.expect("the list is read").len();
    let form = alone.connect_form().await;
    alone.tape.start();
    let expected = found(alone.app().connect(form).await.expect("it connects"));
    let is_list =
        |what: &What| matches!(what, What::Request { method, path } if method == "GET" && path.ends_with("/api-keys"));
    let crossings = alone.tape.crossings();
    let at = crossings.iter().rfind(|crossing| is_list(&crossing.what));
    let at = at.expect("the list is read").n;

    let world = World::calm().opened().await;
    let form = world.connect_form().await;
    let app = world.app();
    world.tape.start();
    let timer = Mishap::Beside(Arc::new(move || {
        let app = app.clone();
        Box::pin(async move { assert!(app.refresh(None).await.expect("the lists are read")) })
    }));
    world.tape.strike(at, Moment::Before, timer);
    assert_eq!(found(world.app().connect(form).await.expect("it connects")), expected);
    assert!(expected > 1, "{expected}");
}
