//! A keychain that does not answer: the window goes on, nothing is created, and the program still ends.

use crate::scene::Scene;
use serde_json::json;
use std::time::{Duration, Instant};
use tests::keyring::Frozen;
use tests::window::Window;

/// Asks for the inventory as the page does, then waits for the next frame; calls back with the milliseconds of both.
const ANSWERS: &str = "const done = arguments[arguments.length - 1], from = performance.now();
    window.__TAURI_INTERNALS__.invoke('inventory', {}).then(() => requestAnimationFrame(() => done(performance.now() - from)));";

/// Whether the rotation was begun, stopped, or waits to ask again by itself, depends on the moment of the freezing or of the
/// end: a person presses what the sheet offers.
async fn go_on(window: &Window) {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(60) {
        if window
            .has("[data-testid=rotation-sheet][data-state=awaiting_person]")
            .await
        {
            return;
        }
        for act in ["start", "resume", "check"] {
            let free = format!("[data-testid={act}]:not([aria-disabled=true]):not([disabled])");
            if window.has(&free).await {
                // It may be gone by now: the rotation goes on.
                let _ = window.press_once(&free).await;
            }
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let shown = window.text("rotation-sheet").await;
    panic!("the rotation does not go on: {shown:?}");
}

#[tokio::test]
async fn while_the_keychain_is_frozen_the_window_answers_and_nothing_is_created() {
    let scene = Scene::sample().await;
    let window = &scene.window;
    scene.until_listed().await;
    let before = scene.live().await;
    scene.plan_rotation().await;
    let frozen = Frozen::now().await.expect("the daemon stops");
    window.click("start").await.expect("Rotate key");
    let (mut slowest, mut answers) = (Duration::ZERO, 0);
    // Longer than a call may take: before, while and after it is given up.
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(8) {
        let ms = window.run_async(ANSWERS).await.expect("the window answers");
        answers += 1;
        slowest = slowest.max(Duration::from_secs_f64(ms.as_f64().expect("milliseconds") / 1000.0));
    }
    println!("measured: with a frozen keychain the window answers within {slowest:?}");
    assert!(answers > 1, "it answers while the keychain does not");
    window
        .until("keychain-banner", "data-state", "too_long")
        .await
        .expect("the window says so");
    window
        .css(".sheet [data-testid=error][data-code=\"keychain.too_long\"]")
        .await
        .expect("the sheet says why nothing begins");
    scene.picture("keychain-frozen").await;
    assert_eq!(
        scene.sent("POST").await,
        0,
        "no key is asked for that could not be kept"
    );
    assert_eq!(scene.live().await, before);

    drop(frozen);
    window
        .gone("[data-testid=keychain-banner]")
        .await
        .expect("the window notices");
    // What held the plan is gone: the sheet offers it again, or the rotation that was begun goes on.
    go_on(window).await;
    let live = scene.live().await;
    assert_eq!(live[..before.len()], before[..], "what worked works");
    assert_eq!(live.len(), before.len() + 1);
    window.close().await.expect("the window closes");
}

#[tokio::test]
async fn a_window_stays_for_a_value_that_is_only_in_memory_and_ends_at_once_where_it_is_told_to() {
    let scene = Scene::sample().await;
    let window = &scene.window;
    scene.until_listed().await;
    let before = scene.live().await;
    // The answer takes so long that the keychain is frozen when the value is to be kept.
    let late = json!({ "method": "POST", "path": "/api/v1/organizations/*/api-keys", "at": "after",
        "do": { "kind": "delay", "ms": 1500 } });
    scene.provider.fault(&late).await.expect("the fault is set");
    scene.start_rotation().await;
    scene.until_sent("POST", 0).await;
    let frozen = Frozen::now().await.expect("the daemon stops");
    window.press_close().await.expect("the button of the title bar");
    window.find("exit-held").await.expect("it stays, and says why");
    window
        .until("step-store", "data-status", "waiting")
        .await
        .expect("the value is held in memory");
    window.find("unsaved").await.expect("the sheet says so");
    window
        .says("exit-held", "exists only in memory")
        .await
        .expect("why it stays is said anew");
    scene.picture("exit-held").await;
    let begun = Instant::now();
    // The program may be gone before the driver has its answer.
    let _ = window.click("exit-held-yes").await;
    window.ended().await.expect("the program ends");
    println!(
        "measured: with a call to the keychain under way the program ends within {:?}",
        begun.elapsed()
    );
    drop(frozen);
    assert_eq!(scene.live().await.len(), before.len() + 1, "its key is there");

    let window = scene.reopened().await;
    go_on(&window).await;
    let live = scene.live().await;
    assert_eq!(live.len(), before.len() + 1, "the lost one is revoked");
    assert!(before.iter().all(|value| live.contains(value)), "the old one works");
    window.close().await.expect("the window closes");
}
