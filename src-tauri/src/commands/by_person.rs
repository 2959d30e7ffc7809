//! Steps that the person does on the provider's page: opened, and reported.

use keywheel_core::failure::{Code, Failure};
use keywheel_wire::RotationView;
use tauri::AppHandle;
use tauri_plugin_opener::OpenerExt;

use super::rotations::id;
use super::{Answer, Window};
use crate::desktop::handle;

#[tauri::command]
pub async fn take_new_value(
    window: Window<'_>,
    rotation_id: String,
    pasted: String,
    anyway: bool,
) -> Answer<RotationView> {
    let (id, pasted) = (id(&rotation_id)?, handle(&pasted));
    window
        .in_background(
            id,
            move |app| async move { app.take_new_value(id, &pasted, anyway).await },
        )
        .await
}

#[tauri::command]
pub async fn paste_again(window: Window<'_>, rotation_id: String) -> Answer<RotationView> {
    let id = id(&rotation_id)?;
    window
        .in_background(id, move |app| async move { app.paste_again(id).await })
        .await
}

#[tauri::command]
pub async fn confirm_deleted(window: Window<'_>, rotation_id: String) -> Answer<RotationView> {
    let id = id(&rotation_id)?;
    window
        .in_background(id, move |app| async move { app.confirm_deleted(id).await })
        .await
}

/// Opens the page of the step that waits for the person; the address comes from the definition.
#[tauri::command]
pub async fn open_task_page(desktop: AppHandle, window: Window<'_>, rotation_id: String) -> Answer<()> {
    let app = window.app().await?;
    let rotation = app.rotation(id(&rotation_id)?).await?;
    let task = window.view(&app, &rotation).await?.task;
    let page = task
        .and_then(|task| task.page)
        .ok_or_else(|| Failure::new(Code::RotationNotNow))?;
    let opened = desktop.opener().open_url(page, None::<String>);
    Ok(opened.map_err(|_| Failure::new(Code::NotFound).field("browser"))?)
}
