//! Keys that people bring: imported, described, flagged, governed, waived, told of, leaked, looked for, and how programs use
//! them.

#[path = "inventory/batch.rs"]
mod batch;
#[path = "inventory/chosen.rs"]
mod chosen;
#[path = "inventory/flags.rs"]
mod flags;
#[path = "inventory/import.rs"]
mod import;
#[path = "inventory/late.rs"]
mod late;
#[path = "inventory/leaks.rs"]
mod leaks;
#[path = "inventory/noticed.rs"]
mod noticed;
#[path = "inventory/pinned.rs"]
mod pinned;
#[path = "inventory/policies.rs"]
mod policies;
#[path = "inventory/refreshed.rs"]
mod refreshed;
#[path = "inventory/scan.rs"]
mod scan;
#[path = "inventory/snippets.rs"]
mod snippets;
#[path = "inventory/twice.rs"]
mod twice;
#[path = "inventory/unlisted.rs"]
mod unlisted;
#[path = "inventory/verifying.rs"]
mod verifying;
#[path = "inventory/waivers.rs"]
mod waivers;

use std::collections::BTreeMap;

use keywheel_core::app::{Connect, Description, ExistingKey, KeyFacts, OrgChoice};
use keywheel_core::failure::{Code, Failure};
use keywheel_core::model::{Account, KeyId};
use keywheel_core::vault::VaultState;
use tests::World;

const ON_PAGE: &str = "op_live_0123456789abcdefghij";

/// Adds an account of a provider whose keys a person manages.
async fn account(world: &World, provider: &str, org: &str) -> Account {
    let app = world.app();
    let org = match app.find_org(org).await {
        Ok(found) => OrgChoice::Existing(found.id),
        Err(_) => OrgChoice::New(org.to_owned()),
    };
    let form = Connect {
        org,
        provider_id: provider.to_owned(),
        label: provider.to_owned(),
        scheme: String::new(),
        fields: BTreeMap::new(),
        pasted: BTreeMap::new(),
        base_url: (provider == "ai-api").then(|| "https://api.example.com/v1".to_owned()),
        environment: world.production().await,
        anyway: false,
    };
    app.connect(form).await.expect("it connects").account
}

/// The filled-in form; nothing is said of the key.
async fn form(world: &World, account: &Account, name: &str, value: &str) -> ExistingKey {
    ExistingKey {
        account: account.id,
        environment: world.production().await,
        name: name.to_owned(),
        pasted: world.pasted("key", value),
        created: None,
        about: Description::default(),
        anyway: false,
    }
}

/// Taken although another key has the value.
async fn imported(world: &World, account: &Account, name: &str, value: &str) -> KeyId {
    let mut form = form(world, account, name, value).await;
    form.anyway = true;
    world.app().add_key(form).await.expect("it is taken")
}

/// A key of that owner.
async fn owned(world: &World, account: &Account, name: &str, value: &str, owner: &str) -> KeyId {
    let mut form = form(world, account, name, value).await;
    form.about.owner = Some(owner.to_owned());
    form.anyway = true;
    world.app().add_key(form).await.expect("it is taken")
}

async fn facts(world: &World, id: KeyId) -> KeyFacts {
    world.app().key_facts(id, VaultState::Ready).await.expect("a key")
}

/// The code and the field of a refusal.
fn refused<T>(result: Result<T, Failure>) -> (Code, Option<String>) {
    let failure = result.err().expect("it is refused");
    (failure.code, failure.field)
}
