//! Where a key is used. A command that is to run is allowed at a terminal only: whatever gets into the page cannot
//! have a program run.

use std::path::PathBuf;

use keywheel_core::app::NewTarget;
use keywheel_core::model::BindingId;
use keywheel_wire::KeyDetailView;

use super::keys::{key, shown};
use super::{Answer, Window};
use crate::desktop::parsed;

/// The file has to hold the key's value already. `tracked`: though git tracks it.
#[tauri::command]
pub async fn add_env_file(
    window: Window<'_>,
    key_id: String,
    path: String,
    name: String,
    tracked: bool,
) -> Answer<KeyDetailView> {
    let (app, id) = (window.app().await?, key(&key_id)?);
    let path = PathBuf::from(path.trim());
    let name = name.trim().to_owned();
    app.add_target(id, NewTarget::EnvFile { path, name, tracked }).await?;
    window.emit("inventory_changed", ());
    Ok(shown(&window, &app, id).await?)
}

#[tauri::command]
pub async fn remove_target(window: Window<'_>, target_id: String) -> Answer<KeyDetailView> {
    let app = window.app().await?;
    let id = parsed(BindingId::parse(&target_id), "target")?;
    let key = app.target(id).await?.key_id;
    app.remove_target(id).await?;
    window.emit("inventory_changed", ());
    Ok(shown(&window, &app, key).await?)
}
