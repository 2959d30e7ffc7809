//! The sample world in Keywheel: three organisations, four environments, forty keys of mixed age, put in
//! through the same use cases that the window calls, with the machine's keychain.

use jiff::Timestamp;
use keywheel_core::App;
use keywheel_core::app::{Connect, Inventory, KeyFacts, OrgChoice, Wiring, mark_demo};
use keywheel_core::clock::{Clock, SystemClock, SystemEntropy};
use keywheel_core::failure::Failure;
use keywheel_core::model::KeyId;
use keywheel_core::rotation::{NoClipboard, Silent};
use keywheel_core::target::Machine;
use keywheel_core::vault::{Deadlines, Keychain, SERVICE, VaultState};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::provider::Provider;
use crate::window::Outcome;

/// The demo's clock when it begins.
pub const NOW: &str = "2026-11-21T14:05:00Z";

/// The machine's. What fills a world is not what is tested: a busy machine may take its time.
fn keychain() -> Keychain {
    let patient = Deadlines {
        soft: Duration::from_secs(60),
        ..Deadlines::default()
    };
    Keychain::new(SERVICE, Arc::new(SystemClock::new()), patient)
}

/// Makes a demo directory whose clock shows that now, for the simulator at that address.
pub async fn mark(dir: &Path, simulator: &str, now: Timestamp) -> Outcome {
    let marked = mark_demo(dir, &SystemEntropy, &keychain(), simulator, now).await;
    marked.map_err(|failure| said(&failure))
}

/// Opens Keywheel as a shell would, on the machine's keychain.
pub async fn open(dir: &Path) -> Outcome<App> {
    open_at(dir, None).await
}

/// The same by another clock than the demo's.
pub async fn open_at(dir: &Path, clock: Option<Arc<dyn Clock>>) -> Outcome<App> {
    let wiring = Wiring {
        data_dir: dir.to_owned(),
        who: "cli",
        entropy: Arc::new(SystemEntropy),
        vault: Arc::new(keychain()),
        clipboard: Arc::new(NoClipboard),
        observer: Arc::new(Silent),
        targets: Arc::new(Machine::new(dir, |_| None)),
        transport: None,
        clock,
        journal_tap: None,
    };
    App::open(wiring).await.map_err(|failure| said(&failure))
}

/// Fills a new demo data directory from what the simulator holds.
pub async fn fill(dir: &Path, provider: &Provider) -> Outcome {
    let now = NOW.parse().map_err(|_| "the demo's clock")?;
    mark(dir, &provider.address, now).await?;
    let app = open(dir).await?;
    let world = provider.world().await?;
    for org in list(&world, "orgs") {
        connect(&app, &world, &org).await?;
    }
    name_keys(&app, &world).await?;
    app.close().await;
    Ok(())
}

/// Connects an organisation of the simulator's world by its first member's refresh token.
pub async fn connect(app: &App, world: &Value, org: &Value) -> Outcome {
    let uid = &org["members"][0]["uid"];
    let user = list(world, "users")
        .into_iter()
        .find(|user| user["uid"] == *uid)
        .ok_or("an organisation without a user")?;
    let token = app
        .paste("refresh_token", text(&user["refresh_token"]))
        .map_err(|failure| said(&failure))?;
    let environment = app
        .find_environment("production")
        .await
        .map_err(|failure| said(&failure))?;
    let form = Connect {
        org: OrgChoice::New(text(&org["name"])),
        provider_id: "overten".to_owned(),
        label: "main".to_owned(),
        scheme: "firebase_refresh".to_owned(),
        fields: BTreeMap::from([
            ("org_id".to_owned(), text(&org["id"])),
            ("web_api_key".to_owned(), text(&user["web_api_key"])),
        ]),
        pasted: BTreeMap::from([("refresh_token".to_owned(), token.handle)]),
        base_url: None,
        environment: environment.id,
        anyway: false,
    };
    let connected = app.connect(form).await.map_err(|failure| said(&failure))?;
    connected.found.map(drop).map_err(|failure| said(&failure))
}

/// The list shows no names: they are given here, and three of four values are pasted in and verified.
async fn name_keys(app: &App, world: &Value) -> Outcome {
    let inventory = app
        .inventory(VaultState::Ready)
        .await
        .map_err(|failure| said(&failure))?;
    for (n, seed) in list(world, "keys").into_iter().enumerate() {
        let key = settle(app, &inventory, &seed).await?;
        if n % 4 != 3 {
            let pasted = app
                .paste("key", text(&seed["value"]))
                .map_err(|failure| said(&failure))?;
            app.hold(key, &pasted.handle).await.map_err(|failure| said(&failure))?;
            if n % 8 != 6 {
                app.verify(key).await.map_err(|failure| said(&failure))?;
            }
        }
    }
    Ok(())
}

/// Gives a listed key the name and the environment that the world suggests.
pub async fn settle(app: &App, inventory: &Inventory, seed: &Value) -> Outcome<KeyId> {
    let id = text(&seed["key_id"]);
    let of = |facts: &&KeyFacts| {
        let version = facts.row.version.as_ref();
        version.is_some_and(|version| version.remote_id.as_deref() == Some(id.as_str()))
    };
    let facts = inventory
        .keys
        .iter()
        .find(of)
        .ok_or_else(|| format!("{id} was not listed"))?;
    let key = facts.row.key.id;
    let environment = app
        .find_environment(&text(&seed["environment"]))
        .await
        .map_err(|failure| said(&failure))?;
    if facts.row.key.environment_id != environment.id {
        app.move_key(key, environment.id)
            .await
            .map_err(|failure| said(&failure))?;
    }
    let name = text(&seed["suggested_name"]);
    app.rename_key(key, &name).await.map_err(|failure| said(&failure))?;
    Ok(key)
}

/// A failure as a sentence with its code; it holds no value by construction.
pub fn said(failure: &Failure) -> String {
    format!("{}: {} {}", failure.code.as_str(), failure.message(), failure.remedy())
}

pub fn list(of: &Value, name: &str) -> Vec<Value> {
    of[name].as_array().cloned().unwrap_or_default()
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
