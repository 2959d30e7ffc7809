//! Keys at the provider of which only a person can say whose they are.

use keywheel_core::Code;
use keywheel_core::app::Answer;
use keywheel_core::rotation::{Ending, State};
use keywheel_core::vault::VaultState;
use provider_sim::Fault;
use tests::tape::Crossing;
use tests::{Mishap, Moment, Outcome, What, World, went};

use super::{keys_path, mints};

/// A rotation whose mint was carried out so many times and never answered.
async fn lost(times: usize) -> World {
    let world = World::calm().connected().await;
    if times > 1 {
        world.sim.inject(Fault::duplicate().on("POST", &keys_path(&world)));
    }
    world
        .sim
        .inject(Fault::drop_connection().on("POST", &keys_path(&world)).after());
    let asking = went(world.rotate().await);
    assert_eq!(asking.position.state, State::Asking);
    assert_eq!(world.unaccounted().await.len(), times);
    world
}

#[tokio::test]
async fn a_mint_that_was_carried_out_twice_leaves_none_behind() {
    let mut world = lost(2).await;
    assert_eq!(world.finish().await.outcome, Outcome::Closed(Ending::Completed));
    let shown = world
        .app()
        .inventory(VaultState::Ready)
        .await
        .expect("an inventory")
        .unaccounted;
    let [left] = shown.as_slice() else {
        panic!("the second one is still shown: {shown:?}")
    };
    let remote_id = left.remote_id.clone().expect("its id is known");
    let revoke = Answer::Revoke {
        remote_id: remote_id.clone(),
    };

    let delete = format!("{}/*", keys_path(&world));
    world.sim.inject(Fault::no_effect().on("DELETE", &delete).always());
    let claimed = world.app().settle_unaccounted(left.id, revoke.clone()).await;
    assert_eq!(claimed.err().map(|failure| failure.code), Some(Code::KeyStillListed));
    assert_eq!(
        world.unaccounted().await,
        [Some(remote_id.clone())],
        "what lives stays shown"
    );

    world.sim.clear_faults();
    world.advance(2);
    world
        .app()
        .settle_unaccounted(left.id, revoke)
        .await
        .expect("it is revoked");
    assert!(world.unaccounted().await.is_empty());
    assert!(!world.sim.ledger().key(&remote_id).expect("it was minted").is_live());
    assert_eq!(world.orphans().await.len(), 0);
}

#[tokio::test]
async fn only_a_key_that_was_asked_about_can_be_discarded() {
    let world = lost(1).await;
    let id = world.rotation().await.expect("a rotation").id;
    for other in [&world.old.key_id, &world.bystander.key_id, &"key_of_nobody".to_owned()] {
        let refused = world
            .app()
            .answer(
                id,
                Answer::Revoke {
                    remote_id: other.clone(),
                },
            )
            .await;
        assert_eq!(
            refused.err().map(|failure| failure.code),
            Some(Code::NotFound),
            "{other}"
        );
    }
    assert_eq!(world.live_at_provider().len(), 3, "nothing was revoked");
}

#[tokio::test]
async fn a_key_that_the_person_keeps_is_listed_and_never_touched() {
    let world = lost(1).await;
    let id = world.rotation().await.expect("a rotation").id;
    let kept = world.unaccounted().await.pop().flatten().expect("its id is known");
    let waiting = world.app().answer(id, Answer::Keep).await.expect("it goes on");
    assert_eq!(waiting.position.state, State::AwaitingPerson, "another key is minted");
    assert!(world.sim.ledger().key(&kept).expect("it was minted").is_live());
    assert!(world.key_of(&kept).await.is_some(), "it is in the list");
    assert!(world.unaccounted().await.is_empty());
}

#[tokio::test]
async fn while_a_question_is_open_a_refresh_adopts_no_candidate() {
    let world = lost(1).await;
    let candidate = world.unaccounted().await.pop().flatten().expect("its id is known");
    world.app().refresh(None).await.expect("the list is read");
    assert!(world.key_of(&candidate).await.is_none());
    assert_eq!(world.unaccounted().await, [Some(candidate)]);
}

#[tokio::test]
async fn an_id_that_the_provider_gives_again_is_found_as_a_lost_key() {
    let mut world = World::calm().connected().await;
    went(world.rotate().await);
    assert_eq!(world.finish().await.outcome, Outcome::Closed(Ending::Completed));
    world.sim.reuse_id(&world.old.key_id);
    world
        .sim
        .inject(Fault::drop_connection().on("POST", &keys_path(&world)).after());
    let asking = went(world.create("reports").await);
    assert_eq!(asking.position.state, State::Asking);
    assert_eq!(world.unaccounted().await, [Some(world.old.key_id.clone())]);
    assert_eq!(world.finish().await.outcome, Outcome::Closed(Ending::Completed));
    let live = world.live_at_provider();
    assert!(live.iter().all(|key| key.key_id != world.old.key_id), "it is revoked");
}

#[tokio::test]
async fn of_two_new_keys_the_one_whose_value_is_held_is_ours() {
    let kept =
        |one: &&Crossing| matches!(&one.what, What::Keychain { verb: "put", item } if item.starts_with("version/"));
    let rehearsal = World::calm().connected().await;
    went(rehearsal.rotate().await);
    let at = rehearsal.tape.crossings().iter().find(kept).expect("it is stored").n;
    let mut world = World::with(at, Moment::After, Mishap::Crash).connected().await;
    assert!(world.rotate().await.is_err(), "it is cut before the record");
    world.create_at_provider("somebody else's").await;
    world.reopen().await;
    let id = world.rotation().await.expect("it was opened").id;
    let waiting = world.app().go_on(id).await.expect("it goes on");
    assert_eq!((waiting.position.state, mints(&world)), (State::AwaitingPerson, 2));
    let ours = world
        .sim
        .ledger()
        .keys
        .into_iter()
        .find(|key| key.name == waiting.mint_name);
    let new = waiting.subject.new.and_then(|new| new.remote_id);
    assert_eq!(new, ours.map(|key| key.key_id), "it can be revoked, by its own id");
}
