//! What another process writes, as the command does: the windows show it soon, and go by the settings that it set.

use std::time::Duration;

use tauri::{AppHandle, Manager};

use crate::desktop::Desktop;

/// Between two looks.
const LOOK: Duration = Duration::from_secs(1);

/// Runs until the process ends.
pub async fn watch(handle: AppHandle) {
    let desktop = handle.state::<Desktop>();
    let Some(app) = desktop.once_open().await else { return };
    loop {
        match app.written_elsewhere().await {
            Ok(false) => {}
            Ok(true) => {
                desktop.look_at_settings(&app).await;
                desktop.emit("inventory_changed", ());
            }
            Err(failure) => tracing::info!(code = failure.code.as_str(), "the database could not be looked at"),
        }
        tokio::time::sleep(LOOK).await;
    }
}
