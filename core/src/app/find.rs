//! Finding things by what a person types: an id, a name, or `org/environment/name`.

use super::App;
use crate::failure::{Code, Failure};
use crate::model::{Account, Environment, Key, KeyId, Org};
use crate::store::Pick;

impl App {
    /// Finds a key by id, name, `environment/name` or `org/environment/name`.
    pub async fn find_key(&self, text: &str) -> Result<Key, Failure> {
        if let Some(id) = KeyId::parse(text) {
            return Ok(self.store.key(id).await?.key);
        }
        let (orgs, environments) = (self.store.orgs().await?, self.store.environments().await?);
        let accounts = self.store.accounts().await?;
        let wanted = text.to_lowercase();
        let mut found: Vec<Key> = Vec::new();
        for row in self.store.keys(Pick::All).await? {
            let name = row.key.name.to_string();
            let environment = environments.iter().find(|known| known.id == row.key.environment_id);
            let environment = environment.map(|known| known.name.to_string()).unwrap_or_default();
            let org = accounts.iter().find(|(account, _)| account.id == row.key.account_id);
            let org = org.and_then(|(account, _)| orgs.iter().find(|org| org.id == account.org_id));
            let org = org.map(|org| org.name.to_string()).unwrap_or_default();
            let names = [
                name.clone(),
                format!("{environment}/{name}"),
                format!("{org}/{environment}/{name}"),
            ];
            if names.iter().any(|name| name.to_lowercase() == wanted) {
                found.push(row.key);
            }
        }
        // An act that is open on a removed key can be ended by the key's name all the same.
        if found.is_empty() {
            let open = self.open_rotations().await?.into_iter().map(|one| one.subject.key);
            found.extend(open.filter(|key| key.name.as_str().to_lowercase() == wanted));
        }
        one(found, "key")
    }

    /// Finds an account by id, label, or `org/label`.
    pub async fn find_account(&self, text: &str) -> Result<Account, Failure> {
        let orgs = self.store.orgs().await?;
        let wanted = text.to_lowercase();
        let accounts = self.store.accounts().await?.into_iter().map(|(account, _)| account);
        let found = accounts.filter(|account| {
            let org = orgs
                .iter()
                .find(|org| org.id == account.org_id)
                .map(|org| org.name.as_str())
                .unwrap_or_default();
            let names = [
                account.id.to_string(),
                account.label.to_string(),
                format!("{org}/{}", account.label),
            ];
            names.iter().any(|name| name.to_lowercase() == wanted)
        });
        one(found.collect(), "account")
    }

    pub async fn find_environment(&self, text: &str) -> Result<Environment, Failure> {
        let wanted = text.to_lowercase();
        let environments = self.store.environments().await?.into_iter();
        let found =
            environments.filter(|known| known.id.to_string() == wanted || known.name.as_str().to_lowercase() == wanted);
        one(found.collect(), "environment")
    }

    pub async fn find_org(&self, text: &str) -> Result<Org, Failure> {
        let wanted = text.to_lowercase();
        let orgs = self.store.orgs().await?.into_iter();
        let found = orgs.filter(|org| org.id.to_string() == wanted || org.name.as_str().to_lowercase() == wanted);
        one(found.collect(), "org")
    }
}

fn one<T>(found: Vec<T>, field: &str) -> Result<T, Failure> {
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => Err(Failure::new(Code::InputAmbiguous).field(field)),
        (None, _) => Err(Failure::new(Code::NotFound).field(field)),
    }
}
