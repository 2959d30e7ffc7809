//! The overview and its pictures, and a policy that says what it would do.

use serde_json::Value;
use tests::window::Window;

use crate::scene::{Scene, picture, until_state};

const ENTER: &str = "\u{E007}";

async fn attr(window: &Window, selector: &str, name: &str) -> String {
    let element = window.css(selector).await.expect(selector);
    element.attr(name).await.expect("an attribute").expect("a value")
}

async fn overview(window: &Window) {
    window
        .click_css("[data-testid=place-overview]")
        .await
        .expect("Overview");
    window.find("queue").await.expect("the queue");
}

/// Keys that a check finds stale.
async fn stale(scene: &Scene) -> usize {
    let (_, found, _) = scene.command(&["check"]).await;
    found["stale"].as_array().expect("stale keys").len()
}

#[tokio::test]
async fn a_policy_says_what_it_would_do_and_then_does_it() {
    let scene = Scene::sample().await;
    let window = &scene.window;
    let before = stale(&scene).await;
    window
        .click_css("[data-testid=place-policies]")
        .await
        .expect("Policies");
    window
        .fill("max-age", "60")
        .await
        .expect("another maximum age for all keys");
    let turning = attr(window, "[data-testid=policy-preview]", "data-turning").await;
    let turning: usize = turning.parse().expect("a number");
    assert!(turning > 0, "the sample world has keys of 60 to 90 days");
    picture(window, "policy-preview").await;
    assert_eq!(stale(&scene).await, before, "nothing is set yet");

    window.click("set-policy").await.expect("Set rule");
    window.gone("[data-testid=set-policy]").await.expect("it is set");
    assert_eq!(stale(&scene).await, before + turning, "the preview said what came");
    let (_, why, _) = scene.command(&["policy", "show", "--env", "production"]).await;
    assert_eq!(why["maxAgeDays"], 60);
    assert_eq!(why["maxAgeFrom"]["label"], "all keys");
}

#[tokio::test]
async fn from_the_overview_to_a_filtered_list_and_into_a_rotation() {
    let scene = Scene::sample().await;
    let window = &scene.window;
    overview(window).await;
    picture(window, "overview").await;
    let waiting = attr(window, "[data-testid=queue]", "data-count").await;
    assert_ne!(waiting, "0");

    // By keyboard: the driver's pointer does not find a mark of a picture.
    let focus = r#"document.querySelector('[data-testid=age-bin][data-from="100"]').focus()"#;
    window.run(focus).await.expect("a bar");
    window.keys(ENTER).await.expect("Enter");
    window.css("[data-testid=key-row]").await.expect("its keys");
    let shown = window.text("count").await.expect("a count");
    let (_, keys, _) = scene.command(&["key", "list"]).await;
    let over = |key: &&Value| {
        let (days, limit) = (key["age"]["days"].as_u64(), key["age"]["limitDays"].as_u64());
        let percent = days.zip(limit).map_or(0, |(days, limit)| days * 100 / limit);
        (100..150).contains(&percent)
    };
    let expected = keys.as_array().expect("keys").iter().filter(over).count();
    assert_eq!(shown, expected.to_string(), "as many as the bar stands for");

    overview(window).await;
    window
        .click_css("[data-testid=cell]")
        .await
        .expect("a cell of the matrix");
    window.css("[data-testid=key-row]").await.expect("the keys of the cell");

    overview(window).await;
    let key = attr(window, "[data-testid=queue-row][data-act=rotate]", "data-key-name").await;
    let act = "[data-testid=queue-row][data-act=rotate] [data-testid=queue-act]";
    window.click_css(act).await.expect("Rotate");
    window.find("old-key-line").await.expect("the plan");
    window.click("start").await.expect("Rotate key");
    until_state(window, "awaiting_person").await;
    window.click("leave").await.expect("Leave for now");
    let row = format!("[data-testid=queue-row][data-key-name=\"{key}\"][data-act=show_rotation]");
    window.css(&row).await.expect("it waits in the queue, as a rotation");
    picture(window, "overview-waiting").await;
}
