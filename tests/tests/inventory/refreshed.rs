//! A reading of the lists says whether it tells anything new: only then all keys are shown anew.

use jiff::Timestamp;
use provider_sim::Fault;
use tests::World;

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
