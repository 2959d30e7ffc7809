//! One opened data directory, and what the commands share.

use std::path::PathBuf;
use std::sync::Arc;

use keywheel_core::app::Wiring;
use keywheel_core::clock::{SystemClock, SystemEntropy};
use keywheel_core::model::{Account, Key, KeyId, RotationId};
use keywheel_core::rotation::{Clipboard, NoClipboard, Rotation};
use keywheel_core::target::Machine;
use keywheel_core::vault::{Deadlines, Keychain, SERVICE, VaultState};
use keywheel_core::{App, Failure};
use keywheel_wire::render::{Names, elsewhere_view, inventory_view, key_view, rotation_view};
use keywheel_wire::{InventoryView, KeyView, RotationView};

use crate::args::Arguments;
use crate::clipboard::DesktopClipboard;
use crate::exit::{Exit, Stop};
use crate::interrupts::{Interrupts, Now};
use crate::live::Live;
use crate::places;
use crate::render::Out;

/// Everything a command works with.
pub struct Session {
    pub app: Arc<App>,
    pub out: Arc<Out>,
    pub interrupts: Arc<Interrupts>,
    /// Only for commands that copy, and only where there is a desktop.
    pub clipboard: Option<Arc<DesktopClipboard>>,
}

/// Returns the data directory that the arguments name, or the user's own.
pub fn data_dir(arguments: &Arguments) -> Result<PathBuf, Stop> {
    match &arguments.data_dir {
        Some(dir) => std::path::absolute(dir).map_err(|_| Stop::about("data-dir", "this is not a path")),
        None => places::data_dir(),
    }
}

/// The machine's keychain. One service for every shell: what the window holds, the CLI holds too.
pub fn keychain() -> Keychain {
    Keychain::new(SERVICE, Arc::new(SystemClock::new()), Deadlines::default()).with_lock_file(places::keychain_turns())
}

impl Session {
    /// Opens the data directory. `copies`: the command puts values on the clipboard.
    pub async fn open(
        arguments: &Arguments,
        out: &Arc<Out>,
        interrupts: &Arc<Interrupts>,
        copies: bool,
    ) -> Result<Session, Stop> {
        let data_dir = data_dir(arguments)?;
        let live = Arc::new(Live::new(Arc::clone(out), Arc::clone(interrupts)));
        let clipboard = (copies && places::has_display()).then(|| Arc::new(DesktopClipboard::default()));
        let port: Arc<dyn Clipboard> = match &clipboard {
            Some(clipboard) => clipboard.clone(),
            None => Arc::new(NoClipboard),
        };
        let wiring = Wiring {
            who: "cli",
            entropy: Arc::new(SystemEntropy),
            vault: Arc::new(keychain()),
            clipboard: port,
            observer: live.clone(),
            targets: Arc::new(Machine::new(&data_dir, |name| std::env::var_os(name))),
            data_dir,
            transport: None,
            clock: None,
            #[cfg(feature = "fail-points")]
            journal_tap: arguments.cut.tap(),
            #[cfg(not(feature = "fail-points"))]
            journal_tap: None,
        };
        let app = Arc::new(App::open(wiring).await?);
        live.know(&app);
        Ok(Session {
            app,
            out: out.clone(),
            interrupts: interrupts.clone(),
            clipboard,
        })
    }

    pub async fn keychain(&self) -> VaultState {
        self.app.vault().state().await
    }

    /// Everything, in one consistent snapshot.
    pub async fn inventory(&self) -> Result<InventoryView, Stop> {
        let inventory = self.app.inventory(self.keychain().await).await?;
        Ok(inventory_view(&inventory, &self.names().await?, self.app.instance()))
    }

    /// A key as the lists show it; none when it has just been removed.
    pub async fn key_view(&self, key: &Key) -> Result<Option<KeyView>, Stop> {
        let facts = self.app.key_facts(key.id, self.keychain().await).await?;
        let account = self.account_of(key).await?;
        Ok(key_view(&facts, &[&account], &self.names().await?))
    }

    pub async fn names(&self) -> Result<Names<'_>, Stop> {
        Ok(Names::of(&self.app).await?)
    }

    pub async fn key(&self, text: &str) -> Result<Key, Stop> {
        Ok(self.app.find_key(text).await?)
    }

    /// The account of a key, for the words about it.
    pub async fn account_of(&self, key: &Key) -> Result<Account, Stop> {
        Ok(self.app.find_account(&key.account_id.to_string()).await?)
    }

    /// The open rotation of a key, else its newest, else what there is to say.
    pub async fn rotation_of(&self, key: KeyId) -> Result<Rotation, Stop> {
        let found = self.app.rotation_of(key).await?;
        found.ok_or_else(|| Stop::about("key", "no rotation of this key was ever begun"))
    }

    /// The view of a rotation as it stands when this process has let go of it.
    pub async fn view(&self, rotation: &Rotation) -> Result<RotationView, Stop> {
        let names = self.names().await?;
        Ok(rotation_view(rotation, &names).seen_by(rotation, self.app.instance()))
    }

    /// Drives; the person may end it whenever no value is lost by that.
    pub async fn driving<T, E>(&self, work: impl Future<Output = Result<T, E>>) -> Result<T, Stop>
    where
        Stop: From<E>,
    {
        self.interrupts.set(Now::Driving);
        let done = work.await;
        self.interrupts.set(Now::Free);
        Ok(done?)
    }

    /// As [`Session::driving`]; where another process is at this rotation, the refusal says who and since when.
    pub async fn driving_one(
        &self,
        id: RotationId,
        work: impl Future<Output = Result<Rotation, Failure>>,
    ) -> Result<Rotation, Stop> {
        self.interrupts.set(Now::Driving);
        let done = work.await;
        self.interrupts.set(Now::Free);
        match done {
            Ok(rotation) => Ok(rotation),
            Err(failure) => Err(self.who_else(id, failure).await),
        }
    }

    /// Says of a refusal who drives the rotation instead, where somebody does.
    pub async fn who_else(&self, id: RotationId, failure: Failure) -> Stop {
        let rotation = self.app.rotation(id).await.ok();
        match rotation.and_then(|rotation| elsewhere_view(&failure, &rotation, self.app.instance())) {
            Some(error) => Stop::Told {
                error: Box::new(error),
                exit: Exit::Elsewhere,
            },
            None => failure.into(),
        }
    }

    /// Closes the database.
    pub async fn close(self) {
        self.app.close().await;
    }
}
