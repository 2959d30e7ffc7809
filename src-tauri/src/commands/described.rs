//! Keys that exist already, what people say of keys, how programs use them, and whose a leaked value is.

use keywheel_core::failure::{Code, Failure};
use keywheel_wire::render::{Names, identified_view, is_variable, snippets_view, variable_for};
use keywheel_wire::{DescriptionRequest, IdentifiedView, ImportKeyRequest, KeyView, SnippetsView, WaiverKindView};

use super::keys::{key, shown};
use super::{Answer, Window};
use crate::desktop::handle;
use crate::dto;

#[tauri::command]
pub async fn import_key(window: Window<'_>, request: ImportKeyRequest) -> Answer<KeyView> {
    let app = window.app().await?;
    let id = app.add_key(dto::existing_key(request)?).await?;
    window.emit("inventory_changed", ());
    Ok(shown(&window, &app, id).await?.key)
}

#[tauri::command]
pub async fn describe_key(window: Window<'_>, key_id: String, about: DescriptionRequest) -> Answer<KeyView> {
    let (app, id) = (window.app().await?, key(&key_id)?);
    app.describe_key(id, &dto::description(about)).await?;
    window.emit("inventory_changed", ());
    Ok(shown(&window, &app, id).await?.key)
}

/// Puts off or accepts what is found with a key, for so many days.
#[tauri::command]
pub async fn waive_key(
    window: Window<'_>,
    key_id: String,
    kind: WaiverKindView,
    reason: String,
    days: u32,
) -> Answer<KeyView> {
    let (app, id) = (window.app().await?, key(&key_id)?);
    app.waive(id, dto::waiver_kind(kind), &reason, days).await?;
    window.emit("inventory_changed", ());
    Ok(shown(&window, &app, id).await?.key)
}

#[tauri::command]
pub async fn end_waiver(window: Window<'_>, key_id: String) -> Answer<KeyView> {
    let (app, id) = (window.app().await?, key(&key_id)?);
    app.end_waiver(id).await?;
    window.emit("inventory_changed", ());
    Ok(shown(&window, &app, id).await?.key)
}

/// All forms at once; `variable` is made from the key's name where it is not given.
#[tauri::command]
pub async fn snippets(window: Window<'_>, key_id: String, variable: Option<String>) -> Answer<SnippetsView> {
    let (app, id) = (window.app().await?, key(&key_id)?);
    let call = app.call(id).await?;
    let variable = variable.unwrap_or_else(|| variable_for(call.key.name.as_str()));
    if !is_variable(&variable) {
        return Err(Failure::new(Code::InputInvalid).field("variable").into());
    }
    let names = Names::of(&app).await?;
    let org = names.org(app.account_of(id).await?.org_id);
    let environment = names.environment(call.key.environment_id);
    let full = format!("{org}/{environment}/{}", call.key.name);
    Ok(snippets_view(&call, &full, &variable))
}

/// Says whose a pasted value is; it is neither sent nor kept.
#[tauri::command]
pub async fn identify_pasted(window: Window<'_>, pasted: String) -> Answer<IdentifiedView> {
    let app = window.app().await?;
    let found = app.identify(&handle(&pasted), window.keychain()).await?;
    Ok(identified_view(&found, &Names::of(&app).await?, app.clock().now()))
}
