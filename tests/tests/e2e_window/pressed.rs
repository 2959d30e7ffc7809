//! What a script of the page does not get done while nobody presses anything.

use serde_json::Value;
use tests::outside;
use tests::window::Window;

use crate::boundary::said;
use crate::scene::Scene;

const ASKS: &str = "Keywheel asks";

/// One command of each kind that takes a press, with what it is called with.
const ACTS: [(&str, &str); 8] = [
    (
        "new_key",
        "{ request: { accountId: key.accountId, environmentId: key.environmentId, name: 'by-script',
             about: { owner: null, usedFor: null, permissions: null, preset: null } } }",
    ),
    (
        "set_settings",
        "{ settings: { ...app.settings, lockAfterSeconds: 0, clipboardSeconds: 300, notify: false } }",
    ),
    ("rename_key", "{ keyId: key.id, name: 'by-script' }"),
    (
        "move_key",
        "{ keyIds: [key.id], environmentId: environments.find((one) => one.id !== key.environmentId).id }",
    ),
    (
        "waive_key",
        "{ keyId: key.id, kind: 'accept_risk', reason: 'by script', days: 30 }",
    ),
    (
        "describe_key",
        "{ keyId: key.id, about: { owner: 'by script', usedFor: null, permissions: null, preset: null } }",
    ),
    ("add_environment", "{ name: 'by-script' }"),
    ("clear_clipboard", "{}"),
];

/// The page's script calls it, and has no press to show.
async fn called(window: &Window, command: &str, arguments: &str) -> String {
    let script = format!(
        "window.said = [];
         const invoke = window.__TAURI_INTERNALS__.invoke;
         Promise.all([invoke('inventory', {{}}), invoke('app_state', {{}})]).then(([{{ keys, environments }}, app]) => {{
             const key = keys.find((key) => key.held && key.purpose === 'service');
             return invoke('{command}', {arguments});
         }}).then(() => window.said.push('done'), (error) => window.said.push(error.code ?? String(error)));"
    );
    window.run(&script).await.expect("it runs");
    refused(window).await
}

/// The person says no, outside the page.
async fn refused(window: &Window) -> String {
    if let Err(error) = window.until_shown(ASKS, true).await {
        return format!("{error}: {}", said(window).await);
    }
    outside::until_focused(ASKS).await.expect("it has the keyboard");
    outside::press("Escape").await.expect("the person says no");
    said(window).await
}

/// Whatever a script may have changed: names, places, waivers, environments, settings.
async fn stands(scene: &Scene) -> Vec<Value> {
    let mut stands = Vec::new();
    for words in [&["key", "list"], &["env", "list"], &["settings", "list"]] {
        let (exit, told, error) = scene.command(words).await;
        assert_eq!(exit, Some(0), "{error}");
        stands.push(told);
    }
    stands
}

#[tokio::test]
async fn a_script_of_the_page_makes_and_changes_nothing_without_a_press() {
    let scene = Scene::pressed().await;
    let window = &scene.window;
    scene.until_listed().await;
    let (before, live) = (stands(&scene).await, scene.live().await);
    outside::copy("a person's own").await.expect("it is copied");
    for (command, arguments) in ACTS {
        assert_eq!(called(window, command, arguments).await, "window.unasked", "{command}");
    }
    assert_eq!(scene.live().await, live, "the provider has made nothing");
    assert_eq!(scene.sent("POST").await, 0);
    assert_eq!(stands(&scene).await, before);
    assert_eq!(outside::clipboard().await.expect("a text"), "a person's own");
    window.close().await.expect("the window closes");
}

#[tokio::test]
async fn a_script_of_the_page_neither_holds_off_the_lock_nor_opens_it() {
    let scene = Scene::pressed().await;
    let window = &scene.window;
    outside::raise("Keywheel")
        .await
        .expect("the window is before all others");
    outside::until_focused("Keywheel").await.expect("it has the keyboard");
    outside::press("Right").await.expect("a key");
    let (exit, _, error) = scene.command(&["settings", "set", "--lock-after", "15"]).await;
    assert_eq!(exit, Some(0), "{error}");
    for _ in 0..6 {
        outside::press("Right").await.expect("a key");
        tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    }
    assert!(
        !window.has("[data-testid=unlock-window]").await,
        "a person was there all the time"
    );
    let there = "setInterval(() => window.__TAURI_INTERNALS__.invoke('note_presence', {}), 500);";
    window.run(there).await.expect("a script says that somebody is there");
    window
        .find("unlock-window")
        .await
        .expect("it locks, as nobody was seen");
    let opens = "
        window.said = [];
        window.__TAURI_INTERNALS__.invoke('unlock_window', {})
            .then(() => window.said.push('done'), (error) => window.said.push(error.code));";
    window.run(opens).await.expect("it runs");
    assert_eq!(refused(window).await, "window.unasked");
    assert!(
        window.has("[data-testid=unlock-window]").await,
        "it is locked as before"
    );
    window.close().await.expect("the window closes");
}
