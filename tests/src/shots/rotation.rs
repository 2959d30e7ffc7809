//! One rotation from its plan to its receipt, with an overlap.

use keywheel_core::model::{Policy, PolicyScope};
use serde_json::json;

use super::open_key;
use crate::album::{Album, Stage};
use crate::journey::to_list;
use crate::sample::said;
use crate::window::Outcome;

pub(super) async fn take(album: &Album) -> Outcome {
    let stage = Stage::sample(album).await?;
    let app = stage.app().await?;
    let production = app
        .find_environment("production")
        .await
        .map_err(|failure| said(&failure))?;
    let overlapping = Policy {
        overlap_hours: Some(24),
        ..Policy::open(PolicyScope::Environment(production.id))
    };
    app.set_policy(&overlapping).await.map_err(|failure| said(&failure))?;
    app.close().await;

    let window = stage.open().await?;
    to_list(&window).await?;
    open_key(&window, "document-archive").await?;
    window.click("rotate").await?;
    window.css("[data-testid=start]:not([aria-disabled=true])").await?;
    stage.take(&window, "30-rotation-plan").await?;
    let slow = json!({ "path": "/api/v1/verify", "do": { "kind": "delay", "ms": 4000 } });
    stage.provider.fault(&slow).await?;
    window.click("start").await?;
    window.until("step-verify_new", "data-status", "running").await?;
    stage.take(&window, "31-rotation-running").await?;
    window.until("rotation-sheet", "data-state", "awaiting_person").await?;
    stage.take(&window, "32-rotation-your-turn").await?;
    window.click("replaced").await?;
    window.until("rotation-sheet", "data-state", "awaiting_time").await?;
    stage.take(&window, "33-rotation-overlap").await?;
    window.click("revoke-old-now").await?;
    window.find("confirm-revoke-old").await?;
    stage.take(&window, "34-revoke-old-now").await?;
    window.click("confirm-revoke-old-yes").await?;
    window.until("rotation-sheet", "data-state", "completed").await?;
    window.find("receipt").await?;
    stage.take(&window, "35-rotation-done").await?;
    window.close().await
}
