//! What is amiss with keys, for all of them at once.

use std::collections::HashMap;
use std::sync::Arc;

use super::App;
use crate::failure::Failure;
use crate::model::{Account, KeyId, KeyVersion, Purpose, VersionId, VersionState};
use crate::policy::{self, Flag, Seen};
use crate::provider::{BoundTo, Definition};
use crate::store::{KeyRow, Listing};

impl App {
    /// The flags of every key that serves. A credential is one login, which may see several organisations.
    pub(super) async fn flags<'a>(
        &self,
        rows: impl Iterator<Item = &'a KeyRow>,
        accounts: &[(Account, Listing)],
    ) -> Result<HashMap<KeyId, Vec<Flag>>, Failure> {
        let (orgs, environments) = (self.store.orgs().await?, self.store.environments().await?);
        let serving: Vec<(&KeyRow, &Account, Option<Arc<Definition>>)> = rows
            .filter(|row| serves(row))
            .filter_map(|row| {
                let found = accounts.iter().find(|(account, _)| account.id == row.key.account_id);
                found.map(|(account, _)| (row, account, self.definitions.of(account)))
            })
            .collect();
        let mut sighted: HashMap<VersionId, Vec<String>> = HashMap::new();
        for (version, place) in self.store.sightings().await? {
            sighted.entry(version).or_default().push(place);
        }
        let seen: Vec<Seen<'_>> = serving
            .iter()
            .map(|(row, account, definition)| {
                let org = orgs.iter().find(|org| org.id == account.org_id);
                let environment = environments.iter().find(|one| one.id == row.key.environment_id);
                let preset = definition.as_ref().zip(row.about.preset.as_ref());
                let preset = preset.and_then(|(one, name)| one.presets().iter().find(|preset| preset.name == *name));
                Seen {
                    name: format!(
                        "{}/{}/{}",
                        org.map(|org| org.name.as_str()).unwrap_or_default(),
                        environment.map(|one| one.name.as_str()).unwrap_or_default(),
                        row.key.name
                    ),
                    org: account.org_id,
                    environment: row.key.environment_id,
                    fingerprint: row.version.as_ref().and_then(|version| version.fingerprint.as_ref()),
                    identity: row.version.as_ref().and_then(|version| identity(account, version)),
                    about: &row.about,
                    personal: definition.as_ref().and_then(|one| one.bound_to()) == Some(BoundTo::Person),
                    unlisted_since: row.version.as_ref().and_then(|version| version.unlisted_since),
                    switched_off: row.version.as_ref().is_some_and(|version| version.switched_off),
                    sighted: row
                        .version
                        .as_ref()
                        .and_then(|version| sighted.get(&version.id))
                        .map_or(&[], Vec::as_slice),
                    needs: preset.map(|preset| preset.permissions.as_slice()),
                }
            })
            .collect();
        let found = policy::flags(&seen);
        Ok(serving.iter().map(|(row, _, _)| row.key.id).zip(found).collect())
    }
}

/// Ids of one workspace are its own.
fn identity(account: &Account, version: &KeyVersion) -> Option<String> {
    let id = version.remote_id.as_deref()?;
    let at = account.address().unwrap_or_default();
    Some(format!("{} {at} {:?} {id}", account.provider_id, account.fields))
}

fn serves(row: &KeyRow) -> bool {
    let version = row.version.as_ref().map(|version| version.state);
    row.key.purpose != Purpose::Management
        && matches!(
            version,
            Some(VersionState::Pending | VersionState::Live | VersionState::Retiring)
        )
}
