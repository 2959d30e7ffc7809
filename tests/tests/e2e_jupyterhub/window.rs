//! The same course in the window: an account at an address of its own, its token listed, rotated, replaced.

use tests::window::Window;
use tests::{outside, wizard};

use crate::hub::{ADMIN, Hub};

#[tokio::test]
async fn in_the_window_a_token_is_replaced_and_the_hub_refuses_the_old_one() {
    let hub = Hub::start().await;
    let (old_id, old) = hub.user_with_token("ada", "checkout-api").await;
    let folder = tempfile::tempdir().unwrap();
    let test = std::env::current_exe().unwrap();
    let program = test.ancestors().nth(2).unwrap().join("keywheel-desktop");
    let window = Window::open(&program, &folder.path().join("data"), false)
        .await
        .unwrap();
    connect(&window, &hub.address).await;

    // Listed by its note.
    let listed = "[data-testid=key-row][data-key-name=checkout-api]";
    window.click_css(listed).await.expect("the token is listed");
    outside::copy(&old).await.unwrap();
    window.click("paste").await.expect("Paste value");
    window.click("take-key").await.expect("Take from clipboard");
    window.gone("[data-testid=paste]").await.expect("the value is held now");

    window.click("rotate").await.expect("Rotate");
    window.click("start").await.expect("Rotate key");
    let waits = window.until("rotation-sheet", "data-state", "awaiting_person").await;
    waits.expect("the person's turn");
    let copied = outside::clipboard().await.unwrap();
    let tokens = hub.tokens("ada").await;
    assert_eq!(tokens.len(), 2, "one new token, and the old one");
    let new = tokens.iter().find(|token| token["id"] != old_id.as_str()).unwrap();
    assert!(new["note"].as_str().unwrap().starts_with("checkout-api ~k"), "{new}");
    assert_eq!(
        hub.recognises(&copied).await.as_deref(),
        new["id"].as_str(),
        "it is on the clipboard"
    );
    assert_eq!(hub.recognises(&old).await, Some(old_id), "the old one still works");

    window.click("replaced").await.expect("I have replaced it");
    let waits = window.until("rotation-sheet", "data-state", "awaiting_time").await;
    waits.expect("the old token was just used");
    let said = window.says("silence-box", "Last seen").await.expect("when it was seen");
    assert!(said.contains("Asked again"), "{said}");
    assert_eq!(hub.tokens("ada").await.len(), 2, "nothing was revoked");
    window.click("revoke-anyway").await.expect("Revoke anyway");
    window.click("confirm-anyway-yes").await.expect("a second time");
    let done = window.until("rotation-sheet", "data-state", "completed").await;
    done.expect("the old token is dead");
    window.find("receipt").await.expect("a receipt");
    assert_eq!(hub.recognises(&old).await, None, "the hub refuses the old token");
    let left = hub.tokens("ada").await;
    assert_eq!(left.len(), 1, "the hub lists one token");
    assert_eq!(left[0]["id"], new["id"]);
    assert_eq!(
        hub.recognises(&copied).await.as_deref(),
        new["id"].as_str(),
        "the new one works"
    );
    let page = window.page_text().await.unwrap();
    for value in [ADMIN, old.as_str(), copied.as_str()] {
        assert!(!page.contains(value), "no value is in the page");
    }
    window.close().await.expect("the window closes");
}

/// Fills in the wizard: the hub's own address, the user, and a credential from the clipboard.
async fn connect(window: &Window, address: &str) {
    window.click("connect").await.expect("Connect an account");
    window
        .click("provider-jupyterhub")
        .await
        .expect("JupyterHub is offered");
    window.click("wizard-next").await.expect("Continue");
    for (field, value) in [
        ("org-name", "lab"),
        ("label", "ada"),
        ("user", "ada"),
        ("scope", "inherit"),
        ("base-url", address),
    ] {
        window
            .fill(&format!("field-{field}"), value)
            .await
            .expect("a field of the form");
    }
    outside::copy(ADMIN).await.unwrap();
    window.click("take-api_token").await.expect("Take from clipboard");
    window.find("taken-api_token").await.expect("it was taken");
    window.click("connect-submit").await.expect("Connect account");
    let lines = window.says("connect-lines", "Credential accepted").await;
    assert!(lines.expect("what connecting found").contains("1 new"));
    wizard::finish(window).await.expect("Done");
}
