//! The desktop's clipboard, with the mark that keeps a value out of histories.
//!
//! On X11 whoever copied has to stay to hand the value out; so this process stays in the foreground until
//! something else is copied or the time is over, and takes back only what is still its own.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use keywheel_core::model::Secret;
use keywheel_core::rotation::{Clipboard, Copied};
use keywheel_core::{Code, Failure};
use zeroize::Zeroizing;

use crate::interrupts::{Interrupts, Now};

/// Pause between two looks at whether the value is still there.
const LOOK: Duration = Duration::from_millis(250);

/// The clipboard of this desktop, and what was put there.
#[derive(Default)]
pub struct DesktopClipboard {
    held: Mutex<Option<Held>>,
}

struct Held {
    clipboard: arboard::Clipboard,
    value: Zeroizing<String>,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cleared {
    /// The time was over, and it was still ours.
    InTime,
    /// Something else was copied meanwhile.
    Replaced,
    /// The person asked for it.
    Asked,
}

impl DesktopClipboard {
    /// Whether a value of ours lies there.
    pub fn holds(&self) -> bool {
        self.held.lock().is_ok_and(|held| held.is_some())
    }

    /// Stays until the value was replaced, the time is over or the person asks; then clears what is ours.
    pub async fn stay(&self, span: Duration, interrupts: &Interrupts) -> Cleared {
        interrupts.set(Now::Clearing);
        let end = Instant::now() + span;
        let how = loop {
            if !self.is_ours() {
                break Cleared::Replaced;
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break Cleared::InTime;
            }
            tokio::select! {
                () = tokio::time::sleep(left.min(LOOK)) => {}
                () = interrupts.stop.notified() => break Cleared::Asked,
            }
        };
        self.clear();
        interrupts.set(Now::Free);
        how
    }

    fn is_ours(&self) -> bool {
        let Ok(mut held) = self.held.lock() else { return false };
        held.as_mut().is_some_and(|held| {
            held.clipboard
                .get_text()
                .map(Zeroizing::new)
                .is_ok_and(|text| *text == *held.value)
        })
    }

    /// Clears what is still ours. The handle goes only after that, so that no manager is handed the value.
    fn clear(&self) {
        let ours = self.is_ours();
        if let Ok(mut held) = self.held.lock()
            && let Some(mut held) = held.take()
            && ours
        {
            // Nothing better can be done where the desktop has gone.
            let _ = held.clipboard.clear();
        }
    }
}

#[async_trait]
impl Clipboard for DesktopClipboard {
    async fn put(&self, secret: &Secret, _: &Copied) -> Result<(), Failure> {
        let unavailable = || Failure::new(Code::ClipboardUnavailable);
        let mut clipboard = arboard::Clipboard::new().map_err(|_| unavailable())?;
        let value = Zeroizing::new(secret.expose().to_owned());
        set(&mut clipboard, &value).map_err(|_| unavailable())?;
        let mut held = self.held.lock().map_err(|_| unavailable())?;
        *held = Some(Held { clipboard, value });
        Ok(())
    }
}

#[cfg(target_os = "linux")]
fn set(clipboard: &mut arboard::Clipboard, value: &str) -> Result<(), arboard::Error> {
    use arboard::SetExtLinux;
    clipboard.set().exclude_from_history().text(value)
}

#[cfg(target_os = "macos")]
fn set(clipboard: &mut arboard::Clipboard, value: &str) -> Result<(), arboard::Error> {
    use arboard::SetExtApple;
    clipboard.set().exclude_from_history().text(value)
}

#[cfg(windows)]
fn set(clipboard: &mut arboard::Clipboard, value: &str) -> Result<(), arboard::Error> {
    use arboard::SetExtWindows;
    clipboard
        .set()
        .exclude_from_monitoring()
        .exclude_from_cloud()
        .exclude_from_history()
        .text(value)
}
