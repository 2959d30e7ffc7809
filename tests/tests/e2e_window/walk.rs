//! From the first run to the lock by keyboard alone: connect, list, filter, rotate, copy, lock. No mouse event is sent;
//! what is pressed is what has the focus, and where that is can be seen at each stop.

use tests::keyboard::{CTRL, DOWN, ENTER, F6, Keyboard, SHIFT};
use tests::sample::text;
use tests::{keyring, outside};

use crate::scene::{Scene, until_state};

/// Counts what a mouse would send, also into pages that are loaded later.
const COUNT_MOUSE: &str = "
    for (const kind of ['pointerdown', 'mousedown', 'wheel'])
        addEventListener(kind, () => sessionStorage.setItem('mouse', kind), { capture: true });";

#[tokio::test]
async fn from_the_first_run_to_the_lock_without_a_mouse() {
    let scene = Scene::empty().await;
    let (window, (user, org, keys)) = (&scene.window, scene.first_org().await);
    let keyboard = Keyboard::of(window);
    window.find("first-run").await.expect("the first run is shown");
    window.run(COUNT_MOUSE).await.expect("a listener");

    // Connect.
    keyboard.is_at("connect").await.expect("the first act has the focus");
    keyboard.press(&[ENTER]).await.expect("Connect an account");
    window.find("provider-overten").await.expect("Overten is offered");
    keyboard
        .is_at("provider-search")
        .await
        .expect("the search has the focus");
    keyboard.press(&[ENTER]).await.expect("Next");
    keyboard
        .is_at("field-org-name")
        .await
        .expect("the first field has the focus");
    keyboard.types("acme").await.expect("the organisation");
    for (field, value) in [
        ("field-label", "main".to_owned()),
        ("field-org_id", text(&org["id"])),
        ("field-web_api_key", text(&user["web_api_key"])),
    ] {
        keyboard.to(field).await.expect(field);
        keyboard.types(&value).await.expect(field);
    }
    let token = text(&user["refresh_token"]);
    outside::copy(&token).await.expect("a copied token");
    keyboard.to("take-refresh_token").await.expect("Take from clipboard");
    keyboard.press(&[ENTER]).await.expect("it is pressed");
    window.find("taken-refresh_token").await.expect("it was taken");
    keyboard.to("connect-submit").await.expect("Connect");
    keyboard.press(&[ENTER]).await.expect("it is pressed");
    let lines = window.text("connect-lines").await.expect("what connecting found");
    assert!(lines.contains(&format!("{} new", keys.len())), "{lines}");
    keyboard.is_at("wizard-done").await.expect("Done has the focus");
    keyboard.press(&[ENTER]).await.expect("Done");
    let gone = window.gone("[data-testid=wizard-done]").await;
    gone.expect("the wizard closes");

    // List and filter.
    keyboard.press(&['/']).await.expect("the filter");
    keyboard.is_at("filter").await.expect("the filter has the focus");
    keyboard.types("status:stale ").await.expect("a filter");
    keyboard.press(&[DOWN]).await.expect("to the list");
    keyboard.is_at("key-grid").await.expect("the list has the focus");
    keyboard.press(&[F6]).await.expect("to another region");
    assert_ne!(keyboard.at().await.expect("a region"), "key-grid", "F6 leaves the list");
    for _ in 0..4 {
        if keyboard.at().await.expect("a region") != "key-grid" {
            keyboard.press(&[F6]).await.expect("round");
        }
    }
    keyboard.is_at("key-grid").await.expect("F6 comes round to it");

    // The value of the oldest key, copied at its provider's page.
    let oldest = keys.iter().min_by_key(|key| text(&key["created_at"])).expect("a key");
    let old = text(&oldest["value"]);
    keyboard.press(&[ENTER]).await.expect("Open details");
    keyboard.is_at("drawer").await.expect("the details have the focus");
    outside::copy(&old).await.expect("its value, copied at the provider");
    keyboard.to("paste").await.expect("Paste value");
    keyboard.press(&[ENTER]).await.expect("it is pressed");
    window.find("take-key").await.expect("the sheet");
    keyboard.to("take-key").await.expect("Take from clipboard");
    keyboard.press(&[ENTER]).await.expect("it is pressed");
    window.gone("[data-testid=paste]").await.expect("the value is held now");

    // Rotate. The focus is in the key's details, where R is its shortcut.
    let before = scene.live().await;
    keyboard
        .is_at("drawer")
        .await
        .expect("the focus is back in the details");
    keyboard.press(&['r']).await.expect("Rotate");
    keyboard
        .is_at("start")
        .await
        .expect("the act of the sheet has the focus");
    let planned = window.css("[data-testid=start]:not([aria-disabled=true])").await;
    planned.expect("the plan is there, so that its act is not held");
    keyboard.press(&[ENTER]).await.expect("Rotate key");
    until_state(window, "awaiting_person").await;
    let new = outside::clipboard().await.expect("the clipboard");
    let now = scene.live().await;
    assert!(
        now.contains(&new) && !before.contains(&new),
        "the clipboard holds the one new key"
    );
    assert!(now.contains(&old), "the old key lives until it is replaced");
    keyboard.to("replaced").await.expect("I have replaced it");
    keyboard.press(&[ENTER]).await.expect("it is pressed");
    until_state(window, "completed").await;
    assert!(!scene.live().await.contains(&old), "the old key is revoked");
    let record = scene.provider.key_of_value(&old).await.expect("the ledger");
    let refused = record.expect("the old key")["refused_calls"].as_u64();
    assert!(refused > Some(0), "a call with the old key was refused");
    keyboard.to("leave").await.expect("Done");
    keyboard.press(&[ENTER]).await.expect("it is pressed");
    window.gone("[data-testid=leave]").await.expect("the sheet closes");

    // Copy and reveal.
    keyboard
        .is_at("drawer")
        .await
        .expect("the focus is back in the details");
    outside::copy("something else").await.expect("another copy");
    keyboard.press(&[CTRL, 'c']).await.expect("Copy key");
    // The countdown of the rotation's own copy may still be there.
    outside::until_copied(&new).await.expect("it is copied");
    window.find("clipboard").await.expect("the countdown");
    keyboard.press(&[CTRL, SHIFT, 'r']).await.expect("Reveal");
    window.find("revealed").await.expect("the value, for seconds");
    let name = window.css("[data-testid=drawer]").await.expect("the details");
    let name = name.attr("data-key-name").await.expect("a name").expect("a name");
    let page = window.page_text().await.expect("the page");
    assert!(
        page.contains(&new) && page.contains(&name),
        "the value and the name are shown"
    );

    // Lock.
    keyboard.press(&[CTRL, 'l']).await.expect("Lock now");
    keyboard.is_at("unlock-window").await.expect("the lock has the focus");
    let page = window.page_text().await.expect("the page");
    for gone in [&new, &old, &name, "acme", "sk_live_"] {
        assert!(!page.contains(gone), "{gone} is not in the page");
    }
    assert_eq!(
        outside::clipboard().await.unwrap_or_default(),
        "",
        "the clipboard is cleared"
    );
    assert!(keyring::until_locked().await, "the keychain is locked");
    keyring::unlock().await.expect("the person unlocks the keychain");
    keyboard.press(&[ENTER]).await.expect("Unlock");
    window.css("nav").await.expect("the window is open");
    assert!(
        !keyboard.at().await.expect("a place").is_empty(),
        "the focus is in the window"
    );
    let mouse = window.run("return sessionStorage.getItem('mouse')").await;
    assert!(mouse.expect("what the mouse sent").is_null(), "no mouse event was sent");
    scene.window.close().await.expect("the window closes");
}
