//! The company's providers: those that Keywheel knows, and invented ones with definitions of their own.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use provider_sim::{Account, Grant, Org, Provider, World};

use super::{lines, rows};
use crate::window::Outcome;

/// An invented provider.
struct Invented {
    id: &'static str,
    name: &'static str,
    monogram: &'static str,
    /// What its keys begin with.
    begins: &'static str,
}

fn invented() -> impl Iterator<Item = Invented> {
    lines(include_str!("../../demo/providers.tsv")).map(|[id, name, monogram, begins]| Invented {
        id,
        name,
        monogram,
        begins,
    })
}

/// Writes the definitions of the invented ones into the data directory.
pub(super) fn define(dir: &Path) -> Outcome {
    let folder = dir.join("providers");
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    for one in invented() {
        let text = include_str!("../../demo/definition.toml")
            .replace("@id@", one.id)
            .replace("@name@", one.name)
            .replace("@monogram@", one.monogram)
            .replace("@begins@", one.begins);
        std::fs::write(folder.join(format!("{}.toml", one.id)), text).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Everything that exists at the providers, by `now`. The name of an account is `ORG/PROVIDER`.
pub(super) fn world(now: Timestamp) -> World {
    let mut world = World::empty();
    let mut orgs: BTreeMap<&str, Org> = BTreeMap::new();
    let mut accounts: BTreeMap<String, Account> = BTreeMap::new();
    for row in rows() {
        let made = now - SignedDuration::from_hours(24 * row.days);
        if row.provider == "overten" {
            if !orgs.contains_key(row.org) {
                let owner = world.add_user(&format!("platform@{}.example", row.org));
                orgs.insert(row.org, world.add_org(row.org, &owner));
            }
            world.add_key(&orgs[row.org], row.name, row.environment, made);
            continue;
        }
        let place = format!("{}/{}", row.org, row.provider);
        if !accounts.contains_key(&place) {
            accounts.insert(place.clone(), world.add_account(simulated(row.provider), &place));
        }
        let grant = Grant {
            permissions: permissions(row.provider),
            expires_at: (row.stands == "expired").then(|| now - SignedDuration::from_hours(70)),
            ..Grant::default()
        };
        world.add_granted(&accounts[&place], row.name, grant, made);
        let begins = invented()
            .find(|one| one.id == row.provider)
            .map_or("", |one| one.begins);
        if let Some(key) = world.keys.last_mut() {
            key.value.insert_str(0, begins);
            key.environment = Some(row.environment.to_owned());
            key.revoked_at = (row.stands == "refused").then(|| now - SignedDuration::from_hours(9));
        }
    }
    world
}

/// Who answers for it: an invented one speaks as the AI API does.
fn simulated(provider: &str) -> Provider {
    match provider {
        "on-page" => Provider::OnPage,
        "authenta" => Provider::Authenta,
        "optiverse" => Provider::Optiverse,
        _ => Provider::AiApi,
    }
}

fn permissions(provider: &str) -> Vec<String> {
    let one = match provider {
        "on-page" => "credits:read",
        "authenta" => "Read",
        "optiverse" => return Vec::new(),
        _ => "read",
    };
    vec![one.to_owned()]
}
