//! The application, its lists and its health.

use std::collections::HashSet;

use keywheel_core::clock::SystemEntropy;
use keywheel_core::failure::{Code, Failure};
use keywheel_wire::render::{Names, activity_view, keychain_view, provider_view, reason_views, settings_view};
use keywheel_wire::{
    ActivityView, AppView, DemoView, DoctorView, InventoryView, KeychainView, NewFileView, ProviderView,
};
use tauri::{AppHandle, Webview};
use tauri_plugin_dialog::DialogExt;

use super::{Answer, Window};
use crate::new_file;
use crate::window::MAIN;

/// Most events that the window shows.
const MOST_EVENTS: u32 = 5000;

#[tauri::command]
pub async fn app_state(webview: Webview, window: Window<'_>) -> Answer<AppView> {
    let app = window.app().await?;
    let lock = window.lock_view(&app).await;
    Ok(AppView {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        data_dir: window.data_dir().display().to_string(),
        demo: app.is_demo().then(|| DemoView {
            now: app.clock().now().to_string(),
        }),
        keychain: keychain_view(window.keychain()),
        clipboard: window.lease.view().filter(|_| lock.is_none()),
        settings: settings_view(&window.settings()),
        lock,
        wanted: (webview.label() == MAIN).then(|| window.take_wanted()).flatten(),
        first_run: app.is_empty().await?,
        reasons: reason_views(),
    })
}

/// *Try again* after the data directory could not be opened.
#[tauri::command]
pub async fn open_again(window: Window<'_>) -> Answer<()> {
    Ok(window.open_again().await?)
}

#[tauri::command]
pub async fn inventory(window: Window<'_>) -> Answer<InventoryView> {
    let app = window.app().await?;
    match window.ahead.take().await {
        Some(view) => Ok(view),
        None => Ok(window.inventory(&app).await?),
    }
}

#[tauri::command]
pub async fn list_providers(window: Window<'_>) -> Answer<Vec<ProviderView>> {
    let app = window.app().await?;
    Ok(app
        .catalog()
        .all()
        .map(|definition| provider_view(definition))
        .collect())
}

#[tauri::command]
pub async fn activity(window: Window<'_>, limit: u32) -> Answer<Vec<ActivityView>> {
    let app = window.app().await?;
    let names = Names::of(&app).await?;
    Ok(app
        .activity(limit.min(MOST_EVENTS))
        .await?
        .iter()
        .map(|event| activity_view(event, &names))
        .collect())
}

/// Writes these events into the new file that was chosen, which only the person may read: a table, or JSON as `--json` says
/// it. Returns its path.
#[tauri::command]
pub async fn export_activity(window: Window<'_>, ids: Vec<String>, handle: String, table: bool) -> Answer<String> {
    let app = window.app().await?;
    let names = Names::of(&app).await?;
    let wanted: HashSet<String> = ids.into_iter().collect();
    let events: Vec<ActivityView> = app
        .activity(MOST_EVENTS)
        .await?
        .iter()
        .map(|event| activity_view(event, &names))
        .filter(|event| wanted.contains(&event.id))
        .collect();
    let text = match table {
        true => ActivityView::table(&events),
        false => serde_json::to_string_pretty(&events).expect("events become JSON") + "\n",
    };
    let path = window.chosen.take(&handle)?;
    // A page chooses neither what a file is to a shell nor to a desktop.
    let kind = if table { "csv" } else { "json" };
    if path.extension().is_none_or(|extension| extension != kind) {
        return Err(Failure::new(Code::InputInvalid).field("path").into());
    }
    new_file::write(&path, &text)?;
    Ok(path.display().to_string())
}

/// Asks in the desktop's own dialog where a new file goes; null where the person gives up. The place stays here.
#[tauri::command]
pub async fn choose_new_file(handle: AppHandle, window: Window<'_>, name: String) -> Answer<Option<NewFileView>> {
    let (tell, told) = tokio::sync::oneshot::channel();
    let dialog = handle.dialog().file().set_file_name(name);
    dialog.save_file(move |chosen| drop(tell.send(chosen)));
    let chosen = told.await.ok().flatten().and_then(|file| file.into_path().ok());
    Ok(chosen.map(|path| NewFileView {
        path: path.display().to_string(),
        handle: window.chosen.keep(path, &SystemEntropy),
    }))
}

#[tauri::command]
pub async fn unlock_keychain(window: Window<'_>) -> Answer<KeychainView> {
    let app = window.app().await?;
    window.unlock_keychain(&app).await?;
    Ok(keychain_view(window.look_at_keychain(&app).await))
}

#[tauri::command]
pub async fn doctor(window: Window<'_>) -> Answer<DoctorView> {
    let app = window.app().await?;
    Ok(keywheel_wire::render::doctor_view(&app.examine().await))
}

/// The person was told what is lost and leaves all the same.
#[tauri::command]
pub async fn quit_anyway(handle: AppHandle, window: Window<'_>) -> Answer<()> {
    window.risks.accept();
    window.lease.clear().await?;
    handle.exit(0);
    Ok(())
}
