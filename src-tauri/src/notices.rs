//! Notifications of the desktop: what core decides, handed to the session's own service.
//!
//! A press on one raises the window at the place it is about. Only on Linux, where it can be tried.

use std::time::Duration;

use jiff::{Timestamp, Zoned};
use keywheel_core::App;
use keywheel_wire::render::notice_view;
use keywheel_wire::{NoticeView, WantedView};
use notify_rust::{ActionResponse, Notification};
use tauri::{AppHandle, Manager};

use crate::desktop::Desktop;
use crate::window::{self, MAIN};

/// Between two looks; tests do not wait that long.
const LOOK: Duration = Duration::from_secs(if cfg!(feature = "fail-points") { 1 } else { 30 });
/// Where nothing changed, only time passes: then it is looked at four times an hour, as a look at thousands of keys is not
/// free; at the full hour, for the digest has its hour.
const QUARTER: i64 = if cfg!(feature = "fail-points") { 1 } else { 15 * 60 };
/// Who has the window before them has touched it within this time.
const THERE: Duration = Duration::from_secs(if cfg!(feature = "fail-points") { 3 } else { 120 });

/// Runs until the process ends.
pub async fn watch(handle: AppHandle) {
    let desktop = handle.state::<Desktop>();
    let Some(app) = desktop.once_open().await else { return };
    let mut last = None;
    loop {
        tokio::time::sleep(LOOK).await;
        let now = (desktop.ahead.change(), Timestamp::now().as_second() / QUARTER);
        if last.replace(now) != Some(now) {
            look(&handle, &desktop, &app).await;
        }
    }
}

async fn look(handle: &AppHandle, desktop: &Desktop, app: &App) {
    let window = handle.get_webview_window(MAIN);
    let focused = window.is_some_and(|window| window.is_focused().unwrap_or(false));
    let watching = focused && desktop.lock.is_watched(THERE);
    let local = Zoned::now().datetime();
    let notices = match app.notices(desktop.keychain(), local, watching).await {
        Ok(notices) => notices,
        Err(failure) => return tracing::info!(code = failure.code.as_str(), "nothing could be told"),
    };
    let with_names = desktop.settings().notify_names;
    for notice in notices {
        let view = notice_view(&notice, with_names);
        tauri::async_runtime::spawn(tell(handle.clone(), view));
    }
}

/// Shows it and waits for the press or the end of it.
async fn tell(handle: AppHandle, notice: NoticeView) {
    let shown = Notification::new()
        .appname("Keywheel")
        .summary(&notice.title)
        .body(&notice.body)
        .icon("keywheel-desktop")
        .action("default", "Show")
        .show_async()
        .await;
    match shown {
        Err(error) => tracing::info!("the desktop shows no notification: {error}"),
        Ok(shown) => {
            let mut pressed = false;
            shown
                .wait_for_action_async(|action: &ActionResponse<'_>| {
                    pressed = matches!(action, ActionResponse::Custom("default"))
                })
                .await;
            if pressed {
                window::show(&handle, WantedView::Place { place: notice.place });
            }
        }
    }
}
