//! Requests of the system to end: the end of a session, a shutdown, `kill`. They are met as a press on *close* is, so that the
//! clipboard is cleared and no command of a target goes on alone.

use std::time::Duration;

use keywheel_wire::render::error_view;
use tauri::{AppHandle, Manager};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::timeout;

use crate::desktop::Desktop;
use crate::leaving::Risks;

/// Between two looks whether an end would still lose something.
const LOOK: Duration = Duration::from_millis(100);

/// Listens, and ends the process at the first request; while a value would be lost, at a second one, or as soon as none would.
pub async fn watch(handle: AppHandle) {
    let mut requests = match Requests::listen() {
        Ok(requests) => requests,
        Err(error) => return tracing::warn!("requests to end are not listened for: {error}"),
    };
    requests.next().await;
    let desktop = handle.state::<Desktop>();
    if let Some(reason) = desktop.risks.refuse() {
        desktop.emit("exit_held", error_view(&reason));
        until_safe(&desktop.risks, &mut requests).await;
    }
    handle.exit(0);
}

/// Returns once an end loses nothing, or at one more request.
async fn until_safe(risks: &Risks, requests: &mut Requests) {
    while timeout(LOOK, requests.next()).await.is_err() && risks.reason().is_some() {}
}

struct Requests {
    hangs_up: Signal,
    interrupts: Signal,
    terminates: Signal,
}

impl Requests {
    fn listen() -> std::io::Result<Requests> {
        Ok(Requests {
            hangs_up: signal(SignalKind::hangup())?,
            interrupts: signal(SignalKind::interrupt())?,
            terminates: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.hangs_up.recv() => {}
            _ = self.interrupts.recv() => {}
            _ = self.terminates.recv() => {}
        }
    }
}
