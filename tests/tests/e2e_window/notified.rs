//! Notifications, as the session's own service is asked to show them: a service that the test owns.

use std::time::Duration;

use tests::notifications::Notifications;
use tests::window::Window;

use crate::scene::{Scene, program};

/// After this, a test build takes nobody to be there who touches nothing.
const NOBODY: Duration = Duration::from_secs(6);

async fn notify(scene: &Scene, whether: &str) {
    let set = ["settings", "set", "--digest-hour", "0", "--notify", whether];
    let (exit, _, error) = scene.command(&set).await;
    assert_eq!(exit, Some(0), "{error}");
}

#[tokio::test]
async fn one_notice_a_day_and_none_again_after_a_restart() {
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
