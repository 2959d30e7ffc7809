//! The end of an old key, sooner than it would come by itself.

use keywheel_wire::RotationView;

use super::rotations::id;
use super::{Answer, Window};

#[tauri::command]
pub async fn revoke_old_now(window: Window<'_>, rotation_id: String) -> Answer<RotationView> {
    let id = id(&rotation_id)?;
    window
        .in_background(id, move |app| async move { app.revoke_old_now(id).await })
        .await
}

#[tauri::command]
pub async fn revoke_anyway(window: Window<'_>, rotation_id: String) -> Answer<RotationView> {
    let id = id(&rotation_id)?;
    window
        .in_background(id, move |app| async move { app.revoke_anyway(id).await })
        .await
}
