//! One Keywheel, and one account at any of the simulated providers: the invented one with its strategies, and
//! those whose keys a person makes in a dashboard.

mod database;
mod elsewhere;
mod given;
mod page;
mod process;

pub use page::{Made, Page};

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;
use keywheel_core::App;
use keywheel_core::app::{Connect, Description, ExistingKey, OrgChoice, PastedHandle};
use keywheel_core::model::{AccountId, KeyId};
use keywheel_core::rotation::{Rotation, State};
use keywheel_core::vault::{MemoryVault, Vault, VaultRef, VaultState};
use provider_sim::{Account, Clock as SimClock, GraceFrom, Options, Provider, SeedKey, Simulator, Strategy, World};
use tempfile::TempDir;

use crate::acts::Done;
use crate::clock::{SeededEntropy, SimulatedClock};
use crate::copies::{copied, data_of};
use crate::lab;
use crate::places::{self, Place};
use crate::ports::TapedClipboard;
use crate::tape::Tape;
use crate::transport::InProcess;
use crate::world::{START, Stopped};

/// Grace of the invented provider.
pub const GRACE: SignedDuration = SignedDuration::from_hours(1);

/// For how long it knows a request again, in seconds, where it does.
pub const REMEMBERED: u32 = 86_400;

pub struct Project {
    pub sim: Simulator,
    /// The provider's clock, and this machine's.
    pub clock: SimClock,
    pub machine: SimulatedClock,
    pub tape: Tape,
    pub vault: Arc<MemoryVault>,
    pub clipboard: Arc<TapedClipboard>,
    pub dir: TempDir,
    /// The account as the provider knows it, and its first key there, where it had one.
    pub at: Account,
    pub first: Option<SeedKey>,
    pub transport: Arc<InProcess>,
    entropy: Arc<SeededEntropy>,
    app: Option<Arc<App>>,
    pub account: AccountId,
    pub key: KeyId,
    /// Files that hold the key.
    pub places: Vec<Place>,
}

impl Project {
    /// A project of the invented provider with one key that Keywheel holds.
    pub async fn lab(strategy: Strategy, grace_from: GraceFrom) -> Project {
        Project::with(strategy, grace_from, &lab::definition(strategy, grace_from)).await
    }

    /// The same, with room for so many keys at once.
    pub async fn with_room(keys: usize) -> Project {
        Project::with_room_by(keys, &lab::definition(Strategy::Overlap, GraceFrom::Roll)).await
    }

    /// The same by another definition.
    pub async fn with_room_by(keys: usize, definition: &str) -> Project {
        let definition = definition.replace("live_limit = 2", &format!("live_limit = {keys}"));
        Project::made(Strategy::Overlap, GraceFrom::Roll, &definition, Some(keys)).await
    }

    /// The same by another definition; one without a scheme leaves the keys to a person.
    pub async fn with(strategy: Strategy, grace_from: GraceFrom, definition: &str) -> Project {
        Project::made(strategy, grace_from, definition, None).await
    }

    async fn made(strategy: Strategy, grace_from: GraceFrom, definition: &str, room: Option<usize>) -> Project {
        let clock = SimClock::manual(START.parse().expect("a timestamp"));
        let mut world = World::empty();
        let seconds = u32::try_from(GRACE.as_secs()).unwrap_or(u32::MAX);
        let made = clock.now() - SignedDuration::from_hours(100 * 24);
        let at = world.add_project("backend", strategy, seconds, grace_from, made);
        for rules in world.accounts.iter_mut().filter_map(|account| account.lab.as_mut()) {
            rules.live_limit = room;
            rules.remembers_seconds = definition.contains(".idempotency]").then_some(REMEMBERED);
        }
        let first = match strategy {
            Strategy::TwoSlot => world.keys.first().cloned(),
            _ => Some(world.add_account_key(&at, "backend", &[], made)),
        };
        let sim = simulated(&clock, world);
        Project::bare(sim, clock, 7, at, first).await.joined(definition).await
    }

    /// Connects the account and holds its first key.
    async fn joined(self, definition: &str) -> Project {
        let mut project = self;
        std::fs::create_dir_all(project.dir.path().join("providers")).expect("a folder");
        let file = project.dir.path().join("providers").join("lab.toml");
        std::fs::write(file, definition).expect("a definition");
        project.reopen().await;
        let problems = project.app().catalog_problems().len();
        assert_eq!(problems, 0, "{:?}", project.app().catalog_problems().first());
        let rules = project.at.lab.clone().expect("a project's rules");
        let fields = BTreeMap::from([("project_id".to_owned(), project.at.id.clone())]);
        let admin = ("admin_key".to_owned(), rules.admin_key);
        match definition.contains("[[scheme]]") {
            true => project.connect("lab", "admin_key", fields, Some(admin)).await,
            false => project.connect("lab", "", fields, None).await,
        }
        let value = project.first.as_ref().expect("a key").value.clone();
        let handle = project.app().paste("key", value).expect("a value").handle;
        match project.listed().await {
            Some(key) => {
                project.key = key;
                project.app().hold(key, &handle).await.expect("the old value is taken");
            }
            None => project.key = project.import(handle).await,
        }
        project.tape.start();
        project
    }

    /// Another project in which the same has happened, at a provider of its own; this one is shut.
    pub async fn fork(&self) -> Project {
        let clock = SimClock::manual(self.clock.now());
        let (sim, tape) = (self.sim.fork(clock.clone()), Tape::new(clock.clone()));
        let mut project = Project {
            transport: Arc::new(InProcess::new(sim.clone(), tape.clone())),
            clipboard: Arc::new(TapedClipboard {
                tape: tape.clone(),
                copied: Default::default(),
            }),
            vault: Arc::new(copied(&self.vault).await),
            entropy: Arc::new(self.entropy.fork()),
            dir: data_of(&self.dir).await,
            app: None,
            account: self.account,
            key: self.key,
            places: Vec::new(),
            at: self.at.clone(),
            first: self.first.clone(),
            machine: SimulatedClock::new(clock.clone()),
            sim,
            clock,
            tape,
        };
        project.reopen().await;
        project.tape.start();
        project
    }

    /// So many files hold the key; the tape starts anew.
    pub async fn used_in_files(mut self, number: usize) -> Project {
        let first = self.first.as_ref().expect("a key");
        self.places = places::made(self.dir.path(), number, &first.value);
        places::bind(&self.places, &self.app(), self.key).await;
        self.tape.start();
        self
    }

    /// Ends the process.
    pub async fn shut(&mut self) {
        if let Some(app) = self.app.take() {
            app.close().await;
        }
    }

    /// An account at a provider whose keys a person makes; no key yet.
    pub async fn by_person(provider: Provider, id: &str, fields: BTreeMap<String, String>) -> Project {
        let clock = SimClock::manual(START.parse().expect("a timestamp"));
        let mut world = World::empty();
        let at = world.add_account(provider, "acme");
        let mut project = Project::bare(simulated(&clock, world), clock, 7, at, None).await;
        project.connect(id, "", fields, None).await;
        project.tape.start();
        project
    }

    /// As if Keywheel had minted its key: it knows the id, which nothing lists.
    pub async fn as_if_minted(&self) {
        let first = self.first.as_ref().expect("a key");
        let remote_id = first.grant.slot.as_ref().unwrap_or(&first.key_id);
        let mut database = self.database().await;
        let known = sqlx::query("UPDATE key_versions SET remote_id = ? WHERE key_id = ?")
            .bind(remote_id)
            .bind(self.key.to_string())
            .execute(&mut database)
            .await;
        assert_eq!(known.expect("it is written").rows_affected(), 1);
    }

    async fn bare(sim: Simulator, clock: SimClock, seed: u64, at: Account, first: Option<SeedKey>) -> Project {
        let tape = Tape::new(clock.clone());
        let mut project = Project {
            transport: Arc::new(InProcess::new(sim.clone(), tape.clone())),
            clipboard: Arc::new(TapedClipboard {
                tape: tape.clone(),
                copied: Default::default(),
            }),
            vault: Arc::new(MemoryVault::new()),
            entropy: Arc::new(SeededEntropy::new(seed)),
            dir: crate::world::directory(),
            app: None,
            account: AccountId::new(0, [0; 10]),
            key: KeyId::new(0, [0; 10]),
            places: Vec::new(),
            machine: SimulatedClock::new(clock.clone()),
            sim,
            clock,
            tape,
            at,
            first,
        };
        project.reopen().await;
        project
    }

    async fn connect(
        &mut self,
        provider: &str,
        scheme: &str,
        fields: BTreeMap<String, String>,
        secret: Option<(String, String)>,
    ) {
        let app = self.app();
        let pasted = secret.map(|(field, value)| {
            let handle = app.paste(&field, value).expect("a value").handle;
            (field, handle)
        });
        let environment = app.find_environment("production").await.expect("an environment").id;
        let connected = app
            .connect(Connect {
                org: OrgChoice::New("Acme".to_owned()),
                provider_id: provider.to_owned(),
                label: "main".to_owned(),
                scheme: scheme.to_owned(),
                fields,
                pasted: pasted.into_iter().collect(),
                base_url: None,
                environment,
                anyway: false,
            })
            .await;
        self.account = connected
            .unwrap_or_else(|failure| panic!("connect: {failure:?}"))
            .account
            .id;
    }

    /// Adds the key by hand: of two slots, only a value in use tells which one serves.
    async fn import(&self, pasted: PastedHandle) -> KeyId {
        let app = self.app();
        let environment = app.find_environment("production").await.expect("an environment").id;
        let form = ExistingKey {
            account: self.account,
            environment,
            name: "backend".to_owned(),
            pasted,
            created: None,
            about: Description::default(),
            anyway: false,
        };
        app.add_key(form).await.expect("it is taken")
    }

    async fn listed(&self) -> Option<KeyId> {
        let inventory = self.app().inventory(VaultState::Ready).await.expect("an inventory");
        let service =
            |facts: &&keywheel_core::app::KeyFacts| facts.row.key.purpose == keywheel_core::model::Purpose::Service;
        inventory.keys.iter().find(service).map(|facts| facts.row.key.id)
    }

    /// The open application.
    pub fn app(&self) -> Arc<App> {
        self.app.clone().expect("Keywheel is open")
    }

    /// Ends the process, if one runs, and starts another on the same data directory.
    pub async fn reopen(&mut self) {
        self.shut().await;
        let opened = self.process().start().await;
        self.app = Some(Arc::new(opened.expect("the data directory opens")));
    }

    /// Runs an act until it ends or a crash stops it.
    pub async fn live<T>(&self, act: impl Future<Output = T>) -> Result<T, Stopped> {
        tokio::select! {
            biased;
            () = self.tape.stopped() => Err(Stopped),
            done = act => Ok(done),
        }
    }

    /// One press on *New key*.
    pub async fn create(&mut self, name: &str) -> Rotation {
        let app = self.app();
        let environment = app.find_environment("production").await.expect("an environment").id;
        let id = app
            .new_key(
                self.account,
                environment,
                name,
                &keywheel_core::app::Description::default(),
            )
            .await
            .expect("a creation");
        let rotation = app.go_on(id).await.expect("it goes on");
        self.key = rotation.subject.key.id;
        rotation
    }

    /// One press on *Rotate key*.
    pub async fn rotate(&self) -> Done<Rotation> {
        let (app, key) = (self.app(), self.key);
        // No two acts of a person fall into one moment.
        self.clock.advance(SignedDuration::from_secs(1));
        self.live(async move {
            let proposal = app.propose_rotation(key, VaultState::Ready).await?;
            let id = app.start_rotation(key, &proposal.hash, VaultState::Ready).await?;
            app.go_on(id).await
        })
        .await
    }

    /// One press after a leak: the old key goes first.
    pub async fn revoke_first(&self) -> Done<Rotation> {
        let (app, key) = (self.app(), self.key);
        self.clock.advance(SignedDuration::from_secs(1));
        self.live(async move {
            let proposal = app.propose_revoke_first(key, VaultState::Ready).await?;
            let id = app.start_revoke_first(key, &proposal.hash, VaultState::Ready).await?;
            app.go_on(id).await
        })
        .await
    }

    pub async fn rotation(&self) -> Option<Rotation> {
        self.app().rotation_of(self.key).await.expect("a rotation")
    }

    /// Lets time pass until what the rotation waits for, and wakes it.
    pub async fn until_due(&self) -> Rotation {
        let rotation = self.rotation().await.expect("a rotation");
        if let State::AwaitingTime { until, .. } = rotation.position.state {
            self.clock
                .advance(until.duration_since(self.clock.now()).max(SignedDuration::ZERO));
        }
        self.app().tick().await.expect("a tick");
        self.rotation().await.expect("a rotation")
    }

    /// Values at the provider that are accepted now.
    pub fn live_values(&self) -> Vec<String> {
        let ledger = self.sim.ledger();
        let ours = ledger.keys.into_iter().filter(|key| key.org_id == self.at.id);
        ours.map(|key| key.value)
            .filter(|value| self.sim.accepts(value))
            .collect()
    }

    /// The new value of a rotation, as the keychain has it.
    pub async fn new_value(&self, rotation: &Rotation) -> String {
        let new = rotation.subject.new.as_ref().expect("a new version");
        let held = self.vault.get(&VaultRef::version(new.id)).await;
        let held = held.expect("the keychain answers").expect("it is held");
        held.expose().to_owned()
    }

    /// The value of the version that serves, as the keychain has it.
    pub async fn serving_value(&self) -> Option<String> {
        let detail = self.app().key_detail(self.key, VaultState::Ready).await.expect("a key");
        let version = detail.facts.row.version?;
        let secret = self
            .vault
            .get(&VaultRef::version(version.id))
            .await
            .expect("the keychain answers");
        secret.map(|secret| secret.expose().to_owned())
    }
}

fn simulated(clock: &SimClock, world: World) -> Simulator {
    Simulator::new(Options {
        clock: clock.clone(),
        world,
        seed: Some(7),
        ..Options::default()
    })
}
