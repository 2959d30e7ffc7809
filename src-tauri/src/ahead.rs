//! What the page asks for first, read while it is still being loaded.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, MutexGuard};

/// What is older is read anew.
const FRESH: Duration = Duration::from_secs(5);

/// One reading ahead. Whoever asks while it runs waits for it.
pub struct Ahead<T> {
    /// Counts what makes a reading outdated.
    changes: AtomicU64,
    read: Mutex<Option<Read<T>>>,
}

struct Read<T> {
    view: T,
    begun: Instant,
    change: u64,
}

/// A reading that runs.
pub struct Reading<'a, T> {
    into: MutexGuard<'a, Option<Read<T>>>,
    begun: Instant,
    change: u64,
}

impl<T> Default for Ahead<T> {
    fn default() -> Ahead<T> {
        Ahead {
            changes: AtomicU64::new(0),
            read: Mutex::new(None),
        }
    }
}

impl<T> Ahead<T> {
    pub async fn begin(&self) -> Reading<'_, T> {
        Reading {
            into: self.read.lock().await,
            begun: Instant::now(),
            change: self.change(),
        }
    }

    /// Another number once something changed.
    pub fn change(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }

    /// Something changed.
    pub fn forget(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
    }

    /// What was read, once, and only if nothing changed since.
    pub async fn take(&self) -> Option<T> {
        let read = self.read.lock().await.take()?;
        let is_true = read.change == self.change() && read.begun.elapsed() < FRESH;
        is_true.then_some(read.view)
    }
}

impl<T> Reading<'_, T> {
    pub fn done(mut self, view: T) {
        *self.into = Some(Read {
            view,
            begun: self.begun,
            change: self.change,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_read_ahead_serves_once_and_never_after_a_change() {
        let ahead = Ahead::<u8>::default();
        assert!(ahead.take().await.is_none(), "nothing was read");
        ahead.begin().await.done(7);
        assert_eq!(ahead.take().await, Some(7));
        assert!(ahead.take().await.is_none(), "it serves once");

        ahead.begin().await.done(7);
        ahead.forget();
        assert!(ahead.take().await.is_none(), "a change came after it");

        let reading = ahead.begin().await;
        ahead.forget();
        reading.done(7);
        assert!(ahead.take().await.is_none(), "a change came while it was read");
    }
}
