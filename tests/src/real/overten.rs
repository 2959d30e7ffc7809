//! An account at Overten, its slot, and another key that nobody may touch.

use std::ops::Deref;
use std::path::Path;

use jiff::SignedDuration;
use provider_sim::{KeyRecord, Org, SeedKey, User, World};

use super::home::{Home, Said, start};
use super::verdict::{Found, Slot, judge};
use crate::keyring::Keyring;
use crate::places::{NAME, Place};

/// The slot that is rotated.
pub const KEY: &str = "acme/production/checkout-api";
/// A slot that is not there yet.
pub const ADDED: &str = "acme/ci/nightly";

/// A person who has such an account.
pub struct Real {
    pub home: Home,
    pub owner: User,
    pub org: Org,
    /// What the slot holds at first.
    pub old: SeedKey,
    /// Another key of the organisation: nobody may touch it.
    pub bystander: SeedKey,
    /// Files that hold the slot's value.
    pub places: Vec<Place>,
}

impl Deref for Real {
    type Target = Home;

    fn deref(&self) -> &Home {
        &self.home
    }
}

impl Real {
    /// A demo data directory and a provider with one organisation and two keys; the session's keychain, emptied.
    pub async fn begin() -> Real {
        Real::begin_in(&std::env::temp_dir()).await
    }

    /// As [`Real::begin`], with the data directory in a place of the test's choice.
    pub async fn begin_in(place: &Path) -> Real {
        assert!(
            std::env::var_os("KEYWHEEL_HEADLESS").is_some(),
            "this test writes to the keychain: run it inside `cargo xtask headless --`"
        );
        let keyring = Keyring::OfSession;
        // Before the demo is made: its key is in there from then on.
        keyring.forget().await;
        Real::with(place, keyring).await
    }

    /// As [`Real::begin`], with a keychain that is given.
    pub async fn with(place: &Path, keyring: Keyring) -> Real {
        let mut world = World::empty();
        let owner = world.add_user("ada@acme.example");
        let org = world.add_org("acme", &owner);
        let days = |days: i64| start() - SignedDuration::from_hours(days * 24);
        let old = world.add_key(&org, "checkout-api", "production", days(100));
        let bystander = world.add_key(&org, "search-indexer", "production", days(10));
        Real {
            home: Home::begin(world, place, keyring).await,
            owner,
            org,
            old,
            bystander,
            places: Vec::new(),
        }
    }

    /// As [`Real::begin`], with the account connected and the slot's value held.
    pub async fn connected() -> Real {
        Real::begin().await.with_account().await
    }

    /// Connects the account and holds the slot's value.
    pub async fn with_account(self) -> Real {
        let real = self;
        real.connect("main", &real.owner.refresh_token).await.ok();
        let listed = real.json(&["key", "list"]).await;
        let hint: String = real.old.value.chars().take(12).collect();
        let mut keys = listed.as_array().expect("a list").iter();
        let found = keys.find(|key| key["hint"].as_str() == Some(&format!("{hint}…")));
        let id = found.expect("it is listed")["id"].as_str().expect("an id").to_owned();
        real.run(&["key", "rename", &id, "checkout-api"], "").await.ok();
        real.run(&["key", "hold", KEY], &real.old.value).await.ok();
        real
    }

    /// Has two files hold the slot's value, and says so.
    pub async fn bind(&mut self) {
        self.places = (0..2)
            .map(|n| Place::new(self.dir.path(), n, &self.old.value))
            .collect();
        for place in &self.places {
            let path = place.path.to_str().expect("text");
            self.run(&["target", "add", KEY, "--env-file", path, "--name", NAME], "")
                .await
                .ok();
        }
    }

    pub async fn connect(&self, label: &str, refresh_token: &str) -> Said {
        let (org, key) = (
            format!("org_id={}", self.org.id),
            format!("web_api_key={}", self.owner.web_api_key),
        );
        let mut form = vec!["--json", "account", "connect", "--provider", "overten", "--org", "acme"];
        let orgs: i64 = sqlx::query_scalar("SELECT count(*) FROM orgs")
            .fetch_one(&mut self.database().await)
            .await
            .expect("the query is right");
        if orgs == 0 {
            form.push("--new-org");
        }
        form.extend(["--env", "production", "--scheme", "firebase_refresh", "--label", label]);
        form.extend(["--field", &org, "--field", &key]);
        self.run(&form, refresh_token).await
    }

    /// What is wrong once the slot's key was replaced: by the witnesses, and by what the command says.
    pub async fn replaced(&self) -> Found {
        let slot = Slot {
            name: "checkout-api".to_owned(),
            account: self.org.id.clone(),
            old: Some(self.old.value.clone()),
            beside: vec![self.bystander.value.clone()],
            held: 2,
            ..Slot::default()
        };
        let mut found = judge(&self.home, &slot).await.found;
        found.by_command(&self.home, KEY).await;
        found
    }

    /// What is wrong once a key was added.
    pub async fn created(&self) -> Found {
        let slot = Slot {
            name: "nightly".to_owned(),
            account: self.org.id.clone(),
            beside: vec![self.bystander.value.clone(), self.old.value.clone()],
            held: 3,
            ..Slot::default()
        };
        let mut found = judge(&self.home, &slot).await.found;
        found.by_command(&self.home, ADDED).await;
        found
    }

    /// The provider's record of the slot's first key.
    pub fn old_record(&self) -> KeyRecord {
        self.sim.ledger().key(&self.old.key_id).cloned().expect("a record")
    }
}
