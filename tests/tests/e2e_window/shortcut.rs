//! The shortcut of the whole desktop: only where it was chosen, from any program, and given back.

use std::time::Duration;

use tests::outside;
use tests::window::{Outcome, Window};

use crate::scene::Scene;

const QUICK: &str = "Keywheel quick access";
const CHORD: &str = "ctrl+shift+space";

async fn choose(window: &Window) {
    let settings = window.click_css("[data-testid=place-settings]").await;
    settings.expect("Settings");
    let option = window
        .css("[data-testid=setting-quickShortcut] option[value=true]")
        .await;
    let chosen = option.expect("the choice").click().await;
    chosen.expect("it is chosen");
}

/// Waits until it is kept: the page's choice goes through the window and the database.
async fn until_chosen(scene: &Scene) -> bool {
    for _ in 0..100 {
        if is_chosen(scene).await {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    false
}

/// Presses the chord until it is obeyed: a window that has just opened takes it a moment after it is shown.
async fn opens(window: &Window) -> Outcome {
    for _ in 0..10 {
        outside::press(CHORD).await?;
        for _ in 0..40 {
            if window.titles().await?.iter().any(|it| it == QUICK) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    Err("the chord opens nothing".to_owned())
}

async fn is_chosen(scene: &Scene) -> bool {
    let (_, settings, _) = scene.command(&["settings", "list"]).await;
    settings["quickShortcut"].as_bool().expect("a setting")
}

#[tokio::test]
async fn it_opens_quick_access_from_anywhere_while_it_is_chosen_and_goes_when_the_person_turns_away() {
    let scene = Scene::sample().await;
    let window = &scene.window;
    outside::press(CHORD).await.expect("the chord");
    assert!(
        !window.titles().await.expect("the desktop").contains(&QUICK.to_owned()),
        "nobody chose it"
    );

    choose(window).await;
    assert!(until_chosen(&scene).await);
    outside::press(CHORD).await.expect("the chord");
    window.until_shown(QUICK, true).await.expect("it opens");
    outside::press(CHORD).await.expect("the chord");
    window
        .until_shown(QUICK, false)
        .await
        .expect("the same chord closes it");

    // The settings give it back, whoever changes them.
    let (code, ..) = scene.command(&["settings", "set", "--quick-shortcut", "false"]).await;
    assert_eq!(code, Some(0));
    window.until("setting-quickShortcut", "value", "false").await.ok();
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    outside::press(CHORD).await.expect("the chord");
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert!(
        !window.titles().await.expect("the desktop").contains(&QUICK.to_owned()),
        "it was given back"
    );

    // Turning to another window is enough to be rid of it.
    scene.start_again(&["--quick"]).await;
    window.until_shown(QUICK, true).await.expect("it opens");
    outside::until_focused(QUICK).await.expect("it has the keyboard");
    outside::raise("Keywheel").await.expect("the main window");
    window.until_shown(QUICK, false).await.expect("it goes");
    scene.window.close().await.expect("the window closes");
}

#[tokio::test]
async fn one_that_another_program_has_is_refused_and_not_kept() {
    let other = Scene::sample_set(&["--quick-shortcut", "true"]).await;
    opens(&other.window).await.expect("it is the other's");
    outside::press(CHORD).await.expect("the chord");
    other.window.until_shown(QUICK, false).await.expect("it goes");

    let scene = Scene::sample().await;
    choose(&scene.window).await;
    let refused = scene
        .window
        .css("[data-testid=error][data-code=\"shortcut.taken\"]")
        .await;
    refused.expect("it says why");
    scene.picture("shortcut-taken").await;
    assert!(!is_chosen(&scene).await, "what cannot come true is not kept");
    let shown = "return document.querySelector('[data-testid=setting-quickShortcut]').value";
    assert_eq!(scene.window.run(shown).await.expect("the choice"), "false", "nor shown");
    for scene in [scene, other] {
        scene.window.close().await.expect("the window closes");
    }
}
