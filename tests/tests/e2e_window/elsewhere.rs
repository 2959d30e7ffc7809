//! What another shell does: its rotations are refused with who and since when, in both directions; its changes are shown.

use crate::scene::{Scene, until_state};
use serde_json::json;

const VERIFY: &str = "/api/v1/verify";

/// The provider's answer to such requests comes when [`answered`] says so; until then somebody drives.
async fn late(scene: &Scene, method: &str, path: &str) {
    let late = json!({ "method": method, "path": path, "times": null, "do": { "kind": "hold" } });
    scene.provider.fault(&late).await.expect("the fault is set");
}

async fn answered(scene: &Scene) {
    scene.provider.forget_faults().await.expect("nothing is held back");
}

async fn verifying(scene: &Scene) {
    scene.until_sent("POST", 0).await;
}

#[tokio::test]
async fn what_the_command_drives_the_window_does_not() {
    let scene = Scene::sample().await;
    let window = &scene.window;
    let before = scene.live().await;
    let key = scene.plan_rotation().await;
    late(&scene, "GET", VERIFY).await;
    let arguments = ["rotate", key.as_str(), "--yes"];
    let (driven, ()) = tokio::join!(scene.command(&arguments), async {
        verifying(&scene).await;
        // The plan is on screen since before; the press comes too late.
        window.click("start").await.expect("Rotate key");
        let refusal = ".sheet [data-testid=error][data-code=\"rotation.driven_elsewhere\"]";
        window.css(refusal).await.expect("it is refused");
        window
            .click_css(".sheet [data-testid=error] summary")
            .await
            .expect("Details");
        let said = window.text("error").await.expect("what it says");
        assert!(said.contains("driven by the cli since 2026-11-21"), "{said}");
        scene.picture("driven-by-the-cli").await;
        answered(&scene).await;
    });
    assert_eq!(driven.0, Some(0), "the command came to its end: {driven:?}");
    assert_eq!(scene.live().await.len(), before.len() + 1, "one key was created");
    assert_eq!(scene.sent("POST").await, 1);
    window.close().await.expect("the window closes");
}

#[tokio::test]
async fn the_sheet_of_a_rotation_that_the_command_drives_says_so_and_offers_no_act() {
    let scene = Scene::sample().await;
    let window = &scene.window;
    let key = scene.start_rotation().await;
    until_state(window, "awaiting_person").await;
    late(&scene, "DELETE", "/api/v1/organizations/*/api-keys/*").await;
    let arguments = ["replaced", key.as_str()];
    let (driven, ()) = tokio::join!(scene.command(&arguments), async {
        scene.until_sent("DELETE", 0).await;
        // The sheet shows what was true before, unless it has heard of it by now: a press comes too late.
        let press = "document.querySelector('[data-testid=replaced]')?.click()";
        window.run(press).await.expect("I have replaced it");
        window.find("elsewhere").await.expect("the sheet shows who drives it");
        let said = window.text("rotation-sheet").await.expect("the sheet");
        assert!(said.contains("Driven by the command line since"), "{said}");
        scene.picture("sheet-driven-by-the-cli").await;
        assert!(!window.has("[data-testid=replaced]").await, "there is nothing to press");
        answered(&scene).await;
    });
    assert_eq!(driven.0, Some(0), "the command came to its end: {driven:?}");
    assert_eq!(scene.sent("DELETE").await, 1, "the old key was revoked once");
    // The sheet shows what the command has done.
    until_state(window, "completed").await;
    window.close().await.expect("the window closes");
}

#[tokio::test]
async fn what_the_window_drives_the_command_does_not() {
    let scene = Scene::sample().await;
    let window = &scene.window;
    let before = scene.live().await;
    late(&scene, "GET", VERIFY).await;
    let key = scene.start_rotation().await;
    verifying(&scene).await;
    for arguments in [
        ["rotate", key.as_str(), "--yes"].as_slice(),
        &["resume", &key],
        &["undo", &key],
        &["replaced", &key],
    ] {
        let (exit, _, error) = scene.command(arguments).await;
        assert_eq!(exit, Some(81), "{arguments:?}: {error}");
        assert_eq!(error["code"], "rotation.driven_elsewhere", "{arguments:?}");
        let detail = error["details"][0].as_str().unwrap_or_default();
        assert!(
            detail.starts_with("driven by the window since 2026-11-21"),
            "{arguments:?}: {error}"
        );
    }
    answered(&scene).await;
    until_state(window, "awaiting_person").await;
    assert_eq!(scene.live().await.len(), before.len() + 1, "one key was created");
    assert_eq!(scene.sent("POST").await, 1);
    window.close().await.expect("the window closes");
}

#[tokio::test]
async fn what_the_command_changes_is_shown_without_a_touch() {
    let scene = Scene::sample().await;
    let window = &scene.window;
    scene.until_listed().await;
    let (code, keys, _) = scene.command(&["key", "list"]).await;
    assert_eq!(code, Some(0));
    let former = keys[0]["name"].as_str().expect("a name").to_owned();
    let id = keys[0]["id"].as_str().expect("an id").to_owned();
    let row = format!("[data-testid=key-row][data-key-name=\"{former}\"]");
    window.css(&row).await.expect("it is listed");
    let (code, _, error) = scene.command(&["key", "rename", &id, "ünlike any other"]).await;
    assert_eq!(code, Some(0), "{error}");
    let renamed = "[data-testid=key-row][data-key-name=\"ünlike any other\"]";
    window.css(renamed).await.expect("its new name is shown");
    assert!(!window.has(&row).await, "and the former is not");
    window.close().await.expect("the window closes");
}
