//! Accounts: connected, signed up, refreshed, removed.

use keywheel_core::model::{AccountId, UnaccountedId};
use keywheel_wire::render::connect_view;
use keywheel_wire::{ConnectRequest, ConnectView, InventoryView, RotationView, SignupRequest};

use super::{Answer, Window};
use crate::desktop::parsed;
use crate::dto;

#[tauri::command]
pub async fn connect_account(window: Window<'_>, request: ConnectRequest) -> Answer<ConnectView> {
    let app = window.app().await?;
    let connected = app.connect(dto::connect(request)?).await?;
    window.emit("inventory_changed", ());
    Ok(connect_view(
        &connected,
        &*app.definitions().require(&connected.account)?,
    ))
}

#[tauri::command]
pub async fn replace_credential(
    window: Window<'_>,
    account_id: String,
    request: ConnectRequest,
) -> Answer<ConnectView> {
    let app = window.app().await?;
    let id = parsed(AccountId::parse(&account_id), "account")?;
    let connected = app.replace_credential(id, dto::connect(request)?).await?;
    window.emit("inventory_changed", ());
    Ok(connect_view(
        &connected,
        &*app.definitions().require(&connected.account)?,
    ))
}

#[tauri::command]
pub async fn refresh_accounts(window: Window<'_>, account_id: Option<String>) -> Answer<InventoryView> {
    let app = window.app().await?;
    let only = account_id
        .map(|id| parsed(AccountId::parse(&id), "account"))
        .transpose()?;
    let refreshed = app.refresh(only).await;
    window.emit("inventory_changed", ());
    refreshed?;
    Ok(window.inventory(&app).await?)
}

#[tauri::command]
pub async fn remove_account(window: Window<'_>, account_id: String) -> Answer<()> {
    window
        .app()
        .await?
        .remove_account(parsed(AccountId::parse(&account_id), "account")?)
        .await?;
    window.emit("inventory_changed", ());
    Ok(())
}

/// The account goes by the present definition of its provider from now on, which is the one that was looked at.
#[tauri::command]
pub async fn accept_definition(window: Window<'_>, account_id: String, digest: String) -> Answer<()> {
    let id = parsed(AccountId::parse(&account_id), "account")?;
    window.app().await?.accept_definition(id, &digest).await?;
    window.emit("inventory_changed", ());
    Ok(())
}

#[tauri::command]
pub async fn sign_up(window: Window<'_>, request: SignupRequest) -> Answer<RotationView> {
    let id = window.app().await?.sign_up(dto::sign_up(request)?).await?;
    window
        .in_background(id, move |app| async move { app.go_on(id).await })
        .await
}

#[tauri::command]
pub async fn settle_unaccounted(window: Window<'_>, unaccounted_id: String, answer: String) -> Answer<()> {
    let app = window.app().await?;
    let id = parsed(UnaccountedId::parse(&unaccounted_id), "unaccounted")?;
    let entry = app.unaccounted().await?.into_iter().find(|entry| entry.id == id);
    let remote_id = entry.and_then(|entry| entry.remote_id);
    app.settle_unaccounted(id, dto::answer(&answer, remote_id)?).await?;
    window.emit("inventory_changed", ());
    Ok(())
}
