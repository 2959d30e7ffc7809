//! Quick access: what it copies, what it may not do, and when it goes.

use serde_json::Value;
use tests::keyboard::{CTRL, ENTER, ESCAPE, Keyboard};
use tests::sample::{list, text};
use tests::{keyring, outside};

use crate::scene::{Scene, call};

/// Its title.
const QUICK: &str = "Keywheel quick access";

fn items(printed: Value) -> Vec<Value> {
    printed.as_array().cloned().unwrap_or_default()
}

/// A key whose value is held, and that value, as the provider has it.
async fn held_key(scene: &Scene) -> (Value, String) {
    let (_, keys, _) = scene.command(&["key", "list", "--status", "fresh"]).await;
    let key = items(keys).into_iter().find(|key| key["held"] == true);
    let key = key.expect("a fresh key that is held");
    let world = scene.provider.world().await.expect("the simulator's world");
    // Several have its name; the hint ends as the value does.
    let hint = text(&key["hint"]);
    let end = hint.rsplit('…').next().expect("the end of its hint");
    let values = list(&world, "keys").into_iter().map(|seed| text(&seed["value"]));
    let mut values = values.filter(|value| value.ends_with(end));
    let value = values.next().expect("it is the provider's");
    (key, value)
}

#[tokio::test]
async fn started_alone_it_copies_a_key_hides_and_ends_once_the_clipboard_is_cleared() {
    let scene = Scene::quick(&["--clipboard", "5"]).await;
    let (window, keyboard) = (&scene.window, Keyboard::of(&scene.window));
    let (key, value) = held_key(&scene).await;
    outside::copy("something else").await.expect("a clipboard");
    window.css("[data-testid=quick-row]").await.expect("the keys");
    keyboard.is_at("quick-input").await.expect("the search has the focus");
    keyboard.types(&text(&key["name"])).await.expect("its name");
    let first = format!(
        "[data-testid=quick-row][data-key-id=\"{}\"][aria-selected=true]",
        text(&key["id"])
    );
    window.css(&first).await.expect("the key is found");
    scene.picture("quick").await;
    keyboard.press(&[ENTER]).await.expect("Enter");
    let said = window.text("quick-copied").await.expect("it says so");
    assert!(said.contains(&text(&key["name"])) && said.contains("5 s"), "{said}");
    outside::until_copied(&value)
        .await
        .expect("the value is on the clipboard");
    assert!(!window.page_text().await.expect("the page").contains(&value));
    window.until_shown(QUICK, false).await.expect("it goes");
    let titles = window.titles().await.expect("the desktop");
    assert!(titles.iter().all(|title| title != "Keywheel"), "{titles:?}");
    window.ended().await.expect("the process ends");
    assert_ne!(
        outside::clipboard().await.unwrap_or_default(),
        value,
        "the clipboard is cleared"
    );
    let (_, activity, _) = scene.command(&["activity"]).await;
    let copied = items(activity).into_iter().find(|it| it["verb"] == "key.copied");
    assert_eq!(copied.expect("the copy is noted")["keyId"], key["id"]);
}

#[tokio::test]
async fn beside_the_main_window_it_may_copy_and_no_more_and_hands_over_what_is_more() {
    let scene = Scene::sample().await;
    let window = &scene.window;
    let (key, _) = held_key(&scene).await;
    scene.start_again(&["--quick"]).await;
    window.turn_to("quick.html").await.expect("quick access");
    window.css("[data-testid=quick-row]").await.expect("the keys");
    let with_id = format!("{{ keyId: '{}' }}", text(&key["id"]));
    for (command, arguments) in [
        ("plan_rotation", "{ keyId: 'x', revokeFirst: false }"),
        ("start_rotation", "{ keyId: 'x', planHash: 'x', revokeFirst: false }"),
        ("reveal_version", "{ versionId: 'x' }"),
        ("take_from_clipboard", "{ providerId: null, field: 'key' }"),
        ("key_detail", with_id.as_str()),
        (
            "plugin:global-shortcut|register",
            "{ shortcuts: ['F9'], handler: null }",
        ),
        ("plugin:window|close", "{}"),
    ] {
        let answer = call(window, command, arguments).await;
        assert!(
            answer.starts_with("refused") && answer.contains("not allowed"),
            "{command}: {answer}"
        );
    }

    let keyboard = Keyboard::of(window);
    window.fill("quick-input", &text(&key["name"])).await.expect("its name");
    keyboard.press(&[CTRL, 'r']).await.expect("Rotate…");
    window.turn_to("").await.expect("the main window");
    window.find("old-key-line").await.expect("the plan of the rotation");
    window.until_shown(QUICK, false).await.expect("quick access goes");
    for command in ["copied_keys", "hide_quick"] {
        let answer = call(window, command, "{}").await;
        assert!(answer.contains("not allowed"), "{command}: {answer}");
    }
    keyboard.press(&[ESCAPE]).await.expect("away with the plan");

    // Either window locks and unlocks both.
    scene.start_again(&["--quick"]).await;
    window.turn_to("quick.html").await.expect("quick access again");
    window.css("[data-testid=quick-row]").await.expect("the keys");
    assert_eq!(
        window
            .run("return document.querySelector('[data-testid=quick-input]').value")
            .await
            .expect("the field"),
        "",
        "it begins anew"
    );
    keyboard.press(&[CTRL, 'l']).await.expect("Lock now");
    window.find("unlock-window").await.expect("it is locked");
    window.turn_to("").await.expect("the main window");
    window.find("unlock-window").await.expect("it is locked too");
    window.turn_to("quick.html").await.expect("quick access");
    keyring::unlock().await.expect("the keychain unlocks");
    window.click("unlock-window").await.expect("Unlock");
    window.css("[data-testid=quick-row]").await.expect("the keys");
    window.turn_to("").await.expect("the main window");
    window
        .css("[data-testid=key-row], [data-testid=queue-row]")
        .await
        .expect("it is open");
    window.press_close().await.expect("its title bar's button");
    window.ended().await.expect("quick access does not keep the process");
}
