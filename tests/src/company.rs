//! The demo's company in Keywheel: five organisations, twenty providers, 140 keys of mixed age, verified over some days,
//! with rotations that ended, that run, and one that failed.
//!
//! What exists lies in `tests/demo` as data. It is put in through the use cases that the window calls, days before the
//! demo begins, so that its past is what was done, not what was written down.

mod past;
mod providers;
mod staff;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use keywheel_core::clock::{Clock, Sleep, Steady, SystemClock};
use provider_sim::World;

use crate::provider::Provider;
use crate::sample;
use crate::window::Outcome;

/// How long before the demo its past begins, in days.
const DAYS: i64 = 13;

/// One line of `tests/demo/keys.tsv`.
pub struct Row {
    pub org: &'static str,
    pub provider: &'static str,
    pub name: &'static str,
    pub environment: &'static str,
    pub days: i64,
    /// What the provider does with it: `works`, `refused`, `expired`; `unasked` where nobody has asked yet.
    pub stands: &'static str,
    pub owner: &'static str,
}

/// All keys of the company but those that manage keys.
pub fn rows() -> Vec<Row> {
    lines(include_str!("../demo/keys.tsv"))
        .map(|[org, provider, name, environment, days, stands, owner]| Row {
            org,
            provider,
            name,
            environment,
            days: days.parse().expect("days"),
            stands,
            owner,
        })
        .collect()
}

/// The fields of each line but the first.
fn lines<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    let fields = |line: &'static str| {
        line.split('\t')
            .collect::<Vec<_>>()
            .try_into()
            .expect("as many fields as the head")
    };
    table.lines().skip(1).map(fields)
}

/// Starts the simulator of the company's providers, in its past.
pub async fn provider(program: &Path, folder: &Path) -> Outcome<Provider> {
    let world = providers::world(now()?);
    let file = folder.join("world.json");
    std::fs::write(&file, serde_json::to_vec(&world).map_err(|error| error.to_string())?)
        .map_err(|error| error.to_string())?;
    let begins = now()? - SignedDuration::from_hours(24 * DAYS);
    Provider::of_world(
        program,
        &begins.to_string(),
        file.to_str().ok_or("a folder without a name")?,
    )
    .await
}

/// Fills a new demo data directory with the company, up to the moment in which the demo begins.
pub async fn fill(dir: &Path, provider: &Provider) -> Outcome {
    sample::mark(dir, &provider.address, now()?).await?;
    providers::define(dir)?;
    let world: World = serde_json::from_value(provider.world().await?).map_err(|error| error.to_string())?;
    let days = Days::before(provider)?;
    let app = sample::open_at(dir, Some(days.clock.clone())).await?;
    let keys = staff::bring(&app, &world, provider).await?;
    past::live(&app, &keys, &days).await?;
    app.close().await;
    Ok(())
}

fn now() -> Outcome<Timestamp> {
    sample::NOW.parse().map_err(|_| "the demo's clock".to_owned())
}

/// The days before the demo, which pass at once.
struct Days<'a> {
    clock: Arc<Moved>,
    provider: &'a Provider,
}

impl<'a> Days<'a> {
    fn before(provider: &'a Provider) -> Outcome<Days<'a>> {
        let offset = now()?.duration_since(SystemClock::new().now());
        let clock = Arc::new(Moved {
            demo: SystemClock::shifted(offset),
            behind_s: AtomicI64::new(DAYS * 24 * 3600),
        });
        Ok(Days { clock, provider })
    }

    /// Lets so many hours pass, for Keywheel and for its providers.
    async fn pass(&self, hours: i64) -> Outcome {
        self.clock.behind_s.fetch_sub(hours * 3600, Ordering::Relaxed);
        self.provider.advance(hours * 3600).await
    }
}

/// The demo's clock, some time behind.
struct Moved {
    demo: SystemClock,
    behind_s: AtomicI64,
}

impl Clock for Moved {
    fn now(&self) -> Timestamp {
        self.demo.now() - SignedDuration::from_secs(self.behind_s.load(Ordering::Relaxed))
    }

    fn sleep(&self, span: Duration) -> Sleep<'_> {
        self.demo.sleep(span)
    }

    fn steady(&self) -> Steady {
        // A run of its own, which goes with the days that are let pass.
        let ms = self.now().as_millisecond();
        Steady {
            boot: "the company's past".to_owned(),
            up: Duration::from_millis(u64::try_from(ms).unwrap_or(0)),
        }
    }
}
