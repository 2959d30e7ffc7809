//! What goes wrong: a provider that is gone, an answer that is lost, a question, a restart, a locked keychain.

use serde_json::json;

use super::{go, leave_key, open_key};
use crate::album::{Album, Stage};
use crate::journey::to_list;
use crate::keyring;
use crate::window::{Outcome, Window};

const KEYS: &str = "/api/v1/organizations/*/api-keys";

pub(super) async fn take(album: &Album) -> Outcome {
    let stage = Stage::sample(album).await?;
    let window = stage.open().await?;
    to_list(&window).await?;

    let gone = json!({ "method": "GET", "path": KEYS, "times": null, "do": { "kind": "drop" } });
    stage.provider.fault(&gone).await?;
    start(&window, "pricing-engine env:prod").await?;
    window.until("rotation-sheet", "data-state", "failed").await?;
    window.find("resume").await?;
    stage.take(&window, "40-rotation-failed").await?;
    stage.provider.forget_faults().await?;
    leave(&window).await?;

    start(&window, "sandbox-jonas").await?;
    window.until("rotation-sheet", "data-state", "awaiting_person").await?;
    leave(&window).await?;

    let lost = json!({ "method": "POST", "path": KEYS, "at": "after", "do": { "kind": "drop" } });
    stage.provider.fault(&lost).await?;
    let down = json!({ "method": "GET", "path": KEYS, "nth": 3, "times": 3, "do": { "kind": "drop" } });
    stage.provider.fault(&down).await?;
    start(&window, "checkout-api env:prod").await?;
    window.until("rotation-sheet", "data-state", "unknown").await?;
    window.find("check").await?;
    stage.take(&window, "41-rotation-unknown").await?;
    window.click("check").await?;
    if window.find("question").await.is_err() {
        window.click("check").await?;
    }
    window.find("question").await?;
    stage.take(&window, "42-rotation-question").await?;
    leave(&window).await?;
    go(&window, "rotations").await?;
    window.find("rotation-row").await?;
    stage.take(&window, "43-rotations").await?;

    let out = json!({ "method": "GET", "path": KEYS, "times": 8, "do": { "kind": "status", "status": 503 } });
    stage.provider.fault(&out).await?;
    go(&window, "accounts").await?;
    window.click("refresh").await?;
    window.css("[data-testid=error]").await?;
    stage.take(&window, "44-accounts-failing").await?;
    go(&window, "keys").await?;
    stage.take(&window, "45-keys-failing").await?;

    window.close().await?;
    let window = stage.open().await?;
    window.find("stopped-banner").await?;
    to_list(&window).await?;
    stage.take(&window, "46-restarted").await?;
    keyring::lock().await?;
    window.until("keychain-banner", "data-state", "locked").await?;
    open_key(&window, "document-archive").await?;
    let shown = stage.take(&window, "47-keychain-locked").await;
    keyring::unlock().await?;
    window.gone("[data-testid=keychain-banner]").await?;
    shown?;
    window.close().await
}

/// Starts the rotation of the first key that the filter leaves.
async fn start(window: &Window, filter: &str) -> Outcome {
    open_key(window, filter).await?;
    window.click("rotate").await?;
    window.click("start").await
}

/// Closes the sheet; the rotation stays open.
async fn leave(window: &Window) -> Outcome {
    window.click("leave").await?;
    window.gone("[data-testid=rotation-sheet]").await?;
    leave_key(window).await
}
