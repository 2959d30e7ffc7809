//! The shortcut of the whole desktop: only where it was chosen, from any program, and given back.

use tests::outside;

use crate::scene::Scene;

const QUICK: &str = "Keywheel quick access";
const CHORD: &str = "ctrl+shift+space";

#[tokio::test]
async fn it_opens_quick_access_from_anywhere_while_it_is_chosen_and_goes_when_the_person_turns_away() {
    let scene = Scene::sample().await;
    let window = &scene.window;
    outside::press(CHORD).await.expect("the chord");
    window
        .click_css("[data-testid=place-settings]")
        .await
        .expect("Settings");
    let choose = async |value: &str| {
        let option = format!("[data-testid=setting-quickShortcut] option[value={value}]");
        window
            .css(&option)
            .await
            .expect("the choice")
            .click()
            .await
            .expect("it is chosen");
    };
    assert!(
        !window.titles().await.expect("the desktop").contains(&QUICK.to_owned()),
        "nobody chose it"
    );

    choose("true").await;
    let (_, settings, _) = scene.command(&["settings", "list"]).await;
    assert_eq!(settings["quickShortcut"], true, "{settings}");
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
    scene.ask_quick().await;
    window.until_shown(QUICK, true).await.expect("it opens");
    outside::until_focused(QUICK).await.expect("it has the keyboard");
    outside::raise("Keywheel").await.expect("the main window");
    window.until_shown(QUICK, false).await.expect("it goes");
    scene.window.close().await.expect("the window closes");
}
