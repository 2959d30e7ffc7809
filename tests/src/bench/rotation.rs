//! One rotation at a provider that takes its time, beside the same number of calls and nothing else.

use std::time::Instant;

use keywheel_core::failure::Failure;
use keywheel_core::vault::VaultState;
use provider_sim::Fault;

use super::crowd::Crowd;
use super::figure::Figure;
use super::{CALL, median};
use crate::sample;
use crate::window::Outcome;

/// How often it is measured.
const TIMES: usize = 5;

pub async fn measure() -> Outcome<Vec<Figure>> {
    let crowd = Crowd::of(TIMES, 1).await?;
    let http = reqwest::Client::new();
    let (mut rotated, mut bare) = (Vec::new(), Vec::new());
    let inventory = crowd.app.inventory(VaultState::Ready).await;
    let keys = inventory.map_err(|failure| sample::said(&failure))?.keys;
    let world = crowd.sim.world();
    for seed in &world.keys {
        let key = keys.iter().find(|facts| {
            facts
                .row
                .version
                .as_ref()
                .and_then(|version| version.remote_id.as_deref())
                == Some(seed.key_id.as_str())
        });
        let key = key.ok_or("a key that is not listed")?.row.key.id;
        let app = &crowd.app;
        let whole = async {
            let pasted = app.paste("key", seed.value.clone())?;
            app.hold(key, &pasted.handle).await?;
            let before = crowd.sim.requests().len();
            crowd.sim.inject(Fault::delay(CALL).always());
            let started = Instant::now();
            let proposal = app.propose_rotation(key, VaultState::Ready).await?;
            let id = app.start_rotation(key, &proposal.hash, VaultState::Ready).await?;
            app.go_on(id).await?;
            let rotation = app.confirm_replaced(id).await?;
            let took = started.elapsed();
            crowd.sim.clear_faults();
            Ok::<_, Failure>((took, crowd.sim.requests().len() - before, rotation))
        };
        let (took, calls, rotation) = whole.await.map_err(|failure| sample::said(&failure))?;
        if !rotation.position.is_closed() {
            return Err("the rotation does not end".to_owned());
        }
        rotated.push(took.as_secs_f64() * 1000.0);
        crowd.sim.inject(Fault::delay(CALL).always());
        let started = Instant::now();
        for _ in 0..calls {
            let sent = http.get(format!("{}/api/v1/verify", crowd.address)).send().await;
            sent.map_err(|error| error.to_string())?;
        }
        bare.push(started.elapsed().as_secs_f64() * 1000.0);
        crowd.sim.clear_faults();
    }
    let both = (median(rotated), median(bare));
    let what = format!("one rotation, {} ms a call", CALL.as_millis());
    Ok(vec![
        Figure::beside(what, both, "ms", "the same calls alone").aim("≤ 1.05 ×"),
    ])
}
