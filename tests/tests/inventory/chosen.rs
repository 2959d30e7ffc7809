//! What a person chooses for a key before it exists: kept with it, said in its steps, and held against it.

use keywheel_core::app::Description;
use keywheel_core::model::RotationId;
use keywheel_wire::render::{Names, rotation_view};
use tests::World;

use super::{ON_PAGE, account, facts, refused};

fn meant(permissions: &[&str]) -> Description {
    Description {
        owner: Some("Ada Lovelace".to_owned()),
        used_for: Some("usage report".to_owned()),
        permissions: Some(permissions.iter().map(ToString::to_string).collect()),
        preset: Some("Read-only integration".to_owned()),
    }
}

async fn asked(world: &World, id: RotationId) -> String {
    let app = world.app();
    let rotation = app.go_on(id).await.expect("it goes on");
    let view = rotation_view(&rotation, &Names::of(&app).await.unwrap());
    let task = view.task.expect("it is the person's turn");
    task.permissions.expect("the provider has permissions")
}

#[tokio::test]
async fn what_is_chosen_for_a_new_key_is_kept_said_and_held_against_it() {
    let world = World::calm().opened().await;
    let at = account(&world, "on-page", "Acme").await;
    let (app, production) = (world.app(), world.production().await);
    let chosen = meant(&["jobs:read", "scan:create"]);
    let id = app.new_key(at.id, production, "report", &chosen).await.unwrap();
    assert_eq!(
        asked(&world, id).await,
        "Permissions, as you chose: scan:create, jobs:read, and no more."
    );
    let pasted = app.paste("key", ON_PAGE.to_owned()).unwrap();
    let rotation = app.take_new_value(id, &pasted.handle, false).await.unwrap();
    let shown = facts(&world, rotation.subject.key.id).await;
    assert_eq!(shown.row.about.permissions, ["scan:create", "jobs:read"]);
    assert_eq!(
        shown.row.about.owner.as_ref().map(ToString::to_string).as_deref(),
        Some("Ada Lovelace")
    );
    let flags: Vec<_> = shown.flags.iter().map(|flag| flag.kind.as_str()).collect();
    assert_eq!(flags, ["broader"], "more than its preset needs");
}

#[tokio::test]
async fn a_replacement_is_asked_for_with_the_permissions_of_the_old_key() {
    let world = World::calm().opened().await;
    let at = account(&world, "on-page", "Acme").await;
    let app = world.app();
    let key = super::imported(&world, &at, "report", ON_PAGE).await;
    app.describe_key(key, &meant(&["jobs:read"])).await.unwrap();
    let keychain = keywheel_core::vault::VaultState::Ready;
    let plan = app.propose_rotation(key, keychain).await.unwrap();
    let id = app.start_rotation(key, &plan.hash, keychain).await.unwrap();
    assert_eq!(
        asked(&world, id).await,
        "Permissions: those of the old key, jobs:read, and no more."
    );
}

#[tokio::test]
async fn a_permission_that_the_provider_does_not_have_begins_nothing() {
    let world = World::calm().opened().await;
    let at = account(&world, "on-page", "Acme").await;
    let (app, production) = (world.app(), world.production().await);
    let wrong = app.new_key(at.id, production, "report", &meant(&["root"])).await;
    assert_eq!(refused(wrong).1.as_deref(), Some("permission"));
    assert!(app.open_rotations().await.unwrap().is_empty());
}
