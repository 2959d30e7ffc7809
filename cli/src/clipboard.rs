//! The desktop's clipboard, with the mark that keeps a value out of histories.
//!
//! On X11 whoever copied has to stay to hand the value out; so this process stays in the foreground until
//! something else is copied or the time is over, and takes back only what is still its own.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use keywheel_core::model::Secret;
use keywheel_core::rotation::{Clipboard, Copied};
use keywheel_core::{Code, Failure};
use zeroize::Zeroizing;

use crate::interrupts::{Interrupts, Now};

/// Pause between two looks at whether the value is still there.
const LOOK: Duration = Duration::from_millis(250);
/// Within so long a desktop answers, or not at all.
const ANSWERS: Duration = Duration::from_secs(3);

/// The clipboard of this desktop, and what was put there.
#[derive(Default)]
pub struct DesktopClipboard {
    held: Arc<Mutex<Option<Held>>>,
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
    /// It was cleared, and somebody put it back.
    Back,
    /// The desktop does not answer.
    Untold,
}

/// What lies there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum There {
    Ours,
    Other,
    Untold,
}

impl DesktopClipboard {
    /// Whether a value of ours lies there.
    pub fn holds(&self) -> bool {
        self.held.lock().is_ok_and(|held| held.is_some())
    }

    /// Stays until the value was replaced, the time is over or the person asks; then clears what is ours, and looks whether it
    /// stays away.
    pub async fn stay(&self, span: Duration, interrupts: &Interrupts) -> Cleared {
        interrupts.set(Now::Clearing);
        let end = Instant::now() + span;
        let how = loop {
            match self.look().await {
                There::Ours => {}
                There::Other => break Cleared::Replaced,
                There::Untold => break Cleared::Untold,
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
        let how = match how {
            Cleared::InTime | Cleared::Asked => self.clear(how).await,
            left => left,
        };
        // The handle goes only after that, so that no manager is handed the value.
        self.on_the_desktop(|held| drop(held.take())).await;
        interrupts.set(Now::Free);
        how
    }

    /// Clears it. A manager that keeps a history puts it back at once: then it is cleared once more, and looked at again.
    async fn clear(&self, how: Cleared) -> Cleared {
        for _ in 0..2 {
            let cleared = self.on_the_desktop(|held| held.as_mut().map(|held| held.clipboard.clear().is_ok()));
            if cleared.await.flatten() != Some(true) {
                return Cleared::Untold;
            }
            tokio::time::sleep(LOOK).await;
            match self.look().await {
                There::Other => return how,
                There::Untold => return Cleared::Untold,
                There::Ours => {}
            }
        }
        Cleared::Back
    }

    async fn look(&self) -> There {
        let looked = self.on_the_desktop(|held| match held {
            Some(held) => match held.clipboard.get_text().map(Zeroizing::new) {
                Ok(text) if *text == *held.value => There::Ours,
                // Empty, or a picture.
                Ok(_) | Err(arboard::Error::ContentNotAvailable | arboard::Error::ConversionFailure) => There::Other,
                Err(_) => There::Untold,
            },
            None => There::Other,
        });
        looked.await.unwrap_or(There::Untold)
    }

    /// Asks the desktop; none where it does not answer in time. A frozen one is left to itself.
    async fn on_the_desktop<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Option<Held>) -> T + Send + 'static,
    ) -> Option<T> {
        let held = Arc::clone(&self.held);
        let asked = tokio::task::spawn_blocking(move || work(&mut held.lock().unwrap_or_else(PoisonError::into_inner)));
        tokio::time::timeout(ANSWERS, asked).await.ok()?.ok()
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
