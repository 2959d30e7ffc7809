//! A data directory that was copied, and a keychain that lost the key by which values are recognised.

use std::sync::Arc;

use keywheel_core::Code;
use keywheel_core::app::{App, Wiring};
use keywheel_core::failure::Failure;
use keywheel_core::rotation::{Claim, Claims, Ending, NoClipboard, Silent, State, TakeBack};
use keywheel_core::store::DB_FILE;
use keywheel_core::target::Machine;
use keywheel_core::vault::{Vault, VaultRef, VaultState};
use tests::{World, went};

/// The same keychain, and another directory.
async fn opened_at(world: &World, dir: &std::path::Path) -> App {
    App::open(Wiring {
        data_dir: dir.to_owned(),
        who: "cli",
        entropy: Arc::new(keywheel_core::clock::SystemEntropy),
        vault: world.vault.clone(),
        clipboard: Arc::new(NoClipboard),
        observer: Arc::new(Silent),
        targets: Arc::new(Machine::new(dir, |_| None)),
        transport: Some(world.transport.clone()),
        clock: Some(world.core_clock()),
        journal_tap: None,
    })
    .await
    .expect("it opens")
}

async fn the_value(world: &World) -> VaultRef {
    let detail = world.app().key_detail(world.the_key(), VaultState::Ready).await;
    VaultRef::version(detail.expect("the key").versions.first().expect("a version").id)
}

#[tokio::test]
async fn a_copy_takes_nothing_out_of_the_keychain_before_a_person_says_so() {
    let world = World::calm().connected().await;
    let at = the_value(&world).await;
    let place = tests::world::directory();
    std::fs::copy(world.dir.path().join(DB_FILE), place.path().join(DB_FILE)).expect("it is copied");
    let copy = opened_at(&world, place.path()).await;
    let from = copy.copied_from().await.expect("it is looked");
    assert_eq!(from.as_deref(), world.dir.path().canonicalize().ok().as_deref());
    copy.remove_account(world.the_account()).await.expect("it goes");
    assert!(world.vault.holds(&at), "the first one still needs it");
    assert!(copy.count_leaving().await.expect("they are counted") > 0);
    world
        .app()
        .copy(at.version_id().expect("a version"))
        .await
        .expect("it is there");

    copy.settle_here().await.expect("a person's order");
    copy.tick().await.expect("a tick");
    assert!(!world.vault.holds(&at));
    copy.close().await;
}

#[tokio::test]
async fn a_copy_reads_and_drives_nothing_before_a_person_says_so_and_the_first_one_goes_on() {
    let world = World::calm().connected().await;
    let app = world.app();
    let waiting = went(world.rotate().await);
    let place = tests::world::directory();
    std::fs::copy(world.dir.path().join(DB_FILE), place.path().join(DB_FILE)).expect("it is copied");
    let copy = opened_at(&world, place.path()).await;
    let (held, live) = (world.vault.refs(), living(&world));
    let shared = Some(Code::KeychainShared);
    let refused = |failure: Option<Failure>| assert_eq!(failure.map(|failure| failure.code), shared);
    let id = waiting.id;
    refused(copy.go_on(id).await.err());
    refused(copy.confirm_replaced(id).await.err());
    refused(copy.undo(id, &TakeBack::default()).await.err());
    let claims = Claims {
        old: Some(Claim::Works),
        new: Some(Claim::Gone),
    };
    refused(copy.settle_rotation(id, claims).await.err());
    let other = world.key_of(&world.bystander.key_id).await.expect("it is listed");
    let plan = copy
        .propose_revoke(other, VaultState::Ready)
        .await
        .expect("it is shown");
    refused(copy.start_revoke(other, &plan.hash, VaultState::Ready).await.err());
    assert_eq!(copy.tick().await.expect("a tick").len(), 0);
    copy.refresh(None).await.expect("the list is read");
    let listed = copy.key_detail(world.the_key(), VaultState::Ready).await;
    assert!(!listed.expect("the key").versions.is_empty());
    assert_eq!((world.vault.refs(), living(&world)), (held, live), "nothing went");

    let back = TakeBack::default();
    let (here, there) = tokio::join!(app.confirm_replaced(id), copy.undo(id, &back));
    assert_eq!(
        here.expect("it goes on").position.state,
        State::Closed(Ending::Completed)
    );
    refused(there.err());
    assert!(
        !world.sim.accepts(&world.old.value) && living(&world) == 2,
        "its successor and the bystander"
    );

    went(world.rotate().await);
    let newer = copy.strays().await.expect("they are read").remove(0);
    refused(copy.forget_stray(newer.id).await.err());

    copy.settle_here().await.expect("a person's order");
    let driven = copy.go_on(id).await;
    assert!(
        driven.is_ok_and(|rotation| rotation.id == id),
        "it drives by that order"
    );
    // The two have not the same keys any more.
    let taken = Some(Code::KeychainTakenOver);
    assert_eq!(app.go_on(id).await.err().map(|failure| failure.code), taken);
    app.settle_here().await.expect("a person's order");
    app.has_the_keys().await.expect("it took them back");
    assert_eq!(copy.has_the_keys().await.err().map(|failure| failure.code), taken);
    copy.close().await;
}

fn living(world: &World) -> usize {
    world.sim.ledger().live_keys(&world.org.id).len()
}

#[tokio::test]
async fn a_directory_that_was_moved_takes_its_place_with_it() {
    let mut world = World::calm().connected().await;
    let at = the_value(&world).await;
    world.shut().await;
    let place = tests::world::directory();
    std::fs::rename(world.dir.path().join(DB_FILE), place.path().join(DB_FILE)).expect("it is moved");
    let moved = opened_at(&world, place.path()).await;
    assert_eq!(moved.copied_from().await.expect("it is looked"), None);
    moved.remove_account(world.the_account()).await.expect("it goes");
    assert!(!world.vault.holds(&at));
    moved.close().await;
}

#[tokio::test]
async fn without_the_key_of_fingerprints_nothing_goes_on_before_a_person_has_a_new_one_made() {
    let mut world = World::calm().connected().await;
    let at = the_value(&world).await;
    let id = at.version_id().expect("a version");
    let dir = world.column("SELECT id FROM data_dir").await.remove(0);
    world
        .vault
        .delete(&VaultRef::fingerprint_key(&dir))
        .await
        .expect("the keychain loses it");
    world.reopen().await;
    let app = world.app();
    let missing = Some(Code::KeychainNoFingerprints);
    assert_eq!(app.recognises().await.err().map(|failure| failure.code), missing);
    assert_eq!(app.copy(id).await.err().map(|failure| failure.code), missing);
    let seen = app.examine().await.recognises;
    assert_eq!(seen.err().map(|failure| failure.code), missing);

    let count = app.renew_fingerprints().await.expect("a person's order");
    assert_eq!(count, 2, "the key's and the credential's");
    assert_eq!(app.renew_fingerprints().await.expect("it is there"), 0);
    app.copy(id).await.expect("it is recognised");
    world.reopen().await;
    world.app().copy(id).await.expect("by the next process too");
    assert_eq!(world.violations().await, Vec::<String>::new());
}
