//! Several keys in one act.

use keywheel_wire::render::{Names, planned_view};
use keywheel_wire::{BatchRequest, BatchStart, BegunView, PlannedView};

use super::rotations::start;
use super::{Answer, Window};
use crate::dto;

/// Plans the replacement of each of these keys; each is begun by its hash.
#[tauri::command]
pub async fn plan_batch(window: Window<'_>, batch: BatchRequest) -> Answer<Vec<PlannedView>> {
    let app = window.app().await?;
    let names = Names::of(&app).await?;
    let mut planned = Vec::new();
    for one in app.plan_batch(&dto::batch(batch)?, window.keychain()).await? {
        let account = app.account_of(one.facts.row.key.id).await?;
        planned.push(planned_view(&one, &account, &names));
    }
    Ok(planned)
}

/// Begins several, one after the other; one that fails holds up no other.
#[tauri::command]
pub async fn start_batch(window: Window<'_>, keys: Vec<BatchStart>) -> Answer<Vec<BegunView>> {
    let mut begun = Vec::new();
    for BatchStart { key_id, plan_hash } in keys {
        let (rotation, error) = match start(&window, &key_id, &plan_hash, false).await {
            Ok(rotation) => (Some(rotation), None),
            Err(error) => (None, Some(error)),
        };
        begun.push(BegunView {
            key_id,
            rotation,
            error,
        });
    }
    Ok(begun)
}
