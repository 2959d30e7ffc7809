//! Settings, and the lock.

use keywheel_core::clock::{Clock, SystemClock};
use keywheel_core::failure::{Code, Failure};
use keywheel_wire::SettingsView;
use keywheel_wire::render::settings_view;
use tauri::AppHandle;
use tauri_plugin_opener::OpenerExt;

use super::{Answer, Window};
use crate::dto;
use crate::gesture;
use crate::lock::Because;
use crate::shortcut;

/// Sets all of them; returns what is in force.
#[tauri::command]
pub async fn set_settings(window: Window<'_>, settings: SettingsView) -> Answer<SettingsView> {
    let app = window.app().await?;
    // A setting that cannot come true is refused and not kept.
    if settings.quick_shortcut {
        shortcut::take(&window.handle).map_err(|failure| failure.field("quick_shortcut"))?;
    }
    let set = app.set_settings(&dto::settings(&settings)).await;
    window.look_at_settings(&app).await;
    if !window.settings().quick_shortcut {
        shortcut::give_back(&window.handle);
    }
    set?;
    Ok(settings_view(&window.settings()))
}

/// Opens the folder of the data in the system's own program.
#[tauri::command]
pub async fn show_data_folder(handle: AppHandle, window: Window<'_>) -> Answer<()> {
    let folder = window.data_dir().display().to_string();
    let opened = handle.opener().open_path(folder, None::<String>);
    Ok(opened.map_err(|_| Failure::new(Code::NotFound).field("folder"))?)
}

#[tauri::command]
pub async fn lock_window(window: Window<'_>) -> Answer<()> {
    Ok(window.lock(Because::Asked).await?)
}

#[tauri::command]
pub async fn unlock_window(window: Window<'_>) -> Answer<()> {
    Ok(window.unlock().await?)
}

/// Somebody presses keys or moves the pointer; the page says so every few seconds at most. It is believed where the toolkit does
/// not tell by itself: a script could say so for ever.
#[tauri::command]
pub async fn note_presence(window: Window<'_>) -> Answer<()> {
    if !gesture::tells_presence() {
        window.lock.touch(SystemClock::new().now());
    }
    Ok(())
}
