//! The lock: what it hides, what Rust refuses behind it, what goes on, and what opens it.

use serde_json::{Value, json};
use tests::{keyring, outside};

use crate::scene::{Scene, call, until_state};

#[tokio::test]
async fn behind_the_lock_rust_refuses_every_command_and_tells_nothing() {
    let scene = Scene::sample().await;
    let window = &scene.window;
    let row = window.css("[data-testid=key-row]").await.expect("a key");
    let name = row.attr("data-key-name").await.expect("a row").expect("a name");
    let id = row.attr("data-key-id").await.expect("a row").expect("an id");
    window.run("window.before = true").await.expect("a mark");
    window.click("lock-window").await.expect("Lock now");
    window.find("unlock-window").await.expect("it is locked");
    assert!(
        window.run("return window.before").await.expect("the page").is_null(),
        "the page is another one: nothing of the former is in memory"
    );
    assert!(
        !window.page_text().await.expect("the page").contains(&name),
        "no key is named"
    );

    let with_id = format!("{{ keyId: '{id}' }}");
    for (command, arguments) in [
        ("inventory", "{}"),
        ("activity", "{ limit: 10 }"),
        ("key_detail", with_id.as_str()),
        ("verify_key", with_id.as_str()),
        ("plan_rotation", "{ keyId: 'x', revokeFirst: false }"),
        ("reveal_version", "{ versionId: 'x' }"),
        ("copy_version", "{ versionId: 'x' }"),
        ("list_providers", "{}"),
        ("unlock_keychain", "{}"),
        ("doctor", "{}"),
    ] {
        let answer = call(window, command, arguments).await;
        assert_eq!(answer, "refused: window.locked", "{command}");
    }
    let state = call(window, "app_state", "{}").await;
    assert!(state.starts_with("allowed") && state.contains("\"lock\":{"), "{state}");
    assert!(!state.contains(&name), "{state}");

    // A change that another process makes is not told: the page would read everything anew.
    window
        .run(
            "window.told = [];
             const about = ({ payload: { event } }) => /^(inventory|rotation)/.test(event) && window.told.push(event);
             window.__TAURI_INTERNALS__.invoke('plugin:event|listen', { event: 'told', target: { kind: 'Any' },
                 handler: window.__TAURI_INTERNALS__.transformCallback(about) });",
        )
        .await
        .expect("listeners");
    assert!(keyring::until_locked().await, "the keychain is locked with it");
    keyring::unlock().await.expect("the keychain unlocks");
    let (exit, _, error) = scene.command(&["verify", &id]).await;
    assert!(exit.is_some(), "the command works beside it: {error}");
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    assert_eq!(
        window.run("return window.told").await.expect("what was told"),
        Value::Array(vec![])
    );

    window.click("unlock-window").await.expect("Unlock");
    window.find("place-keys").await.expect("the window is open");
    let answer = call(window, "inventory", "{}").await;
    assert!(answer.starts_with("allowed"), "{answer}");
    window.click("place-activity").await.expect("Activity");
    window
        .css("[data-verb='window.locked']")
        .await
        .expect("the lock is noted");
    window.css("[data-verb='window.unlocked']").await.expect("and its end");
    scene.window.close().await.expect("the window closes");
}

#[tokio::test]
async fn a_rotation_goes_on_behind_the_lock_and_then_the_keychain_is_locked() {
    let scene = Scene::sample().await;
    let window = &scene.window;
    scene.until_listed().await;
    scene.plan_rotation().await;
    let before = scene.live().await;
    // The mint takes its time, so that the lock falls between it and the keychain.
    let slow = json!({ "method": "POST", "path": "/api/v1/organizations/*/api-keys", "at": "after",
        "do": { "kind": "delay", "ms": 4000 } });
    scene.provider.fault(&slow).await.expect("the fault is set");
    let sent = scene.sent("POST").await;
    window.click("start").await.expect("Rotate key");
    scene.until_sent("POST", sent).await;
    outside::copy("of another program").await.expect("another copy");
    // The page may be gone before its answer.
    call(window, "lock_window", "{}").await;
    window.find("unlock-window").await.expect("it is locked");
    assert!(keyring::until_locked().await, "the keychain is locked in the end");
    window
        .says("lock-rotations", "1 rotation is open")
        .await
        .expect("it is counted");
    assert_eq!(
        outside::clipboard().await.expect("the clipboard"),
        "of another program",
        "nothing is copied behind the lock, and what is not ours is not cleared"
    );
    let new: Vec<String> = scene
        .live()
        .await
        .into_iter()
        .filter(|it| !before.contains(it))
        .collect();
    assert_eq!(new.len(), 1, "one new key");

    keyring::unlock().await.expect("the keychain unlocks");
    window.click("unlock-window").await.expect("Unlock");
    window.click("running").await.expect("open rotations");
    window.click_css("[data-testid=rotation-row]").await.expect("it");
    until_state(window, "awaiting_person").await;
    window.click("copy-new").await.expect("Copy");
    window.find("clipboard").await.expect("the countdown");
    assert_eq!(
        outside::clipboard().await.expect("the clipboard"),
        new[0],
        "the new key was stored"
    );
    scene.window.close().await.expect("the window closes");
}

#[tokio::test]
async fn it_locks_by_itself_when_nobody_is_there_as_the_command_has_set_it() {
    let scene = Scene::sample().await;
    let window = &scene.window;
    let (exit, set, error) = scene
        .command(&[
            "settings",
            "set",
            "--lock-after",
            "15",
            "--theme",
            "dark",
            "--clipboard",
            "30",
        ])
        .await;
    assert_eq!(exit, Some(0), "{error}");
    assert_eq!(
        (&set["lockAfterSeconds"], &set["clipboardSeconds"]),
        (&15.into(), &30.into()),
        "{set}"
    );
    window
        .css("html[data-theme=dark]")
        .await
        .expect("the open window keeps to it");
    let (exit, _, error) = scene.command(&["settings", "set", "--lock-after", "3"]).await;
    assert_eq!(exit, Some(2), "{error}");
    assert_eq!(error["field"], "lock_after_seconds", "{error}");

    window.find("unlock-window").await.expect("it locks by itself");
    let said = window.text("lock").await.expect("the lock");
    assert!(said.contains("after 15 s in which nobody touched it"), "{said}");
    assert!(
        !keyring::is_locked().await.expect("its state"),
        "the keychain is left to the others"
    );
    window.click("unlock-window").await.expect("Unlock");
    window.find("place-settings").await.expect("the window is open");
    window.click("place-settings").await.expect("Settings");
    let chosen = window
        .css("[data-testid=setting-clipboardSeconds]")
        .await
        .expect("a setting");
    assert_eq!(chosen.prop("value").await.expect("its value").as_deref(), Some("30"));
    scene.window.close().await.expect("the window closes");
}
