//! What was removed stays as rows and is not there any more: nothing new comes under it, whoever looked before it went, and
//! what happened with it stays to be read.

use std::sync::Arc;

use jiff::civil::date;
use keywheel_core::app::{Answer, Connect, Description, ExistingKey, NewTarget, OrgChoice};
use keywheel_core::model::{KeyId, RemoteKey, UnaccountedId};
use keywheel_core::policy::Notice;
use keywheel_core::rotation::{Claim, Claims, Ending, State};
use keywheel_core::store::{Reading, Shown, Store};
use keywheel_core::vault::VaultState;
use keywheel_core::{App, Code};
use provider_sim::Fault;
use sqlx::AssertSqlSafe;
use tests::{Mishap, Moment, What, World, went};

use super::said;

fn gone(field: &str) -> (Code, Option<String>) {
    (Code::Removed, Some(field.to_owned()))
}

/// Has another process remove the account once the keychain is asked for the first time.
async fn account_goes_once_the_keychain_is_asked(world: &mut World) -> Arc<App> {
    world.reopen().await;
    let (other, account) = (Arc::new(world.another().await.expect("it opens")), world.the_account());
    let app = other.clone();
    let removed = Mishap::Beside(Arc::new(move || {
        let app = app.clone();
        Box::pin(async move { app.remove_account(account).await.expect("it is removed") })
    }));
    let is_keychain = |what: &What| matches!(what, What::Keychain { .. });
    world.tape.strike_first(is_keychain, Moment::Before, removed);
    other
}

async fn import(world: &World, name: &str) -> ExistingKey {
    ExistingKey {
        account: world.the_account(),
        environment: world.production().await,
        name: name.to_owned(),
        pasted: world.pasted("key", &world.bystander.value),
        created: None,
        about: Description::default(),
        anyway: true,
    }
}

async fn reads(world: &World) {
    let app = world.app();
    let inventory = app.inventory(VaultState::Ready).await.expect("the lists are shown");
    assert!(inventory.rotations.is_empty(), "nothing was opened");
    app.tick().await.expect("a tick");
    app.refresh(None).await.expect("the lists are read");
}

#[tokio::test]
async fn nothing_is_opened_for_a_key_that_was_removed_while_its_plan_was_shown() {
    let world = World::calm().not_holding().connected().await;
    let (app, key) = (world.app(), world.the_key());
    let rotate = app.propose_rotation(key, VaultState::Ready).await.expect("a plan");
    let revoke = app.propose_revoke(key, VaultState::Ready).await.expect("a plan");
    app.remove_key(key).await.expect("it is removed");
    let opened = app.start_rotation(key, &rotate.hash, VaultState::Ready).await;
    assert_eq!(said(opened), gone("key"));
    let opened = app.start_revoke(key, &revoke.hash, VaultState::Ready).await;
    assert_eq!(said(opened), gone("key"));
    reads(&world).await;
}

#[tokio::test]
async fn nothing_comes_into_an_account_that_is_removed_while_the_keychain_is_asked() {
    let mut world = World::calm().connected().await;
    let other = account_goes_once_the_keychain_is_asked(&mut world).await;
    let production = world.production().await;
    let made = world
        .app()
        .new_key(world.the_account(), production, "fresh", &Description::default())
        .await;
    assert_eq!(said(made), gone("account"));
    reads(&world).await;
    other.close().await;

    let mut world = World::calm().connected().await;
    let other = account_goes_once_the_keychain_is_asked(&mut world).await;
    let taken = world.app().add_key(import(&world, "mine").await).await;
    assert_eq!(said(taken), gone("account"));
    reads(&world).await;
    other.close().await;
}

#[tokio::test]
async fn a_value_that_came_after_its_account_went_leaves_again_and_is_not_said_to_be_here() {
    let world = World::calm().connected().await;
    let (app, account) = (world.app(), world.the_account());
    let removed = Mishap::Beside(Arc::new(move || {
        let app = app.clone();
        Box::pin(async move { app.remove_account(account).await.expect("it is removed") })
    }));
    let is_put = |what: &What| matches!(what, What::Keychain { verb: "put", .. });
    world.tape.strike_first(is_put, Moment::After, removed);
    let taken = world.app().add_key(import(&world, "mine").await).await;
    assert_eq!(said(taken), gone("key"));
    world.app().settle_values().await;
    assert_eq!(world.app().count_leaving().await.expect("a count"), 0);
    let values = world
        .vault
        .refs()
        .into_iter()
        .filter(|at| at.as_str().starts_with("version/"));
    assert_eq!(values.count(), 0, "nothing of the account is kept");
}

#[tokio::test]
async fn a_credential_does_not_replace_that_of_an_account_that_went_meanwhile() {
    let world = World::calm().connected().await;
    let (app, account) = (world.app(), world.the_account());
    let removed = Mishap::Beside(Arc::new(move || {
        let app = app.clone();
        Box::pin(async move { app.remove_account(account).await.expect("it is removed") })
    }));
    let is_list =
        |what: &What| matches!(what, What::Request { method, path } if method == "GET" && path.ends_with("/api-keys"));
    world.tape.strike_first(is_list, Moment::After, removed);
    let form = world.connect_form().await;
    let replaced = world.app().replace_credential(account, form).await;
    assert_eq!(said(replaced.map(drop)).0, Code::Removed);
    let acme = world.app().find_org("Acme").await.expect("it is there").id;
    let form = Connect {
        org: OrgChoice::Existing(acme),
        ..world.connect_form().await
    };
    world.app().connect(form).await.expect("its label is free");
}

#[tokio::test]
async fn what_a_rotation_is_of_is_not_removed_beside_it() {
    let world = World::calm().connected().await;
    let waiting = went(world.rotate().await);
    let store = Store::open(world.dir.path(), "beside").await.expect("it opens");
    let removed = store.remove_key(world.the_key(), world.now(), None).await;
    assert_eq!(said(removed).0, Code::KeyBusy);
    let at = NewTarget::ByHand("Vercel".to_owned());
    assert_eq!(
        said(world.app().add_target(world.the_key(), at).await.map(drop)).0,
        Code::KeyBusy
    );
    store.close().await;
    let undone = world
        .app()
        .undo(waiting.id, &Default::default())
        .await
        .expect("it goes on");
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
    world.app().remove_key(world.the_key()).await.expect("it is free");
}

#[tokio::test]
async fn what_is_used_elsewhere_by_now_is_planned_anew() {
    let mut world = World::calm().connected().await;
    let key = world.the_key();
    let shown = world
        .app()
        .propose_rotation(key, VaultState::Ready)
        .await
        .expect("a plan");
    world.reopen().await;
    let other = Arc::new(world.another().await.expect("it opens"));
    let app = other.clone();
    let added = Mishap::Beside(Arc::new(move || {
        let app = app.clone();
        Box::pin(async move {
            let at = NewTarget::ByHand("Vercel".to_owned());
            app.add_target(key, at).await.map(drop).expect("it is taken");
        })
    }));
    let is_keychain = |what: &What| matches!(what, What::Keychain { .. });
    world.tape.strike_first(is_keychain, Moment::Before, added);
    let opened = world.app().start_rotation(key, &shown.hash, VaultState::Ready).await;
    assert_eq!(said(opened).0, Code::RotationPlanChanged);
    other.close().await;
}

/// As a version before this one may have left it.
async fn written(world: &World, sql: &str, id: &str) {
    let mut database = world.database().await;
    let done = sqlx::query(AssertSqlSafe(sql.to_owned()))
        .bind(id)
        .execute(&mut database)
        .await;
    assert_eq!(done.expect("it is written").rows_affected(), 1);
}

#[tokio::test]
async fn a_rotation_of_what_was_removed_is_shown_and_can_be_ended() {
    let world = World::calm().connected().await;
    let production = world.production().await;
    let (app, account) = (world.app(), world.the_account());
    let open = app.new_key(account, production, "fresh", &Description::default()).await;
    let open = open.expect("it opens");
    let sql = "UPDATE accounts SET removed_at = 1, label = label || ' ' || id WHERE id = ?";
    written(&world, sql, &account.to_string()).await;
    let inventory = app.inventory(VaultState::Ready).await.expect("the lists are shown");
    let labels: Vec<_> = inventory
        .rotations
        .iter()
        .map(|one| one.subject.account.label.to_string())
        .collect();
    assert_eq!(labels, ["main"], "under the label that it had");
    app.tick().await.expect("a tick");
    let fresh: KeyId = app.find_key("fresh").await.expect("by the name of its key").id;
    let rotation = app.rotation_of(fresh).await.expect("it is read").expect("a rotation");
    assert_eq!(rotation.id, open);
    let ended = app.undo(open, &Default::default()).await.expect("it can be left");
    assert!(ended.position.is_closed());
    assert!(app.open_rotations().await.expect("a list").is_empty());
}

#[tokio::test]
async fn a_rotation_that_cannot_be_read_holds_up_no_other_and_is_told() {
    let world = World::calm().connected().await;
    let waiting = went(world.rotate().await);
    let production = world.production().await;
    let app = world.app();
    let ill = app
        .new_key(world.the_account(), production, "fresh", &Description::default())
        .await;
    let ill = ill.expect("it opens");
    written(
        &world,
        "UPDATE rotations SET plan = '\"v9\"' WHERE id = ?",
        &ill.to_string(),
    )
    .await;
    let inventory = app.inventory(VaultState::Ready).await.expect("the lists are shown");
    assert_eq!(
        inventory.rotations.iter().map(|one| one.id).collect::<Vec<_>>(),
        [waiting.id]
    );
    app.refresh(None).await.expect("the lists are read");
    app.tick().await.expect("a tick");
    assert_eq!(app.recent_rotations(2).await.expect("what happened").len(), 1);
    let unread = app.examine().await.unread;
    let unread: Vec<_> = unread.into_iter().map(|(id, failure)| (id, failure.code)).collect();
    assert_eq!(unread, [(ill, Code::StoreDamaged)]);
    let closed = app.confirm_replaced(waiting.id).await.expect("it goes on");
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
}

#[tokio::test]
async fn people_are_told_on_after_an_account_with_a_rotation_was_removed() {
    let world = World::calm().connected().await;
    let app = world.app();
    let waiting = went(world.rotate().await);
    app.confirm_replaced(waiting.id).await.expect("it goes on");
    app.remove_account(world.the_account()).await.expect("it is removed");
    let recent = app.recent_rotations(30).await.expect("what happened");
    assert_eq!(recent.iter().map(|one| one.id).collect::<Vec<_>>(), [waiting.id]);

    let org = app.find_org("Acme").await.expect("it is there").id;
    let form = Connect {
        org: OrgChoice::Existing(org),
        ..world.connect_form().await
    };
    app.connect(form).await.expect("it connects");
    let key = world.key_of(&world.bystander.key_id).await.expect("it is listed");
    let handle = world.pasted("key", &world.bystander.value);
    app.hold(key, &handle).await.expect("it is taken");
    let refused = Fault::status(401).code("invalid_api_key").on("GET", "/api/v1/verify");
    world.sim.inject(refused.always());
    app.verify(key).await.expect("an answer");
    let night = date(2026, 11, 21).at(3, 15, 0, 0);
    let told = app
        .notices(VaultState::Ready, night, false)
        .await
        .expect("they are told");
    assert!(told.iter().any(|one| matches!(one, Notice::AtOnce { .. })), "{told:?}");
}

#[tokio::test]
async fn an_account_is_not_removed_while_keys_of_it_are_open_that_nobody_accounts_for() {
    let mut world = World::calm().connected().await;
    let app = world.app();
    let waiting = went(world.rotate().await);
    let claims = Claims {
        old: Some(Claim::Leave),
        new: Some(Claim::Works),
    };
    app.settle_rotation(waiting.id, claims).await.expect("it is settled");
    let open = app.unaccounted().await.expect("a list");
    assert_eq!(open.len(), 1);
    let refused = app.remove_account(world.the_account()).await;
    assert_eq!(said(refused).0, Code::AccountUnaccounted);
    assert_eq!(app.unaccounted().await.expect("a list"), open, "it is shown on");
    app.settle_unaccounted(open[0].id, Answer::Keep)
        .await
        .expect("it is somebody's");
    let entry = "UPDATE unaccounted SET settled_at = NULL, settled_as = NULL WHERE account_id = ?";
    app.remove_account(world.the_account()).await.expect("it is removed");
    assert_eq!(app.examine().await.unaccounted, []);

    // One that an earlier version left.
    written(&world, entry, &world.the_account().to_string()).await;
    assert_eq!(app.examine().await.unaccounted.len(), 1);
    world.shut().await;
    drop(app);
    let again = "DELETE FROM _sqlx_migrations WHERE version = 24 AND ?1 <> ''";
    written(&world, again, "once").await;
    world.reopen().await;
    assert_eq!(world.app().examine().await.unaccounted, []);
}

#[tokio::test]
async fn a_list_that_comes_after_its_account_went_is_nobodys() {
    let world = World::calm().connected().await;
    let account = world.the_account();
    let store = Store::open(world.dir.path(), "beside").await.expect("it opens");
    let mut reading = Reading::of(account, world.now(), world.now());
    reading.shown.push(Shown {
        entry: UnaccountedId::new(1, [9; 10]),
        since: world.now(),
        made_by: None,
        listed: RemoteKey {
            remote_id: "key_of_before".to_owned(),
            ..RemoteKey::default()
        },
    });
    world.app().remove_account(account).await.expect("it is removed");
    store.note_readings(&[reading]).await.expect("nothing is amiss");
    store.close().await;
    assert_eq!(world.app().unaccounted().await.expect("a list"), []);
}
