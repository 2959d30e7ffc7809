//! All keys of somebody who leaves.

use keywheel_core::failure::Code;
use keywheel_core::rotation::State;
use keywheel_core::vault::VaultState;
use tests::World;

use super::{account, owned, refused};

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
    let leaving = app.leaving(" ADA LOVELACE ", VaultState::Ready).await.unwrap();
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
        let rotation = app.go_on(id).await.unwrap();
        assert_eq!(
            rotation.position.state,
            State::AwaitingPerson,
            "it waits where a person is needed"
        );
    }
    assert!(app.leaving("Bob", VaultState::Ready).await.unwrap().is_empty());
    assert_eq!(
        refused(app.leaving("", VaultState::Ready).await),
        (Code::InputInvalid, Some("owner".into()))
    );
}
