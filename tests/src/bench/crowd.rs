//! A demo data directory with as many keys as wanted, listed from a simulator in this process.

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use keywheel_core::App;
use keywheel_core::app::mark_demo;
use keywheel_core::clock::SystemEntropy;
use provider_sim::{Clock, Options, Serving, Simulator, World};
use tempfile::TempDir;

use crate::sample;
use crate::window::Outcome;

/// The inventory, and the provider it came from.
pub struct Crowd {
    pub sim: Simulator,
    pub app: App,
    pub address: String,
    pub dir: PathBuf,
    _serving: Serving,
    _folder: TempDir,
}

impl Crowd {
    /// That many organisations with an account each, and keys of all ages in them. Nothing of it is held.
    pub async fn of(accounts: usize, keys_each: usize) -> Outcome<Crowd> {
        let now: Timestamp = sample::NOW.parse().map_err(|_| "the demo's clock")?;
        let mut world = World::empty();
        let owner = world.add_user("ada@example.com");
        for account in 0..accounts {
            let org = world.add_org(&format!("Organisation {account:02}"), &owner);
            for key in 0..keys_each {
                let age = SignedDuration::from_hours(24 * (1 + (key as i64 * 7) % 200));
                world.add_key(&org, &format!("service-{key:04}"), "production", now - age);
            }
        }
        let sim = Simulator::new(Options {
            clock: Clock::starting_at(now),
            world,
            ..Options::default()
        });
        let serving = sim
            .serve(([127, 0, 0, 1], 0).into())
            .await
            .map_err(|error| error.to_string())?;
        let address = format!("http://{}", serving.addr);
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let dir = folder.path().join("data");
        let app = fill(&dir, &address, &sim, now).await?;
        Ok(Crowd {
            sim,
            app,
            address,
            dir,
            _serving: serving,
            _folder: folder,
        })
    }
}

async fn fill(dir: &Path, address: &str, sim: &Simulator, now: Timestamp) -> Outcome<App> {
    let marked = mark_demo(dir, &SystemEntropy, address, now).await;
    marked.map_err(|failure| sample::said(&failure))?;
    let app = sample::open(dir).await?;
    let world = serde_json::to_value(sim.world()).map_err(|error| error.to_string())?;
    for org in sample::list(&world, "orgs") {
        sample::connect(&app, &world, &org).await?;
    }
    Ok(app)
}
