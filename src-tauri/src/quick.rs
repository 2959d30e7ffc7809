//! Quick access: a small window over all others, to find a key and copy it.
//!
//! What it may ask is a capability of its own: it copies, and it neither rotates nor reveals. It is made when it is
//! first wanted and hidden after use, so that it is there at once the next time.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tauri::{
    AppHandle, Manager, PhysicalPosition, RunEvent, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent,
};

use crate::desktop::Desktop;
use crate::gesture;
use crate::window::{MAIN, ours, try_each};

/// Its label, which its capability names.
pub const LABEL: &str = "quick";
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 420.0;
/// Between two looks at whether the process may end.
const LOOK: Duration = Duration::from_secs(1);

/// A shortcut that hides it takes the focus from it first, and it is gone before the shortcut is heard.
const HEARD: Duration = Duration::from_millis(400);

/// When it last went because it lost the focus.
#[derive(Default)]
pub struct Gone(Mutex<Option<Instant>>);

impl Gone {
    fn note(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    fn just_now(&self) -> bool {
        let gone = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        gone.is_some_and(|at| at.elapsed() < HEARD)
    }
}

/// Shows it where it is not shown, else hides it: one shortcut does both.
pub fn toggle(handle: &AppHandle) {
    if is_shown(handle) {
        hide(handle);
    } else if !handle.state::<Desktop>().quick_gone.just_now() {
        show(handle);
    }
}

/// Brings it before the person, on the screen where they point.
pub fn show(handle: &AppHandle) {
    let handle = handle.clone();
    // A window that is made in a callback of another window waits for itself on some systems.
    tauri::async_runtime::spawn(async move {
        let window = match handle.get_webview_window(LABEL) {
            Some(window) => window,
            None => match make(&handle) {
                Ok(window) => window,
                Err(error) => return tracing::error!("quick access could not be opened: {error}"),
            },
        };
        handle.state::<Desktop>().tell_quick(true);
        place(&window);
        try_each([window.show()]);
        // Focus would show again what was hidden in between.
        if is_shown(&handle) {
            try_each([window.set_focus()]);
        }
    });
}

/// Hides it. A process that was started for it alone ends soon after.
pub fn hide(handle: &AppHandle) {
    let Some(window) = handle.get_webview_window(LABEL) else {
        return;
    };
    try_each([window.hide()]);
    handle.state::<Desktop>().tell_quick(false);
    if handle.get_webview_window(MAIN).is_none() {
        tauri::async_runtime::spawn(end_when_done(handle.clone()));
    }
}

/// It goes when the person turns to something else, and with the main window.
pub fn on_event(handle: &AppHandle, event: &RunEvent) {
    let RunEvent::WindowEvent { label, event, .. } = event else {
        return;
    };
    match event {
        WindowEvent::Focused(false) if label == LABEL && !handle.state::<Desktop>().asks_system() => {
            if is_shown(handle) {
                handle.state::<Desktop>().quick_gone.note();
            }
            hide(handle);
        }
        WindowEvent::CloseRequested { api, .. } if label == LABEL => {
            api.prevent_close();
            hide(handle);
        }
        WindowEvent::Destroyed if label == MAIN => {
            if let Some(window) = handle.get_webview_window(LABEL) {
                try_each([window.destroy()]);
            }
        }
        _ => {}
    }
}

fn is_shown(handle: &AppHandle) -> bool {
    let window = handle.get_webview_window(LABEL);
    window.is_some_and(|window| window.is_visible().unwrap_or(false))
}

fn make(handle: &AppHandle) -> tauri::Result<WebviewWindow> {
    let window = ours(WebviewWindowBuilder::new(
        handle,
        LABEL,
        WebviewUrl::App("quick.html".into()),
    ))
    .title("Keywheel quick access")
    .inner_size(WIDTH, HEIGHT)
    .resizable(false)
    .maximizable(false)
    .minimizable(false)
    .decorations(false)
    .always_on_top(true)
    .skip_taskbar(true)
    .visible(false)
    .build()?;
    gesture::watch(&window);
    handle.state::<Desktop>().zoom_as_set();
    Ok(window)
}

/// In the middle of the screen where the pointer is, a little above its centre. Wayland places windows itself.
fn place(window: &WebviewWindow) {
    let Ok(pointer) = window.cursor_position() else { return };
    let (Ok(Some(screen)), Ok(size)) = (window.monitor_from_point(pointer.x, pointer.y), window.outer_size()) else {
        return;
    };
    let (from, room) = (screen.position(), screen.size());
    let free = |all: u32, taken: u32, share: f64| f64::from(all.saturating_sub(taken)) * share;
    let at = PhysicalPosition::new(
        f64::from(from.x) + free(room.width, size.width, 0.5),
        f64::from(from.y) + free(room.height, size.height, 0.33),
    );
    try_each([window.set_position(at)]);
}

/// Ends a process that has no window before anybody, once nothing of ours lies on the clipboard and nothing is driven.
async fn end_when_done(handle: AppHandle) {
    let desktop = handle.state::<Desktop>();
    loop {
        tokio::time::sleep(LOOK).await;
        if is_shown(&handle) || handle.get_webview_window(MAIN).is_some() {
            return;
        }
        let idle = desktop.risks.reason().is_none() && desktop.driving.try_write().is_ok();
        if idle && desktop.lease.view().is_none() {
            return handle.exit(0);
        }
    }
}
