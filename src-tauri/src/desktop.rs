//! What every command works on.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use keywheel_core::app::Wiring;
use keywheel_core::clock::{Clock, SystemClock, SystemEntropy};
use keywheel_core::failure::{Code, Failure};
use keywheel_core::model::{RotationId, Settings};
use keywheel_core::rotation::Rotation;
use keywheel_core::target::Machine;
use keywheel_core::vault::{Deadlines, Keychain, SERVICE, VaultState};
use keywheel_core::{App, app};
use keywheel_wire::render::{
    Names, elsewhere_view, error_view, inventory_view, keychain_view, rotation_view, settings_view,
};
use keywheel_wire::{ErrorView, InventoryView, RotationView, StoppedView, WantedView};
use serde::Serialize;
use tauri::{AppHandle, Emitter, Manager};
use tokio::sync::{RwLock, watch};

use crate::ahead::Ahead;
use crate::clipboard::{Lease, WindowClipboard};
use crate::gesture::Gestures;
use crate::leaving::Risks;
use crate::lock::Lock;
use crate::memory;
use crate::new_file::Chosen;
use crate::progress::Progress;
use crate::quick;
use crate::shortcut;
use crate::window::try_each;

/// How long a command waits for a first failure before it answers with what is true by then.
const AT_ONCE: Duration = Duration::from_millis(300);

/// The one event of the page: each name that it listened to would cost its start a call.
const TOLD: &str = "told";

#[derive(Clone, Serialize)]
struct Told<'a, T> {
    event: &'a str,
    payload: T,
}

/// Tells the page, locked or not.
pub fn tell<T: Serialize + Clone>(handle: &AppHandle, event: &str, payload: T) -> tauri::Result<()> {
    handle.emit(TOLD, Told { event, payload })
}

/// The state behind all commands.
pub struct Desktop {
    pub handle: AppHandle,
    data_dir: PathBuf,
    opened: watch::Sender<Option<Result<Arc<App>, Failure>>>,
    keychain: Mutex<VaultState>,
    /// What an end of the process would lose.
    pub risks: Arc<Risks>,
    pub lease: Arc<Lease>,
    pub lock: Arc<Lock>,
    settings: Mutex<Settings>,
    /// What the main window is opened for, until its page is there to ask.
    wanted: Mutex<Option<WantedView>>,
    /// Requests that the system may ask the person about, in a window of its own.
    asking_system: AtomicUsize,
    pub quick_gone: quick::Gone,
    pub gestures: Gestures,
    pub chosen: Chosen,
    /// The first inventory.
    pub ahead: Ahead<InventoryView>,
    /// Read by each that drives a rotation: the keychain is not locked under it.
    pub driving: Arc<RwLock<()>>,
}

impl Desktop {
    pub fn new(handle: AppHandle, data_dir: PathBuf) -> Desktop {
        let lock = Arc::new(Lock::new(SystemClock::new().now()));
        let settings = Settings::default();
        let lease = Lease::new(handle.clone(), lock.clone(), settings.clipboard_seconds);
        Desktop {
            handle,
            data_dir,
            opened: watch::Sender::new(None),
            keychain: Mutex::new(VaultState::Ready),
            risks: Arc::default(),
            lease: Arc::new(lease),
            lock,
            settings: Mutex::new(settings),
            wanted: Mutex::default(),
            asking_system: AtomicUsize::new(0),
            quick_gone: quick::Gone::default(),
            gestures: Gestures::default(),
            chosen: Chosen::default(),
            ahead: Ahead::default(),
            driving: Arc::default(),
        }
    }

    /// Opens the data directory, off the window's thread.
    pub async fn open(&self) {
        let opened = self.try_open().await;
        if let Ok(app) = &opened {
            self.look_at_settings(app).await;
        }
        if let Err(failure) = &opened {
            tracing::error!(code = failure.code.as_str(), "the data directory could not be opened");
        }
        let reading = self.ahead.begin().await;
        let opened = opened.map(Arc::new);
        self.opened.send_replace(Some(opened.clone()));
        if let Ok(app) = opened
            && let Ok(view) = self.inventory(&app).await
        {
            reading.done(view);
        }
    }

    async fn try_open(&self) -> Result<App, Failure> {
        let real_clock = Arc::new(SystemClock::new());
        let keychain = Keychain::new(SERVICE, real_clock, Deadlines::default()).with_lock_file(keychain_turns());
        App::open(Wiring {
            data_dir: self.data_dir.clone(),
            who: "window",
            entropy: Arc::new(SystemEntropy),
            vault: Arc::new(keychain),
            clipboard: Arc::new(WindowClipboard::new(self.lease.clone())),
            observer: Arc::new(Progress::begin(self.handle.clone(), self.risks.clone())),
            targets: Arc::new(Machine::new(&self.data_dir, |name| std::env::var_os(name))),
            transport: None,
            clock: None,
            journal_tap: None,
        })
        .await
    }

    /// Opens once more what could not be opened: a backup was put back, or there is room again.
    pub async fn open_again(&self) -> Result<(), Failure> {
        let failed = matches!(&*self.opened.borrow(), Some(Err(_)));
        if failed && self.opened.send_replace(None).is_some() {
            self.open().await;
        }
        self.app().await.map(drop)
    }

    /// The application, once it could be opened.
    pub async fn once_open(&self) -> Option<Arc<App>> {
        let mut opened = self.opened.subscribe();
        let found = opened.wait_for(|opened| matches!(opened, Some(Ok(_)))).await;
        found.ok()?.clone()?.ok()
    }

    /// The application; waits until it is open.
    pub async fn app(&self) -> Result<Arc<App>, Failure> {
        let mut opened = self.opened.subscribe();
        let found = opened
            .wait_for(Option::is_some)
            .await
            .map_err(|_| Failure::new(Code::StoreUnavailable))?;
        found
            .clone()
            .unwrap_or_else(|| Err(Failure::new(Code::StoreUnavailable)))
    }

    pub fn data_dir(&self) -> &std::path::Path {
        &self.data_dir
    }

    /// The keychain's state as it was last seen: a list does not wait for it.
    pub fn keychain(&self) -> VaultState {
        self.keychain.lock().map_or(VaultState::Failed, |state| *state)
    }

    /// Asks the keychain, and tells the window where its state has changed.
    pub async fn look_at_keychain(&self, app: &App) -> VaultState {
        let state = app.vault().state().await;
        let former = self
            .keychain
            .lock()
            .map(|mut known| std::mem::replace(&mut *known, state));
        if former.is_ok_and(|former| former != state) {
            self.emit("keychain_changed", keychain_view(state));
            self.emit("inventory_changed", ());
        }
        state
    }

    /// What is chosen, as it was last seen.
    pub fn settings(&self) -> Settings {
        self.settings
            .lock()
            .map_or_else(|_| Settings::default(), |settings| settings.clone())
    }

    /// Reads the settings, which the command may have changed, and lets them take effect.
    pub async fn look_at_settings(&self, app: &App) {
        let read = match app.settings().await {
            Ok(read) => read,
            Err(failure) => return tracing::info!(code = failure.code.as_str(), "the settings could not be read"),
        };
        let former = self.settings.lock();
        let former = former.map(|mut known| std::mem::replace(&mut *known, read.clone()));
        let Ok(former) = former else { return };
        if former.zoom_percent != read.zoom_percent {
            self.zoom_as_set();
        }
        if former.quick_shortcut != read.quick_shortcut {
            self.bind_as_set(read.quick_shortcut);
        }
        if former != read {
            self.lease.last(read.clipboard_seconds);
            self.emit("settings_changed", settings_view(&read));
        }
    }

    /// Shows every window as large as is chosen.
    pub fn zoom_as_set(&self) {
        let factor = f64::from(self.settings().zoom_percent) / 100.0;
        try_each(
            self.handle
                .webview_windows()
                .values()
                .map(|window| window.set_zoom(factor)),
        );
    }

    fn bind_as_set(&self, wanted: bool) {
        if !wanted {
            return shortcut::give_back(&self.handle);
        }
        if let Err(failure) = shortcut::take(&self.handle) {
            tracing::warn!(code = failure.code.as_str(), "quick access has no shortcut");
        }
    }

    /// Asks the system to unlock the keychain; the prompt is a window of its own.
    pub async fn unlock_keychain(&self, app: &App) -> Result<(), Failure> {
        self.asking_system.fetch_add(1, Ordering::SeqCst);
        let unlocked = app.vault().unlock().await;
        self.asking_system.fetch_sub(1, Ordering::SeqCst);
        unlocked
    }

    /// Whether the system asks the person something for us: what then has the focus is no reason to go.
    pub fn asks_system(&self) -> bool {
        self.asking_system.load(Ordering::SeqCst) > 0
    }

    /// Keeps what the main window is opened for.
    pub fn want(&self, wanted: WantedView) {
        if let Ok(mut kept) = self.wanted.lock() {
            *kept = Some(wanted);
        }
    }

    /// What it is opened for, once, and not behind a lock.
    pub fn take_wanted(&self) -> Option<WantedView> {
        match self.lock.is_locked() {
            true => None,
            false => self.wanted.lock().ok()?.take(),
        }
    }

    /// Tells quick access that it is before the person, or no more.
    pub fn tell_quick(&self, shown: bool) {
        self.emit("quick_changed", shown);
    }

    /// Tells the page, unless the window is locked and it is about keys.
    pub fn emit<T: Serialize + Clone>(&self, event: &str, payload: T) {
        if event == "inventory_changed" {
            self.ahead.forget();
        }
        if !self.lock.lets_out(event) {
            return;
        }
        if let Err(error) = tell(&self.handle, event, payload) {
            tracing::warn!("an event did not reach the window: {error}");
        }
    }

    /// All that the lists show, by the keychain's state as it was last seen.
    pub async fn inventory(&self, app: &App) -> Result<InventoryView, Failure> {
        memory::give_back_soon();
        let inventory = app.inventory(self.keychain()).await?;
        Ok(inventory_view(&inventory, &Names::of(app).await?, app.instance()))
    }

    /// Shows a rotation as this process sees it.
    pub async fn view(&self, app: &App, rotation: &Rotation) -> Result<RotationView, Failure> {
        Ok(rotation_view(rotation, &Names::of(app).await?).seen_by(rotation, app.instance()))
    }

    /// Lets work go on in the background. Answers at once with what is true by then, or with the
    /// failure that kept it from beginning.
    pub async fn in_background<W, F>(&self, id: RotationId, work: W) -> Result<RotationView, ErrorView>
    where
        W: FnOnce(Arc<App>) -> F,
        F: Future<Output = Result<Rotation, Failure>> + Send + 'static,
    {
        let app = self.app().await?;
        let driving = self.driving.clone().read_owned().await;
        let work = work(app.clone());
        let mut running = tauri::async_runtime::spawn(async move {
            let _keychain_stays_open = driving;
            work.await
        });
        tokio::select! {
            done = &mut running => {
                let done = done.unwrap_or_else(|_| Err(Failure::unknown(Code::RotationIllegal)));
                if let Err(failure) = done {
                    return Err(self.who_else(&app, id, failure).await);
                }
            }
            () = tokio::time::sleep(AT_ONCE) => {
                let handle = self.handle.clone();
                tauri::async_runtime::spawn(async move {
                    if let Ok(Err(failure)) = running.await {
                        tracing::info!(code = failure.code.as_str(), "a rotation stopped");
                        let stopped = StoppedView { rotation_id: id.to_string(), error: error_view(&failure) };
                        let desktop = handle.state::<Desktop>();
                        desktop.emit("rotation_stopped", stopped);
                        desktop.emit("inventory_changed", ());
                    }
                });
            }
        }
        let rotation = app.rotation(id).await?;
        self.emit("inventory_changed", ());
        Ok(self.view(&app, &rotation).await?)
    }

    /// Says of a refusal who drives the rotation instead, where another process does; the sheet shows it then.
    pub async fn who_else(&self, app: &App, id: RotationId, failure: Failure) -> ErrorView {
        let rotation = app.rotation(id).await.ok();
        let elsewhere = rotation.and_then(|rotation| elsewhere_view(&failure, &rotation, app.instance()));
        if elsewhere.is_some() {
            self.emit("inventory_changed", ());
        }
        elsewhere.unwrap_or_else(|| error_view(&failure))
    }
}

/// Reads an id of a request.
pub fn parsed<T>(id: Option<T>, field: &str) -> Result<T, Failure> {
    id.ok_or_else(|| Failure::new(Code::InputInvalid).field(field))
}

/// A value that was taken from the clipboard, by the handle the page holds.
pub fn handle(text: &str) -> app::PastedHandle {
    app::PastedHandle::parse(text)
}

/// All processes of this user take turns at the keychain, whatever their data directory; the CLI names the same file.
fn keychain_turns() -> PathBuf {
    dirs::runtime_dir()
        .unwrap_or_else(std::env::temp_dir)
        .join("keywheel-keychain.lock")
}
