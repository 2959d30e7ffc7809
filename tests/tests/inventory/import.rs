//! A key that exists already, added by hand.

use keywheel_core::app::Description;
use keywheel_core::failure::Code;
use keywheel_core::model::VersionState;
use keywheel_core::vault::{Vault, VaultRef, VaultState};
use tests::World;

use super::{ON_PAGE, account, facts, form, imported, refused};

#[tokio::test]
async fn its_value_lies_in_the_keychain_and_what_is_said_of_it_is_kept() {
    let world = World::calm().opened().await;
    let at = account(&world, "on-page", "Acme").await;
    let mut form = form(&world, &at, "crawler", ON_PAGE).await;
    form.created = Some("2026-08-01".parse().unwrap());
    form.about = Description {
        owner: Some(" Ada Lovelace ".to_owned()),
        used_for: Some("nightly crawl".to_owned()),
        permissions: Some(vec!["results:read".to_owned(), "jobs:read".to_owned()]),
        preset: Some("read-only integration".to_owned()),
    };
    let id = world.app().add_key(form).await.unwrap();
    let facts = facts(&world, id).await;
    let version = facts.row.version.as_ref().unwrap();
    assert_eq!((version.state, version.held), (VersionState::Live, true));
    let stored = world.vault.get(&VaultRef::version(version.id)).await.unwrap().unwrap();
    assert_eq!(stored.expose(), ON_PAGE);
    let age = facts.age.unwrap();
    assert_eq!((age.days, age.at_least), (112, false), "since the day that was told");
    assert_eq!(facts.row.told, Some(version.id), "and it is the person's word");
    let about = &facts.row.about;
    assert_eq!(about.owner.as_ref().unwrap().as_str(), "Ada Lovelace");
    assert_eq!(
        about.permissions,
        ["jobs:read", "results:read"],
        "in the definition's order"
    );
    assert_eq!(about.preset.as_deref(), Some("Read-only integration"));
    assert!(facts.flags.is_empty(), "{:?}", facts.flags);
    assert!(world.sim.requests().is_empty(), "nothing was asked of any provider");
}

#[tokio::test]
async fn without_a_day_its_age_is_a_lower_bound_and_a_later_one_is_refused() {
    let world = World::calm().opened().await;
    let at = account(&world, "on-page", "Acme").await;
    let id = imported(&world, &at, "crawler", ON_PAGE).await;
    let known = facts(&world, id).await;
    assert!(known.age.unwrap().at_least);
    assert_eq!(known.row.told, None);
    for (day, taken) in [("2026-11-21", true), ("2026-11-22", true), ("2026-11-23", false)] {
        let mut form = form(&world, &at, day, ON_PAGE).await;
        form.created = Some(day.parse().unwrap());
        form.anyway = true;
        match (world.app().add_key(form).await, taken) {
            (Ok(id), true) => assert_eq!(facts(&world, id).await.age.unwrap().days, 0),
            (Err(failure), false) => assert_eq!(failure.field.as_deref(), Some("created")),
            (other, _) => panic!("{day}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn an_unknown_form_is_refused_or_asked_about_as_the_definition_says() {
    let world = World::calm().opened().await;
    let (on_page, authenta) = (
        account(&world, "on-page", "Acme").await,
        account(&world, "authenta", "Acme").await,
    );
    let app = world.app();
    let wrong = form(&world, &on_page, "k", "no-such-key-0123456789").await;
    let mut anyway = wrong.clone();
    assert_eq!(
        refused(app.add_key(wrong).await),
        (Code::InputWrongKeyFormat, Some("key".into()))
    );
    anyway.anyway = true;
    app.add_key(anyway).await.expect("its form may have changed");

    let mut unusual = form(&world, &authenta, "k", "no-such-key-0123456789").await;
    assert_eq!(
        refused(app.add_key(unusual.clone()).await),
        (Code::InputUnusualKey, Some("key".into()))
    );
    unusual.anyway = true;
    app.add_key(unusual)
        .await
        .expect("the refusal left the pasted value in place");
}

#[tokio::test]
async fn a_value_that_looks_like_another_providers_is_asked_about() {
    let world = World::calm().opened().await;
    let any = account(&world, "ai-api", "Acme").await;
    let mut other = form(&world, &any, "k", ON_PAGE).await;
    assert_eq!(
        refused(world.app().add_key(other.clone()).await).0,
        Code::InputUnusualKey
    );
    other.anyway = true;
    world.app().add_key(other).await.expect("the person knows better");
    imported(&world, &any, "plain", "correct-horse-battery-staple").await;
}

#[tokio::test]
async fn a_listed_key_that_begins_alike_gets_its_value_instead() {
    let world = World::calm().connected().await;
    let app = world.app();
    let overten = app.account_of(world.the_key()).await.unwrap();
    let mut listed = form(&world, &overten, "again", &world.bystander.value).await;
    assert_eq!(
        refused(app.add_key(listed.clone()).await),
        (Code::InputListedKey, Some("key".into()))
    );
    listed.anyway = true;
    app.add_key(listed).await.expect("it is another one");
}

#[tokio::test]
async fn a_refusal_leaves_nothing_behind() {
    let world = World::calm().opened().await;
    let at = account(&world, "on-page", "Acme").await;
    imported(&world, &at, "crawler", ON_PAGE).await;
    world
        .app()
        .has_the_keys()
        .await
        .expect("the keychain is told of this directory");
    let before = world.vault.len();
    let app = world.app();
    for (field, change) in [
        ("name", Description::default()),
        (
            "permission",
            Description {
                permissions: Some(vec!["everything".to_owned()]),
                ..Description::default()
            },
        ),
        (
            "owner",
            Description {
                owner: Some("A\u{202e}da".to_owned()),
                ..Description::default()
            },
        ),
        (
            "preset",
            Description {
                preset: Some("Everything".to_owned()),
                ..Description::default()
            },
        ),
    ] {
        let name = if field == "name" { "CRAWLER" } else { "other" };
        let mut form = form(&world, &at, name, ON_PAGE).await;
        form.about = change;
        form.anyway = true;
        assert_eq!(refused(app.add_key(form).await).1.as_deref(), Some(field));
    }
    assert_eq!(world.vault.len(), before, "no value without a row");
    let mut other = form(&world, &at, "other", ON_PAGE).await;
    other.anyway = true;
    world.vault.set_state(VaultState::Locked);
    assert_eq!(refused(app.add_key(other.clone()).await).0, Code::KeychainLocked);
    world.vault.set_state(VaultState::Ready);
    world.vault.corrupt_writes(true);
    assert_eq!(refused(app.add_key(other).await).0, Code::KeychainMismatch, "read back");
    world.vault.corrupt_writes(false);
    assert!(app.find_key("other").await.is_err(), "no row without a value");
}

#[tokio::test]
async fn what_is_said_changes_only_where_something_new_is_said() {
    let world = World::calm().opened().await;
    let at = account(&world, "on-page", "Acme").await;
    let id = imported(&world, &at, "crawler", ON_PAGE).await;
    let app = world.app();
    let first = Description {
        owner: Some("Ada".to_owned()),
        permissions: Some(vec!["jobs:read".to_owned()]),
        ..Description::default()
    };
    app.describe_key(id, &first).await.unwrap();
    let second = Description {
        owner: Some(String::new()),
        used_for: Some("crawling".to_owned()),
        ..Description::default()
    };
    app.describe_key(id, &second).await.unwrap();
    let about = facts(&world, id).await.row.about;
    assert_eq!(about.owner, None, "an empty text forgets");
    assert_eq!(about.used_for.unwrap().as_str(), "crawling");
    assert_eq!(about.permissions, ["jobs:read"], "what was not named stays");
}
