//! Keys that are picked in the list are rotated in one act.

use tests::keyboard::{CTRL, ENTER, Keyboard};
use tests::sample::text;

use crate::scene::{Scene, until_state};

/// Names of the keys whose line in the sheet is in this state.
const BEGUN: &str = "return [...document.querySelectorAll('[data-testid=batch-key][data-state=begun]')].map((it) => it.dataset.keyName)";

#[tokio::test]
async fn two_picked_keys_are_planned_together_begun_by_one_press_and_each_is_replaced() {
    let scene = Scene::sample().await;
    let (window, keyboard) = (&scene.window, Keyboard::of(&scene.window));
    let before = scene.live().await;
    window.fill("filter", "status:stale ").await.expect("the filter");
    for count in ["1 selected", "2 selected"] {
        window
            .click_css("[data-testid=key-row][aria-selected=false] [data-testid=select]")
            .await
            .expect("its box");
        window.says("selection-count", count).await.expect("it is picked");
    }
    scene.picture("batch-1-selection").await;

    keyboard.press(&[CTRL, 'k']).await.expect("the palette");
    window
        .css("[data-testid=palette-input]:focus")
        .await
        .expect("its field has the focus");
    keyboard.types("rotate 2 sel").await.expect("the act");
    keyboard.press(&[ENTER]).await.expect("it is run");
    window
        .css("[data-testid=batch-key][data-state=ready] ~ [data-testid=batch-key][data-state=ready]")
        .await
        .expect("both plans");
    scene.picture("batch-2-plans").await;
    assert_eq!(scene.live().await, before, "a plan does nothing");
    window.click("batch-begin").await.expect("one press");
    window
        .css("[data-testid=batch-key][data-state=begun] ~ [data-testid=batch-key][data-state=begun]")
        .await
        .expect("both have begun");
    let names = window.run(BEGUN).await.expect("their names");
    let names: Vec<String> = names.as_array().expect("names").iter().map(text).collect();

    for (n, name) in names.iter().enumerate() {
        let show = format!("[data-testid=batch-key][data-key-name='{name}'] [data-testid=batch-show]");
        window.click_css(&show).await.expect("Show rotation");
        until_state(window, "awaiting_person").await;
        if n == 0 {
            scene.picture("batch-3-turn").await;
        }
        window.click("replaced").await.expect("I have replaced it");
        until_state(window, "completed").await;
        window.click("leave").await.expect("Done");
        window.gone("[data-testid=rotation-sheet]").await.expect("it closes");
    }
    let after = scene.live().await;
    let (ended, made) = (
        before.iter().filter(|value| !after.contains(value)).count(),
        after.iter().filter(|value| !before.contains(value)).count(),
    );
    assert_eq!(
        (ended, made),
        (2, 2),
        "two keys are replaced at the provider, and no other"
    );
    window.click("batch-close").await.expect("Close");
    assert!(
        !window.has("[data-testid=selection]").await,
        "nothing is picked any more"
    );
    window.close().await.expect("the window closes");
}
