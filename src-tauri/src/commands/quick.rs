//! What quick access asks for; a capability of its own keeps it to copying.

use keywheel_core::model::KeyId;
use keywheel_wire::WantedView;
use tauri::AppHandle;

use super::{Answer, Window};
use crate::desktop::parsed;
use crate::{quick, window};

/// Opens it, as its shortcut would.
#[tauri::command]
pub async fn open_quick(handle: AppHandle) -> Answer<()> {
    quick::show(&handle);
    Ok(())
}

/// Ids of the keys that were copied, in the order in which they are probably wanted.
#[tauri::command]
pub async fn copied_keys(window: Window<'_>) -> Answer<Vec<String>> {
    let keys = window.app().await?.copied_keys().await?;
    Ok(keys.iter().map(KeyId::to_string).collect())
}

/// Shows a key in the main window, where more can be done with it.
#[tauri::command]
pub async fn show_key(handle: AppHandle, key_id: String, rotate: bool) -> Answer<()> {
    let key = parsed(KeyId::parse(&key_id), "key")?;
    quick::hide(&handle);
    let key_id = key.to_string();
    window::show(&handle, WantedView::Key { key_id, rotate });
    Ok(())
}

#[tauri::command]
pub async fn hide_quick(handle: AppHandle) -> Answer<()> {
    quick::hide(&handle);
    Ok(())
}
