//! A key in two files: added in the drawer, written by a rotation until the second one fails, and put back.

use serde_json::json;
use tests::places::{NAME, Place};
use tests::sample::text;
use tests::window::Window;

use crate::scene::{Scene, until_state};

#[tokio::test]
async fn a_rotation_writes_a_file_stops_at_the_next_one_and_puts_the_old_key_back() {
    let scene = Scene::sample().await;
    let window = &scene.window;
    window.fill("filter", "status:stale").await.expect("the filter");
    let row = window.css("[data-testid=key-row]").await.expect("a stale key");
    let id = row.attr("data-key-id").await.expect("a row").expect("an id");
    let (exit, revealed, _) = scene.command(&["reveal", &id]).await;
    assert_eq!(exit, Some(0));
    let old = text(&revealed["value"]);
    let folder = tempfile::tempdir().expect("a folder");
    let [first, second] = [0, 1].map(|n| Place::new(folder.path(), n, &old));

    window.click_css("[data-testid=key-row]").await.expect("a row to press");
    for (number, place) in [&first, &second].into_iter().enumerate() {
        window.click("add-target").await.expect("Add .env file");
        let path = place.path.to_str().expect("text");
        window.fill("target-path", path).await.expect("the file");
        window.fill("target-name", NAME).await.expect("the name");
        scene.picture(&format!("target-sheet-{number}")).await;
        window.click("target-save").await.expect("Add file");
        let added = format!("[data-testid=target]:nth-of-type({})", number + 1);
        window.css(&added).await.expect("it is listed");
    }
    window
        .says("used-in", "holds the key")
        .await
        .expect("what stands there");
    let used = content(window, "used-in").await;
    assert!(used.contains("app0/.env") && used.contains("app1/.env"), "{used}");
    scene.picture("used-in").await;

    let before = scene.live().await;
    let late = json!({ "method": "POST", "path": "/api/v1/organizations/*/api-keys", "at": "after",
        "do": { "kind": "hold" } });
    scene.provider.fault(&late).await.expect("the fault is set");
    window.click("rotate").await.expect("Rotate");
    window.find("old-key-line").await.expect("the plan");
    let plan = content(window, "rotation-sheet").await;
    assert!(plan.contains("app0/.env") && plan.contains("app1/.env"), "{plan}");
    scene.picture("target-plan").await;
    window.click("start").await.expect("Rotate key");
    scene.until_sent("POST", 0).await;
    // From here on the second file takes no new value.
    second.lock();
    scene.provider.forget_faults().await.expect("its answer comes");
    until_state(window, "failed").await;
    scene.picture("target-failed").await;
    let said = window.text("headline").await.expect("the headline");
    assert!(
        said.contains("does not have the new key") && said.contains("accepted the old key"),
        "{said}"
    );
    let live = scene.live().await;
    let new = first.value().expect("all else stays");
    assert!(new != old && live.contains(&new), "the first file has the new key");
    assert_eq!(second.value().as_deref(), Some(&*old));
    assert!(live.contains(&old), "nothing is revoked");
    assert!(
        !window.page_text().await.expect("the page").contains(&new),
        "no value is in the page"
    );

    window.click("undo").await.expect("Discard new key");
    until_state(window, "undone").await;
    scene.picture("target-undone").await;
    second.unlock();
    for place in [&first, &second] {
        assert_eq!(place.value().as_deref(), Some(&*old), "as before");
        assert!(!place.has_company(), "nothing is left beside it");
    }
    let now = scene.live().await;
    assert!(now.contains(&old) && !now.contains(&new));
    assert_eq!(now.len(), before.len());
    window.close().await.expect("the window closes");
}

/// All that an element holds, what is cut off at its end too.
async fn content(window: &Window, id: &str) -> String {
    let script = format!("return document.querySelector('[data-testid={id}]').textContent");
    text(&window.run(&script).await.expect("it is there"))
}
