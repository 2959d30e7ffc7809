//! What a person looks for: the keys of somebody who leaves, and values of ours in files that git tracks.

use std::path::{Path, PathBuf};

use keywheel_wire::render::{Names, leaving_view, scan_view};
use keywheel_wire::{LeavingView, ScanView};

use super::{Answer, Window};

/// Plans the replacement of every key of this owner; each is begun by `start_rotation` with its hash.
#[tauri::command]
pub async fn plan_leaving(window: Window<'_>, owner: String) -> Answer<Vec<LeavingView>> {
    let app = window.app().await?;
    let names = Names::of(&app).await?;
    let mut planned = Vec::new();
    for one in app.leaving(&owner, window.keychain()).await? {
        let account = app.account_of(one.facts.row.key.id).await?;
        planned.push(leaving_view(&one, &account, &names));
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
