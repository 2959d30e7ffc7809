//! The application, its lists and its health.

use std::collections::HashSet;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

use keywheel_core::App;
use keywheel_core::failure::{Code, Failure};
use keywheel_wire::render::{
    Names, activity_view, inventory_view, keychain_view, provider_view, reason_views, settings_view,
};
use keywheel_wire::{ActivityView, AppView, DemoView, DoctorView, InventoryView, KeychainView, ProviderView};
use tauri::AppHandle;

use super::found::from_home;
use super::{Answer, Window};
use crate::desktop::Desktop;

/// Most events that the window shows.
const MOST_EVENTS: u32 = 5000;

#[tauri::command]
pub async fn app_state(window: Window<'_>) -> Answer<AppView> {
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
    Ok(whole(&window, &app).await?)
}

pub(super) async fn whole(window: &Desktop, app: &App) -> Result<InventoryView, Failure> {
    let inventory = app.inventory(window.keychain()).await?;
    Ok(inventory_view(&inventory, &Names::of(app).await?, app.instance()))
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

/// Writes these events into a new file that only the person may read: a table, or JSON as `--json` says it. Returns
/// its path.
#[tauri::command]
pub async fn export_activity(window: Window<'_>, ids: Vec<String>, path: String, table: bool) -> Answer<String> {
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
    let path = from_home(path.trim());
    write_new(&path, &text)?;
    Ok(path.display().to_string())
}

/// Never in the place of another file.
fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    if !path.is_absolute() {
        return Err(Failure::new(Code::InputInvalid).field("path"));
    }
    let mut new = OpenOptions::new();
    new.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut new, 0o600);
    let written = new.open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| {
        let code = match error.kind() {
            ErrorKind::AlreadyExists => Code::InputDuplicateName,
            _ => Code::InputInvalid,
        };
        Failure::new(code).field("path")
    })
}

#[tauri::command]
pub async fn unlock_keychain(window: Window<'_>) -> Answer<KeychainView> {
    let app = window.app().await?;
    app.vault().unlock().await?;
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
