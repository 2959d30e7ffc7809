//! The demonstration's world, and time.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use provider_sim::{Clock, Options, Simulator, World};

use crate::lab::{lab, start};

#[test]
fn the_demo_has_three_organisations_and_forty_keys_of_mixed_age() {
    let world = World::demo(start());
    let names: Vec<&str> = world.orgs.iter().map(|org| org.name.as_str()).collect();
    assert_eq!(names, ["acme", "globex", "initech"]);
    assert_eq!(world.keys.len(), 40);
    let days = |days: i64| SignedDuration::from_hours(24 * days);
    let ages: Vec<SignedDuration> = world
        .keys
        .iter()
        .map(|key| start().duration_since(key.created_at))
        .collect();
    let within = |from, to| ages.iter().filter(|age| (days(from)..days(to)).contains(age)).count();
    assert_eq!(
        (within(0, 72), within(72, 90), within(90, 100), within(100, 401)),
        (25, 7, 4, 4)
    );
    assert!(ages.iter().any(|age| *age < SignedDuration::from_hours(4)) && within(395, 401) == 1);
}

#[test]
fn every_demo_key_has_its_own_value_and_a_place_to_go() {
    let world = World::demo(start());
    let values: BTreeSet<&str> = world.keys.iter().map(|key| key.value.as_str()).collect();
    let prefixes: BTreeSet<&str> = values.iter().filter_map(|value| value.get(..12)).collect();
    assert_eq!((values.len(), prefixes.len()), (40, 40));
    let mut places = BTreeMap::new();
    for key in &world.keys {
        *places.entry(key.environment.clone().unwrap()).or_insert(0) += 1;
        assert!(key.suggested_name.is_some());
    }
    let places: Vec<(&str, i32)> = places.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    assert_eq!(places, [("ci", 9), ("dev", 9), ("production", 13), ("staging", 9)]);
}

#[test]
fn the_demo_is_the_same_on_every_run() {
    let json = |world: &World| serde_json::to_string(world).unwrap();
    assert_eq!(json(&World::demo(start())), json(&World::demo(start())));
}

#[test]
fn each_demo_organisation_has_a_user_with_all_three_credentials() {
    let world = World::demo(start());
    for (org, user) in world.orgs.iter().zip(&world.users) {
        assert_eq!(org.members[0].uid, user.uid);
        assert!(user.web_api_key.starts_with("AIzaSy") && user.web_api_key.len() == 39);
        assert!(user.refresh_token.len() > 100 && user.password.len() == 20 && user.uid.len() == 28);
    }
    let tokens: BTreeSet<&str> = world.users.iter().map(|user| user.refresh_token.as_str()).collect();
    assert_eq!((world.users.len(), tokens.len()), (3, 3));
}

#[tokio::test]
async fn the_world_follows_what_happened_and_can_be_started_from() {
    let lab = lab();
    let minted = lab.mint().await.unwrap().field("secret");
    lab.revoke(&lab.key.key_id).await.unwrap();
    let text = serde_json::to_string(&lab.sim.world()).unwrap();
    let again = Simulator::new(Options {
        clock: lab.sim.clock().clone(),
        world: serde_json::from_str(&text).unwrap(),
        ..Options::default()
    });
    assert!(again.accepts(&minted) && !again.accepts(&lab.key.value));
}

#[test]
fn a_clock_stands_runs_or_follows_and_clones_move_together() {
    let manual = Clock::manual(start());
    let clone = manual.clone();
    manual.advance(SignedDuration::from_mins(10));
    assert_eq!(clone.now(), start() + SignedDuration::from_mins(10));
    let running = Clock::starting_at(start());
    let first = running.now();
    std::thread::sleep(std::time::Duration::from_millis(5));
    assert!(first >= start() && running.now() > first);
    assert!(Clock::system().now() > "2026-01-01T00:00:00Z".parse().unwrap());
}
