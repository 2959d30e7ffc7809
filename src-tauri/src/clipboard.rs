//! The clipboard as a lease: marked as secret, counted down, cleared if it still holds our value.
//!
//! One way in for every copy. The value is recognised by a keyed hash, so none is kept.

use async_trait::async_trait;
use jiff::Timestamp;
use keywheel_core::clock::{Clock, Entropy, SystemClock, SystemEntropy};
use keywheel_core::failure::{Code, Failure};
use keywheel_core::model::{Fingerprint, FingerprintKey, Secret};
use keywheel_core::rotation::{Clipboard, Copied};
use keywheel_wire::ClipboardView;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tauri::AppHandle;
use tauri_plugin_clipboard_manager::ClipboardExt;

use crate::desktop::tell;
use crate::lock::Lock;

/// What of ours lies on the clipboard.
struct Ours {
    fingerprint: Fingerprint,
    what: Copied,
    clears_at: Timestamp,
}

/// Our hold on the clipboard.
pub struct Lease {
    handle: AppHandle,
    marks: FingerprintKey,
    ours: Mutex<Option<Ours>>,
    lock: Arc<Lock>,
    /// How long a value lies there, in seconds.
    lasts: AtomicU32,
}

impl Lease {
    pub fn new(handle: AppHandle, lock: Arc<Lock>, seconds: u32) -> Lease {
        let mut bytes = [0u8; 32];
        SystemEntropy.fill(&mut bytes);
        Lease {
            handle,
            marks: FingerprintKey::new(bytes),
            ours: Mutex::new(None),
            lock,
            lasts: AtomicU32::new(seconds),
        }
    }

    /// For what is copied from now on.
    pub fn last(&self, seconds: u32) {
        self.lasts.store(seconds, Ordering::Relaxed);
    }

    /// What lies there because of us.
    pub fn view(&self) -> Option<ClipboardView> {
        let now = SystemClock::new().now();
        let ours = self.ours.lock().ok()?;
        ours.as_ref().map(|ours| {
            let left = Duration::try_from(ours.clears_at.duration_since(now)).unwrap_or_default();
            ClipboardView {
                key_name: ours.what.key_name.clone(),
                hint: ours.what.hint.to_string(),
                clears_at: ours.clears_at.to_string(),
                // Begun seconds: right after a copy it is as many as were chosen.
                clears_in_seconds: u32::try_from(left.as_millis().div_ceil(1000)).unwrap_or(u32::MAX),
            }
        })
    }

    /// Reads the clipboard once, and clears what was just read.
    pub async fn take(&self) -> Result<String, Failure> {
        let handle = self.handle.clone();
        off_the_window(move || {
            let clipboard = handle.clipboard();
            let text = clipboard.read_text().map_err(|_| Failure::new(Code::ClipboardEmpty))?;
            // Somebody may have copied something else since.
            if clipboard.read_text().is_ok_and(|now| now == text) {
                clipboard
                    .clear()
                    .map_err(|_| Failure::new(Code::ClipboardUnavailable))?;
            }
            Ok(text)
        })
        .await
    }

    /// Clears the clipboard if it still holds our value.
    pub async fn clear(self: &Arc<Self>) -> Result<(), Failure> {
        let lease = self.clone();
        off_the_window(move || lease.clear_now()).await
    }

    /// The same, on this thread: before the process ends, while the clipboard is still ours.
    pub fn clear_now(&self) -> Result<(), Failure> {
        let Some(ours) = self.ours.lock().ok().and_then(|mut ours| ours.take()) else {
            return Ok(());
        };
        let clipboard = self.handle.clipboard();
        let still = clipboard
            .read_text()
            .is_ok_and(|text| self.marks.of(&Secret::new(text)) == ours.fingerprint);
        if still {
            clipboard
                .clear()
                .map_err(|_| Failure::new(Code::ClipboardUnavailable))?;
        }
        let _ = tell(&self.handle, "clipboard_changed", None::<ClipboardView>);
        Ok(())
    }

    fn put(self: &Arc<Self>, secret: &Secret, what: Copied) -> Result<(), Failure> {
        let unavailable = |_| Failure::new(Code::ClipboardUnavailable);
        if self.lock.is_locked() {
            return Err(Failure::new(Code::WindowLocked));
        }
        self.handle
            .clipboard()
            .write_secret(secret.expose().to_owned())
            .map_err(unavailable)?;
        let now = SystemClock::new().now();
        let lasts = Duration::from_secs(self.lasts.load(Ordering::Relaxed).into());
        let clears_at = now.checked_add(lasts).unwrap_or(now);
        let fingerprint = self.marks.of(secret);
        if let Ok(mut ours) = self.ours.lock() {
            *ours = Some(Ours {
                fingerprint,
                what,
                clears_at,
            });
        }
        if self.lock.is_locked() {
            // It locked meanwhile, and found nothing of ours there.
            self.clear_now()?;
            return Err(Failure::new(Code::WindowLocked));
        }
        let _ = tell(&self.handle, "clipboard_changed", self.view());
        let lease = self.clone();
        tauri::async_runtime::spawn(async move {
            tokio::time::sleep(lasts).await;
            // A later copy has a later end, and a task of its own.
            let due = lease
                .ours
                .lock()
                .is_ok_and(|ours| ours.as_ref().is_some_and(|ours| ours.clears_at == clears_at));
            if due && let Err(failure) = lease.clear().await {
                tracing::warn!(code = failure.code.as_str(), "the clipboard was not cleared");
            }
        });
        Ok(())
    }
}

/// The window's side of the port.
pub struct WindowClipboard {
    lease: Arc<Lease>,
}

impl WindowClipboard {
    pub fn new(lease: Arc<Lease>) -> Self {
        WindowClipboard { lease }
    }
}

#[async_trait]
impl Clipboard for WindowClipboard {
    async fn put(&self, secret: &Secret, what: &Copied) -> Result<(), Failure> {
        // The copy that leaves for the other thread is wiped with it.
        let (lease, value, what) = (
            self.lease.clone(),
            Secret::new(secret.expose().to_owned()),
            what.clone(),
        );
        off_the_window(move || lease.put(&value, what)).await
    }
}

/// Clipboard calls may wait for another program; on the window's thread that would be a deadlock.
async fn off_the_window<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let done = tauri::async_runtime::spawn_blocking(work).await;
    done.map_err(|_| Failure::new(Code::ClipboardUnavailable))?
}
