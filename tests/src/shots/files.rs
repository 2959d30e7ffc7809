//! A key in two files: what a rotation will write, and one that stops at the second.

use serde_json::json;

use super::open_key;
use crate::album::{Album, Stage};
use crate::journey::to_list;
use crate::places::{self, Place};
use crate::sample::said;
use crate::window::Outcome;
use keywheel_core::vault::VaultState;

pub(super) async fn take(album: &Album) -> Outcome {
    let stage = Stage::sample(album).await?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let app = stage.app().await?;
    let key = app
        .find_key("document-archive")
        .await
        .map_err(|failure| said(&failure))?;
    let facts = app.key_facts(key.id, VaultState::Ready).await;
    let version = facts.map_err(|failure| said(&failure))?.row.version;
    let version = version.ok_or("a key without a version")?;
    let value = app.reveal(version.id).await.map_err(|failure| said(&failure))?;
    let places = [0, 1].map(|n| Place::new(folder.path(), n, value.expose()));
    places::bind(&places, &app, key.id).await;
    app.close().await;

    let window = stage.open().await?;
    to_list(&window).await?;
    open_key(&window, "document-archive").await?;
    let late = json!({ "method": "POST", "path": "/api/v1/organizations/*/api-keys", "at": "after",
        "do": { "kind": "delay", "ms": 3000 } });
    stage.provider.fault(&late).await?;
    window.click("rotate").await?;
    window.css("[data-testid=start]:not([aria-disabled=true])").await?;
    stage.take(&window, "38-files-plan").await?;
    window.click("start").await?;
    window.until("step-mint", "data-status", "running").await?;
    places[1].lock();
    window.until("rotation-sheet", "data-state", "failed").await?;
    window.find("resume").await?;
    stage.take(&window, "39-files-failed").await?;
    window.close().await
}
