//! Values of ours in files that git tracks.

use std::path::{Path, PathBuf};

use keywheel_wire::ScanView;
use keywheel_wire::render::{Names, scan_view};

use super::{Answer, Window};

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
