//! Time and chance as tests hold them: one clock for Keywheel and the provider, and bytes that repeat.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use keywheel_core::clock::{Clock, Entropy, Sleep, Steady};

/// The machine's clock: it goes with the simulator's, and can be set; sleeping moves both on, and nothing really waits.
#[derive(Clone)]
pub struct SimulatedClock {
    provider: provider_sim::Clock,
    ahead: Arc<AtomicI64>,
    /// Starts of the machine, and the provider's time of the last one, in milliseconds since 1970.
    boots: Arc<AtomicU64>,
    booted_ms: Arc<AtomicI64>,
}

impl SimulatedClock {
    pub fn new(provider: provider_sim::Clock) -> SimulatedClock {
        SimulatedClock {
            provider,
            ahead: Arc::default(),
            boots: Arc::default(),
            booted_ms: Arc::default(),
        }
    }

    /// The machine is switched off and on again after so many seconds; its clock is as wrong as before.
    pub fn reboot(&self, after: i64) {
        self.provider.advance(SignedDuration::from_secs(after));
        self.boots.fetch_add(1, Ordering::Relaxed);
        self.booted_ms
            .store(self.provider.now().as_millisecond(), Ordering::Relaxed);
    }

    /// Sets it so many seconds further, or back; the provider's goes on as before.
    pub fn jump(&self, seconds: i64) {
        self.ahead.fetch_add(seconds, Ordering::Relaxed);
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> Timestamp {
        self.provider.now() + SignedDuration::from_secs(self.ahead.load(Ordering::Relaxed))
    }

    fn sleep(&self, span: Duration) -> Sleep<'_> {
        Box::pin(async move {
            self.provider
                .advance(SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX));
            tokio::task::yield_now().await;
        })
    }

    fn steady(&self) -> Steady {
        let ms = self.provider.now().as_millisecond() - self.booted_ms.load(Ordering::Relaxed);
        Steady {
            boot: self.boots.load(Ordering::Relaxed).to_string(),
            up: Duration::from_millis(u64::try_from(ms).unwrap_or(0)),
        }
    }
}

/// The same bytes in every run, never the same twice within one (SplitMix64).
pub struct SeededEntropy(AtomicU64);

impl SeededEntropy {
    pub fn new(seed: u64) -> SeededEntropy {
        SeededEntropy(AtomicU64::new(seed))
    }

    /// Another one that goes on as this one would.
    pub fn fork(&self) -> SeededEntropy {
        SeededEntropy(AtomicU64::new(self.0.load(Ordering::Relaxed)))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        for chunk in bytes.chunks_mut(8) {
            let mut word = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            word ^= word >> 31;
            chunk.copy_from_slice(&word.to_le_bytes()[..chunk.len()]);
        }
    }
}
