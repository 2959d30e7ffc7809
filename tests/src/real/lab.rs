//! A project at the invented provider and its slot, which the real command replaces by any strategy.

use std::path::PathBuf;

use jiff::SignedDuration;
use provider_sim::{Account, GraceFrom, SeedKey, Strategy, World};

use super::home::{Home, start};
use super::overten::KEY;
use super::page::Page;
use crate::keyring::Keyring;
use crate::lab;

/// How long the provider keeps an old value after a roll with grace.
const GRACE: u32 = 3600;

/// A person who has such a project, with a keychain that is only theirs.
pub struct Lab {
    pub home: Home,
    pub project: Account,
    pub page: Page,
    /// What the slot holds at first.
    pub first: SeedKey,
}

impl Lab {
    /// A project of that strategy. Nothing is connected yet.
    pub async fn begin(strategy: Strategy, from: GraceFrom) -> Lab {
        let mut world = World::empty();
        let made = start() - SignedDuration::from_hours(100 * 24);
        let project = world.add_project("backend", strategy, GRACE, from, made);
        let first = match strategy {
            Strategy::TwoSlot => world.keys[0].clone(),
            _ => world.add_account_key(&project, "backend", &[], made),
        };
        let home = Home::begin(world, &std::env::temp_dir(), Keyring::own().await).await;
        let page = Page::of(&home, &project);
        Lab {
            home,
            project,
            page,
            first,
        }
    }

    /// Where the user's definition lies.
    pub fn own(&self) -> PathBuf {
        self.home.dir.path().join("data/providers/lab.toml")
    }

    /// Writes the user's definition.
    pub fn define(&self, definition: &str) {
        let own = self.own();
        std::fs::create_dir_all(own.parent().expect("a folder")).expect("a folder");
        std::fs::write(own, lab::at_own_address(definition)).expect("a definition");
    }

    /// Connects the account as its definition says.
    pub async fn connect(&self, definition: &str) {
        self.define(definition);
        let home = &self.home;
        let (field, address) = (
            format!("project_id={}", self.project.id),
            format!("{}/v1", home.address),
        );
        let mut form = vec!["account", "connect", "--provider", "lab", "--org", "acme", "--new-org"];
        form.extend(["--label", "main", "--env", "production", "--field", &field]);
        form.extend(["--base-url", &address]);
        if definition.contains("[[scheme]]") {
            form.extend(["--scheme", "admin_key"]);
        }
        home.run(&form, self.page.admin_key()).await.ok();
    }

    /// Names the slot as [`KEY`], as it was listed, or imports it; its value is held, or is not.
    pub async fn name_slot(&self, held: bool) {
        let name = KEY.rsplit('/').next().expect("a name");
        let listed = self.home.json(&["key", "list"]).await;
        let mut listed = listed.as_array().expect("a list").iter();
        match listed.find(|key| key["purpose"] == "service") {
            Some(key) => {
                let id = key["id"].as_str().expect("an id");
                self.home.run(&["key", "rename", id, name], "").await.ok();
                if held {
                    self.home.run(&["key", "hold", KEY], &self.first.value).await.ok();
                }
            }
            None => {
                let import = ["key", "import", name, "--account", "main", "--env", "production"];
                self.home.run(&import, &self.first.value).await.ok();
            }
        }
    }
}
