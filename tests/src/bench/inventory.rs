//! What the window's page is told at its start and after each change, made in this process.

use std::time::Instant;

use keywheel_core::vault::VaultState;
use keywheel_wire::render::{Names, inventory_view};

use super::crowd::Crowd;
use super::figure::Figure;
use super::median;
use crate::sample;
use crate::window::Outcome;

/// How often it is measured.
const TIMES: usize = 9;

pub async fn measure() -> Outcome<Vec<Figure>> {
    let crowd = Crowd::of(10, 1000).await?;
    let (mut read, mut written, mut size) = (Vec::new(), Vec::new(), 0);
    for _ in 0..TIMES {
        let started = Instant::now();
        let inventory = crowd.app.inventory(VaultState::Ready).await;
        let inventory = inventory.map_err(|failure| sample::said(&failure))?;
        read.push(started.elapsed().as_secs_f64() * 1000.0);
        let started = Instant::now();
        let names = Names::of(&crowd.app).await.map_err(|failure| sample::said(&failure))?;
        let view = inventory_view(&inventory, &names, crowd.app.instance());
        size = serde_json::to_vec(&view).map_err(|error| error.to_string())?.len();
        written.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    let kib = size / 1024;
    Ok(vec![
        Figure::plain(
            "inventory of 10,000 keys: read and judged",
            format!("{:.0} ms", median(read)),
        ),
        Figure::plain(
            format!("inventory of 10,000 keys: said in {kib} KiB of JSON"),
            format!("{:.0} ms", median(written)),
        ),
    ])
}
