//! Values that leave the keychain, and values that come back into service, at the same moment: one of the two goes first.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use keywheel_core::model::{KeyVersion, VersionState};
use keywheel_core::rotation::{Claim, Claims, Ending, State};
use keywheel_core::vault::{Vault, VaultRef, VaultState};
use keywheel_core::{App, Code};
use tests::{Mishap, Moment, What, World, went};

use super::said;

/// Its old value is kept, and the new one, which took its place, is dead.
async fn with_a_kept_value() -> (World, KeyVersion, KeyVersion) {
    let world = World::calm().connected().await;
    let waiting = went(world.rotate().await);
    let claims = Claims {
        old: Some(Claim::Gone),
        new: Some(Claim::Works),
    };
    let ended = world
        .app()
        .settle_rotation(waiting.id, claims)
        .await
        .expect("it is settled");
    let (old, new) = (ended.subject.old.expect("one"), ended.subject.new.expect("another"));
    world.revoke_at_provider(new.remote_id.as_deref().expect("an id")).await;
    (world, old, new)
}

/// An order that it leaves, which the keychain does not carry out.
async fn ordered_out(world: &World, version: &KeyVersion) {
    world.vault.set_state(VaultState::Locked);
    drop(world.app().remove_kept(version.id).await);
    world.vault.set_state(VaultState::Ready);
}

fn is_call(what: &What) -> bool {
    matches!(what, What::Request { method, path } if method == "GET" && path.ends_with("/verify"))
}

/// What another process does.
async fn beside<F, D>(world: &World, act: F) -> (Arc<App>, Mishap)
where
    F: Fn(Arc<App>) -> D + Send + Sync + 'static,
    D: Future<Output = ()> + Send + 'static,
{
    let other = Arc::new(world.another().await.expect("it opens"));
    let app = other.clone();
    (other, Mishap::Beside(Arc::new(move || Box::pin(act(app.clone())))))
}

async fn serves(world: &World) -> KeyVersion {
    let facts = world.app().key_facts(world.the_key(), VaultState::Ready).await;
    facts.expect("the key").row.version.expect("a version")
}

async fn is_held(world: &World, version: &KeyVersion) -> bool {
    let value = world.vault.get(&VaultRef::version(version.id)).await;
    value.expect("the keychain answers").is_some()
}

#[tokio::test]
async fn what_is_brought_back_is_not_taken_out_while_the_provider_answers() {
    let (world, old, _) = with_a_kept_value().await;
    ordered_out(&world, &old).await;
    let (other, tick) = beside(&world, |app| async move {
        app.settle_values().await;
    })
    .await;
    world.tape.strike_first(is_call, Moment::Before, tick);
    world.app().restore_kept(old.id, false).await.expect("it works");
    assert!(is_held(&world, &old).await, "it is the only value that works");
    let serving = serves(&world).await;
    assert_eq!(
        (serving.id, serving.state, serving.held),
        (old.id, VersionState::Live, true)
    );
    other.close().await;
}

#[tokio::test]
async fn what_is_leaving_is_not_brought_back() {
    let (world, old, _) = with_a_kept_value().await;
    ordered_out(&world, &old).await;
    let id = old.id;
    let (other, back) = beside(&world, move |app| async move {
        let refused = app.restore_kept(id, false).await;
        assert_eq!(said(refused).0, Code::KeyNotKept);
    })
    .await;
    let is_delete = |what: &What| matches!(what, What::Keychain { verb: "delete", .. });
    world.tape.strike_first(is_delete, Moment::Before, back);
    world.app().settle_values().await;
    assert!(!is_held(&world, &old).await);
    assert_ne!(
        serves(&world).await.id,
        old.id,
        "nothing is said to serve that is not there"
    );
    other.close().await;
}

#[tokio::test]
async fn an_order_that_comes_while_a_value_is_brought_back_is_carried_out() {
    let (world, old, _) = with_a_kept_value().await;
    let id = old.id;
    let (other, order) = beside(&world, move |app| async move {
        app.remove_kept(id).await.expect("it is ordered out");
    })
    .await;
    // The value that is to give way is called with in each of the two headers, and then this one.
    let calls = AtomicUsize::new(0);
    let is_third = move |what: &What| is_call(what) && calls.fetch_add(1, Ordering::Relaxed) == 2;
    world.tape.strike_first(is_third, Moment::Before, order);
    assert_eq!(said(world.app().restore_kept(old.id, false).await).0, Code::KeyNotKept);
    assert!(!is_held(&world, &old).await);
    assert_ne!(serves(&world).await.id, old.id);
    other.close().await;
}

#[tokio::test]
async fn an_order_stands_again_where_the_value_is_refused() {
    let (world, old, _) = with_a_kept_value().await;
    ordered_out(&world, &old).await;
    world.revoke_at_provider(&world.old.key_id).await;
    assert_eq!(said(world.app().restore_kept(old.id, false).await).0, Code::KeyRefused);
    assert_eq!(world.app().count_leaving().await.expect("a count"), 1);
    world.app().settle_values().await;
    assert!(!is_held(&world, &old).await);
}

#[tokio::test]
async fn nothing_is_brought_back_into_a_rotation() {
    let (world, old, new) = with_a_kept_value().await;
    let key = world.the_key();
    let (other, rotates) = beside(&world, move |app| async move {
        let shown = app.propose_rotation(key, VaultState::Ready).await.expect("a plan");
        app.start_rotation(key, &shown.hash, VaultState::Ready)
            .await
            .expect("it opens");
    })
    .await;
    world.tape.strike_first(is_call, Moment::After, rotates);
    assert_eq!(said(world.app().restore_kept(old.id, false).await).0, Code::KeyBusy);
    assert_eq!(serves(&world).await.id, new.id);
    assert_eq!(
        said(world.app().restore_kept(old.id, false).await).0,
        Code::KeyBusy,
        "nor after it was opened"
    );
    other.close().await;
}

#[tokio::test]
async fn what_gives_way_to_a_new_key_and_is_not_the_one_it_replaces_is_shown() {
    let world = World::calm().connected().await;
    let waiting = went(world.rotate().await);
    let old = waiting.subject.old.clone().expect("an old key");
    let mut database = world.database().await;
    for sql in [
        "UPDATE key_versions SET state = 'retiring' WHERE id = ?1",
        "INSERT INTO key_versions (id, key_id, state, remote_id, held, first_seen_at)
         SELECT '00000000-0000-7000-8000-000000000001', key_id, 'live', 'key_beside', 0, first_seen_at
         FROM key_versions WHERE id = ?1",
        "INSERT INTO unaccounted (id, account_id, remote_id, window_from, window_to)
         SELECT '00000000-0000-7000-8000-000000000002', k.account_id, v.remote_id, 1, 2
         FROM key_versions v JOIN keys k ON k.id = v.key_id WHERE v.id = ?1",
    ] {
        let done = sqlx::query(sql).bind(old.id.to_string()).execute(&mut database).await;
        done.expect(sql);
    }
    let closed = world.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
    let open = world.app().unaccounted().await.expect("a list");
    let open: Vec<_> = open.into_iter().map(|entry| entry.remote_id).collect();
    assert_eq!(
        open,
        [Some("key_beside".to_owned())],
        "and what was proven dead is open no more"
    );
}
