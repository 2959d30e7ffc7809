//! The simulator's own time, so that ages, token lifetimes and lags need no waiting.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

/// A source of the present that can be moved; clones move together.
#[derive(Clone)]
pub struct Clock {
    base: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    ahead: Arc<Mutex<SignedDuration>>,
}

impl Clock {
    /// Takes the present from `now`.
    pub fn from_fn(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self {
            base: Arc::new(now),
            ahead: Arc::new(Mutex::new(SignedDuration::ZERO)),
        }
    }

    /// Stands still at `now` until it is advanced.
    pub fn manual(now: Timestamp) -> Self {
        Self::from_fn(move || now)
    }

    /// Starts at `start` and runs at the pace of real time.
    pub fn starting_at(start: Timestamp) -> Self {
        let begun = Instant::now();
        Self::from_fn(move || start + begun.elapsed())
    }

    /// Follows the machine's clock.
    pub fn system() -> Self {
        Self::from_fn(Timestamp::now)
    }

    /// Returns the present, as fine as a provider's database keeps it: to the microsecond.
    pub fn now(&self) -> Timestamp {
        let now = (self.base)() + *self.ahead();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    /// Moves this clock and its clones forward, or back with a negative span.
    pub fn advance(&self, span: SignedDuration) {
        *self.ahead() += span;
    }

    fn ahead(&self) -> std::sync::MutexGuard<'_, SignedDuration> {
        self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}
