//! What a person is told of: what has ended at once, and once a day how many keys are stale and how many turn so.

use jiff::civil::{DateTime, date};
use keywheel_core::model::{Policy, PolicyScope};
use keywheel_core::policy::{Notice, Standing, Urgent};
use keywheel_core::vault::VaultState;
use provider_sim::Fault;
use tests::World;

const NIGHT: i8 = 3;
const MORNING: i8 = 9;

fn hour(hour: i8) -> DateTime {
    date(2026, 11, 21).at(hour, 15, 0, 0)
}

async fn told(world: &World, local: DateTime) -> Vec<Notice> {
    let notices = world.app().notices(VaultState::Ready, local, false).await;
    notices.expect("an inventory")
}

/// The daily notice as the inventory says it.
async fn daily(world: &World) -> Notice {
    let inventory = world.app().inventory(VaultState::Ready).await.expect("an inventory");
    let count = |is: fn(Standing) -> bool| inventory.keys.iter().filter(|facts| is(facts.standing)).count();
    Notice::Daily {
        stale: count(|standing| matches!(standing, Standing::Stale { .. })),
        due: count(|standing| matches!(standing, Standing::DueSoon { in_days } if in_days <= 7)),
    }
}

#[tokio::test]
async fn a_key_that_is_refused_at_night_is_told_then_and_what_is_stale_in_the_morning() {
    let world = World::calm().connected().await;
    assert_eq!(told(&world, hour(NIGHT)).await, []);
    let strict = Policy {
        max_age_days: Some(1),
        ..Policy::open(PolicyScope::All)
    };
    world.app().set_policy(&strict).await.expect("a policy");
    world.advance(2 * 24 * 60);
    assert_eq!(told(&world, hour(NIGHT)).await, [], "it waits for its hour");

    world.sim.inject(
        Fault::status(401)
            .code("invalid_api_key")
            .on("GET", "/api/v1/verify")
            .always(),
    );
    world.app().verify(world.the_key()).await.expect("an answer");
    let refused = Notice::AtOnce {
        why: Urgent::Ended,
        names: vec!["payments".to_owned()],
    };
    assert_eq!(told(&world, hour(NIGHT)).await, [refused]);
    assert_eq!(told(&world, hour(NIGHT)).await, [], "once");

    let morning = [daily(&world).await];
    assert!(matches!(morning, [Notice::Daily { stale: 1.., .. }]), "{morning:?}");
    assert_eq!(told(&world, hour(MORNING)).await, morning);
    assert_eq!(told(&world, hour(MORNING + 1)).await, [], "once a day");
    let tomorrow = hour(MORNING).tomorrow().expect("a day");
    assert_eq!(told(&world, tomorrow).await, morning);
}
