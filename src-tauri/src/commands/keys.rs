//! Keys: created, named, moved, looked at, verified.

use keywheel_core::App;
use keywheel_core::failure::{Code, Failure};
use keywheel_core::model::{AccountId, EnvironmentId, KeyId};
use keywheel_wire::render::{Names, key_detail_view, verdict_view};
use keywheel_wire::{KeyDetailView, KeyView, NewKeyRequest, RotationView, VerdictView};
use tauri::AppHandle;
use tauri_plugin_opener::OpenerExt;

use super::{Answer, Window};
use crate::desktop::{Desktop, parsed};
use crate::dto;

#[tauri::command]
pub async fn new_key(window: Window<'_>, request: NewKeyRequest) -> Answer<RotationView> {
    let account = parsed(AccountId::parse(&request.account_id), "account")?;
    let environment = parsed(EnvironmentId::parse(&request.environment_id), "environment")?;
    let about = dto::description(request.about);
    let app = window.app().await?;
    let id = app.new_key(account, environment, &request.name, &about).await?;
    window
        .in_background(id, move |app| async move { app.go_on(id).await })
        .await
}

#[tauri::command]
pub async fn rename_key(window: Window<'_>, key_id: String, name: String) -> Answer<KeyView> {
    let (app, id) = (window.app().await?, key(&key_id)?);
    app.rename_key(id, &name).await?;
    window.emit("inventory_changed", ());
    Ok(shown(&window, &app, id).await?.key)
}

/// Several go by one press.
#[tauri::command]
pub async fn move_key(window: Window<'_>, key_ids: Vec<String>, environment_id: String) -> Answer<()> {
    let app = window.app().await?;
    let to = parsed(EnvironmentId::parse(&environment_id), "environment")?;
    let ids = key_ids.iter().map(|id| key(id)).collect::<Result<Vec<_>, _>>()?;
    let mut moved = Ok(());
    for id in ids {
        moved = app.move_key(id, to).await;
        if moved.is_err() {
            break;
        }
    }
    window.emit("inventory_changed", ());
    Ok(moved?)
}

#[tauri::command]
pub async fn remove_key(window: Window<'_>, key_id: String) -> Answer<()> {
    window.app().await?.remove_key(key(&key_id)?).await?;
    window.emit("inventory_changed", ());
    Ok(())
}

#[tauri::command]
pub async fn key_detail(window: Window<'_>, key_id: String) -> Answer<KeyDetailView> {
    let app = window.app().await?;
    Ok(shown(&window, &app, key(&key_id)?).await?)
}

#[tauri::command]
pub async fn verify_key(window: Window<'_>, key_id: String) -> Answer<VerdictView> {
    let (app, id) = (window.app().await?, key(&key_id)?);
    let verdict = app.verify(id).await?;
    window.emit("inventory_changed", ());
    let account = app.account_of(id).await?;
    Ok(verdict_view(&verdict, &account, &Names::of(&app).await?))
}

/// Opens the provider's own page for its keys, an https address of its definition.
#[tauri::command]
pub async fn open_page(handle: AppHandle, window: Window<'_>, key_id: String) -> Answer<()> {
    let app = window.app().await?;
    let account = app.account_of(key(&key_id)?).await?;
    let definition = app.definitions().require(&account)?;
    let page = definition.key_page().unwrap_or_else(|| definition.docs());
    let opened = handle.opener().open_url(page, None::<String>);
    Ok(opened.map_err(|_| Failure::new(Code::NotFound).field("browser"))?)
}

pub(super) fn key(id: &str) -> Result<KeyId, Failure> {
    parsed(KeyId::parse(id), "key")
}

pub(super) async fn shown(window: &Desktop, app: &App, id: KeyId) -> Result<KeyDetailView, Failure> {
    let detail = app.key_detail(id, window.keychain()).await?;
    let account = app.account_of(id).await?;
    key_detail_view(&detail, &account, &Names::of(app).await?).ok_or_else(|| Failure::new(Code::NotFound).field("key"))
}
