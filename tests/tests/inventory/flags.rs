//! What is amiss with keys, in the lists and in the detail.

use keywheel_core::app::Description;
use keywheel_core::vault::VaultState;
use keywheel_wire::render::{Names, inventory_view, key_detail_view};
use keywheel_wire::{KeyView, PurposeView};
use tests::World;

use super::{ON_PAGE, account, imported, owned};

const OPTIVERSE: &str = "optiuser_v1_0123456789abcdefghij";

async fn listed(world: &World) -> Vec<KeyView> {
    let app = world.app();
    let inventory = app.inventory(VaultState::Ready).await.unwrap();
    inventory_view(&inventory, &Names::of(&app).await.unwrap(), app.instance()).keys
}

fn codes<'a>(keys: &'a [KeyView], name: &str) -> Vec<&'a str> {
    let key = keys.iter().find(|key| key.name == name).expect("it is listed");
    key.flags.iter().map(|flag| flag.code.as_str()).collect()
}

#[tokio::test]
async fn one_value_in_two_places_is_told_by_its_fingerprint_alone() {
    let world = World::calm().opened().await;
    let (acme, globex) = (
        account(&world, "on-page", "Acme").await,
        account(&world, "on-page", "Globex").await,
    );
    imported(&world, &acme, "crawler", ON_PAGE).await;
    imported(&world, &acme, "single", "op_live_another_one_0123456789").await;
    let other = imported(&world, &globex, "indexer", ON_PAGE).await;
    let app = world.app();
    let staging = app.find_environment("staging").await.unwrap().id;
    app.move_key(other, staging).await.unwrap();

    let reads = world.vault.calls();
    let keys = listed(&world).await;
    assert_eq!(world.vault.calls(), reads, "no value is read for it");
    let all = [
        "same_value_two_orgs",
        "same_value_two_environments",
        "same_value_two_keys",
    ];
    assert_eq!(codes(&keys, "crawler"), all);
    assert_eq!(codes(&keys, "indexer"), all);
    assert!(codes(&keys, "single").is_empty());

    let detail = app.key_detail(other, VaultState::Ready).await.unwrap();
    let view = key_detail_view(&detail, &globex, &Names::of(&app).await.unwrap()).unwrap();
    let said = &view.key.flags[0].sentence;
    assert_eq!(
        said,
        "Another organisation uses the same value: Acme/production/crawler."
    );
    app.remove_key(other).await.unwrap();
    assert!(
        codes(&listed(&world).await, "crawler").is_empty(),
        "a removed key holds nothing"
    );
}

#[tokio::test]
async fn a_personal_key_has_one_owner() {
    let world = World::calm().opened().await;
    let at = account(&world, "optiverse", "Acme").await;
    let mine = imported(&world, &at, "records", OPTIVERSE).await;
    assert_eq!(codes(&listed(&world).await, "records"), ["owner_unknown"]);
    let ada = Description {
        owner: Some("Ada".to_owned()),
        ..Description::default()
    };
    world.app().describe_key(mine, &ada).await.unwrap();
    assert!(codes(&listed(&world).await, "records").is_empty());
    owned(&world, &at, "copy", OPTIVERSE, "Bob").await;
    let keys = listed(&world).await;
    assert_eq!(
        codes(&keys, "records"),
        ["same_value_two_keys", "shared_between_people"]
    );
}

#[tokio::test]
async fn a_key_may_be_broader_than_its_preset_needs() {
    let world = World::calm().opened().await;
    let at = account(&world, "on-page", "Acme").await;
    let id = imported(&world, &at, "dashboard", ON_PAGE).await;
    let said = |permissions: &[&str]| Description {
        permissions: Some(permissions.iter().map(ToString::to_string).collect()),
        preset: Some("Read-only integration".to_owned()),
        ..Description::default()
    };
    for (permissions, flags) in [
        (&["jobs:read", "results:read", "credits:read"][..], &[][..]),
        (&["jobs:read"], &[]),
        (&["jobs:read", "scan:create"], &["broader"]),
    ] {
        world.app().describe_key(id, &said(permissions)).await.unwrap();
        assert_eq!(codes(&listed(&world).await, "dashboard"), flags, "{permissions:?}");
    }
    let none = Description {
        preset: Some(String::new()),
        ..Description::default()
    };
    world.app().describe_key(id, &none).await.unwrap();
    assert!(codes(&listed(&world).await, "dashboard").is_empty(), "no need was said");
}

#[tokio::test]
async fn a_login_that_manages_two_accounts_is_no_shared_key() {
    let world = World::calm().connected().await;
    let mut form = world.connect_form().await;
    form.org = keywheel_core::app::OrgChoice::New("Globex".to_owned());
    form.anyway = true;
    world.app().connect(form).await.unwrap();
    let (logins, keys): (Vec<_>, Vec<_>) = listed(&world)
        .await
        .into_iter()
        .partition(|key| key.purpose == PurposeView::Management);
    assert!(logins.iter().all(|key| key.flags.is_empty()), "{logins:?}");
    // Its keys are here twice, and who revokes one revokes the other.
    for key in keys {
        assert_eq!(key.flags[0].code, "same_value_two_orgs", "{key:?}");
    }
}
