//! Creating, signing up, revoking at once: other acts on the same driver.

use keywheel_core::Code;
use keywheel_core::model::{Purpose, Receipt, VersionState};
use keywheel_core::rotation::{Ending, Event, State, StepKind};
use keywheel_core::vault::VaultState;
use keywheel_wire::render::{Names, activity_view, rotation_view};
use provider_sim::Fault;
use serde_json::json;
use tests::{World, went};

use super::{assert_clean, keys_path, mints, revocations};

#[tokio::test]
async fn a_created_key_is_held_verified_and_serves() {
    let world = World::calm().connected().await;
    let closed = went(world.create("reports").await);
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
    let new = closed.subject.new.clone().expect("a version");
    assert_eq!((new.state, new.held), (VersionState::Live, true));
    assert_eq!(world.clipboard.copied().len(), 1);
    assert_eq!((mints(&world), revocations(&world)), (1, 0));
    assert_clean(&world, &closed).await;
}

#[tokio::test]
async fn an_emergency_revocation_needs_no_successor_and_proves_the_end() {
    for holds in [true, false] {
        let world = if holds {
            World::calm()
        } else {
            World::calm().not_holding()
        };
        let world = world.connected().await;
        let closed = went(world.revoke().await);
        assert_eq!(closed.position.state, State::Closed(Ending::Completed));
        assert!(!world.sim.accepts(&world.old.value));
        let receipt = closed
            .subject
            .old
            .clone()
            .and_then(|old| old.receipt)
            .expect("a receipt");
        assert_eq!(matches!(receipt, Receipt::Refused { .. }), holds, "{receipt:?}");
        assert_eq!((mints(&world), revocations(&world)), (0, 1));
        assert_clean(&world, &closed).await;
    }
}

#[tokio::test]
async fn a_revocation_that_nobody_carried_out_is_not_said_to_be_one() {
    let gone = (Fault::status(404).always(), Code::ProviderKeyGone);
    let lost = (Fault::drop_connection().always(), Code::KeyUnlisted);
    for (fault, code) in [gone, lost] {
        let world = World::calm().not_holding().connected().await;
        world.app().refresh(None).await.expect("the list, which shows it");
        let revocation = format!("{}/*", keys_path(&world));
        world.sim.inject(fault.before().on("DELETE", &revocation));
        let empty = Fault::status(200).body(json!([])).before().always();
        world.sim.inject(empty.on("GET", &keys_path(&world)));
        let closed = went(world.revoke().await);
        assert_eq!(closed.position.state, State::Closed(Ending::Completed), "{code:?}");
        assert!(world.sim.accepts(&world.old.value), "it lives");
        let skipped = Event::Skipped(StepKind::RevokeOld, code);
        assert!(closed.records.iter().any(|record| record.event == skipped), "{code:?}");
        let app = world.app();
        let names = Names::of(&app).await.expect("names");
        let view = rotation_view(&closed, &names);
        let told = app.activity(50).await.expect("the activity");
        let sentences = told.iter().map(|event| activity_view(event, &names).sentence);
        for said in sentences.chain([view.headline, view.old_key_line]) {
            for false_word in ["Revoked ", "revoked", "Proved", "proven dead"] {
                assert!(!said.contains(false_word), "{said}");
            }
        }
    }
}

async fn sign_up(world: &World, field: &str, value: &str) -> keywheel_core::rotation::Rotation {
    let app = world.app();
    let form = world.sign_up_form(field, value).await;
    let id = app.sign_up(form).await.expect("the form is right");
    app.go_on(id).await.expect("it goes on")
}

#[tokio::test]
async fn a_sign_up_holds_both_secrets_and_knows_its_organisation() {
    for (field, orgs) in [("org_name", 2), ("existing_org_id", 1)] {
        let world = World::calm().opened().await;
        let value = if orgs == 1 {
            world.org.id.clone()
        } else {
            "Beta Labs".to_owned()
        };
        let closed = sign_up(&world, field, &value).await;
        assert_eq!(closed.position.state, State::Closed(Ending::Completed), "{field}");
        assert_eq!(world.sim.world().orgs.len(), orgs, "{field}");
        let org_id = closed
            .subject
            .account
            .fields
            .get("org_id")
            .expect("the answer tells it")
            .clone();
        let org = world
            .sim
            .world()
            .orgs
            .into_iter()
            .find(|org| org.id == org_id)
            .expect("it exists");
        let inventory = world.app().inventory(VaultState::Ready).await.expect("an inventory");
        for purpose in [Purpose::Service, Purpose::Webhook] {
            let of_purpose = inventory.keys.iter().find(|facts| {
                let held = facts.row.version.as_ref().is_some_and(|version| version.held);
                facts.row.key.purpose == purpose && held
            });
            let version = of_purpose
                .and_then(|facts| facts.row.version.as_ref())
                .expect("it is held")
                .id;
            let value = world.app().reveal(version).await.expect("a value").expose().to_owned();
            match purpose {
                Purpose::Webhook => assert_eq!(value, org.webhook_secret),
                _ => assert!(world.sim.accepts(&value)),
            }
        }
        assert_eq!(world.orphans().await.len(), 0);
        world.app().refresh(None).await.expect("the list is read");
        let again = world.app().inventory(VaultState::Ready).await.expect("an inventory");
        let service = |facts: &&keywheel_core::app::KeyFacts| facts.row.key.purpose == Purpose::Service;
        let listed = world.sim.live_keys(&org_id).len();
        assert_eq!(
            again.keys.iter().filter(service).count(),
            listed,
            "no key is listed twice"
        );
    }
}
