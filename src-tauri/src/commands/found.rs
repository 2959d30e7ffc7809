//! What a person looks for: several keys to be replaced in one act, and values of ours in files that git tracks.

use std::path::{Path, PathBuf};

use keywheel_wire::render::{Names, planned_view, scan_view};
use keywheel_wire::{BatchRequest, PlannedView, ScanView};

use super::{Answer, Window};
use crate::dto;

/// Plans the replacement of each of these keys; each is begun by `start_rotation` with its hash.
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

/// Looks through the files that git tracks under a folder; `~/` is the person's home.
#[tauri::command]
pub async fn scan_folder(window: Window<'_>, folder: String) -> Answer<ScanView> {
    let app = window.app().await?;
    let scanned = app.scan(&from_home(folder.trim())).await?;
    window.emit("inventory_changed", ());
    Ok(scan_view(&scanned, &Names::of(&app).await?))
}

/// The path with `~/` as the person's home.
pub(super) fn from_home(folder: &str) -> PathBuf {
    let below_home = folder.strip_prefix("~/").zip(dirs::home_dir());
    below_home.map_or_else(|| Path::new(folder).to_owned(), |(rest, home)| home.join(rest))
}
