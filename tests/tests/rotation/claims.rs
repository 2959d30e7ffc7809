//! A rotation that is ended by what a person says of each key: nothing is sent, nothing is lost, nothing is unseen.

use keywheel_core::Code;
use keywheel_core::app::Answer;
use keywheel_core::model::{Receipt, VersionState};
use keywheel_core::rotation::{Claim, Claims, Ending, Rotation, State};
use keywheel_core::vault::{Vault, VaultRef, VaultState};
use tests::tape::Crossing;
use tests::{Mishap, Moment, Port, What, World, code, went};

use super::{mints, revocations};

fn claims(old: Claim, new: Claim) -> Claims {
    Claims {
        old: Some(old),
        new: Some(new),
    }
}

async fn settled(world: &World, rotation: &Rotation, claims: Claims) -> Rotation {
    let settled = world.app().settle_rotation(rotation.id, claims).await;
    let settled = settled.unwrap_or_else(|failure| panic!("{claims:?}: {failure:?}"));
    assert_eq!(settled.position.state, State::Closed(Ending::Settled));
    assert_eq!(settled.claims(), Some(claims));
    settled
}

#[tokio::test]
async fn a_key_that_is_said_to_be_gone_keeps_its_value_and_the_other_one_serves() {
    let world = World::calm().connected().await;
    let waiting = went(world.rotate().await);
    let ended = settled(&world, &waiting, claims(Claim::Gone, Claim::Works)).await;
    let (old, new) = (
        ended.subject.old.expect("an old key"),
        ended.subject.new.expect("a new one"),
    );
    assert!(matches!(old.receipt, Some(Receipt::Word { .. })), "{:?}", old.receipt);
    assert!(old.is_kept(), "nothing proves that it is dead");
    assert_eq!((new.state, new.held), (VersionState::Live, true));
    assert_eq!((mints(&world), revocations(&world)), (1, 0), "nothing was sent");
    assert_eq!(world.unaccounted().await, Vec::<Option<String>>::new());
    let app = world.app();
    let again = app.settle_rotation(waiting.id, claims(Claim::Gone, Claim::Works));
    assert_eq!(
        again.await.err().map(|failure| failure.code),
        Some(Code::RotationNotNow)
    );
}

#[tokio::test]
async fn a_key_that_is_left_beside_the_one_that_serves_is_shown_and_can_be_revoked() {
    let world = World::calm().connected().await;
    let waiting = went(world.rotate().await);
    let ended = settled(&world, &waiting, claims(Claim::Works, Claim::Leave)).await;
    let new = ended.subject.new.expect("a new key");
    assert_eq!((new.state, new.held), (VersionState::Retiring, true));
    assert_eq!(ended.subject.old.expect("an old key").state, VersionState::Live);
    assert_eq!(world.unaccounted().await, std::slice::from_ref(&new.remote_id));

    let entry = world
        .app()
        .unaccounted()
        .await
        .expect("they are read")
        .pop()
        .expect("one");
    let remote_id = new.remote_id.clone().expect("an id");
    world
        .app()
        .settle_unaccounted(entry.id, Answer::Revoke { remote_id })
        .await
        .expect("it is revoked");
    assert!(world.sim.accepts(&world.old.value), "the old key serves");
    let at = VaultRef::version(new.id);
    assert!(
        world.vault.get(&at).await.expect("the keychain answers").is_none(),
        "a call with it was refused"
    );
    assert_eq!(revocations(&world), 1);
    assert_eq!(world.unaccounted().await, Vec::<Option<String>>::new());
}

#[tokio::test]
async fn of_two_keys_that_are_said_to_work_the_new_one_serves_and_the_old_one_is_shown() {
    let world = World::calm().connected().await;
    let waiting = went(world.rotate().await);
    let ended = settled(&world, &waiting, claims(Claim::Works, Claim::Works)).await;
    assert_eq!(ended.subject.new.expect("a new key").state, VersionState::Live);
    assert_eq!(ended.subject.old.expect("an old key").state, VersionState::Retiring);
    assert_eq!(world.unaccounted().await, [Some(world.old.key_id.clone())]);
}

#[tokio::test]
async fn a_key_that_nobody_has_cannot_be_said_to_work_and_is_shown_where_nothing_is_said_of_it() {
    let minted = |one: &&Crossing| one.port == Port::Provider && one.what.mutates();
    let rehearsal = World::calm().connected().await;
    went(rehearsal.rotate().await);
    let at = rehearsal.tape.crossings().iter().find(minted).expect("it is sent").n;
    let mut world = World::with(at, Moment::After, Mishap::Crash).connected().await;
    assert!(world.rotate().await.is_err(), "it is cut before the answer");
    world.reopen().await;
    let unknown = world.rotation().await.expect("it was opened");
    assert_eq!(unknown.position.state, State::Doing);
    let app = world.app();
    let settle = async |claims| code(world.live(app.settle_rotation(unknown.id, claims)).await);
    assert_eq!(settle(claims(Claim::Works, Claim::Works)).await, Code::InputInvalid);
    assert_eq!(
        settle(Claims {
            old: Some(Claim::Works),
            new: None
        })
        .await,
        Code::InputMissing
    );
    let ended = settled(&world, &unknown, claims(Claim::Works, Claim::Leave)).await;
    assert_eq!(ended.subject.old.expect("an old key").state, VersionState::Live);
    assert_eq!(world.unaccounted().await, [None], "one may live that nobody has");
    let inventory = app.inventory(VaultState::Ready).await.expect("an inventory");
    assert_eq!(inventory.unaccounted.len(), 1);
}

#[tokio::test]
async fn a_value_that_came_into_the_keychain_unseen_is_held_whatever_is_said() {
    let kept =
        |one: &&Crossing| matches!(&one.what, What::Keychain { verb: "put", item } if item.starts_with("version/"));
    let rehearsal = World::calm().connected().await;
    went(rehearsal.rotate().await);
    let at = rehearsal.tape.crossings().iter().find(kept).expect("it is stored").n;
    let mut world = World::with(at, Moment::After, Mishap::Crash).connected().await;
    assert!(world.rotate().await.is_err(), "it is cut before the record");
    world.reopen().await;
    let cut = world.rotation().await.expect("it was opened");
    let ended = settled(&world, &cut, claims(Claim::Works, Claim::Leave)).await;
    let new = ended.subject.new.expect("a new version");
    assert_eq!((new.state, new.held), (VersionState::Retiring, true));
    assert_eq!(world.unaccounted().await.len(), 1);
}

#[tokio::test]
async fn a_kept_value_comes_back_where_a_call_with_it_is_accepted_and_no_other_serves() {
    let world = World::calm().connected().await;
    let waiting = went(world.rotate().await);
    let ended = settled(&world, &waiting, claims(Claim::Gone, Claim::Works)).await;
    let (old, new) = (
        ended.subject.old.expect("an old key").id,
        ended.subject.new.expect("a new one"),
    );
    let app = world.app();
    let restored = async || app.restore_kept(old, false).await.err().map(|failure| failure.code);
    assert_eq!(restored().await, Some(Code::KeyServes), "the new one does");
    world.revoke_at_provider(new.remote_id.as_deref().expect("an id")).await;
    app.verify(world.the_key()).await.expect("it is asked");
    assert_eq!(restored().await, None, "the old one lives");
    let displaced = world.unaccounted().await;
    assert_eq!(
        displaced,
        std::slice::from_ref(&new.remote_id),
        "what served before may live on: it is shown"
    );
    let serving = app
        .key_detail(world.the_key(), VaultState::Ready)
        .await
        .expect("a key")
        .facts
        .row
        .version;
    let serving = serving.expect("a version");
    assert_eq!(
        (serving.id, serving.state, serving.held),
        (old, VersionState::Live, true)
    );
    assert_eq!(
        restored().await,
        Some(Code::KeyNotKept),
        "it is not kept any more, it serves"
    );
}

#[tokio::test]
async fn a_kept_value_that_is_refused_stays_kept() {
    let world = World::calm().connected().await;
    let waiting = went(world.rotate().await);
    let ended = settled(&world, &waiting, claims(Claim::Gone, Claim::Gone)).await;
    let old = ended.subject.old.expect("an old key").id;
    world.revoke_at_provider(&world.old.key_id).await;
    let refused = world
        .app()
        .restore_kept(old, false)
        .await
        .err()
        .map(|failure| failure.code);
    assert_eq!(refused, Some(Code::KeyRefused));
    let value = world
        .vault
        .get(&VaultRef::version(old))
        .await
        .expect("the keychain answers");
    assert!(value.is_some(), "only an order takes it out");
}

#[tokio::test]
async fn a_value_that_could_not_be_removed_stays_once_it_is_brought_back() {
    let world = World::calm().connected().await;
    let waiting = went(world.rotate().await);
    let ended = settled(&world, &waiting, claims(Claim::Gone, Claim::Works)).await;
    let (old, new) = (ended.subject.old.expect("an old key").id, ended.subject.new);
    let new = new.and_then(|new| new.remote_id).expect("an id");
    let app = world.app();
    world.vault.set_state(VaultState::Locked);
    for _ in 0..2 {
        let is_out = app.remove_kept(old).await.expect("it is ordered");
        assert!(!is_out, "the keychain has it still");
    }
    let told = app.activity(50).await.expect("the activity");
    let said = |verb: &str| told.iter().filter(|event| event.verb == verb).count();
    assert_eq!((said("key.value_to_go"), said("key.value_removed")), (1, 0));
    world.vault.set_state(VaultState::Ready);
    world.revoke_at_provider(&new).await;
    app.restore_kept(old, false).await.expect("it works");
    world.advance(60);
    app.settle_values().await;
    app.tick().await.expect("a tick");
    let value = world.vault.get(&VaultRef::version(old)).await;
    assert!(value.expect("the keychain answers").is_some(), "it serves");
}
