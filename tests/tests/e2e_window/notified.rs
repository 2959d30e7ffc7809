//! Notifications, as the session's own service is asked to show them: a service that the test owns.

use std::time::Duration;

use serde_json::json;
use tests::keyring;
use tests::notifications::Notifications;
use tests::sample::text;
use tests::window::Window;
use tokio::sync::Mutex;

use crate::scene::{Scene, program};

/// The provider's lists of keys, and where one is created.
const MINT: &str = "/api/v1/organizations/*/api-keys";

/// After this, a test build takes nobody to be there who touches nothing.
const NOBODY: Duration = Duration::from_secs(6);

async fn notify(scene: &Scene, whether: &str) {
    let set = ["settings", "set", "--digest-hour", "0", "--notify", whether];
    let (exit, _, error) = scene.command(&set).await;
    assert_eq!(exit, Some(0), "{error}");
}

/// The session has one service.
static SERVICE: Mutex<()> = Mutex::const_new(());

#[tokio::test]
async fn one_notice_a_day_and_none_again_after_a_restart() {
    let _one = SERVICE.lock().await;
    let service = Notifications::serve().await.expect("a notification service");
    // What stands while somebody has the window before them is seen, and told no more: not yet.
    let scene = Scene::sample_set(&["--notify", "false"]).await;
    tokio::time::sleep(NOBODY).await;
    assert!(service.shown().is_empty(), "switched off, it tells nothing");
    notify(&scene, "true").await;
    let daily = service.until("the maximum age").await.expect("the daily notice");
    assert_eq!(daily.actions, ["default", "Show"]);
    notify(&scene, "false").await;
    scene.window.close().await.expect("the window closes");

    let window = Window::open(&program("keywheel-desktop"), &scene.dir, false).await;
    let window = window.expect("the window opens again");
    tokio::time::sleep(NOBODY).await;
    notify(&scene, "true").await;
    tokio::time::sleep(NOBODY).await;
    let daily = service
        .shown()
        .into_iter()
        .filter(|shown| shown.title.contains("the maximum age"));
    assert_eq!(daily.count(), 1, "once a day, also after a restart");
    window.close().await.expect("the window closes");
}

#[tokio::test]
async fn a_rotation_that_needs_a_person_is_told_at_once_and_once() {
    let _one = SERVICE.lock().await;
    let service = Notifications::serve().await.expect("a notification service");
    let scene = Scene::sample_set(&["--digest-hour", "23"]).await;
    scene.until_listed().await;
    // A name that no other window of this session tells of.
    let (exit, keys, error) = scene.command(&["key", "list"]).await;
    assert_eq!(exit, Some(0), "{error}");
    let fresh = |key: &&serde_json::Value| key["held"] == true && key["status"]["kind"] == "fresh";
    let key = keys.as_array().expect("keys").iter().find(fresh).expect("a key");
    let id = text(&key["id"]);
    let (exit, _, error) = scene.command(&["key", "rename", &id, "told-at-once"]).await;
    assert_eq!(exit, Some(0), "{error}");
    tokio::time::sleep(NOBODY).await;
    let told = || {
        let shown = service.shown().into_iter();
        shown
            .filter(|shown| shown.title.contains("told-at-once"))
            .collect::<Vec<_>>()
    };
    assert!(told().is_empty());

    // The command's rotation: the window hears of it by the database alone.
    let refused = json!({ "method": "POST", "path": MINT, "times": 1, "do": { "kind": "status", "status": 403 } });
    scene.provider.fault(&refused).await.expect("the fault is set");
    let (exit, _, _) = scene.command(&["rotate", &id, "--yes"]).await;
    assert_ne!(exit, Some(0), "the mint is refused");
    let at_once = service.until("told-at-once").await.expect("a notice");
    assert_eq!(at_once.title, "A rotation needs you: told-at-once");
    assert_eq!(at_once.actions, ["default", "Show"]);
    tokio::time::sleep(NOBODY).await;
    assert_eq!(told().len(), 1, "once");

    // A press leads to it; behind the lock, once that is open.
    let window = &scene.window;
    window.click("lock-window").await.expect("Lock now");
    window.find("unlock-window").await.expect("it is locked");
    service.press(&at_once).await.expect("a press");
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(
        !window.has("[data-testid=rotation-row]").await,
        "the lock tells nothing"
    );
    keyring::unlock().await.expect("the keychain unlocks");
    window.click("unlock-window").await.expect("Unlock");
    let row = window
        .css("[data-testid=rotation-row][data-key-name=told-at-once]")
        .await;
    row.expect("the rotation");
    scene.window.close().await.expect("the window closes");
}
