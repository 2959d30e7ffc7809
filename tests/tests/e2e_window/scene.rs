//! A data directory, a provider and a window.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tempfile::TempDir;
use tests::journey;
use tests::keyring;
use tests::provider::Provider;
use tests::sample;
use tests::window::{Look, Window, pictures};

pub struct Scene {
    pub window: Window,
    pub provider: Provider,
    pub dir: PathBuf,
    /// How often lists had been read when the window opened.
    listed: usize,
    _folder: TempDir,
}

/// A program that was built beside this test.
pub fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("this test has a path");
    let built = test
        .parent()
        .and_then(|deps| deps.parent())
        .expect("the test lies below the programs");
    built.join(name)
}

impl Scene {
    /// A demo directory with nothing in it: the first run.
    pub async fn empty() -> Scene {
        Scene::begin(false, &std::env::temp_dir(), &[], Look::default(), false).await
    }

    /// The sample world.
    pub async fn sample() -> Scene {
        Scene::begin(true, &std::env::temp_dir(), &[], Look::default(), false).await
    }

    /// The sample world, in a window that takes only what the toolkit sees for a person's press.
    pub async fn pressed() -> Scene {
        let look = Look {
            presses: true,
            ..Look::default()
        };
        Scene::begin(true, &std::env::temp_dir(), &[], look, false).await
    }

    /// The sample world, its data directory in a place of the test's choice.
    pub async fn sample_in(place: &Path) -> Scene {
        Scene::begin(true, place, &[], Look::default(), false).await
    }

    /// The sample world, with settings that are made before the window opens.
    pub async fn sample_set(settings: &[&str]) -> Scene {
        Scene::begin(true, &std::env::temp_dir(), settings, Look::default(), false).await
    }

    /// The same, with quick access as the only window.
    pub async fn quick(settings: &[&str]) -> Scene {
        Scene::begin(true, &std::env::temp_dir(), settings, Look::default(), true).await
    }

    async fn begin(filled: bool, place: &Path, settings: &[&str], look: Look, quick: bool) -> Scene {
        // Whatever the test before has left.
        keyring::unlock().await.expect("the keychain unlocks");
        let provider = Provider::start(&program("provider-sim"), sample::NOW)
            .await
            .expect("a simulator");
        let folder = tempfile::tempdir_in(place).expect("a folder");
        let dir = folder.path().join("data");
        if filled {
            sample::fill(&dir, &provider).await.expect("the sample world");
        } else {
            let now = sample::NOW.parse().expect("a moment");
            sample::mark(&dir, &provider.address, now)
                .await
                .expect("a demo directory");
        }
        if !settings.is_empty() {
            let mut set = tokio::process::Command::new(program("keywheel"));
            set.arg("--data-dir").arg(&dir).args(["settings", "set"]).args(settings);
            let done = set.stdout(Stdio::null()).status().await.expect("the command starts");
            assert!(done.success(), "{done}");
        }
        let listed = listings(&provider, "GET").await;
        let further: &[&str] = if quick { &["--quick"] } else { &[] };
        let window = Window::open_with(&program("keywheel-desktop"), &dir, look, further)
            .await
            .expect("a window");
        if filled && !quick {
            journey::to_list(&window).await.expect("the keys are listed");
        }
        Scene {
            window,
            provider,
            dir,
            listed,
            _folder: folder,
        }
    }

    /// The user, the organisation and the keys of the first organisation.
    pub async fn first_org(&self) -> (Value, Value, Vec<Value>) {
        let world = self.provider.world().await.expect("the simulator's world");
        let org = sample::list(&world, "orgs").remove(0);
        let uid = &org["members"][0]["uid"];
        let user = sample::list(&world, "users")
            .into_iter()
            .find(|user| user["uid"] == *uid)
            .expect("its owner");
        let keys = sample::list(&world, "keys")
            .into_iter()
            .filter(|key| key["org_id"] == org["id"])
            .collect();
        (user, org, keys)
    }

    /// Values of all keys that are live at the provider.
    pub async fn live(&self) -> Vec<String> {
        let ledger = self.provider.ledger().await.expect("the ledger");
        let keys = sample::list(&ledger, "keys").into_iter();
        keys.filter(|key| key["revoked_at"].is_null())
            .map(|key| sample::text(&key["value"]))
            .collect()
    }

    /// Requests of that method at the provider's list of keys, or at one key of it.
    pub async fn sent(&self, method: &str) -> usize {
        listings(&self.provider, method).await
    }

    /// Waits until the window has read all lists by itself, as it does soon after its start, and not again for a
    /// while: a fault that is set before would meet that reading.
    pub async fn until_listed(&self) {
        let orgs = sample::list(&self.provider.world().await.expect("the world"), "orgs").len();
        self.until_sent("GET", self.listed + orgs - 1).await;
        let mut before = 0;
        while self.sent("GET").await > before {
            before = self.sent("GET").await;
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        }
    }

    /// Waits until the provider has had one more such request than before.
    pub async fn until_sent(&self, method: &str, before: usize) {
        for _ in 0..600 {
            if self.sent(method).await > before {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("no {method} reaches the provider");
    }

    /// The command on the window's data directory: exit code, what it printed, its error.
    pub async fn command(&self, arguments: &[&str]) -> (Option<i32>, Value, Value) {
        let mut command = tokio::process::Command::new(program("keywheel"));
        command.arg("--data-dir").arg(&self.dir).arg("--json").args(arguments);
        command.stdin(Stdio::null()).kill_on_drop(true);
        let done = tokio::time::timeout(std::time::Duration::from_secs(120), command.output()).await;
        let done = done.expect("the command ends").expect("the command starts");
        let json = |bytes: &[u8]| serde_json::from_slice(bytes).unwrap_or(Value::Null);
        (done.status.code(), json(&done.stdout), json(&done.stderr))
    }

    /// Starts the program once more on this directory, as a shortcut of the desktop does. The first one answers.
    pub async fn start_again(&self, further: &[&str]) {
        let mut second = tokio::process::Command::new(program("keywheel-desktop"));
        second.arg("--data-dir").arg(&self.dir).args(further);
        second.stdout(Stdio::null()).kill_on_drop(true);
        let ended = tokio::time::timeout(std::time::Duration::from_secs(30), second.status()).await;
        let ended = ended.expect("the second start ends by itself").expect("it starts");
        assert!(ended.success(), "{ended}");
    }

    /// Opens the window once more, at the only rotation that is open.
    pub async fn reopened(&self) -> Window {
        let window = Window::open(&program("keywheel-desktop"), &self.dir, false).await;
        let window = window.expect("it opens again");
        window.find("queue").await.expect("the overview");
        window.click("running").await.expect("one rotation is open");
        window.click("rotation-row").await.expect("its row");
        window
    }

    /// Keeps a picture, where a folder for pictures is named.
    pub async fn picture(&self, name: &str) {
        picture(&self.window, name).await;
    }

    /// Shows the plan for the worst stale key that is held, and returns the key's id.
    pub async fn plan_rotation(&self) -> String {
        let window = &self.window;
        window.fill("filter", "status:stale").await.expect("the filter");
        let row = window.css("[data-testid=key-row]").await.expect("a stale key");
        let id = row.attr("data-key-id").await.expect("a row").expect("an id");
        window.click_css("[data-testid=key-row]").await.expect("a row to press");
        window
            .css("[data-testid=rotate]:not([disabled])")
            .await
            .expect("a key that can be rotated");
        window.click("rotate").await.expect("Rotate");
        window.find("old-key-line").await.expect("the plan");
        id
    }

    /// Opens the worst stale key that is held, and starts its rotation.
    pub async fn start_rotation(&self) -> String {
        let id = self.plan_rotation().await;
        self.window.click("start").await.expect("Rotate key");
        id
    }
}

/// Requests of that method at the provider's lists of keys, or at one key of them.
async fn listings(provider: &Provider, method: &str) -> usize {
    let ledger = provider.ledger().await.expect("the ledger");
    let requests = sample::list(&ledger, "requests").into_iter();
    requests
        .filter(|request| request["method"] == method && sample::text(&request["path"]).contains("/api-keys"))
        .count()
}

/// Waits until the sheet shows a rotation in that state.
pub async fn until_state(window: &Window, state: &str) {
    window
        .until("rotation-sheet", "data-state", state)
        .await
        .expect("its state");
}

/// Calls a command as a script in the page would, and says how it ended.
pub async fn call(window: &Window, command: &str, arguments: &str) -> String {
    let script = format!(
        "const done = arguments[arguments.length - 1];
         window.__TAURI_INTERNALS__.invoke({command:?}, {arguments})
             .then((v) => done('allowed: ' + JSON.stringify(v)), (e) => done('refused: ' + (e?.code ?? e)));"
    );
    match window.run_async(&script).await {
        Ok(answer) => sample::text(&answer),
        Err(error) => error,
    }
}

/// Keeps a picture, where a folder for pictures is named.
pub async fn picture(window: &Window, name: &str) {
    if let Some(folder) = pictures() {
        window
            .picture(&folder.join(format!("{name}.png")))
            .await
            .expect("a picture");
    }
}
