//! What the people of the company did when they came to Keywheel: they connected each account and brought each key.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use jiff::tz::TimeZone;
use keywheel_core::App;
use keywheel_core::app::{Connect, Description, ExistingKey, OrgChoice};
use keywheel_core::failure::Failure;
use keywheel_core::model::{AccountId, KeyId};
use keywheel_core::vault::VaultState;
use provider_sim::{SeedKey, World};

use super::{Row, rows};
use crate::provider::Provider;
use crate::sample;
use crate::window::Outcome;

/// Connects every account and brings every key; in the order of the rows.
pub(super) async fn bring(app: &App, world: &World, provider: &Provider) -> Outcome<Vec<(Row, KeyId)>> {
    let seen = serde_json::to_value(world).map_err(|error| error.to_string())?;
    for org in sample::list(&seen, "orgs") {
        sample::connect(app, &seen, &org).await?;
    }
    let listed = app
        .inventory(VaultState::Ready)
        .await
        .map_err(|failure| sample::said(&failure))?;
    let mut accounts = BTreeMap::new();
    let mut keys = Vec::new();
    for (row, seed) in rows().into_iter().zip(&world.keys) {
        let key = if row.provider == "overten" {
            let seen = serde_json::to_value(seed).map_err(|error| error.to_string())?;
            let key = sample::settle(app, &listed, &seen).await?;
            hold(app, key, &row, seed).await
        } else {
            let at = match accounts.entry((row.org, row.provider)) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(new) => {
                    let made = account(app, &row, &provider.address).await;
                    *new.insert(made.map_err(|failure| sample::said(&failure))?)
                }
            };
            import(app, &row, seed, at).await
        };
        keys.push((row, key.map_err(|failure| sample::said(&failure))?));
    }
    Ok(keys)
}

async fn hold(app: &App, key: KeyId, row: &Row, seed: &SeedKey) -> Result<KeyId, Failure> {
    let pasted = app.paste("key", seed.value.clone())?;
    app.hold(key, &pasted.handle).await?;
    app.describe_key(key, &owned(row)).await?;
    Ok(key)
}

async fn import(app: &App, row: &Row, seed: &SeedKey, account: AccountId) -> Result<KeyId, Failure> {
    let form = ExistingKey {
        account,
        environment: app.find_environment(row.environment).await?.id,
        name: row.name.to_owned(),
        pasted: app.paste("key", seed.value.clone())?.handle,
        created: Some(seed.created_at.to_zoned(TimeZone::UTC).date()),
        about: owned(row),
        anyway: true,
    };
    app.add_key(form).await
}

async fn account(app: &App, row: &Row, simulator: &str) -> Result<AccountId, Failure> {
    let org = match app.find_org(row.org).await {
        Ok(found) => OrgChoice::Existing(found.id),
        Err(_) => OrgChoice::New(row.org.to_owned()),
    };
    let built_in = app.catalog().is_built_in(row.provider);
    let path = ("verify_path".to_owned(), "/v1/models".to_owned());
    let form = Connect {
        org,
        provider_id: row.provider.to_owned(),
        label: "main".to_owned(),
        scheme: String::new(),
        fields: (row.provider == "ai-api").then_some(path).into_iter().collect(),
        pasted: BTreeMap::new(),
        base_url: (!built_in || row.provider == "ai-api").then(|| simulator.to_owned()),
        environment: app.find_environment("production").await?.id,
        anyway: false,
    };
    Ok(app.connect(form).await?.account.id)
}

fn owned(row: &Row) -> Description {
    Description {
        owner: Some(row.owner.to_owned()),
        ..Description::default()
    }
}
