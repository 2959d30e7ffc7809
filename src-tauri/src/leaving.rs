//! The end of the process: not while a value exists only in memory, and not with ours on the clipboard.

use keywheel_core::failure::{Code, Failure};
use keywheel_wire::render::error_view;
use tauri::{AppHandle, Manager, RunEvent};

use crate::desktop::Desktop;

pub fn on_event(handle: &AppHandle, event: RunEvent) {
    match event {
        RunEvent::ExitRequested { api, code: None, .. } => {
            let desktop = handle.state::<Desktop>();
            if desktop.is_holding() {
                api.prevent_exit();
            }
        }
        RunEvent::WindowEvent {
            event: tauri::WindowEvent::CloseRequested { api, .. },
            ..
        } => {
            let desktop = handle.state::<Desktop>();
            if desktop.is_holding() {
                api.prevent_close();
                desktop.emit("exit_held", error_view(&Failure::new(Code::RotationHeldInMemory)));
            } else {
                clear(&desktop);
            }
        }
        RunEvent::Exit => clear(&handle.state::<Desktop>()),
        _ => {}
    }
}

/// Before the plugin drops the clipboard: dropped with a value on it, X11 hands it to a clipboard manager.
fn clear(desktop: &Desktop) {
    if let Err(failure) = desktop.lease.clear_now() {
        tracing::warn!(code = failure.code.as_str(), "the clipboard was not cleared");
    }
}
