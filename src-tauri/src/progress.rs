//! Tells the window of every move of a rotation, in order, as one event with the whole view.

use std::sync::Arc;

use keywheel_core::model::RotationId;
use keywheel_core::rotation::{AtRisk, Observer, Rotation};
use keywheel_wire::render::error_view;
use tauri::{AppHandle, Manager};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::desktop::Desktop;
use crate::leaving::Risks;

/// The observer of the window's driver.
pub struct Progress {
    moved: UnboundedSender<RotationId>,
    risks: Arc<Risks>,
    handle: AppHandle,
}

impl Progress {
    pub fn begin(handle: AppHandle, risks: Arc<Risks>) -> Progress {
        let (moved, mut moves) = unbounded_channel::<RotationId>();
        let told = handle.clone();
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
        Progress {
            moved,
            risks,
            handle: told,
        }
    }
}

impl Observer for Progress {
    fn changed(&self, rotation: &Rotation) {
        // The receiver lives as long as the process; at its end nobody looks any more.
        let _ = self.moved.send(rotation.id);
    }

    fn at_risk(&self, rotation: RotationId, what: AtRisk) {
        self.risks.set(rotation, what);
        if let Some(answer) = self.risks.answer() {
            let reason = answer.map(|reason| error_view(&reason));
            self.handle.state::<Desktop>().emit("exit_held", reason);
        }
    }
}
