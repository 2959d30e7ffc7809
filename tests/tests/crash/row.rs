//! Ways in which a key is replaced, each at a provider of its own on loopback.

use jiff::SignedDuration;
use provider_sim::{GraceFrom, Strategy, World};
use tests::keyring::Keyring;
use tests::lab;
use tests::real::{Home, KEY, Real};

use crate::bench::{Bench, NAME};
use crate::page::Page;

/// Longer than the simulator's grace; also than the hour in which only so many mints are made.
pub const HOUR: i64 = 3700;

const GRACE: u32 = 3600;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Row {
    /// Two keys live at once; the list has no names.
    Overten,
    /// The invented provider, whose list has names.
    Overlap,
    /// The same after a leak: the old key goes first.
    RevokeFirst,
    Roll,
    RollWithGrace,
    /// The first use of the new value starts the clock.
    GraceFromUse,
    ReplaceFirst,
    TwoSlot,
    /// A person creates and deletes on the provider's page.
    ByPerson,
    /// A person rolls on the provider's page.
    RollByPerson,
}

impl Row {
    pub fn title(self) -> &'static str {
        match self {
            Row::Overten => "overlap, Overten",
            Row::Overlap => "overlap",
            Row::RevokeFirst => "overlap, old one first",
            Row::Roll => "roll",
            Row::RollWithGrace => "roll with grace",
            Row::GraceFromUse => "grace from first use",
            Row::ReplaceFirst => "replace first",
            Row::TwoSlot => "two slots",
            Row::ByPerson => "overlap, by a person",
            Row::RollByPerson => "roll, by a person",
        }
    }

    /// Whether the old value works until a person has said that the new one is in use.
    pub fn overlaps(self) -> bool {
        !matches!(
            self,
            Row::RevokeFirst | Row::Roll | Row::ReplaceFirst | Row::RollByPerson
        )
    }

    /// Whether the provider itself ends the old value, a while after the roll.
    pub fn has_grace(self) -> bool {
        matches!(self, Row::RollWithGrace | Row::GraceFromUse)
    }

    /// Whether nothing but a revocation ends the old value.
    pub fn revokes_last(self) -> bool {
        matches!(self, Row::Overten | Row::Overlap | Row::TwoSlot | Row::ByPerson)
    }

    /// Whether a person does what the API could.
    pub fn is_by_person(self) -> bool {
        matches!(self, Row::ByPerson | Row::RollByPerson)
    }

    fn strategy(self) -> (Strategy, GraceFrom) {
        let strategy = match self {
            Row::Overten | Row::Overlap | Row::RevokeFirst | Row::ByPerson => Strategy::Overlap,
            Row::Roll | Row::RollByPerson => Strategy::Roll,
            Row::RollWithGrace => Strategy::RollWithGrace,
            Row::GraceFromUse => return (Strategy::RollWithGrace, GraceFrom::FirstUse),
            Row::ReplaceFirst => Strategy::ReplaceFirst,
            Row::TwoSlot => Strategy::TwoSlot,
        };
        (strategy, GraceFrom::Roll)
    }

    /// A person with an account there, and a keychain that is only theirs. The slot's value is held.
    pub async fn connected(self, in_files: bool) -> Bench {
        if self != Row::Overten {
            return self.at_lab().await;
        }
        let mut real = Real::with(&std::env::temp_dir(), Keyring::own().await).await;
        real = real.with_account().await;
        if in_files {
            real.bind().await;
        }
        Bench {
            row: self,
            account: real.org.id,
            serves: real.old.value,
            beside: vec![real.bystander.value],
            held: 2,
            places: real.places,
            page: None,
            home: real.home,
        }
    }

    async fn at_lab(self) -> Bench {
        let ((strategy, from), now) = (self.strategy(), tests::real::start());
        let mut world = World::empty();
        let made = now - SignedDuration::from_hours(100 * 24);
        let project = world.add_project("backend", strategy, GRACE, from, made);
        let first = match strategy {
            Strategy::TwoSlot => world.keys[0].clone(),
            _ => world.add_account_key(&project, "backend", &[], made),
        };
        let home = Home::begin(world, &std::env::temp_dir(), Keyring::own().await).await;
        let definition = match self.is_by_person() {
            true => lab::by_person(strategy, from),
            false => lab::definition(strategy, from),
        };
        let own = home.dir.path().join("data/providers");
        std::fs::create_dir_all(&own).unwrap();
        std::fs::write(own.join("lab.toml"), lab::at_own_address(&definition)).unwrap();
        let page = Page::of(&home, &project);
        let (field, address) = (format!("project_id={}", project.id), format!("{}/v1", home.address));
        let mut form = vec!["account", "connect", "--provider", "lab", "--org", "acme", "--new-org"];
        form.extend([
            "--label",
            "main",
            "--env",
            "production",
            "--field",
            &field,
            "--base-url",
            &address,
        ]);
        if !self.is_by_person() {
            form.extend(["--scheme", "admin_key"]);
        }
        home.run(&form, page.admin_key()).await.ok();
        let listed = home.json(&["key", "list"]).await;
        let mut listed = listed.as_array().unwrap().iter();
        match listed.find(|key| key["purpose"] == "service") {
            Some(key) => {
                home.run(&["key", "rename", key["id"].as_str().unwrap(), NAME], "")
                    .await
                    .ok();
                home.run(&["key", "hold", KEY], &first.value).await.ok();
            }
            None => {
                let import = ["key", "import", NAME, "--account", "main", "--env", "production"];
                home.run(&import, &first.value).await.ok();
            }
        }
        Bench {
            row: self,
            account: project.id,
            serves: first.value,
            beside: Vec::new(),
            held: if self.is_by_person() { 1 } else { 2 },
            places: Vec::new(),
            page: Some(page),
            home,
        }
    }
}
