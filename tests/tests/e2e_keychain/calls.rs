//! Calls of the keychain that every test makes.

use std::time::{Duration, Instant};

use keywheel_core::model::Secret;
use keywheel_core::vault::{Deadlines, Keychain, Vault, VaultRef, VaultState};

pub const SHORT: Deadlines = Deadlines {
    soft: Duration::from_millis(600),
    hard: Duration::from_secs(2),
};

pub fn at(name: &str) -> VaultRef {
    VaultRef::canary(name)
}

pub fn secret(value: &str) -> Secret {
    Secret::new(value.to_owned())
}

pub async fn value(keychain: &Keychain, at: &VaultRef) -> Option<String> {
    keychain.get(at).await.unwrap().map(|secret| secret.expose().to_owned())
}

/// Calls everything that is answered without a person, and returns the slowest call.
pub async fn all_fail_with(keychain: &Keychain, state: VaultState) -> Duration {
    let expected = state.failure().unwrap();
    let mut slowest = Duration::ZERO;
    let item = at("a");
    for call in ["put", "get", "delete", "state"] {
        let begun = Instant::now();
        let failure = match call {
            "put" => keychain.put(&item, &secret("value")).await.err(),
            "get" => keychain.get(&item).await.err(),
            "delete" => keychain.delete(&item).await.err(),
            _ => keychain.state().await.failure(),
        };
        slowest = slowest.max(begun.elapsed());
        assert_eq!(failure, Some(expected.clone()), "{call}");
    }
    slowest
}

/// Mean, 95th percentile and worst.
pub fn spans(mut spans: Vec<Duration>) -> String {
    spans.sort();
    let ms = |span: Duration| format!("{:.1} ms", span.as_secs_f64() * 1e3);
    let mean = spans.iter().sum::<Duration>() / u32::try_from(spans.len()).unwrap();
    format!(
        "mean {}, p95 {}, worst {}",
        ms(mean),
        ms(spans[spans.len() * 95 / 100]),
        ms(spans[spans.len() - 1])
    )
}
