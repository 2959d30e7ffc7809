//! What happens by itself: the keychain is looked at, rotations whose moment has come go on, lists are read, keys are
//! verified.

use std::time::{Duration, Instant};

use keywheel_core::App;
use keywheel_core::app::PutOff;
use keywheel_wire::render::listed_view;
use tauri::{AppHandle, Manager};

use crate::desktop::Desktop;
use crate::memory;

/// Between two looks.
const BEAT: Duration = Duration::from_secs(2);
/// Looks between two at the keychain while nobody is there.
const RARELY: u64 = 10;
/// Who has touched the window within this time is there.
const THERE: Duration = Duration::from_secs(60);
/// Looks before the first reading: the window is shown first.
const FIRST_LISTS: u64 = 2;

/// Before the first look for keys to verify: a start need not wait for it.
const FIRST_VERIFIED: Duration = Duration::from_secs(60);
/// Between two of those looks.
const VERIFIED: Duration = Duration::from_secs(3600);

/// Runs until the process ends.
pub async fn run(handle: AppHandle) {
    let desktop = handle.state::<Desktop>();
    let Some(app) = desktop.once_open().await else { return };
    let mut beat = 0u64;
    let mut read_at = None;
    loop {
        // It is asked over a connection of its own, which is not free.
        if desktop.lock.is_watched(THERE) || beat.is_multiple_of(RARELY) {
            desktop.look_at_keychain(&app).await;
        }
        let ticked = {
            let _keychain_stays_open = desktop.driving.read().await;
            app.tick().await
        };
        match ticked {
            Ok(driven) if driven.is_empty() => {}
            Ok(_) => desktop.emit("inventory_changed", ()),
            Err(failure) => tracing::info!(code = failure.code.as_str(), "a rotation could not go on"),
        }
        let every = Duration::from_secs(60 * u64::from(desktop.settings().refresh_minutes));
        let due = match read_at {
            None => beat >= FIRST_LISTS,
            Some(at) => Instant::elapsed(&at) >= every,
        };
        if due && !every.is_zero() && desktop.keychain().failure().is_none() {
            read_at = Some(Instant::now());
            desktop.read_lists(&app).await;
        }
        beat += 1;
        tokio::time::sleep(BEAT).await;
    }
}

impl Desktop {
    async fn read_lists(&self, app: &App) {
        let read = app.refresh(None).await;
        memory::give_back_soon();
        if let Err(failure) = &read {
            tracing::info!(code = failure.code.as_str(), "key lists could not be read");
        }
        match app.listings().await {
            // All keys for the sake of a time would be a lot for thousands of them.
            Ok(listings) if read == Ok(false) => {
                let listed: Vec<_> = listings.iter().map(|(id, listing)| listed_view(*id, listing)).collect();
                self.emit("lists_read", listed);
            }
            _ => self.emit("inventory_changed", ()),
        }
    }
}

/// Verifies keys as their policies want it. Runs until the process ends, beside the rotations: a provider may be slow.
pub async fn verify(handle: AppHandle) {
    let desktop = handle.state::<Desktop>();
    let Some(app) = desktop.once_open().await else { return };
    let mut put_off = PutOff::default();
    tokio::time::sleep(FIRST_VERIFIED).await;
    loop {
        match app.verify_what_is_due(&mut put_off, desktop.keychain()).await {
            Ok(0) => {}
            Ok(_) => desktop.emit("inventory_changed", ()),
            Err(failure) => tracing::info!(code = failure.code.as_str(), "keys could not be verified"),
        }
        tokio::time::sleep(VERIFIED).await;
    }
}
