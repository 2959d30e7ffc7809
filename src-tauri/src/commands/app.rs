//! The application, its lists and its health.

use keywheel_core::App;
use keywheel_core::failure::Failure;
use keywheel_wire::render::{Names, activity_view, inventory_view, keychain_view, provider_view, reason_views};
use keywheel_wire::{ActivityView, AppView, DemoView, DoctorView, InventoryView, KeychainView, ProviderView};
use tauri::AppHandle;

use super::{Answer, Window};
use crate::desktop::Desktop;

#[tauri::command]
pub async fn app_state(window: Window<'_>) -> Answer<AppView> {
    let app = window.app().await?;
    Ok(AppView {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        data_dir: window.data_dir().display().to_string(),
        demo: app.is_demo().then(|| DemoView {
            now: app.clock().now().to_string(),
        }),
        keychain: keychain_view(window.keychain()),
        clipboard: window.lease.view(),
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
        .activity(limit.min(5000))
        .await?
        .iter()
        .map(|event| activity_view(event, &names))
        .collect())
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
    window.holding.store(false, std::sync::atomic::Ordering::SeqCst);
    window.lease.clear().await?;
    handle.exit(0);
    Ok(())
}
