//! All accounts listed anew, beside the one whose list takes longest.

use std::time::Instant;

use keywheel_core::model::AccountId;
use keywheel_core::vault::VaultState;
use provider_sim::Fault;

use super::crowd::Crowd;
use super::figure::Figure;
use super::{CALL, median};
use crate::sample;
use crate::window::Outcome;

const ACCOUNTS: usize = 50;
const PAGES: usize = 4;
const KEYS_A_PAGE: usize = 5;
/// How often it is measured.
const TIMES: usize = 5;

pub async fn measure() -> Outcome<Vec<Figure>> {
    let crowd = Crowd::in_pages(ACCOUNTS, PAGES, KEYS_A_PAGE).await?;
    let inventory = crowd.app.inventory(VaultState::Ready).await;
    let accounts = inventory.map_err(|failure| sample::said(&failure))?.accounts;
    crowd.sim.inject(Fault::delay(CALL).always());
    let (mut all, mut longest) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        all.push(refreshed(&crowd, None).await?);
        let mut each = Vec::new();
        for (account, _) in &accounts {
            each.push(refreshed(&crowd, Some(account.id)).await?);
        }
        longest.push(each.into_iter().fold(0.0, f64::max));
    }
    let what = format!(
        "listing {ACCOUNTS} accounts of {PAGES} pages, {} ms a call",
        CALL.as_millis()
    );
    let both = (median(all), median(longest));
    Ok(vec![
        Figure::beside(what, both, "ms", "the longest account alone").aim("≤ 1.1 ×"),
    ])
}

/// Milliseconds until one account, or all of them, are listed.
async fn refreshed(crowd: &Crowd, only: Option<AccountId>) -> Outcome<f64> {
    let started = Instant::now();
    crowd
        .app
        .refresh(only)
        .await
        .map_err(|failure| sample::said(&failure))?;
    Ok(started.elapsed().as_secs_f64() * 1000.0)
}
