//! A demo data directory with as many keys as wanted, listed from a simulator in this process.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use keywheel_core::App;
use keywheel_core::app::{Connect, OrgChoice};
use keywheel_core::failure::Failure;
use provider_sim::{Account, Clock, GraceFrom, Options, Serving, Simulator, Strategy, World};
use tempfile::TempDir;

use crate::window::Outcome;
use crate::{lab, sample};

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
        let crowd = Crowd::begun(world, now).await?;
        let world = serde_json::to_value(crowd.sim.world()).map_err(|error| error.to_string())?;
        for org in sample::list(&world, "orgs") {
            sample::connect(&crowd.app, &world, &org).await?;
        }
        Ok(crowd)
    }

    /// That many accounts at a provider that lists its keys in pages.
    pub async fn in_pages(accounts: usize, pages: usize, keys_a_page: usize) -> Outcome<Crowd> {
        let now: Timestamp = sample::NOW.parse().map_err(|_| "the demo's clock")?;
        let mut world = World::empty();
        for account in 0..accounts {
            let project = world.add_project(
                &format!("Project {account:02}"),
                Strategy::Overlap,
                0,
                GraceFrom::Roll,
                now,
            );
            for key in 0..pages * keys_a_page {
                world.add_account_key(&project, &format!("service-{key:04}"), &[], now);
            }
        }
        for rules in world.accounts.iter_mut().filter_map(|project| project.lab.as_mut()) {
            rules.page_size = Some(keys_a_page);
        }
        let crowd = Crowd::begun(world, now).await?;
        for project in crowd.sim.world().accounts {
            crowd
                .connect(&project)
                .await
                .map_err(|failure| sample::said(&failure))?;
        }
        Ok(crowd)
    }

    /// A demo data directory that knows nobody yet.
    async fn begun(world: World, now: Timestamp) -> Outcome<Crowd> {
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
        sample::mark(&dir, &address, now).await?;
        let own = dir.join("providers");
        std::fs::create_dir_all(&own).map_err(|error| error.to_string())?;
        // A demo leads only what is built in to the simulator; this one is where the account says.
        let definition = lab::at_own_address(&lab::definition(Strategy::Overlap, GraceFrom::Roll));
        std::fs::write(own.join("lab.toml"), definition).map_err(|error| error.to_string())?;
        let app = sample::open(&dir).await?;
        Ok(Crowd {
            sim,
            app,
            address,
            dir,
            _serving: serving,
            _folder: folder,
        })
    }

    async fn connect(&self, project: &Account) -> Result<(), Failure> {
        let admin_key = project
            .lab
            .as_ref()
            .map(|rules| rules.admin_key.clone())
            .unwrap_or_default();
        let pasted = self.app.paste("admin_key", admin_key)?;
        let form = Connect {
            org: OrgChoice::New(project.name.clone()),
            provider_id: "lab".to_owned(),
            label: "main".to_owned(),
            scheme: "admin_key".to_owned(),
            fields: BTreeMap::from([("project_id".to_owned(), project.id.clone())]),
            pasted: BTreeMap::from([("admin_key".to_owned(), pasted.handle)]),
            base_url: Some(format!("{}/v1", self.address)),
            environment: self.app.find_environment("production").await?.id,
            anyway: false,
        };
        self.app.connect(form).await?.found.map(drop)
    }
}
