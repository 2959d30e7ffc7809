//! The terminal as it was before a prompt hid what is typed: given back when the process ends inside it.

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::sync::{Mutex, PoisonError};

    use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

    static BEFORE: Mutex<Option<(File, Termios)>> = Mutex::new(None);

    pub fn remember() {
        // Without a terminal there is nothing to give back.
        let Ok(terminal) = File::options().read(true).write(true).open("/dev/tty") else {
            return;
        };
        if let Ok(before) = tcgetattr(&terminal) {
            *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = Some((terminal, before));
        }
    }

    /// Stops this process until somebody lets it go on, with the terminal as it was before the prompt meanwhile.
    pub fn stopped() {
        let held = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
        let hidden = held.as_ref().and_then(|(terminal, before)| {
            let hidden = tcgetattr(terminal).ok();
            let _ = tcsetattr(terminal, OptionalActions::Now, before);
            hidden
        });
        let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::STOP);
        if let Some(((terminal, _), hidden)) = held.as_ref().zip(hidden) {
            let _ = tcsetattr(terminal, OptionalActions::Now, &hidden);
        }
    }

    pub fn give_back() {
        if let Some((terminal, before)) = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // A terminal that has gone needs nothing.
            let _ = tcsetattr(&terminal, OptionalActions::Now, &before);
        }
    }
}

#[cfg(unix)]
pub use unix::{give_back, remember, stopped};

/// Elsewhere the prompt's mode ends with the process.
#[cfg(not(unix))]
pub fn remember() {}

#[cfg(not(unix))]
pub fn give_back() {}
