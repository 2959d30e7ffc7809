//! A value put into the machine's keychain and read from it, as every rotation does.

use std::sync::Arc;
use std::time::Instant;

use keywheel_core::clock::SystemClock;
use keywheel_core::model::Secret;
use keywheel_core::vault::{Deadlines, Keychain, SERVICE, Vault, VaultRef};

use super::figure::Figure;
use super::median;
use crate::sample;
use crate::window::Outcome;

/// How often it is measured.
const TIMES: usize = 40;

pub async fn measure() -> Outcome<Vec<Figure>> {
    let keychain = Keychain::new(SERVICE, Arc::new(SystemClock::new()), Deadlines::default());
    let (mut put, mut got) = (Vec::new(), Vec::new());
    for turn in 0..TIMES {
        let at = VaultRef::canary(&format!("bench-{turn}"));
        let value = Secret::new(format!("sk_live_{turn:028}"));
        let calls = async {
            let started = Instant::now();
            keychain.put(&at, &value).await?;
            put.push(started.elapsed().as_secs_f64() * 1000.0);
            let started = Instant::now();
            keychain.get(&at).await?;
            got.push(started.elapsed().as_secs_f64() * 1000.0);
            keychain.delete(&at).await
        };
        calls.await.map_err(|failure| sample::said(&failure))?;
    }
    let figure = |what: &str, times| Figure::plain(what, format!("{:.1} ms", median(times)));
    Ok(vec![
        figure("keychain: put and read back", put),
        figure("keychain: get", got),
    ])
}
