//! One world in which a state is brought about: acts are played, and each is a line of the course.

use std::collections::BTreeMap;

use keywheel_core::store::DB_FILE;
use sqlx::ConnectOptions;
use sqlx::Row;
use sqlx::sqlite::SqliteConnectOptions;

use super::act::Act;
use super::kept::Kept;
use super::setup::{By, Setup};
use super::states::Leftover;
use crate::places::{NAME, Place};
use crate::real::{KEY, Lab};
use provider_sim::Strategy;

/// A value of the provider's form that it has never made.
const WRONG: &str = "lab_0000000000000000000000000000000000000000";

/// A world with the slot in it, and what was done in it so far.
pub struct Scene {
    lab: Lab,
    setup: Setup,
    /// The value that was made on the page last.
    made: Option<String>,
    makes: i64,
    places: Vec<Place>,
    course: Vec<String>,
}

impl Scene {
    /// Connects the account; the slot has its first value.
    pub async fn begin(setup: &Setup) -> Scene {
        let lab = Lab::begin(setup.strategy, setup.from).await;
        lab.connect(&setup.definition()).await;
        lab.name_slot(setup.held).await;
        let dir = lab.home.dir.path();
        let places = (0..setup.files).map(|n| Place::new(dir, n, &lab.first.value));
        let places: Vec<Place> = places.collect();
        for place in &places {
            let path = place.path.to_str().expect("text");
            let add = ["target", "add", KEY, "--env-file", path, "--name", NAME];
            lab.home.run(&add, "").await.ok();
        }
        Scene {
            lab,
            setup: *setup,
            made: None,
            makes: 0,
            places,
            course: Vec::new(),
        }
    }

    /// Plays one act and notes it.
    pub async fn play(&mut self, act: &Act) {
        match act {
            Act::Run(words) => self.command(&[], words).await,
            Act::KilledAfter(n, words) => self.command(&["--kill-after-record", &n.to_string()], words).await,
            Act::KilledBefore(n, words) => self.command(&["--kill-before-record", &n.to_string()], words).await,
            Act::TakeWrong(words) => {
                let former = self.made.replace(WRONG.to_owned());
                self.note("the person has a value that is no key");
                self.command(&[], words).await;
                self.made = former;
            }
            Act::Make => {
                self.make().await;
                self.note("the person makes a new value on the provider's page");
            }
            Act::DeleteNew => {
                let id = self.new_id().await;
                self.lab.page.delete(&id).await;
                self.note("the person deletes the new key on the provider's page");
            }
            Act::DeleteOld => {
                let id = self.lab.first.key_id.clone();
                self.lab.page.delete(&id).await;
                self.note("the person deletes the first key on the provider's page");
            }
            Act::RefillOld => {
                self.makes += 1;
                self.lab.page.regenerate(self.makes, "primary").await;
                self.note("the person fills the first slot anew on the provider's page");
            }
            Act::Unkind(fault) => {
                let fault = fault();
                self.note(format!(
                    "the provider from now on: {}",
                    serde_json::to_string(&fault).expect("a fault is JSON")
                ));
                self.lab.home.sim.inject(fault);
            }
            Act::Honest => {
                self.lab.home.sim.clear_faults();
                self.note("the provider is honest again");
            }
            Act::Pass(seconds) => {
                self.lab.home.pass(*seconds).await;
                self.note(format!("{seconds} seconds go by"));
            }
            Act::Define(setup) => {
                self.lab.define(&setup.definition());
                self.note(format!("the user's definition is another one: {setup:?}"));
            }
            Act::Undefine => {
                std::fs::remove_file(self.lab.own()).expect("a definition");
                self.note("the user deletes the definition");
            }
            Act::LoseNew => {
                let sql = "SELECT new_version_id FROM rotations ORDER BY opened_at DESC LIMIT 1";
                let id: String = sqlx::query_scalar(sql)
                    .fetch_one(&mut self.lab.home.database().await)
                    .await
                    .expect("a rotation");
                self.lab.home.keyring.clear(&format!("version/{id}")).await;
                self.note("another program takes the new value out of the keychain");
            }
            Act::EmptyFile(n) => {
                self.places[*n].write("# emptied by somebody\n");
                self.note(format!("somebody empties file {n}"));
            }
        }
    }

    async fn command(&mut self, cut: &[&str], line: &str) {
        let extra = match line.contains("ID") {
            true => self.unaccounted().await,
            false => String::new(),
        };
        let given = line.replace("KEY", KEY);
        let filled = given.replace("ID", &extra);
        let mut words = cut.to_vec();
        words.extend(filled.split_whitespace());
        if line.starts_with("take") && self.made.is_none() {
            self.make().await;
        }
        let input = match line.starts_with("take") {
            true => self.made.clone().unwrap_or_default(),
            false => String::new(),
        };
        let said = self.lab.home.run(&words, &input).await;
        let code = said.code.map_or("killed".to_owned(), |code| code.to_string());
        let cut = cut.iter().map(|word| format!("{word} ")).collect::<String>();
        self.note(format!("keywheel {cut}{given} -> {code}"));
    }

    /// What is kept of this world, which rests as it was meant to.
    pub async fn keep(self, leftover: &Leftover) -> Kept {
        let rests = self.rests().await;
        let dir = self.lab.home.dir.path().join("data");
        let mut providers = BTreeMap::new();
        if let Ok(text) = std::fs::read_to_string(self.lab.own()) {
            providers.insert("lab.toml".to_owned(), text);
        }
        let mut course = self.course;
        course.push(format!("rests: {rests}"));
        course.push(leftover.says.to_owned());
        let files = self.places.iter().enumerate().map(|(n, place)| {
            let text = std::fs::read_to_string(&place.path).expect("a file of ours");
            (format!("app{n}.env"), text)
        });
        let files = files.collect();
        let database = whole(&dir.join(DB_FILE)).await;
        let mut keychain = BTreeMap::new();
        for name in self.lab.home.keyring.items().await {
            let value = self.lab.home.keyring.item(&name).await;
            keychain.insert(name, value.expect("it was listed"));
        }
        Kept {
            name: leftover.name.to_owned(),
            rests,
            database,
            providers,
            keychain,
            provider: self.lab.home.sim.snapshot(),
            files,
            course,
        }
    }

    /// Where the newest rotation stands: state, then step.
    async fn rests(&self) -> String {
        let sql = "SELECT state, cursor, plan FROM rotations ORDER BY opened_at DESC, id DESC LIMIT 1";
        let row = sqlx::query(sql)
            .fetch_optional(&mut self.lab.home.database().await)
            .await;
        let Some(row) = row.expect("the query is right") else {
            return "no rotation".to_owned();
        };
        let (state, cursor, plan): (String, i64, String) = (row.get(0), row.get(1), row.get(2));
        let plan: String = serde_json::from_str(&plan).unwrap_or(plan);
        let steps = plan.lines().find_map(|line| line.strip_prefix("steps="));
        let steps = steps.unwrap_or_default().split(',');
        let step = usize::try_from(cursor).ok().and_then(|at| steps.into_iter().nth(at));
        let step = step.and_then(|step| step.split('@').next()).unwrap_or("end");
        format!("{state} at {step}")
    }

    async fn make(&mut self) {
        self.makes += 1;
        let rolled = self.lab.first.key_id.clone();
        let page = &mut self.lab.page;
        let made = match self.setup.strategy {
            Strategy::TwoSlot => page.regenerate(self.makes, "secondary").await,
            Strategy::Roll | Strategy::RollWithGrace => page.make(self.makes, Some(&rolled)).await,
            Strategy::Overlap | Strategy::ReplaceFirst => page.make(self.makes, None).await,
        };
        self.made = Some(made);
    }

    /// The provider's id of the newest key.
    async fn new_id(&self) -> String {
        if self.setup.by == By::Person {
            return self.lab.page.made().to_owned();
        }
        let keys = self.lab.home.sim.ledger().keys;
        keys.last().expect("a key was made").key_id.clone()
    }

    async fn unaccounted(&self) -> String {
        let shown = self.lab.home.json(&["unaccounted", "list"]).await;
        shown[0]["remoteId"].as_str().unwrap_or_default().to_owned()
    }

    fn note(&mut self, line: impl Into<String>) {
        self.course.push(line.into());
    }
}

/// The bytes of a database that nobody has open, once it is whole: what a killed command left half-written is undone.
async fn whole(file: &std::path::Path) -> Vec<u8> {
    use sqlx::Connection;
    let options = SqliteConnectOptions::new().filename(file);
    let mut database = options.connect().await.expect("the database opens");
    let checked: String = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_one(&mut database)
        .await
        .expect("the database can be read");
    assert_eq!(checked, "ok", "{}", file.display());
    database.close().await.expect("the database closes");
    for beside in ["db-journal", "db-wal"] {
        let left = file.with_extension(beside);
        assert!(!left.exists(), "{} is left", left.display());
    }
    std::fs::read(file).expect("a database")
}
