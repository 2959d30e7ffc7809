//! A backup of the data directory, put back in its place after a person went on.

use keywheel_core::Code;
use keywheel_core::app::NewTarget;
use keywheel_core::failure::Failure;
use keywheel_core::model::{FingerprintKey, Secret, VersionState};
use keywheel_core::rotation::{Claim, Claims, Ending, State};
use keywheel_core::store::DB_FILE;
use keywheel_core::vault::{Vault, VaultRef, VaultState};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tests::{World, went};

/// The database as it is now.
fn backup(world: &World) -> Vec<u8> {
    std::fs::read(world.dir.path().join(DB_FILE)).expect("it is read")
}

/// The process ends, and the next one finds the backup.
async fn put_back(world: &mut World, backup: &[u8]) {
    world.shut().await;
    std::fs::write(world.dir.path().join(DB_FILE), backup).expect("it is put back");
    world.reopen().await;
}

fn refused<T>(done: Result<T, Failure>, code: Code) {
    assert_eq!(done.err().map(|failure| failure.code), Some(code));
}

fn claims(old: Claim, new: Claim) -> Claims {
    Claims {
        old: Some(old),
        new: Some(new),
    }
}

#[tokio::test]
async fn a_rotation_that_was_ended_since_goes_on_by_nobody_before_a_person_has_looked() {
    let mut world = World::calm().connected().await;
    let id = went(world.rotate().await).id;
    let earlier = backup(&world);
    let ended = world
        .app()
        .settle_rotation(id, claims(Claim::Works, Claim::Leave))
        .await;
    assert_eq!(
        ended.expect("it is ended").position.state,
        State::Closed(Ending::Settled)
    );
    put_back(&mut world, &earlier).await;

    let app = world.app();
    refused(app.has_the_keys().await, Code::KeychainAhead);
    let seen = app.examine().await;
    refused(seen.has_the_keys, Code::KeychainAhead);
    assert!(
        seen.open.iter().all(|open| open.is_unseen()),
        "what is said of it is of before"
    );
    refused(app.confirm_replaced(id).await, Code::KeychainAhead);
    refused(app.go_on_alone(id).await, Code::KeychainAhead);
    assert!(world.sim.accepts(&world.old.value), "it serves, by the last word");
    app.refresh(None).await.expect("it reads");

    app.settle_here().await.expect("a person's order");
    app.has_the_keys().await.expect("it has them");
    refused(app.go_on_alone(id).await, Code::RotationBehind);
    let open = app.rotation(id).await.expect("it is open");
    assert!(open.is_unseen() && open.needs_person());
    assert!(app.tick().await.expect("a tick").is_empty());
    world.reopen().await;
    let app = world.app();
    refused(app.go_on_alone(id).await, Code::RotationBehind);
    let seen = app.go_on(id).await.expect("a person has looked");
    assert!(!seen.is_unseen());
    app.go_on_alone(id).await.expect("it goes on as any other one");
    assert_eq!(world.violations().await, Vec::<String>::new());
}

#[tokio::test]
async fn an_overlap_of_a_state_that_was_put_back_ends_by_no_timer() {
    let mut world = World::calm().overlapping(1).connected().await;
    let id = went(world.rotate().await).id;
    let waits = world.app().confirm_replaced(id).await.expect("it is told");
    assert!(matches!(waits.position.state, State::AwaitingTime { .. }));
    let earlier = backup(&world);
    world
        .app()
        .settle_rotation(id, claims(Claim::Works, Claim::Leave))
        .await
        .expect("it is ended");
    put_back(&mut world, &earlier).await;
    world.clock.advance(jiff::SignedDuration::from_hours(2));
    for _ in 0..2 {
        assert!(world.app().tick().await.expect("a tick").is_empty());
        assert!(world.sim.accepts(&world.old.value));
        world.app().settle_here().await.expect("a person's order");
    }
    let ended = world.app().go_on(id).await.expect("a person has looked");
    assert_eq!(ended.position.state, State::Closed(Ending::Completed));
}

#[tokio::test]
async fn an_order_that_was_taken_back_since_takes_no_value_out() {
    let mut world = World::calm().connected().await;
    let waiting = went(world.rotate().await);
    let ended = world
        .app()
        .settle_rotation(waiting.id, claims(Claim::Gone, Claim::Works))
        .await;
    let subject = ended.expect("it is settled").subject;
    let (old, new) = (subject.old.expect("one"), subject.new.expect("another"));
    world.vault.set_state(VaultState::Locked);
    drop(world.app().remove_kept(old.id).await);
    let earlier = backup(&world);
    world.vault.set_state(VaultState::Ready);
    world.revoke_at_provider(new.remote_id.as_deref().expect("an id")).await;
    world.app().restore_kept(old.id, false).await.expect("it works");
    put_back(&mut world, &earlier).await;

    let at = VaultRef::version(old.id);
    let app = world.app();
    assert_eq!(app.count_leaving().await.expect("they are counted"), 1);
    app.settle_values().await;
    assert!(world.vault.holds(&at), "it is the only value that works");
    app.settle_here().await.expect("a person's order");
    app.settle_values().await;
    assert!(world.vault.holds(&at), "what was ordered before is asked for once more");
    assert_eq!(app.count_leaving().await.expect("they are counted"), 0);
    app.restore_kept(old.id, false).await.expect("it works");
    let serves = app
        .key_facts(world.the_key(), VaultState::Ready)
        .await
        .expect("the key");
    let version = serves.row.version.expect("a version");
    assert_eq!((version.id, version.state), (old.id, VersionState::Live));
}

#[tokio::test]
async fn a_state_that_is_newer_than_the_keychain_was_told_goes_on() {
    let mut world = World::calm().connected().await;
    world.reopen().await;
    let dir = world.column("SELECT id FROM data_dir").await.remove(0);
    let seal = VaultRef::seal(&dir);
    let told = world.vault.get(&seal).await.expect("it is read").expect("it was told");
    let id = went(world.rotate().await).id;
    world.reopen().await;
    // A process that was killed has told nothing; and a keychain that was put back knows nothing.
    for known in [Some(told), None] {
        match known {
            Some(told) => world.vault.put(&seal, &told).await.expect("it is put back"),
            None => world.vault.delete(&seal).await.expect("it is lost"),
        }
        world.app().go_on(id).await.expect("it goes on");
        assert!(world.vault.holds(&seal), "it is told again");
    }
}

#[tokio::test]
async fn a_key_of_fingerprints_that_they_were_not_made_with_is_none() {
    let mut world = World::calm().connected().await;
    let dir = world.column("SELECT id FROM data_dir").await.remove(0);
    let held = world
        .app()
        .key_detail(world.the_key(), VaultState::Ready)
        .await
        .expect("the key");
    let id = held.versions.first().expect("a version").id;
    let place = VaultRef::fingerprint_key(&dir);
    let made = world.vault.get(&place).await.expect("it is read").expect("it is there");
    let another = FingerprintKey::new([7; 32]).to_secret();
    world
        .vault
        .put(&place, &another)
        .await
        .expect("another program writes it");
    world.reopen().await;
    refused(world.app().recognises().await, Code::KeychainNoFingerprints);
    refused(world.app().copy(id).await, Code::KeychainNoFingerprints);

    assert_eq!(world.app().renew_fingerprints().await.expect("a person's order"), 2);
    world.reopen().await;
    world.app().copy(id).await.expect("it is recognised");
    // The former one comes back, with a backup of the keychain.
    world.vault.put(&place, &made).await.expect("it is put back");
    world.reopen().await;
    refused(world.app().copy(id).await, Code::KeychainNoFingerprints);
    assert_eq!(world.app().renew_fingerprints().await.expect("a person's order"), 2);
    world.reopen().await;
    world.app().copy(id).await.expect("it is recognised");
}

#[tokio::test]
async fn a_backup_in_which_much_is_done_is_no_later_state_for_that() {
    let mut world = World::calm().connected().await;
    let earlier = backup(&world);
    went(world.rotate().await);
    put_back(&mut world, &earlier).await;
    refused(world.app().has_the_keys().await, Code::KeychainAhead);
    let by_hand = NewTarget::ByHand("Vercel".to_owned());
    refused(
        world.app().add_target(world.the_key(), by_hand).await,
        Code::KeychainAhead,
    );
    // As by an act that the keychain could not be asked about.
    let file = SqliteConnectOptions::new().filename(world.dir.path().join(DB_FILE));
    let mut database = file.connect().await.expect("it opens");
    let done = sqlx::query("UPDATE data_dir SET acts = acts + 100")
        .execute(&mut database)
        .await;
    done.expect("it is written");
    database.close().await.expect("it closes");
    refused(world.app().has_the_keys().await, Code::KeychainAhead);
    world.reopen().await;
    refused(world.app().has_the_keys().await, Code::KeychainAhead);
    world.app().settle_here().await.expect("a person's order");
    world.app().has_the_keys().await.expect("it has them now");
}

#[tokio::test]
async fn what_the_keychain_was_told_and_cannot_be_read_is_not_written_over() {
    let mut world = World::calm().connected().await;
    world.reopen().await;
    let dir = world.column("SELECT id FROM data_dir").await.remove(0);
    let seal = VaultRef::seal(&dir);
    for garbage in ["garbage", "99999999999999999999999999 a b"] {
        let other = Secret::new(garbage.to_owned());
        world.vault.put(&seal, &other).await.expect("somebody writes over it");
        refused(world.app().has_the_keys().await, Code::KeychainSealUnread);
        let there = world.vault.get(&seal).await.expect("it is read").expect("it is there");
        assert!(there.same_as(&other), "{garbage:?}");
        world.app().settle_here().await.expect("a person's order");
        world.app().has_the_keys().await.expect("it has them now");
    }
}
