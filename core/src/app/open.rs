//! Opening: the parts of one process on one data directory, put together.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use tokio::sync::OnceCell;

use super::definitions::Definitions;
use super::fingerprints::drawn_key;
use super::home::place;
use super::pasted::PasteBox;
use super::workspaces::AccountWorkspaces;
use crate::clock::{Clock, Entropy, SystemClock};
use crate::failure::{Code, Failure};
use crate::http::{Redirection, Transport, WireTransport};
use crate::model::{AccountId, FingerprintKey, Secret};
use crate::provider::{Catalog, CatalogProblem, Executor, Paced, Provider, Quota, Turns, is_built_in_host};
use crate::rotation::{Clipboard, Driver, DriverIdentity, Effects, Journal, Observer};
use crate::store::{DataDir, Demo, Store};
use crate::target::Targets;
use crate::vault::{Vault, VaultRef};

/// Puts itself between the driver and the journal: tests count and cut there.
pub type JournalTap = Box<dyn FnOnce(Arc<dyn Journal>) -> Arc<dyn Journal> + Send>;

/// What a shell brings.
pub struct Wiring {
    pub data_dir: PathBuf,
    /// `window` or `cli`.
    pub who: &'static str,
    pub entropy: Arc<dyn Entropy>,
    pub vault: Arc<dyn Vault>,
    pub clipboard: Arc<dyn Clipboard>,
    pub observer: Arc<dyn Observer>,
    pub targets: Arc<dyn Targets>,
    /// None: requests go over the wire.
    pub transport: Option<Arc<dyn Transport>>,
    /// None: the machine's clock, shifted in a demo.
    pub clock: Option<Arc<dyn Clock>>,
    pub journal_tap: Option<JournalTap>,
}

/// The application. Every shell holds one.
pub struct App {
    pub(super) store: Arc<Store>,
    pub(super) journal: Arc<dyn Journal>,
    pub(super) catalog: Arc<Catalog>,
    pub(super) definitions: Arc<Definitions>,
    pub(super) vault: Arc<dyn Vault>,
    pub(super) provider: Arc<dyn Provider>,
    pub(super) targets: Arc<dyn Targets>,
    pub(super) workspaces: Arc<AccountWorkspaces>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
    pub(super) pasted: PasteBox,
    pub(super) who: DriverIdentity,
    clipboard: Arc<dyn Clipboard>,
    observer: Arc<dyn Observer>,
    pub(super) data_dir: DataDir,
    problems: Vec<CatalogProblem>,
    pub(super) fingerprints: OnceCell<Arc<FingerprintKey>>,
    /// When the database was last written, where a tick has found nothing to do since.
    pub(super) rests: Mutex<Option<SystemTime>>,
    /// Held while values are taken out of the keychain.
    leaving: tokio::sync::Mutex<()>,
    /// How far this directory had come when it was opened, and when the keychain was last told of it by this process.
    pub(super) come: i64,
    pub(super) told: AtomicI64,
}

impl App {
    /// Opens the data directory, which is created where it does not exist.
    pub async fn open(wiring: Wiring) -> Result<App, Failure> {
        let instance = random_word(wiring.entropy.as_ref());
        let store = Arc::new(Store::open(&wiring.data_dir, &instance).await?);
        let data_dir = match store.data_dir().await? {
            Some(found) => found,
            None => create(&store, wiring.entropy.as_ref(), None).await?,
        };
        if data_dir.home.is_none()
            && let Err(failure) = store.settle_home(&place(store.dir())).await
        {
            tracing::info!(code = failure.code.as_str(), "where this lies is not written down yet");
        }
        let offset = data_dir
            .demo
            .as_ref()
            .map_or(SignedDuration::ZERO, |demo| demo.clock_offset);
        let clock = wiring.clock.unwrap_or_else(|| Arc::new(SystemClock::shifted(offset)));
        let (catalog, problems) = Catalog::load(Some(&wiring.data_dir.join("providers")));
        let catalog = Arc::new(catalog);
        let transport = match wiring.transport {
            Some(transport) => transport,
            None => over_the_wire(&data_dir, &clock)?,
        };
        let executor = Executor::new(transport, clock.clone(), wiring.entropy.clone());
        let turns = Arc::new(StoredTurns(store.clone()));
        let provider: Arc<dyn Provider> = Arc::new(Paced::new(Arc::new(executor), turns, clock.clone()));
        let journal: Arc<dyn Journal> = store.clone();
        let journal = wiring.journal_tap.map_or(journal.clone(), |tap| tap(journal));
        let definitions = Arc::new(Definitions::new(store.clone(), catalog.clone()));
        let workspaces = Arc::new(AccountWorkspaces::new(
            store.clone(),
            wiring.vault.clone(),
            definitions.clone(),
        ));
        let come = store.seal().await?.acts;
        let who = DriverIdentity {
            instance,
            who: wiring.who.to_owned(),
            since: clock.now(),
        };
        let app = App {
            store,
            journal,
            catalog,
            definitions,
            vault: wiring.vault,
            provider,
            targets: wiring.targets,
            workspaces,
            pasted: PasteBox::new(clock.clone()),
            clock,
            entropy: wiring.entropy,
            who,
            clipboard: wiring.clipboard,
            observer: wiring.observer,
            data_dir,
            problems,
            fingerprints: OnceCell::new(),
            rests: Mutex::default(),
            leaving: Default::default(),
            come,
            told: AtomicI64::new(-1),
        };
        // A database that cannot be written now is read all the same; the next start follows.
        if let Err(failure) = app.follow_definitions().await {
            tracing::info!(code = failure.code.as_str(), "definitions are not followed yet");
        }
        Ok(app)
    }

    /// Keywheel's clock: real time, shifted in a demo.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// User definitions that could not be read.
    pub fn catalog_problems(&self) -> &[CatalogProblem] {
        &self.problems
    }

    pub fn vault(&self) -> &Arc<dyn Vault> {
        &self.vault
    }

    pub fn directory(&self) -> &Path {
        self.store.dir()
    }

    /// Names this process on the data directory.
    pub fn instance(&self) -> &str {
        &self.who.instance
    }

    pub fn is_demo(&self) -> bool {
        self.data_dir.demo.is_some()
    }

    /// Whether something could be written into the database now.
    pub async fn is_writable(&self) -> Result<(), Failure> {
        self.store.is_writable().await
    }

    /// Whether the database passes SQLite's own check of the whole file.
    pub async fn integrity(&self) -> Result<bool, Failure> {
        self.store.integrity().await
    }

    /// Closes the database. The keychain is told how far it has come.
    pub async fn close(&self) {
        if self.store.seal().await.is_ok_and(|here| here.acts != self.come) {
            self.keep_abreast().await;
        }
        self.store.close().await;
    }

    /// Whatever drives a rotation passes here.
    pub(super) async fn driver(&self) -> Result<Driver, Failure> {
        self.has_the_keys().await?;
        let effects = Effects {
            provider: self.provider.clone(),
            vault: self.vault.clone(),
            clipboard: self.clipboard.clone(),
            targets: self.targets.clone(),
            workspaces: self.workspaces.clone(),
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
            fingerprints: self.fingerprints().await?,
        };
        Ok(Driver::new(
            self.journal.clone(),
            effects,
            self.observer.clone(),
            self.who.clone(),
        ))
    }

    pub(super) fn clipboard(&self) -> &Arc<dyn Clipboard> {
        &self.clipboard
    }

    pub(super) fn id_parts(&self) -> (u64, [u8; 10]) {
        let mut random = [0u8; 10];
        self.entropy.fill(&mut random);
        (u64::try_from(self.clock.now().as_millisecond()).unwrap_or(0), random)
    }
}

/// Turns as the database keeps them.
struct StoredTurns(Arc<Store>);

#[async_trait]
impl Turns for StoredTurns {
    async fn take(&self, account: AccountId, quota: Quota, now: Timestamp) -> Result<Option<Timestamp>, Failure> {
        self.0.take_turn(account, quota.requests, quota.span, now).await
    }
}

/// Makes a new data directory a demo, or tells an existing demo where its simulator listens now. A row alone makes none: the
/// keychain is told as well.
///
/// `now` is what the demo's clock shows at this moment.
pub async fn mark_demo(
    dir: &Path,
    entropy: &dyn Entropy,
    vault: &dyn Vault,
    simulator: &str,
    now: jiff::Timestamp,
) -> Result<(), Failure> {
    Redirection::new(is_built_in_host, simulator).map_err(|failure| failure.field("demo"))?;
    let store = Store::open(dir, &random_word(entropy)).await?;
    match store.data_dir().await? {
        Some(found) if found.demo.is_some() => store.move_demo(simulator).await?,
        Some(_) => return Err(Failure::new(Code::InputInvalid).field("data-dir")),
        None => {
            let clock_offset = now.duration_since(SystemClock::new().now());
            let demo = Demo {
                simulator: simulator.to_owned(),
                clock_offset,
            };
            let created = create(&store, entropy, Some(&demo)).await?;
            let key = drawn_key(entropy);
            vault.put(&VaultRef::demo_key(&created.id), &key.to_secret()).await?;
        }
    }
    store.close().await;
    Ok(())
}

async fn create(store: &Store, entropy: &dyn Entropy, demo: Option<&Demo>) -> Result<DataDir, Failure> {
    let created = store
        .create_data_dir(&random_word(entropy), SystemClock::new().now(), demo)
        .await?;
    super::places::usual_environments(store, entropy).await?;
    Ok(created)
}

fn over_the_wire(data_dir: &DataDir, clock: &Arc<dyn Clock>) -> Result<Arc<dyn Transport>, Failure> {
    let redirection = match &data_dir.demo {
        Some(demo) => Some(Redirection::new(is_built_in_host, &demo.simulator)?),
        None => None,
    };
    Ok(Arc::new(WireTransport::new(clock.clone(), redirection)))
}

pub(super) fn random_word(entropy: &dyn Entropy) -> String {
    let mut random = [0u8; 16];
    entropy.fill(&mut random);
    random.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How long a shell lets the driver wait for something before it turns to other work.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

impl App {
    /// Takes the values out of the keychain that are to leave it: of keys that were proven dead, or by a person's order. They
    /// stay while another data directory has the same keys, which may still need them.
    pub(super) async fn forget_marked(&self) -> Result<(), Failure> {
        self.mark_former_credentials().await?;
        let leaving = self.store.to_be_forgotten().await?;
        if !leaving.is_empty() {
            self.has_the_keys().await?;
        }
        // One that is locked is asked at every tick: nothing is written for that.
        if let Some(away) = self.vault.state().await.failure().filter(|_| !leaving.is_empty()) {
            return Err(away);
        }
        // Two of this process would take each other's for their own.
        let _alone = self.leaving.lock().await;
        for id in leaving {
            // A person may have brought it back since, and then it is the one that serves.
            if !self.store.take_leaving(id).await? {
                continue;
            }
            if let Err(failure) = self.vault.delete(&VaultRef::version(id)).await {
                self.store.note_not_leaving(id).await?;
                return Err(failure);
            }
            self.store.note_forgotten(id).await?;
        }
        Ok(())
    }

    pub(super) async fn put(&self, at: &VaultRef, secret: &Secret) -> Result<(), Failure> {
        // The pinned keychain is looked at before the first value goes in.
        self.fingerprints().await?;
        self.vault.put(at, secret).await
    }
}
