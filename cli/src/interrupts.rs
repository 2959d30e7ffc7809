//! Ctrl-C and the request to end: obeyed at once, unless a value would be lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::exit::Exit;
use crate::render::{Line, Look, Out};

/// Two requests within this span are meant.
const MEANT: Duration = Duration::from_secs(5);

/// What an interruption would do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Now {
    /// Nothing is under way.
    Free = 0,
    /// A rotation is driven; all of it is in the journal.
    Driving,
    /// A key is being created, or was and is on its way to the keychain.
    Creating,
    /// A value exists only in this process's memory: the keychain refuses it.
    Holding,
    /// A key lies on the clipboard and has to be cleared first.
    Clearing,
}

const ALL: [Now; 5] = [Now::Free, Now::Driving, Now::Creating, Now::Holding, Now::Clearing];

/// What is under way, and whether somebody asked to stop.
#[derive(Debug, Default)]
pub struct Interrupts {
    now: AtomicU8,
    asked: AtomicBool,
    /// Told at each request while [`Now::Clearing`].
    pub stop: Notify,
}

/// What a request leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    End(Exit),
    /// Says why not, and goes on.
    GoOn(&'static str),
    Clear,
}

impl Interrupts {
    pub fn set(&self, now: Now) {
        self.now.store(now as u8, Ordering::SeqCst);
    }

    fn now(&self) -> Now {
        ALL.get(usize::from(self.now.load(Ordering::SeqCst)))
            .copied()
            .unwrap_or(Now::Free)
    }

    /// Whether somebody asked to stop while that could not be.
    pub fn is_asked(&self) -> bool {
        self.asked.load(Ordering::SeqCst)
    }

    fn then(&self, again: bool) -> Then {
        match self.now() {
            Now::Free => Then::End(Exit::Interrupted),
            Now::Driving => Then::End(Exit::Later),
            Now::Creating if again => Then::End(Exit::Unknown),
            Now::Creating => {
                Then::GoOn("A key is being created; Keywheel stops as soon as its value is stored. Again to stop now.")
            }
            Now::Holding if again => Then::End(Exit::HeldInMemory),
            Now::Holding => Then::GoOn(
                "The new key is only in memory: unlock the keychain and it is stored. Again within 5 s gives it up.",
            ),
            Now::Clearing => Then::Clear,
        }
    }

    /// Listens from here on, for the life of the process.
    pub fn listen(self: &Arc<Self>, out: Arc<Out>) {
        let interrupts = Arc::clone(self);
        // Registered before this returns, so that no request is met unprepared.
        let signals = Signals::listen();
        tokio::spawn(async move {
            let Ok(mut signals) = signals else { return };
            let mut last: Option<Instant> = None;
            loop {
                signals.next(|| interrupts.now()).await;
                let again = last.is_some_and(|last| last.elapsed() < MEANT);
                last = Some(Instant::now());
                match interrupts.then(again) {
                    Then::End(exit) => {
                        crate::echo::give_back();
                        std::process::exit(interrupts.farewell(exit, &out));
                    }
                    Then::GoOn(why) => {
                        interrupts.asked.store(true, Ordering::SeqCst);
                        out.aside(Line::new().look(Look::Warning, why));
                    }
                    Then::Clear => interrupts.stop.notify_one(),
                }
            }
        });
    }

    /// Ends the commands of targets, which would go on without Keywheel, and says what is left to do; returns the exit code.
    pub fn farewell(&self, exit: Exit, out: &Out) -> i32 {
        keywheel_core::target::end_commands();
        match exit {
            Exit::Later | Exit::Unknown => out.aside("Stopped. Go on with: keywheel resume"),
            Exit::HeldInMemory => {
                out.aside(
                    "Given up: the value of the new key is lost. `keywheel resume` revokes it and creates another.",
                );
            }
            _ => {}
        }
        exit.code()
    }
}

#[cfg(unix)]
struct Signals {
    ends: [tokio::signal::unix::Signal; 7],
    stops: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> std::io::Result<Signals> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals {
            // All that would end the process with the terminal as it is, or the value on the clipboard.
            ends: [
                signal(SignalKind::interrupt())?,
                signal(SignalKind::terminate())?,
                signal(SignalKind::hangup())?,
                signal(SignalKind::quit())?,
                signal(SignalKind::alarm())?,
                signal(SignalKind::user_defined1())?,
                signal(SignalKind::user_defined2())?,
            ],
            stops: signal(SignalKind::from_raw(rustix::process::Signal::TSTP.as_raw()))?,
        })
    }

    /// Returns at a request to end. One to stop for a while is obeyed with the terminal given back; not while a key lies on
    /// the clipboard, which would stay there: then it is one to end.
    async fn next(&mut self, now: impl Fn() -> Now) {
        loop {
            let [a, b, c, d, e, f, g] = &mut self.ends;
            tokio::select! {
                _ = a.recv() => return,
                _ = b.recv() => return,
                _ = c.recv() => return,
                _ = d.recv() => return,
                _ = e.recv() => return,
                _ = f.recv() => return,
                _ = g.recv() => return,
                _ = self.stops.recv() => {
                    if now() == Now::Clearing {
                        return;
                    }
                    crate::echo::stopped();
                }
            }
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> std::io::Result<Signals> {
        Ok(Signals)
    }

    async fn next(&mut self, _: impl Fn() -> Now) {
        // Without a way to listen the system's own handling stands.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(now: Now, again: bool, ends: Option<Exit>) {
        let interrupts = Interrupts::default();
        interrupts.set(now);
        let ended = match interrupts.then(again) {
            Then::End(exit) => Some(exit),
            Then::GoOn(_) | Then::Clear => None,
        };
        assert_eq!(ended, ends, "{now:?} {again}");
    }

    #[test]
    fn a_value_in_memory_is_given_up_only_when_asked_twice() {
        check(Now::Holding, false, None);
        check(Now::Holding, true, Some(Exit::HeldInMemory));
        check(Now::Creating, false, None);
        check(Now::Creating, true, Some(Exit::Unknown));
    }

    #[test]
    fn everything_else_stops_at_once_and_says_with_what() {
        check(Now::Free, false, Some(Exit::Interrupted));
        check(Now::Driving, false, Some(Exit::Later));
        check(Now::Clearing, false, None);
    }
}
