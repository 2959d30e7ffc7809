//! The window and its plugins.

use tauri::{AppHandle, Builder, Manager, WebviewUrl, WebviewWindowBuilder, Wry};

use crate::args::Arguments;
use crate::commands;
use crate::desktop::Desktop;
#[cfg(target_os = "linux")]
use crate::notices;
use crate::{lock, ticking};

/// Puts the application together; nothing is opened yet.
pub fn builder(arguments: Arguments) -> Builder<Wry> {
    let single = tauri_plugin_single_instance::Builder::new()
        .callback(|handle, _, _| raise(handle))
        .dbus_id(format!("app.keywheel.D{:016x}", place(&arguments)))
        .build();
    let handler = lock::gated(commands::handler());
    #[cfg(feature = "fail-points")]
    let handler = crate::leaks::told(handler);
    Builder::default()
        .plugin(single)
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_window_state::Builder::new().build())
        .invoke_handler(handler)
        .setup(move |app| {
            let handle = app.handle().clone();
            app.manage(Desktop::new(handle.clone(), arguments.data_dir.clone()));
            open_window(app)?;
            tauri::async_runtime::spawn(async move {
                handle.state::<Desktop>().open().await;
                tauri::async_runtime::spawn(lock::watch(handle.clone()));
                tauri::async_runtime::spawn(ticking::verify(handle.clone()));
                #[cfg(target_os = "linux")]
                tauri::async_runtime::spawn(notices::watch(handle.clone()));
                ticking::run(handle.clone()).await;
            });
            Ok(())
        })
}

fn open_window(app: &tauri::App) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
        .title("Keywheel")
        .inner_size(1200.0, 760.0)
        .min_inner_size(880.0, 560.0)
        // Everything that is shown comes with the application.
        .on_navigation(|url| matches!(url.scheme(), "tauri" | "about") || url.host_str() == Some("tauri.localhost"))
        .build()
        .map(drop)
}

/// Brings the window before the person: after a second start on its data, or a press on a notification.
pub fn raise(handle: &AppHandle) {
    if let Some(window) = handle.get_webview_window("main") {
        for result in [window.unminimize(), window.show(), window.set_focus()] {
            if let Err(error) = result {
                tracing::info!("the window could not be raised: {error}");
            }
        }
    }
}

/// A number for the data directory: windows on different ones are different applications.
fn place(arguments: &Arguments) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let dir = std::path::absolute(&arguments.data_dir).unwrap_or_else(|_| arguments.data_dir.clone());
    let mut hasher = DefaultHasher::new();
    dir.hash(&mut hasher);
    hasher.finish()
}
