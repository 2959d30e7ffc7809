//! One person's machine and one provider: opened, connected, crashed, reopened.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use jiff::{SignedDuration, Timestamp};
use keywheel_core::App;
use keywheel_core::app::{Connect, OrgChoice, PastedHandle, Wiring};
use keywheel_core::clock::Clock;
use keywheel_core::failure::Failure;
use keywheel_core::model::{AccountId, EnvironmentId, KeyId, Policy, PolicyScope};
use keywheel_core::rotation::Journal;
use keywheel_core::store::DB_FILE;
use keywheel_core::target::Machine;
use keywheel_core::vault::{MemoryVault, VaultState};
use provider_sim::{Clock as SimClock, Options, Org, SeedKey, Simulator, User, World as Provider};
use sqlx::sqlite::SqliteConnection;
use tempfile::TempDir;

use crate::clock::{SeededEntropy, SimulatedClock};
use crate::copies::{copied, data_of};
use crate::places::{Place, TapedTargets};
use crate::ports::{Seen, TapedClipboard, TapedJournal, TapedVault};
use crate::tape::{Mishap, Moment, Tape};
use crate::transport::InProcess;

/// When every world begins.
pub const START: &str = "2026-11-21T04:00:00Z";

/// The process was stopped before it came to an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped;

pub struct World {
    pub sim: Simulator,
    pub clock: SimClock,
    pub tape: Tape,
    pub vault: Arc<MemoryVault>,
    pub clipboard: Arc<TapedClipboard>,
    pub seen: Arc<Seen>,
    pub transport: Arc<InProcess>,
    entropy: Arc<SeededEntropy>,
    pub dir: TempDir,
    app: Option<Arc<App>>,
    journal: Arc<Mutex<Option<Arc<dyn Journal>>>>,
    pub user: User,
    pub org: Org,
    /// The key that is rotated, and one that is never touched.
    pub old: SeedKey,
    pub bystander: SeedKey,
    pub account: Option<AccountId>,
    pub key: Option<KeyId>,
    holds_old: bool,
    overlap_hours: u32,
    mishaps: Vec<(usize, Moment, Mishap)>,
    /// Files that hold the key.
    pub places: Vec<Place>,
    pub(crate) reader: tokio::sync::Mutex<Option<SqliteConnection>>,
}

impl World {
    /// Nothing goes wrong.
    pub fn calm() -> World {
        let clock = SimClock::manual(START.parse().expect("a timestamp"));
        let mut provider = Provider::empty();
        let user = provider.add_user("ada@acme.dev");
        let org = provider.add_org("Acme GmbH", &user);
        let old = provider.add_key(
            &org,
            "payments",
            "production",
            clock.now() - SignedDuration::from_hours(100 * 24),
        );
        let bystander = provider.add_key(
            &org,
            "search",
            "production",
            clock.now() - SignedDuration::from_hours(24),
        );
        let options = Options {
            clock: clock.clone(),
            world: provider,
            seed: Some(7),
            ..Options::default()
        };
        let (sim, tape) = (Simulator::new(options), Tape::new(clock.clone()));
        World {
            transport: Arc::new(InProcess::new(sim.clone(), tape.clone())),
            clipboard: Arc::new(TapedClipboard {
                tape: tape.clone(),
                copied: Default::default(),
            }),
            seen: Arc::default(),
            vault: Arc::new(MemoryVault::new()),
            entropy: Arc::new(SeededEntropy::new(7)),
            dir: directory(),
            app: None,
            journal: Arc::default(),
            account: None,
            key: None,
            holds_old: true,
            overlap_hours: 0,
            mishaps: Vec::new(),
            places: Vec::new(),
            reader: Default::default(),
            sim,
            clock,
            tape,
            user,
            org,
            old,
            bystander,
        }
    }

    /// Another world in which the same has happened, on a machine and at a provider of its own; nothing runs in it yet.
    pub async fn fork(&self) -> World {
        let clock = SimClock::manual(self.clock.now());
        let (sim, tape) = (self.sim.fork(clock.clone()), Tape::new(clock.clone()));
        World {
            transport: Arc::new(InProcess::new(sim.clone(), tape.clone())),
            clipboard: Arc::new(TapedClipboard {
                tape: tape.clone(),
                copied: Default::default(),
            }),
            seen: Arc::default(),
            vault: Arc::new(copied(&self.vault).await),
            entropy: Arc::new(self.entropy.fork()),
            dir: data_of(&self.dir).await,
            app: None,
            journal: Arc::default(),
            account: self.account,
            key: self.key,
            holds_old: self.holds_old,
            overlap_hours: self.overlap_hours,
            mishaps: Vec::new(),
            places: Vec::new(),
            reader: Default::default(),
            sim,
            clock,
            tape,
            user: self.user.clone(),
            org: self.org.clone(),
            old: self.old.clone(),
            bystander: self.bystander.clone(),
        }
    }

    /// A mishap at the n-th crossing after the account is connected.
    pub fn with(n: usize, moment: Moment, mishap: Mishap) -> World {
        World::calm().and(n, moment, mishap)
    }

    pub fn and(mut self, n: usize, moment: Moment, mishap: Mishap) -> World {
        self.mishaps.push((n, moment, mishap));
        self
    }

    /// Keeps the data directory in a place of the test's choice.
    pub fn in_directory(mut self, place: &Path) -> World {
        self.dir = tempfile::tempdir_in(place).expect("a directory");
        self
    }

    /// Keywheel knows the old key from the list only.
    pub fn not_holding(mut self) -> World {
        self.holds_old = false;
        self
    }

    pub fn overlapping(mut self, hours: u32) -> World {
        self.overlap_hours = hours;
        self
    }

    /// Opens Keywheel and nothing else.
    pub async fn opened(mut self) -> World {
        self.reopen().await;
        self
    }

    /// Opens, connects the account, names and holds the key; then the tape starts.
    pub async fn connected(self) -> World {
        self.joined().await.begun().await
    }

    /// Connected, and closed again: what other worlds begin with.
    pub async fn to_fork(self) -> World {
        let mut world = self.joined().await;
        world.shut().await;
        world
    }

    async fn joined(self) -> World {
        let mut world = self.opened().await;
        let connected = world.app().connect(world.connect_form().await).await;
        let connected = connected.unwrap_or_else(|failure| panic!("connect: {failure:?}"));
        world.account = Some(connected.account.id);
        let app = world.app();
        let key = world.key_of(&world.old.key_id).await.expect("the old key is listed");
        app.rename_key(key, "payments").await.expect("a name");
        if world.holds_old {
            let handle = world.pasted("key", &world.old.value);
            app.hold(key, &handle).await.expect("the old value is taken");
        }
        world.key = Some(key);
        if world.overlap_hours > 0 {
            let policy = Policy {
                overlap_hours: Some(world.overlap_hours),
                ..Policy::open(PolicyScope::All)
            };
            app.set_policy(&policy).await.expect("a policy");
        }
        world
    }

    /// The tape starts; from now on something may go wrong.
    pub async fn begun(mut self) -> World {
        if self.app.is_none() {
            self.reopen().await;
        }
        self.bind().await;
        self.tape.start();
        for (n, moment, mishap) in std::mem::take(&mut self.mishaps) {
            self.tape.strike(n, moment, mishap);
        }
        self
    }

    /// The open application.
    pub fn app(&self) -> Arc<App> {
        self.app.clone().expect("Keywheel is open")
    }

    /// Ends the process, if one runs, and starts another on the same data directory.
    pub async fn reopen(&mut self) {
        self.shut().await;
        self.app = Some(Arc::new(self.another().await.expect("the data directory opens")));
    }

    /// Ends the process. Nothing is written by that.
    pub async fn shut(&mut self) {
        *self.journal.lock().unwrap_or_else(PoisonError::into_inner) = None;
        if let Some(app) = self.app.take() {
            app.close().await;
        }
    }

    /// A further process on the same data directory.
    pub async fn another(&self) -> Result<App, Failure> {
        let (tape, vault, newest) = (self.tape.clone(), self.vault.clone(), self.journal.clone());
        App::open(Wiring {
            data_dir: self.dir.path().to_owned(),
            who: "cli",
            entropy: self.entropy.clone(),
            vault: Arc::new(TapedVault {
                inner: vault.clone(),
                tape: tape.clone(),
            }),
            clipboard: self.clipboard.clone(),
            observer: self.seen.clone(),
            targets: Arc::new(TapedTargets {
                inner: Machine::new(self.dir.path(), |name| {
                    std::env::var_os(name).filter(|_| name == "PATH")
                }),
                tape: tape.clone(),
            }),
            transport: Some(self.transport.clone()),
            clock: Some(self.core_clock()),
            journal_tap: Some(Box::new(move |inner: Arc<dyn Journal>| {
                *newest.lock().unwrap_or_else(PoisonError::into_inner) = Some(inner.clone());
                Arc::new(TapedJournal::new(inner, vault, tape))
            })),
        })
        .await
    }

    /// The journal itself, past the tape.
    pub fn journal(&self) -> Arc<dyn Journal> {
        let newest = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        newest.clone().expect("Keywheel is open")
    }

    pub fn core_clock(&self) -> Arc<dyn Clock> {
        Arc::new(SimulatedClock::new(self.clock.clone()))
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn advance(&self, minutes: i64) {
        self.clock.advance(SignedDuration::from_mins(minutes));
    }

    /// Lets the database look as if nobody had written to it for an hour; each time another moment.
    pub fn untouched(&self) {
        let file = std::fs::File::options().write(true).open(self.dir.path().join(DB_FILE));
        let hour = SystemTime::now() - Duration::from_secs(3600);
        let set = file.and_then(|file| file.set_modified(hour));
        set.expect("a file of ours");
    }

    /// Runs an act until it ends or a crash stops it. What it held is gone then.
    pub async fn live<T>(&self, act: impl Future<Output = T>) -> Result<T, Stopped> {
        tokio::select! {
            biased;
            () = self.tape.stopped() => Err(Stopped),
            done = act => Ok(done),
        }
    }

    pub async fn connect_form(&self) -> Connect {
        Connect {
            org: OrgChoice::New("Acme".to_owned()),
            provider_id: "overten".to_owned(),
            label: "main".to_owned(),
            scheme: "firebase_refresh".to_owned(),
            fields: BTreeMap::from([
                ("org_id".to_owned(), self.org.id.clone()),
                ("web_api_key".to_owned(), self.user.web_api_key.clone()),
            ]),
            pasted: BTreeMap::from([(
                "refresh_token".to_owned(),
                self.pasted("refresh_token", &self.user.refresh_token),
            )]),
            base_url: None,
            environment: self.production().await,
            anyway: false,
        }
    }

    pub async fn production(&self) -> EnvironmentId {
        self.app()
            .find_environment("production")
            .await
            .expect("the usual environments")
            .id
    }

    pub fn pasted(&self, field: &str, value: &str) -> PastedHandle {
        self.app().paste(field, value.to_owned()).expect("a value").handle
    }

    /// The key that stands for this id at the provider.
    pub async fn key_of(&self, remote_id: &str) -> Option<KeyId> {
        let inventory = self.app().inventory(VaultState::Ready).await.expect("an inventory");
        let stands = |version: &keywheel_core::model::KeyVersion| version.remote_id.as_deref() == Some(remote_id);
        let found = inventory
            .keys
            .into_iter()
            .find(|facts| facts.row.version.as_ref().is_some_and(stands));
        found.map(|facts| facts.row.key.id)
    }

    pub fn the_key(&self) -> KeyId {
        self.key.expect("the account is connected")
    }

    pub fn the_account(&self) -> AccountId {
        self.account.expect("the account is connected")
    }
}

/// In memory where the system has such a place: hundreds of worlds write thousands of times.
pub fn directory() -> TempDir {
    let fast = Path::new("/dev/shm");
    let made = if fast.is_dir() {
        tempfile::tempdir_in(fast)
    } else {
        tempfile::tempdir()
    };
    made.expect("a directory")
}
