//! Answers that never come, and a process that ends in the middle.

use crate::scene::{Scene, until_state};
use serde_json::json;

const MINT: &str = "/api/v1/organizations/*/api-keys";

#[tokio::test]
async fn an_answer_lost_after_the_mint_is_unknown_then_asked_about_then_settled() {
    let scene = Scene::sample().await;
    let window = &scene.window;
    scene.until_listed().await;
    let before = scene.live().await;
    let drop = json!({ "method": "POST", "path": MINT, "at": "after", "do": { "kind": "drop" } });
    scene.provider.fault(&drop).await.expect("the fault is set");
    // The list fails too, after the two readings of the check and as often as a read is repeated.
    let down = json!({ "method": "GET", "path": MINT, "nth": 3, "times": 3, "do": { "kind": "drop" } });
    scene.provider.fault(&down).await.expect("the fault is set");

    scene.start_rotation().await;
    until_state(window, "unknown").await;
    window
        .until("step-mint", "data-status", "unknown")
        .await
        .expect("the step says so");
    assert!(
        !window.has("[data-testid=start]").await,
        "there is no way to mint twice"
    );
    let lost: Vec<String> = scene
        .live()
        .await
        .into_iter()
        .filter(|value| !before.contains(value))
        .collect();
    assert_eq!(lost.len(), 1, "the provider did create a key");

    window.click("check").await.expect("Check with Overten");
    if window.find("question").await.is_err() {
        window.click("check").await.expect("Check with Overten again");
    }
    window.find("question").await.expect("the one question");
    assert_eq!(
        scene.live().await.len(),
        before.len() + 1,
        "nothing was revoked without asking"
    );
    window.click("answer-revoke").await.expect("Revoke it and mint again");
    until_state(window, "awaiting_person").await;
    let now = scene.live().await;
    assert!(!now.contains(&lost[0]), "the lost key is revoked");
    assert_eq!(now.len(), before.len() + 1, "one new key, and the old one");

    window.click("replaced").await.expect("I have replaced it");
    until_state(window, "completed").await;
    assert_eq!(
        scene.live().await.len(),
        before.len(),
        "one key took the place of the other"
    );
    scene.window.close().await.expect("the window closes");
}

#[tokio::test]
async fn a_provider_that_is_gone_at_the_check_changes_nothing_and_resumes() {
    let scene = Scene::sample().await;
    let window = &scene.window;
    scene.until_listed().await;
    let before = scene.live().await;
    let down = json!({ "method": "GET", "path": MINT, "times": 6, "do": { "kind": "drop" } });
    scene.provider.fault(&down).await.expect("the fault is set");
    scene.start_rotation().await;
    until_state(window, "failed").await;
    let said = window.text("headline").await.expect("a headline");
    assert!(said.contains("Nothing was changed"), "{said}");
    assert_eq!(scene.live().await, before, "nothing was created");
    for _ in 0..4 {
        if window.click("resume").await.is_err() {
            break;
        }
        if window
            .until("rotation-sheet", "data-state", "awaiting_person")
            .await
            .is_ok()
        {
            break;
        }
    }
    until_state(window, "awaiting_person").await;
    assert_eq!(
        scene.live().await.len(),
        before.len() + 1,
        "one new key, and the old one"
    );
    scene.window.close().await.expect("the window closes");
}

#[tokio::test]
async fn a_rotation_that_waits_for_the_person_survives_a_restart() {
    let scene = Scene::sample().await;
    let before = scene.live().await;
    scene.start_rotation().await;
    until_state(&scene.window, "awaiting_person").await;
    scene.window.close().await.expect("the window closes");

    let window = scene.reopened().await;
    until_state(&window, "awaiting_person").await;
    window.click("replaced").await.expect("I have replaced it");
    until_state(&window, "completed").await;
    assert_eq!(
        scene.live().await.len(),
        before.len(),
        "one key took the place of the other"
    );
    window.close().await.expect("the window closes");
}
