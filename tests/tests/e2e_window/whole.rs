//! From the first run to the old key proven dead.

use crate::scene::{Scene, program, until_state};
use tests::sample::text;
use tests::window::Window;
use tests::{journey, keyring, outside, running};

#[tokio::test]
async fn a_first_run_connects_an_account_lists_its_keys_and_rotates_one() {
    let scene = Scene::empty().await;
    let (window, (user, org, keys)) = (&scene.window, scene.first_org().await);
    window.find("first-run").await.expect("the first run is shown");
    window.click("connect").await.expect("Connect an account");
    window.find("provider-overten").await.expect("Overten is offered");
    window.click("wizard-next").await.expect("Next");
    window.fill("field-org-name", "acme").await.expect("the organisation");
    window.fill("field-label", "main").await.expect("the label");
    window
        .fill("field-org_id", &text(&org["id"]))
        .await
        .expect("the organisation's id");
    window
        .fill("field-web_api_key", &text(&user["web_api_key"]))
        .await
        .expect("the web API key");

    let token = text(&user["refresh_token"]);
    outside::copy(&token).await.expect("a copied token");
    window.click("take-refresh_token").await.expect("Take from clipboard");
    window.find("taken-refresh_token").await.expect("it was taken");
    assert_ne!(
        outside::clipboard().await.unwrap_or_default(),
        token,
        "what was read is cleared"
    );
    assert!(
        !window.page_text().await.expect("the page").contains(&token),
        "the token never enters the page"
    );

    window.click("connect-submit").await.expect("Connect");
    let lines = window.text("connect-lines").await.expect("what connecting found");
    assert!(lines.contains("Credential accepted"), "{lines}");
    assert!(lines.contains(&format!("{} new", keys.len())), "{lines}");
    window.click("wizard-done").await.expect("Done");
    let gone = window.gone("[data-testid=wizard-done]").await;
    gone.expect("the wizard closes");

    window.click_css("[data-testid=key-row]").await.expect("a row to press");
    let oldest = keys.iter().min_by_key(|key| text(&key["created_at"])).expect("a key");
    outside::copy(&text(&oldest["value"]))
        .await
        .expect("its value, copied at the provider");
    window.click("paste").await.expect("Paste value");
    window.click("take-key").await.expect("Take from clipboard");
    window.gone("[data-testid=paste]").await.expect("the value is held now");

    let before = scene.live().await;
    window.click("rotate").await.expect("Rotate");
    window.click("start").await.expect("Rotate key");
    until_state(window, "awaiting_person").await;
    let copied = outside::clipboard().await.expect("the clipboard");
    let now = scene.live().await;
    assert!(
        now.contains(&copied) && !before.contains(&copied),
        "the clipboard holds the one new key"
    );
    assert!(
        now.contains(&text(&oldest["value"])),
        "the old key lives until it is replaced"
    );
    let targets = outside::clipboard_targets().await.expect("its formats");
    assert!(targets.contains("x-kde-passwordManagerHint"), "{targets}");

    window.click("replaced").await.expect("I have replaced it");
    until_state(window, "completed").await;
    assert!(
        !scene.live().await.contains(&text(&oldest["value"])),
        "the old key is revoked"
    );
    let record = scene
        .provider
        .key_of_value(&text(&oldest["value"]))
        .await
        .expect("the ledger")
        .expect("the old key");
    assert!(
        record["refused_calls"].as_u64() > Some(0),
        "a call with the old key was refused"
    );
    window.click("leave").await.expect("Done");
    window.click("clear-clipboard").await.expect("Clear now");
    window
        .gone("[data-testid=clipboard]")
        .await
        .expect("the countdown ends");
    assert_eq!(
        outside::clipboard().await.unwrap_or_default(),
        "",
        "nothing is left on the clipboard"
    );
    scene.window.close().await.expect("the window closes");
}

#[tokio::test]
async fn the_demo_does_its_main_job() {
    let scene = Scene::sample().await;
    journey::main_job(&scene.window, &scene.provider, None)
        .await
        .expect("the main job");
    scene.window.close().await.expect("the window closes");
}

#[tokio::test]
async fn a_locked_keychain_keeps_names_and_holds_every_verb_that_needs_a_value() {
    let scene = Scene::sample().await;
    let window = &scene.window;
    keyring::lock().await.expect("the keychain locks");
    window
        .until("keychain-banner", "data-state", "locked")
        .await
        .expect("the window says so");
    window
        .fill("filter", "status:stale")
        .await
        .expect("the filter still works");
    window.click_css("[data-testid=key-row]").await.expect("names stay");
    window.find("drawer").await.expect("the drawer opens");
    assert!(
        !window
            .has("[data-testid=rotate]:not([disabled]):not([aria-disabled=true])")
            .await,
        "Rotate is held"
    );
    let before = scene.live().await;
    keyring::unlock().await.expect("the keychain unlocks");
    window
        .gone("[data-testid=keychain-banner]")
        .await
        .expect("the window notices");
    window
        .css("[data-testid=rotate]:not([disabled])")
        .await
        .expect("Rotate can be pressed again");
    assert_eq!(scene.live().await, before, "nothing was created meanwhile");
    scene.window.close().await.expect("the window closes");
}

#[tokio::test]
async fn a_second_start_on_the_same_data_raises_the_first_window_and_ends() {
    let scene = Scene::sample().await;
    scene.start_again(&[]).await;
    scene
        .window
        .css("[data-testid=key-row]")
        .await
        .expect("the first window goes on");
    scene.window.close().await.expect("the window closes");
}

#[tokio::test]
async fn a_start_while_the_first_window_ends_opens_one_of_its_own() {
    let mut scene = Scene::sample().await;
    let first = running::on(&scene.dir).await.expect("its process");
    running::signal(&first, "-STOP").await.expect("it is frozen");
    let opening = tokio::spawn({
        let dir = scene.dir.clone();
        async move { Window::open(&program("keywheel-desktop"), &dir, false).await }
    });
    while running::on(&scene.dir).await.expect("the processes").len() == first.len() {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    // By then the second has asked the first to come up, and waits.
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    assert!(!opening.is_finished(), "there is a window already");
    running::signal(&first, "-KILL").await.expect("the first ends");
    let second = opening.await.expect("a task").expect("the second opens a window");
    second.find("queue").await.expect("the overview");
    scene.window = second;
    scene.window.close().await.expect("the window closes");
}
