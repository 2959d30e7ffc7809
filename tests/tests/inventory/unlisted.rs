//! A list that lacks a key ends nothing and deletes nothing: it says since when the key is not listed, until it is again.

use keywheel_core::Code;
use keywheel_core::app::Answer as Order;
use keywheel_core::model::{Answer, KeyVersion, VersionId, VersionState};
use keywheel_core::vault::{Vault, VaultRef, VaultState};
use provider_sim::Fault;
use serde_json::{Value, json};
use tests::{World, went};

/// A list that is well formed, or not, and not so.
fn list(status: u16, body: Value) -> Fault {
    let answer = Fault::status(status).body(body);
    answer.before().always().on("GET", "/**/api-keys")
}

async fn read(world: &World) {
    world.advance(15);
    world.app().refresh(None).await.expect("the lists are read");
    // What the timer of the window does every two seconds.
    world.app().tick().await.expect("a tick");
}

async fn versions(world: &World) -> Vec<KeyVersion> {
    let app = world.app();
    let detail = app.key_detail(world.the_key(), VaultState::Ready).await;
    detail.expect("the key").versions
}

async fn version(world: &World) -> KeyVersion {
    versions(world).await.into_iter().next().expect("a version")
}

async fn is_held(world: &World, version: &KeyVersion) -> bool {
    let value = world.vault.get(&VaultRef::version(version.id)).await;
    let value = value.expect("the keychain answers");
    value.is_some_and(|value| value.expose() == world.old.value)
}

#[tokio::test]
async fn no_list_ends_a_key_or_takes_its_value() {
    let bystander = |world: &World| json!([{"key_id": world.bystander.key_id, "prefix": "sk_live_"}]);
    let others = json!([{"key_id": "key_of_another_account", "prefix": "sk_live_zzzz"}]);
    for (what, status, body, lacks) in [
        ("empty", 200, Some(json!([])), true),
        ("without its first half", 200, None, true),
        ("another account's", 200, Some(others), true),
        (
            "nobody knows the account",
            404,
            Some(json!({"error": "not found"})),
            false,
        ),
        ("a page of text", 200, Some(json!("<html>sign in</html>")), false),
        ("an error", 500, Some(json!({"error": "ill"})), false),
        (
            "other ids",
            200,
            Some(json!([{"key_id": "x1", "prefix": "sk_live_"}, {"key_id": "x2", "prefix": "sk_live_"}])),
            true,
        ),
        ("null", 200, Some(json!({"data": null})), false),
    ] {
        let world = World::calm().connected().await;
        let body = body.unwrap_or_else(|| bystander(&world));
        world.sim.inject(list(status, body));
        // One that lacks all it had is believed the second time.
        read(&world).await;
        read(&world).await;
        let during = version(&world).await;
        assert_eq!(during.state, VersionState::Live, "{what}");
        assert_eq!(during.unlisted_since.is_some(), lacks, "{what}");
        assert!(
            during.held && during.ended_at.is_none() && is_held(&world, &during).await,
            "{what}"
        );
        let since = during.unlisted_since;
        read(&world).await;
        assert_eq!(
            version(&world).await.unlisted_since,
            since,
            "{what}: the first one counts"
        );
        let rotated = went(world.rotate().await);
        assert!(
            rotated.subject.old.is_some_and(|old| old.held),
            "{what}: it can be replaced meanwhile"
        );
        let id = rotated.id;
        let _ = world.app().undo(id, &Default::default()).await;
        world.sim.clear_faults();
        read(&world).await;
        let after = version_of(&world, during.id).await;
        assert_eq!(
            (after.state, after.unlisted_since),
            (VersionState::Live, None),
            "{what}: it is listed again"
        );
        assert!(is_held(&world, &after).await, "{what}");
    }
}

async fn version_of(world: &World, id: VersionId) -> KeyVersion {
    let mut versions = versions(world).await.into_iter();
    versions.find(|version| version.id == id).expect("the version")
}

#[tokio::test]
async fn a_list_that_lacks_all_it_had_changes_nothing_before_it_is_read_again() {
    let world = World::calm().connected().await;
    world.sim.inject(list(200, json!([])));
    read(&world).await;
    let first = version(&world).await;
    assert_eq!(first.unlisted_since, None, "once may be a slip");
    let (_, listing) = world.app().listings().await.expect("the accounts").remove(0);
    assert_eq!(
        listing.failed.map(|(_, code)| code),
        Some(Code::ProviderListLacks),
        "and is said"
    );
    world.sim.clear_faults();
    read(&world).await;
    assert_eq!(version(&world).await.unlisted_since, None, "it was one");
    world.sim.inject(list(200, json!([])));
    read(&world).await;
    read(&world).await;
    assert!(version(&world).await.unlisted_since.is_some(), "twice is none");
    let order = world.app().refresh(Some(world.the_account())).await;
    order.expect("it is as the one before");
}

#[tokio::test]
async fn what_is_not_listed_is_flagged_as_that_and_counts_on() {
    let world = World::calm().connected().await;
    world.sim.inject(list(200, json!([])));
    read(&world).await;
    read(&world).await;
    let facts = world
        .app()
        .key_facts(world.the_key(), VaultState::Ready)
        .await
        .expect("the key");
    let codes: Vec<_> = facts.flags.iter().map(|flag| flag.kind.as_str()).collect();
    assert!(codes.contains(&"unlisted"), "{codes:?}");
    let verdict = world.app().verify(world.the_key()).await.expect("it can be asked");
    assert_eq!(verdict.answer, Answer::Live);
}

#[tokio::test]
async fn another_key_under_a_known_id_is_shown_and_ours_keeps_its_marks() {
    let world = World::calm().connected().await;
    read(&world).await;
    let before = version(&world).await;
    let id = before.remote_id.clone().expect("an id");
    let theirs = json!({"key_id": id, "prefix": "sk_live_0000"});
    let other = json!({"key_id": world.bystander.key_id, "prefix": "sk_live_"});
    world.sim.inject(list(200, json!([theirs, other])));
    for _ in 0..2 {
        read(&world).await;
        let after = version(&world).await;
        assert_eq!((&after.prefix, after.created_at), (&before.prefix, before.created_at));
        assert!(after.unlisted_since.is_some(), "its own entry is not there");
        assert!(is_held(&world, &after).await);
        let shown = world.app().unaccounted().await.expect("what is shown");
        let shown: Vec<_> = shown.into_iter().map(|entry| entry.remote_id).collect();
        assert_eq!(shown, [Some(id.clone())]);
    }
    world.sim.clear_faults();
    read(&world).await;
    assert_eq!(version(&world).await.unlisted_since, None, "it is listed again");
    assert!(world.app().unaccounted().await.expect("what is shown").is_empty());
}

#[tokio::test]
async fn a_dead_key_that_is_listed_again_is_shown_and_can_be_revoked() {
    for lacked in [true, false] {
        comes_back(lacked).await;
    }
}

/// After a list has lacked it, or a quarter of an hour after its end: later than that list can lag.
async fn comes_back(lacked: bool) {
    let world = World::calm().connected().await;
    let waiting = went(world.rotate().await);
    let ended = world.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert!(ended.position.is_closed(), "{:?}", ended.position);
    let new = ended
        .subject
        .new
        .as_ref()
        .and_then(|new| new.remote_id.clone())
        .expect("an id");

    // Restored by somebody, or never deleted by all parts of the provider.
    let entry = |id: &str| json!({"key_id": id, "prefix": "sk_live_"});
    let all = json!([entry(&world.old.key_id), entry(&new), entry(&world.bystander.key_id)]);
    if lacked {
        read(&world).await;
    }
    assert_eq!(world.app().unaccounted().await.expect("a list"), []);
    world.sim.inject(list(200, all));
    for _ in 0..2 {
        read(&world).await;
        let shown = world.app().unaccounted().await.expect("a list");
        let ids: Vec<_> = shown.iter().map(|one| one.remote_id.as_deref()).collect();
        assert_eq!(ids, [Some(world.old.key_id.as_str())], "once");
        assert!(shown[0].is_back());
    }
    let entry = world.app().unaccounted().await.expect("a list").remove(0);
    world.sim.clear_faults();
    let remote_id = world.old.key_id.clone();
    let order = Order::Revoke { remote_id };
    world
        .app()
        .settle_unaccounted(entry.id, order)
        .await
        .expect("it is revoked");
    assert_eq!(world.app().unaccounted().await.expect("a list"), []);
    let successor = world.sim.ledger().key(&new).cloned().expect("its successor");
    assert!(
        successor.is_live(),
        "by its own id, not by that of the key that took its place"
    );
}

#[tokio::test]
async fn what_a_list_tells_of_a_value_or_the_credential_is_not_written_down() {
    let world = World::calm().connected().await;
    let credential = world.user.refresh_token.clone();
    let value = &world.old.value;
    // Too short for the form of a value.
    let almost = &value[..30];
    world.sim.inject(list(
        200,
        json!([
            {"key_id": world.old.key_id, "prefix": almost},
            {"key_id": world.bystander.key_id, "prefix": credential},
            {"key_id": almost, "prefix": "sk_live_"},
        ]),
    ));
    world.advance(15);
    world.app().refresh(None).await.ok();
    let told: Vec<String> = world
        .column("SELECT ifnull(prefix, '') || ifnull(remote_id, '') FROM key_versions")
        .await;
    let told = told.join("\n");
    assert!(!told.contains(&value[..20]) && !told.contains(&credential), "{told}");
    assert!(told.contains(&value[..12]), "a beginning is kept: {told}");
}
