//! A data directory, a provider and a window.

use serde_json::Value;
use std::path::PathBuf;
use tempfile::TempDir;
use tests::provider::Provider;
use tests::sample;
use tests::window::Window;

pub struct Scene {
    pub window: Window,
    pub provider: Provider,
    pub dir: PathBuf,
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
        Scene::begin(false).await
    }

    /// The sample world.
    pub async fn sample() -> Scene {
        Scene::begin(true).await
    }

    async fn begin(filled: bool) -> Scene {
        let provider = Provider::start(&program("provider-sim"), sample::NOW)
            .await
            .expect("a simulator");
        let folder = tempfile::tempdir().expect("a folder");
        let dir = folder.path().join("data");
        if filled {
            sample::fill(&dir, &provider).await.expect("the sample world");
        } else {
            let now = sample::NOW.parse().expect("a moment");
            let entropy = keywheel_core::clock::SystemEntropy;
            keywheel_core::app::mark_demo(&dir, &entropy, &provider.address, now)
                .await
                .expect("a demo directory");
        }
        let window = Window::open(&program("keywheel-desktop"), &dir, false)
            .await
            .expect("a window");
        Scene {
            window,
            provider,
            dir,
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

    /// Opens the worst stale key that is held, and starts its rotation.
    pub async fn start_rotation(&self) {
        let window = &self.window;
        window.fill("filter", "status:stale").await.expect("the filter");
        window.click_css("[data-testid=key-row]").await.expect("a stale key");
        window
            .css("[data-testid=rotate]:not([disabled])")
            .await
            .expect("a key that can be rotated");
        window.click("rotate").await.expect("Rotate");
        window.click("start").await.expect("Rotate key");
    }
}
