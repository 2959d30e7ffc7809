//! The user's own words for things, looked up once for a whole answer.

use keywheel_core::App;
use keywheel_core::app::Definitions;
use keywheel_core::failure::Failure;
use keywheel_core::model::{Account, AccountId, Environment, EnvironmentId, KeyId, Org, OrgId, Policy};
use keywheel_core::provider::Definition;
use keywheel_core::store::Unaccounted;
use std::sync::Arc;

/// Organisations, environments, policies and definitions, by id.
pub struct Names<'a> {
    pub orgs: Vec<Org>,
    pub environments: Vec<Environment>,
    pub policies: Vec<Policy>,
    /// Named in full: org/label.
    pub accounts: Vec<(AccountId, String)>,
    /// Keys with a policy of their own, named in full: org/environment/name.
    pub keys: Vec<(KeyId, String)>,
    pub unaccounted: Vec<Unaccounted>,
    pub definitions: &'a Definitions,
}

impl<'a> Names<'a> {
    pub async fn of(app: &'a App) -> Result<Names<'a>, Failure> {
        let policies = app.policies().await?;
        Ok(Names {
            orgs: app.orgs().await?,
            environments: app.environments().await?,
            accounts: app.account_names().await?,
            keys: app.key_names_of(&policies).await?,
            policies,
            unaccounted: app.unaccounted().await?,
            definitions: app.definitions(),
        })
    }

    pub fn org(&self, id: OrgId) -> String {
        self.orgs
            .iter()
            .find(|org| org.id == id)
            .map(|org| org.name.to_string())
            .unwrap_or_default()
    }

    pub fn environment(&self, id: EnvironmentId) -> String {
        self.environments
            .iter()
            .find(|one| one.id == id)
            .map(|one| one.name.to_string())
            .unwrap_or_default()
    }

    pub fn account(&self, id: AccountId) -> String {
        let found = self.accounts.iter().find(|(one, _)| *one == id);
        found.map(|(_, name)| name.clone()).unwrap_or_default()
    }

    pub fn key(&self, id: KeyId) -> String {
        let found = self.keys.iter().find(|(one, _)| *one == id);
        found.map(|(_, name)| name.clone()).unwrap_or_default()
    }

    pub fn definition(&self, account: &Account) -> Option<Arc<Definition>> {
        self.definitions.of(account)
    }

    /// The provider's name; its id where its definition is gone.
    pub fn provider(&self, account: &Account) -> String {
        self.definition(account).map_or_else(
            || account.provider_id.clone(),
            |definition| definition.name().to_owned(),
        )
    }

    pub fn monogram(&self, account: &Account) -> String {
        self.definition(account).map_or_else(
            || account.provider_id.chars().take(2).collect(),
            |definition| definition.monogram().to_owned(),
        )
    }
}
