//! Several keys in one act: all of somebody who leaves, or those that a person picked.

use keywheel_core::app::Batch;
use keywheel_core::failure::Code;
use keywheel_core::model::KeyId;
use keywheel_core::rotation::State;
use keywheel_core::vault::VaultState;
use tests::World;

use super::{account, owned, refused};

fn owned_by(owner: &str) -> Batch {
    Batch::Owner(owner.to_owned())
}

#[tokio::test]
async fn every_key_of_the_owner_is_planned_and_nobody_elses() {
    let world = World::calm().opened().await;
    let (op, au) = (
        account(&world, "on-page", "Acme").await,
        account(&world, "authenta", "Globex").await,
    );
    owned(&world, &op, "crawler", "op_live_aaaaaaaaaaaaaaaaaaaa", "Ada Lovelace").await;
    owned(&world, &au, "video", "api_0123456789", "ada lovelace").await;
    owned(&world, &op, "other", "op_live_bbbbbbbbbbbbbbbbbbbb", "Ada").await;
    let app = world.app();
    let leaving = app
        .plan_batch(&owned_by(" ADA LOVELACE "), VaultState::Ready)
        .await
        .unwrap();
    let mut names: Vec<_> = leaving.iter().map(|one| one.facts.row.key.name.to_string()).collect();
    names.sort();
    assert_eq!(names, ["crawler", "video"]);
    assert!(
        app.rotation_of(leaving[0].facts.row.key.id).await.unwrap().is_none(),
        "a plan does nothing"
    );
    for one in leaving {
        let proposal = one.proposal.unwrap();
        assert!(proposal.held.is_none());
        let id = app
            .start_rotation(one.facts.row.key.id, &proposal.hash, VaultState::Ready)
            .await
            .unwrap();
        let mut rotation = app.go_on(id).await.unwrap();
        // Nobody made these values: a person is told once.
        if rotation.position.state == State::Failed(Code::KeyRefusedAlready) {
            rotation = app.go_on(id).await.unwrap();
        }
        assert_eq!(
            rotation.position.state,
            State::AwaitingPerson,
            "it waits where a person is needed"
        );
    }
    assert!(
        app.plan_batch(&owned_by("Bob"), VaultState::Ready)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        refused(app.plan_batch(&owned_by(""), VaultState::Ready).await),
        (Code::InputInvalid, Some("owner".into()))
    );
}

#[tokio::test]
async fn picked_keys_are_planned_production_last_and_one_that_is_gone_is_left_out() {
    let world = World::calm().opened().await;
    let op = account(&world, "on-page", "Acme").await;
    let mut ids = Vec::new();
    for (name, value) in [
        ("first", "op_live_aaaaaaaaaaaaaaaaaaaa"),
        ("second", "op_live_bbbbbbbbbbbbbbbbbbbb"),
        ("third", "op_live_cccccccccccccccccccc"),
    ] {
        ids.push(owned(&world, &op, name, value, "Ada").await);
    }
    let app = world.app();
    let staging = app.find_environment("staging").await.unwrap().id;
    app.move_key(ids[2], staging).await.unwrap();
    let names = async |ids: &[KeyId]| -> Vec<String> {
        let planned = app
            .plan_batch(&Batch::Keys(ids.to_vec()), VaultState::Ready)
            .await
            .unwrap();
        planned.iter().map(|one| one.facts.row.key.name.to_string()).collect()
    };
    assert_eq!(names(&[ids[0], ids[2]]).await, ["third", "first"]);
    app.remove_key(ids[0]).await.unwrap();
    assert_eq!(names(&[ids[0], ids[1]]).await, ["second"]);
}
