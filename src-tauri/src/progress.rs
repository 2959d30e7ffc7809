//! Tells the window of every move of a rotation, in order, as one event with the whole view.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use keywheel_core::model::RotationId;
use keywheel_core::rotation::{Observer, Rotation};
use tauri::{AppHandle, Manager};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::desktop::Desktop;

/// The observer of the window's driver.
pub struct Progress {
    moved: UnboundedSender<RotationId>,
    holding: Arc<AtomicBool>,
}

impl Progress {
    pub fn begin(handle: AppHandle, holding: Arc<AtomicBool>) -> Progress {
        let (moved, mut moves) = unbounded_channel::<RotationId>();
        tauri::async_runtime::spawn(async move {
            while let Some(id) = moves.recv().await {
                let desktop = handle.state::<Desktop>();
                let Ok(app) = desktop.app().await else { continue };
                // Shown as it is now, so that nothing older follows what a command has answered.
                let Ok(rotation) = app.rotation(id).await else { continue };
                if let Ok(view) = desktop.view(&app, &rotation).await {
                    desktop.emit("rotation_changed", view);
                    desktop.emit("inventory_changed", ());
                }
                if let Some(lock) = desktop.lock_view(&app).await {
                    desktop.emit("lock_changed", lock);
                }
            }
        });
        Progress { moved, holding }
    }
}

impl Observer for Progress {
    fn changed(&self, rotation: &Rotation) {
        // The receiver lives as long as the process; at its end nobody looks any more.
        let _ = self.moved.send(rotation.id);
    }

    fn holding(&self, holding: bool) {
        self.holding.store(holding, Ordering::SeqCst);
    }
}
