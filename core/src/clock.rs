//! Where time and chance come from: arguments, so that a test can hold both.
//!
//! The only module that reads the wall clock or calls `tokio::time`.

mod steady;

pub use steady::Steady;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// A future that a clock hands out.
pub type Sleep<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Tells the time and waits.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
    /// Waits for the span, by a clock that no one can set.
    fn sleep(&self, span: Duration) -> Sleep<'_>;
    /// What a clock that no one can set shows.
    fn steady(&self) -> Steady;
}

/// Gives random bytes fit for nonces and ids.
pub trait Entropy: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

/// The machine's clock, shifted by a fixed offset in a demo data directory.
pub struct SystemClock {
    offset: SignedDuration,
}

impl SystemClock {
    pub fn new() -> Self {
        SystemClock {
            offset: SignedDuration::ZERO,
        }
    }

    /// Returns a clock that shows real time plus the offset.
    pub fn shifted(offset: SignedDuration) -> Self {
        SystemClock { offset }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        SystemClock::new()
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the wall clock is read")]
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        now.checked_add(self.offset).unwrap_or(now)
    }

    #[expect(clippy::disallowed_methods, reason = "the one place where tokio waits")]
    fn sleep(&self, span: Duration) -> Sleep<'_> {
        Box::pin(tokio::time::sleep(span))
    }

    fn steady(&self) -> Steady {
        steady::read()
    }
}

/// The operating system's random source.
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        // Without a random source no id, nonce or fingerprint key can be made, so nothing may go on.
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

/// Runs the future until it ends or the span is over; `None` when it is over.
pub async fn within<T>(clock: &Arc<dyn Clock>, span: Duration, work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        done = work => Some(done),
        () = clock.sleep(span) => None,
    }
}
