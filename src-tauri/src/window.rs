//! The main window, and the plugins of all windows.

use keywheel_wire::WantedView;
use tauri::{AppHandle, Builder, Manager, Url, WebviewUrl, WebviewWindowBuilder, Wry};

use crate::args::Arguments;
use crate::commands;
use crate::desktop::Desktop;
#[cfg(target_os = "linux")]
use crate::notices;
#[cfg(unix)]
use crate::requests;
use crate::{elsewhere, gesture, lock, memory, quick, ticking};

/// The label of the main window, which its capability names.
pub const MAIN: &str = "main";

/// Puts the application together; nothing is opened yet.
pub fn builder(arguments: Arguments) -> Builder<Wry> {
    let single = tauri_plugin_single_instance::Builder::new()
        .callback(|handle, arguments, _| match Arguments::want_quick(&arguments) {
            true => quick::toggle(handle),
            false => raise(handle),
        })
        .dbus_id(format!("app.keywheel.D{:016x}", place(&arguments)))
        .build();
    let handler = lock::gated(gesture::gated(commands::handler()));
    #[cfg(feature = "fail-points")]
    let handler = crate::leaks::told(handler);
    Builder::default()
        .plugin(single)
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(
            tauri_plugin_window_state::Builder::new()
                .with_denylist(&[quick::LABEL])
                .build(),
        )
        .invoke_handler(handler)
        .setup(move |app| {
            let handle = app.handle().clone();
            app.manage(Desktop::new(handle.clone(), arguments.data_dir.clone()));
            #[cfg(unix)]
            tauri::async_runtime::spawn(requests::watch(handle.clone()));
            match arguments.quick {
                true => quick::show(&handle),
                false => open(&handle)?,
            }
            tauri::async_runtime::spawn(async move {
                handle.state::<Desktop>().open().await;
                tauri::async_runtime::spawn(lock::watch(handle.clone()));
                tauri::async_runtime::spawn(elsewhere::watch(handle.clone()));
                tauri::async_runtime::spawn(memory::watch());
                tauri::async_runtime::spawn(ticking::verify(handle.clone()));
                #[cfg(target_os = "linux")]
                tauri::async_runtime::spawn(notices::watch(handle.clone()));
                ticking::run(handle.clone()).await;
            });
            Ok(())
        })
}

fn open(handle: &AppHandle) -> tauri::Result<()> {
    ours(WebviewWindowBuilder::new(handle, MAIN, WebviewUrl::default()))
        .title("Keywheel")
        .inner_size(1200.0, 760.0)
        .min_inner_size(880.0, 560.0)
        .build()
        .map(|window| gesture::watch(&window))
}

/// What holds for every window: all that it shows comes with the application.
pub fn ours<'a>(window: WebviewWindowBuilder<'a, Wry, AppHandle>) -> WebviewWindowBuilder<'a, Wry, AppHandle> {
    window.on_navigation(is_ours)
}

/// Where the application's own files are served: exactly there, for a web view resolves `tauri.localhost` to this machine,
/// where anybody's program may listen. A frame without a document of its own is `about:blank` or `about:srcdoc`.
fn is_ours(url: &Url) -> bool {
    let origin = match cfg!(any(windows, target_os = "android")) {
        true => url.scheme() == "http" && url.host_str() == Some("tauri.localhost"),
        false => url.scheme() == "tauri" && url.host_str() == Some("localhost"),
    };
    let plain = url.port().is_none() && url.username().is_empty() && url.password().is_none();
    origin && plain || matches!(url.as_str(), "about:blank" | "about:srcdoc")
}

/// Brings the main window before the person: after a second start on its data, or for what is wanted of it.
pub fn raise(handle: &AppHandle) {
    match handle.get_webview_window(MAIN) {
        Some(window) => try_each([window.unminimize(), window.show(), window.set_focus()]),
        None => {
            let handle = handle.clone();
            // A window that is made in a callback of another window waits for itself on some systems.
            tauri::async_runtime::spawn(async move {
                try_each([open(&handle)]);
                handle.state::<Desktop>().zoom_as_set();
            });
        }
    }
}

/// Brings it before the person, at what is wanted; behind a lock, once it is unlocked.
pub fn show(handle: &AppHandle, wanted: WantedView) {
    let desktop = handle.state::<Desktop>();
    match handle.get_webview_window(MAIN) {
        Some(_) if !desktop.lock.is_locked() => desktop.emit("wanted", wanted),
        _ => desktop.want(wanted),
    }
    raise(handle);
}

/// What a desktop does not do with a window is told and no reason to stop.
pub fn try_each(results: impl IntoIterator<Item = tauri::Result<()>>) {
    for error in results.into_iter().filter_map(Result::err) {
        tracing::warn!("a window does not do as it should: {error}");
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

#[cfg(all(test, not(windows)))]
mod tests {
    use super::{Url, is_ours};

    #[test]
    fn a_window_shows_the_applications_own_files_and_nothing_else() {
        let ours = |address: &str| is_ours(&Url::parse(address).expect("an address"));
        for address in ["tauri://localhost", "tauri://localhost/quick.html?a#b", "about:blank"] {
            assert!(ours(address), "{address}");
        }
        for address in [
            "http://tauri.localhost",
            "http://tauri.localhost:44273/?v=1",
            "https://tauri.localhost/",
            "tauri://localhost:80/",
            "tauri://evil.example/",
            "tauri://localhost@evil.example/",
            "tauri://a:b@localhost/",
            "http://localhost/",
            "about:config",
            "file:///etc/passwd",
            "data:text/html,x",
            "javascript:alert(1)",
        ] {
            assert!(!ours(address), "{address}");
        }
    }
}
