//! Nothing that may be in use is taken away unless another value of the key is held and accepted right then.

use keywheel_core::Code;
use keywheel_core::model::{Receipt, Secret, VersionId};
use keywheel_core::rotation::{Ending, Rotation, State, StepKind, TakeBack};
use keywheel_core::vault::{Vault, VaultRef};
use provider_sim::Fault;
use serde_json::json;
use tests::{World, code, from_use, went};

use super::{assert_clean, keys_path, revocations, step};

const ANYWAY: TakeBack = TakeBack {
    in_use: None,
    anyway: true,
};

fn new_id(rotation: &Rotation) -> VersionId {
    rotation.subject.new.as_ref().expect("a new version").id
}

fn remote(rotation: &Rotation) -> String {
    let new = rotation.subject.new.as_ref();
    new.and_then(|new| new.remote_id.clone()).expect("an id")
}

/// The old key lives, nothing was revoked, and the rotation says what is the matter.
async fn kept_the_old_one(world: &World, rotation: &Rotation, why: Code) {
    assert_eq!(step(rotation), Some(StepKind::RevokeOld), "{:?}", rotation.position);
    assert_eq!(rotation.position.state.code(), Some(why), "{:?}", rotation.position);
    assert!(world.sim.accepts(&world.old.value));
    let ledger = world.sim.ledger();
    let old = ledger.key(&world.old.key_id).expect("the old key");
    assert_eq!(old.revoked_by_request, None, "nothing was sent");
}

#[tokio::test]
async fn an_old_key_lives_while_its_successor_is_refused() {
    let world = World::calm().connected().await;
    let waiting = went(world.rotate().await);
    // Somebody deletes the key that nobody knows yet.
    world.revoke_at_provider(&remote(&waiting)).await;
    let stopped = world.app().confirm_replaced(waiting.id).await.expect("it is tried");
    kept_the_old_one(&world, &stopped, Code::KeySuccessorRefused).await;
    let again = world.app().go_on(stopped.id).await.expect("it is asked again");
    kept_the_old_one(&world, &again, Code::KeySuccessorRefused).await;
    let undone = world.app().undo(again.id, &from_use(&again)).await;
    let undone = undone.expect("the old key works");
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
    assert!(world.sim.accepts(&world.old.value));
}

#[tokio::test]
async fn the_end_of_an_overlap_is_no_proof_that_the_new_key_works() {
    let world = World::calm().overlapping(24).connected().await;
    let waiting = went(world.rotate().await);
    let overlap = world.app().confirm_replaced(waiting.id).await.expect("it goes on");
    world.revoke_at_provider(&remote(&overlap)).await;
    world.advance(25 * 60);
    world.app().tick().await.expect("a tick");
    let stopped = world.rotation().await.expect("a rotation");
    kept_the_old_one(&world, &stopped, Code::KeySuccessorRefused).await;
    assert!(stopped.needs_person(), "somebody is told");
}

#[tokio::test]
async fn an_old_key_lives_while_nobody_holds_its_successor() {
    for (what, expected) in [
        (None, Code::KeychainMissing),
        (Some(""), Code::KeychainMissing),
        (Some("sk_live_another00000000000000000000"), Code::KeychainMismatch),
    ] {
        let world = World::calm().connected().await;
        let waiting = went(world.rotate().await);
        let at = VaultRef::version(new_id(&waiting));
        world.vault.delete(&at).await.expect("the keychain answers");
        if let Some(value) = what {
            let put = world.vault.put(&at, &Secret::new(value.to_owned())).await;
            put.expect("the keychain answers");
        }
        let stopped = world.app().confirm_replaced(waiting.id).await.expect("it is tried");
        kept_the_old_one(&world, &stopped, expected).await;
        let undone = world.app().undo(stopped.id, &from_use(&stopped)).await;
        let new = undone.expect("the old key works").subject.new.expect("a new version");
        let there = world.vault.get(&at).await.expect("the keychain answers");
        assert_eq!(
            new.held,
            there.is_some(),
            "{what:?}: what is gone is not said to be kept"
        );
    }
}

#[tokio::test]
async fn an_answer_that_says_nothing_of_the_successor_is_waited_for() {
    let world = World::calm().connected().await;
    let waiting = went(world.rotate().await);
    world
        .sim
        .inject(Fault::status(503).before().always().on("GET", "/**/verify"));
    let waits = world.app().confirm_replaced(waiting.id).await.expect("it is tried");
    assert!(
        matches!(waits.position.state, State::AwaitingTime { code: Some(_), .. }),
        "{:?}",
        waits.position
    );
    assert_eq!(revocations(&world), 0);
    world.sim.clear_faults();
    world.advance(5);
    world.app().tick().await.expect("a tick");
    let closed = world.rotation().await.expect("a rotation");
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
    assert_clean(&world, &closed).await;
}

#[tokio::test]
async fn a_new_key_lives_while_the_old_one_is_refused_and_nothing_is_begun() {
    let world = World::calm().connected().await;
    let waiting = went(world.rotate().await);
    world.revoke_at_provider(&world.old.key_id).await;
    let refused = code(world.live(world.app().undo(waiting.id, &Default::default())).await);
    assert_eq!(refused, Code::KeyPredecessorRefused);
    let same = world.rotation().await.expect("a rotation");
    assert_eq!(same.position, waiting.position, "it can go on");
    assert_eq!(revocations(&world), 1, "the person's own");
    let undone = world.app().undo(waiting.id, &ANYWAY).await.expect("the person's word");
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
}

#[tokio::test]
async fn a_new_key_that_is_in_use_is_discarded_only_by_its_name() {
    let world = World::calm().overlapping(24).connected().await;
    let waiting = went(world.rotate().await);
    let overlap = world.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert!(overlap.is_in_use());
    for order in [
        TakeBack::default(),
        ANYWAY,
        TakeBack {
            in_use: Some("another".to_owned()),
            anyway: false,
        },
    ] {
        let refused = code(world.live(world.app().undo(overlap.id, &order)).await);
        assert_eq!(refused, Code::RotationNewInUse, "{order:?}");
    }
    assert_eq!(revocations(&world), 0);
    let undone = world.app().undo(overlap.id, &from_use(&overlap)).await;
    assert_eq!(undone.expect("said so").position.state, State::Closed(Ending::Undone));
    assert!(world.sim.accepts(&world.old.value));
}

#[tokio::test]
async fn a_key_that_the_provider_does_not_find_is_not_discarded_while_it_is_accepted() {
    let world = World::calm().connected().await;
    let waiting = went(world.rotate().await);
    let new = remote(&waiting);
    let gone = json!({"error": {"code": "NOT_FOUND", "message": "no such key"}});
    let gone = Fault::status(404).body(gone);
    let one = format!("{}/*", keys_path(&world));
    world.sim.inject(gone.clone().before().always().on("DELETE", &one));
    // Nor is it in the list, which is another region's: nobody asks any more whether the old one is there.
    let empty = Fault::status(200).body(json!({"api_keys": [], "keys": [], "data": []}));
    world.sim.inject(empty.before().always().on("GET", &keys_path(&world)));
    let refused = code(world.live(world.app().undo(waiting.id, &Default::default())).await);
    assert_eq!(refused, Code::KeyPredecessorUnlisted);
    world.sim.clear_faults();
    world.sim.inject(gone.before().always().on("DELETE", &one));
    let stuck = world
        .app()
        .undo(waiting.id, &Default::default())
        .await
        .expect("it is tried");
    assert!(!stuck.position.is_closed(), "{:?}", stuck.position);
    let held = world.held_values().await;
    assert!(held.iter().any(|(id, _)| *id == new_id(&stuck)), "its value is kept");
    world.sim.clear_faults();
    // The person deletes it on the page, and says so: a call shows it.
    world.revoke_at_provider(&new).await;
    let undone = world.app().confirm_deleted(stuck.id).await.expect("it is asked");
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
    let receipt = undone.subject.new.as_ref().and_then(|new| new.receipt.clone());
    assert!(matches!(receipt, Some(Receipt::Refused { .. })), "{receipt:?}");
    assert_clean(&world, &undone).await;
}
