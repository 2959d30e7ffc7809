//! The lock: a window that shows nothing, may ask for nothing and is told nothing until it is unlocked.
//!
//! It conceals; what protects the values is the keychain, which is locked with it where that is chosen. Whoever may
//! start a program as this user can read the database all the same.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use keywheel_core::App;
use keywheel_core::clock::{Clock, SystemClock};
use keywheel_core::failure::{Code, Failure};
use keywheel_core::model::LockKeychain;
use keywheel_core::vault::VaultState;
use keywheel_wire::LockView;
use keywheel_wire::render::error_view;
use tauri::ipc::Invoke;
use tauri::{AppHandle, Manager};

use crate::desktop::Desktop;

/// What a locked window may still ask; each new command is refused unless it is named here.
const ANSWERED: &[&str] = &[
    "app_state",
    "open_again",
    "lock_window",
    "unlock_window",
    "note_presence",
    "quit_anyway",
    "hide_quick",
];
/// What a locked window is still told. None of it names a key, an account or an organisation.
const TOLD: &[&str] = &[
    "lock_changed",
    "keychain_changed",
    "settings_changed",
    "exit_held",
    "quick_changed",
];
/// Between two looks at whether anybody is there.
const LOOK: Duration = Duration::from_secs(1);

/// Why it locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    Asked,
    /// Nobody touched the window for that many seconds.
    Idle(u32),
}

/// Whether the window is locked, and when somebody was last there.
pub struct Lock {
    state: Mutex<State>,
}

struct State {
    locked: Option<(Timestamp, Because)>,
    /// Real time, not the demo's: a machine that slept was idle.
    touched: Timestamp,
    /// The keychain is still to be locked, once no rotation is being driven.
    keychain_due: bool,
}

impl Lock {
    pub fn new(now: Timestamp) -> Lock {
        Lock {
            state: Mutex::new(State {
                locked: None,
                touched: now,
                keychain_due: false,
            }),
        }
    }

    pub fn is_locked(&self) -> bool {
        self.state().locked.is_some()
    }

    /// Whether an event may reach the page.
    pub fn lets_out(&self, event: &str) -> bool {
        TOLD.contains(&event) || !self.is_locked()
    }

    /// Somebody is there.
    pub fn touch(&self, now: Timestamp) {
        self.state().touched = now;
    }

    /// Whether it is open and somebody was there within that time.
    pub fn is_watched(&self, within: Duration) -> bool {
        let state = self.state();
        let since = Duration::try_from(now().duration_since(state.touched)).unwrap_or_default();
        state.locked.is_none() && since < within
    }

    fn is_idle(&self, now: Timestamp, after_seconds: u32) -> bool {
        let state = self.state();
        let idle = now.duration_since(state.touched).as_secs();
        state.locked.is_none() && after_seconds > 0 && idle >= i64::from(after_seconds)
    }

    /// Says whether it was open until now.
    fn close(&self, now: Timestamp, because: Because, choice: LockKeychain) -> bool {
        let mut state = self.state();
        let was_open = state.locked.is_none();
        // A person who locks what locked by itself means the keychain too. Asked for twice, as by a second press, it is
        // locked once: somebody may have unlocked it meanwhile.
        if !matches!(state.locked, Some((_, Because::Asked))) {
            state.keychain_due |= takes_keychain(choice, because);
        }
        if was_open {
            state.locked = Some((now, because));
        }
        was_open
    }

    fn open(&self, now: Timestamp) {
        *self.state() = State {
            locked: None,
            touched: now,
            keychain_due: false,
        };
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn takes_keychain(choice: LockKeychain, because: Because) -> bool {
    match choice {
        LockKeychain::Never => false,
        LockKeychain::Asked => because == Because::Asked,
        LockKeychain::Always => true,
    }
}

/// Refuses, before any command runs, what a locked window may not ask.
pub fn gated(handler: impl Fn(Invoke) -> bool + Send + Sync + 'static) -> impl Fn(Invoke) -> bool + Send + Sync {
    move |invoke| {
        let webview = invoke.message.webview();
        let refused = !ANSWERED.contains(&invoke.message.command()) && webview.state::<Desktop>().lock.is_locked();
        if refused {
            invoke.resolver.reject(error_view(&Failure::new(Code::WindowLocked)));
            return true;
        }
        handler(invoke)
    }
}

/// Locks the window when nobody was there for long enough. Runs until the process ends.
pub async fn watch(handle: AppHandle) {
    let desktop = handle.state::<Desktop>();
    let Some(app) = desktop.once_open().await else { return };
    loop {
        let after = desktop.settings().lock_after_seconds;
        // A value that a provider may have shown only once waits for its form: that comes first.
        if desktop.lock.is_idle(now(), after) && !app.holds_pasted() {
            // Not while a new value exists in memory only; it is looked at again.
            let _ = desktop.lock(Because::Idle(after)).await;
        }
        desktop.lock_keychain(&app).await;
        tokio::time::sleep(LOOK).await;
    }
}

impl Desktop {
    /// Conceals everything, clears the clipboard if it is still ours, and locks the keychain where that is chosen.
    /// Rotations go on. Refused while a new value exists in memory only, which the person has to see.
    pub async fn lock(&self, because: Because) -> Result<(), Failure> {
        if let Some(held) = self
            .risks
            .reason()
            .filter(|risk| risk.code == Code::RotationHeldInMemory)
        {
            return Err(held);
        }
        let app = self.app().await?;
        if self.lock.close(now(), because, self.settings().lock_keychain) {
            // All that the page had in memory goes with its document.
            self.reload();
            warn("noted", app.note_locked().await);
        }
        warn("cleared from the clipboard", self.lease.clear().await);
        self.lock_keychain(&app).await;
        Ok(())
    }

    /// Opens the window once the keychain is open; only the system asks for anything.
    pub async fn unlock(&self) -> Result<(), Failure> {
        let app = self.app().await?;
        if app.vault().state().await == VaultState::Locked {
            self.unlock_keychain(&app).await?;
        }
        self.lock.open(now());
        // The other window shows the lock still.
        self.emit("lock_changed", None::<LockView>);
        warn("noted", app.note_unlocked().await);
        self.look_at_keychain(&app).await;
        Ok(())
    }

    /// What a locked window shows.
    pub async fn lock_view(&self, app: &App) -> Option<LockView> {
        let (since, because) = self.lock.state().locked?;
        let open = app.open_rotations().await.map_or(0, |open| open.len());
        Some(LockView {
            since: since.to_string(),
            after_seconds: match because {
                Because::Asked => None,
                Because::Idle(seconds) => Some(seconds),
            },
            open_rotations: u32::try_from(open).unwrap_or(u32::MAX),
        })
    }

    /// Locks the keychain if that is due and no rotation of this process is between a new value and its place there.
    async fn lock_keychain(&self, app: &App) {
        if !self.lock.state().keychain_due {
            return;
        }
        let Ok(_nobody_drives) = self.driving.try_write() else {
            return;
        };
        self.lock.state().keychain_due = false;
        warn("locked in the keychain", app.vault().lock().await);
        self.look_at_keychain(app).await;
    }

    fn reload(&self) {
        for (label, window) in self.handle.webview_windows() {
            if let Err(error) = window.reload() {
                tracing::error!("the page of {label} keeps what it shows: {error}");
            }
        }
    }
}

/// Locking goes on where one part of it fails.
fn warn(what: &str, done: Result<(), Failure>) {
    if let Err(failure) = done {
        tracing::warn!(code = failure.code.as_str(), "the lock was not {what}");
    }
}

fn now() -> Timestamp {
    SystemClock::new().now()
}

#[cfg(test)]
mod tests {
    use super::{Because, Lock, LockKeychain, takes_keychain};
    use jiff::Timestamp;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn it_is_idle_once_nobody_was_there_for_long_enough() {
        let lock = Lock::new(at(100));
        for (second, after, expected) in [(114, 15, false), (115, 15, true), (900, 0, false), (50, 15, false)] {
            assert_eq!(lock.is_idle(at(second), after), expected, "{second}");
        }
        lock.touch(at(110));
        assert!(!lock.is_idle(at(115), 15), "a touch begins anew");
        lock.close(at(130), Because::Idle(15), LockKeychain::Asked);
        assert!(!lock.is_idle(at(200), 15), "what is locked is not locked again");
        lock.open(at(200));
        assert!(!lock.is_idle(at(201), 15), "unlocking is a touch");
    }

    #[test]
    fn a_locked_window_is_told_nothing_about_keys() {
        let lock = Lock::new(at(0));
        assert!(lock.lets_out("inventory_changed"));
        assert!(lock.close(at(1), Because::Asked, LockKeychain::Never));
        for event in [
            "inventory_changed",
            "rotation_changed",
            "rotation_stopped",
            "clipboard_changed",
        ] {
            assert!(!lock.lets_out(event), "{event}");
        }
        assert!(lock.lets_out("lock_changed"));
        assert!(!lock.close(at(2), Because::Asked, LockKeychain::Never), "it was locked");
    }

    #[test]
    fn the_keychain_goes_with_it_as_is_chosen() {
        let idle = Because::Idle(600);
        for (choice, because, expected) in [
            (LockKeychain::Never, Because::Asked, false),
            (LockKeychain::Asked, Because::Asked, true),
            (LockKeychain::Asked, idle, false),
            (LockKeychain::Always, idle, true),
        ] {
            assert_eq!(takes_keychain(choice, because), expected, "{choice:?} {because:?}");
        }
        let lock = Lock::new(at(0));
        lock.close(at(1), idle, LockKeychain::Asked);
        assert!(!lock.state().keychain_due);
        lock.close(at(2), Because::Asked, LockKeychain::Asked);
        assert!(
            lock.state().keychain_due,
            "a person who locks it after all means the keychain too"
        );
        let lock = Lock::new(at(0));
        lock.close(at(1), Because::Asked, LockKeychain::Asked);
        lock.state().keychain_due = false;
        lock.close(at(1), Because::Asked, LockKeychain::Asked);
        assert!(!lock.state().keychain_due, "a second press locks nothing again");
    }
}
