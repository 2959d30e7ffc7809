//! No space left for the window's database: before a rotation begins, and after its key was created.

use crate::scene::{Scene, until_state};
use serde_json::json;
use tests::mounts;

/// The sample world takes a quarter of it.
const KIB: usize = 4096;

#[test]
fn on_a_full_disk_the_window_says_so_and_sends_nothing() {
    let test = "disk::on_a_full_disk_the_window_says_so_and_sends_nothing";
    let Some(place) = mounts::on_a_small_disk(test, KIB) else {
        return;
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let scene = Scene::sample_in(&place).await;
        let window = &scene.window;
        let before = scene.live().await;
        scene.plan_rotation().await;
        let filler = place.join("filler");
        mounts::fill(&filler);
        window.click("start").await.expect("Rotate key");
        window
            .css(".sheet [data-testid=error][data-code=\"store.full\"]")
            .await
            .expect("the sheet says that there is no space");
        let said = window.text("error").await.expect("what it says");
        assert!(
            said.contains("no space left") && said.contains("Free some space"),
            "{said}"
        );
        scene.picture("full-before").await;
        assert_eq!(scene.sent("POST").await, 0, "nothing was sent");
        assert_eq!(scene.live().await, before);

        std::fs::remove_file(&filler).expect("room again");
        window.click("start").await.expect("Rotate key, once more");
        until_state(window, "awaiting_person").await;
        assert_eq!(scene.live().await.len(), before.len() + 1);
        window.close().await.expect("the window closes");
    });
}

#[test]
fn a_disk_that_fills_up_after_the_mint_is_told_and_the_key_is_found_again() {
    let test = "disk::a_disk_that_fills_up_after_the_mint_is_told_and_the_key_is_found_again";
    let Some(place) = mounts::on_a_small_disk(test, KIB) else {
        return;
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let scene = Scene::sample_in(&place).await;
        let window = &scene.window;
        let before = scene.live().await;
        let late = json!({ "method": "POST", "path": "/api/v1/organizations/*/api-keys", "at": "after",
            "do": { "kind": "hold" } });
        scene.provider.fault(&late).await.expect("the fault is set");
        let key = scene.start_rotation().await;
        scene.until_sent("POST", 0).await;
        // Once the sheet shows it run: a failure before that would leave the plan there.
        until_state(window, "running").await;
        let filler = place.join("filler");
        mounts::fill(&filler);
        assert_eq!(scene.live().await.len(), before.len() + 1, "the key was created");
        scene.provider.forget_faults().await.expect("its answer comes");

        until_state(window, "unknown").await;
        window
            .css(".sheet [data-testid=error][data-code=\"store.full\"]")
            .await
            .expect("the sheet says why it stopped");
        scene.picture("full-after-the-mint").await;
        window.click("check").await.expect("Check with Overten");
        window
            .css(".sheet [data-testid=error][data-code=\"store.full\"]")
            .await
            .expect("and says so again");
        assert_eq!(scene.sent("POST").await, 1, "nothing is created twice");

        std::fs::remove_file(&filler).expect("room again");
        window.click("check").await.expect("Check with Overten");
        until_state(window, "awaiting_person").await;
        assert_eq!(scene.sent("POST").await, 1, "the one key, and its value is held");
        let (exit, verified, _) = scene.command(&["verify", &key]).await;
        assert_eq!(exit, Some(0), "{verified}");
        window.click("replaced").await.expect("I have replaced it");
        until_state(window, "completed").await;
        assert_eq!(scene.live().await.len(), before.len(), "one key took the other's place");
        window.close().await.expect("the window closes");
    });
}
