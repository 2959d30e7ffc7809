//! Keys are verified by themselves as their policies want it, and what tells nothing changes nothing.

use jiff::SignedDuration;
use keywheel_core::app::PutOff;
use keywheel_core::model::{Answer, KeyId, Policy, PolicyScope};
use keywheel_core::policy::Standing;
use keywheel_core::store::Activity;
use keywheel_core::vault::VaultState;
use provider_sim::{Fault, GraceFrom, Strategy};
use tests::World;
use tests::project::Project;

use super::facts;

const DAY: i64 = 24 * 60;

async fn due(world: &World) -> Vec<KeyId> {
    let app = world.app();
    app.due_to_verify(VaultState::Ready).await.expect("an inventory")
}

async fn look(world: &World, put_off: &mut PutOff) -> usize {
    let app = world.app();
    let told = app.verify_what_is_due(put_off, VaultState::Ready).await;
    told.expect("a look")
}

/// Calls with a key, as the provider counted them.
fn calls(world: &World) -> usize {
    world.sim.count("GET", "/api/v1/verify")
}

/// Verified now; nothing is due.
async fn verified() -> World {
    let world = World::calm().connected().await;
    let verdict = world.app().verify(world.the_key()).await.expect("an answer");
    assert_eq!(verdict.answer, Answer::Live);
    assert!(due(&world).await.is_empty());
    world
}

async fn events(world: &World) -> usize {
    let verified = |event: &Activity| event.verb == "key.verified";
    world
        .app()
        .activity(100)
        .await
        .expect("events")
        .iter()
        .filter(|one| verified(one))
        .count()
}

#[tokio::test]
async fn a_held_key_is_verified_once_a_week_and_as_often_as_its_policy_says() {
    let world = verified().await;
    let (before, noted) = (calls(&world), events(&world).await);
    world.advance(7 * DAY - 1);
    assert_eq!(due(&world).await, []);
    world.advance(1);
    assert_eq!(
        due(&world).await,
        [world.the_key()],
        "the other key's value is not held"
    );
    assert_eq!(look(&world, &mut PutOff::default()).await, 1);
    assert_eq!(calls(&world), before + 1);
    let verdict = facts(&world, world.the_key())
        .await
        .row
        .version
        .and_then(|version| version.verdict);
    assert_eq!(verdict.map(|verdict| verdict.at), Some(world.now()));
    assert_eq!(events(&world).await, noted, "that a key goes on working is no event");
    assert_eq!(look(&world, &mut PutOff::default()).await, 0);

    let rule = |days| Policy {
        verify_days: Some(days),
        ..Policy::open(PolicyScope::Key(world.the_key()))
    };
    world.app().set_policy(&rule(1)).await.expect("a rule");
    world.advance(DAY);
    assert_eq!(due(&world).await, [world.the_key()]);
    world.app().set_policy(&rule(0)).await.expect("a rule");
    assert_eq!(due(&world).await, [], "never by itself");
    let refused = world.app().set_policy(&rule(366)).await.expect_err("a year at most");
    assert_eq!(refused.field.as_deref(), Some("verify_days"));
}

#[tokio::test]
async fn a_key_that_was_revoked_elsewhere_is_found_out_and_not_asked_again() {
    let world = verified().await;
    let noted = events(&world).await;
    world.advance(7 * DAY);
    world.sim.inject(
        Fault::status(401)
            .code("invalid_api_key")
            .on("GET", "/api/v1/verify")
            .always(),
    );
    let mut put_off = PutOff::default();
    assert_eq!(look(&world, &mut put_off).await, 1);
    let standing = facts(&world, world.the_key()).await.standing;
    assert_eq!(standing, Standing::Refused { since: world.now() });
    assert_eq!(events(&world).await, noted + 1);
    world.advance(30 * DAY);
    assert_eq!(look(&world, &mut put_off).await, 0, "it is a person's to look at");
}

#[tokio::test]
async fn without_an_answer_nothing_changes_and_it_is_asked_again_an_hour_later() {
    let world = verified().await;
    world.advance(7 * DAY);
    let before = facts(&world, world.the_key()).await;
    world
        .sim
        .inject(Fault::drop_connection().on("GET", "/api/v1/verify").always());
    let mut put_off = PutOff::default();
    assert_eq!(look(&world, &mut put_off).await, 0);
    let after = facts(&world, world.the_key()).await;
    assert_eq!(after.standing, before.standing);
    assert_eq!(after.row.version, before.row.version, "it works, as far as is known");
    world.sim.clear_faults();
    world.advance(59);
    let asked = calls(&world);
    assert_eq!((look(&world, &mut put_off).await, calls(&world)), (0, asked));
    world.advance(1);
    assert_eq!((look(&world, &mut put_off).await, calls(&world)), (1, asked + 1));
}

#[tokio::test]
async fn a_locked_keychain_is_not_asked_for_a_value() {
    let world = verified().await;
    world.advance(7 * DAY);
    let due = world
        .app()
        .due_to_verify(VaultState::Locked)
        .await
        .expect("an inventory");
    assert_eq!(due, []);
}

#[tokio::test]
async fn where_the_provider_tells_when_a_key_was_used_no_call_of_ours_pretends_a_use() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    project.app().verify(project.key).await.expect("an answer");
    project.clock.advance(SignedDuration::from_hours(30 * 24));
    assert_eq!(
        project
            .app()
            .due_to_verify(VaultState::Ready)
            .await
            .expect("an inventory"),
        []
    );
}
