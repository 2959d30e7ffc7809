//! Finding things by what a person types: an id, `org/environment/name`, or a name.

use super::App;
use crate::failure::{Code, Failure};
use crate::model::{Account, Environment, Key, KeyId, Org};
use crate::store::Pick;

impl App {
    /// Finds a key by id, `org/environment/name`, `environment/name` or name, in this order: a provider's list gives names as
    /// it likes, and none of them hides another key's path.
    pub async fn find_key(&self, text: &str) -> Result<Key, Failure> {
        if let Some(id) = KeyId::parse(text) {
            return Ok(self.store.key(id).await?.key);
        }
        let (orgs, environments) = (self.store.orgs().await?, self.store.environments().await?);
        let accounts = self.store.accounts().await?;
        let named = self.store.keys(Pick::All).await?.into_iter().map(|row| {
            let name = row.key.name.to_string();
            let environment = environments.iter().find(|known| known.id == row.key.environment_id);
            let environment = environment.map(|known| known.name.to_string()).unwrap_or_default();
            let org = accounts.iter().find(|(account, _)| account.id == row.key.account_id);
            let org = org.and_then(|(account, _)| orgs.iter().find(|org| org.id == account.org_id));
            let org = org.map(|org| org.name.to_string()).unwrap_or_default();
            let names = vec![
                format!("{org}/{environment}/{name}"),
                format!("{environment}/{name}"),
                name,
            ];
            (names, row.key)
        });
        match one(text, named.collect(), "key") {
            // An act that is open on a removed key can be ended by the key's name all the same.
            Err(failure) if failure.code == Code::NotFound => {
                let open = self.open_rotations().await?.into_iter().map(|one| one.subject.key);
                one(text, open.map(|key| (vec![key.name.to_string()], key)).collect(), "key")
            }
            found => found,
        }
    }

    /// Finds an account by id, `org/label` or label.
    pub async fn find_account(&self, text: &str) -> Result<Account, Failure> {
        let orgs = self.store.orgs().await?;
        let accounts = self.store.accounts().await?.into_iter();
        let named = accounts.map(|(account, _)| {
            let org = orgs
                .iter()
                .find(|org| org.id == account.org_id)
                .map(|org| org.name.as_str())
                .unwrap_or_default();
            let names = vec![
                account.id.to_string(),
                format!("{org}/{}", account.label),
                account.label.to_string(),
            ];
            (names, account)
        });
        one(text, named.collect(), "account")
    }

    pub async fn find_environment(&self, text: &str) -> Result<Environment, Failure> {
        let known = self.store.environments().await?.into_iter();
        let named = known.map(|known| (vec![known.id.to_string(), known.name.to_string()], known));
        one(text, named.collect(), "environment")
    }

    pub async fn find_org(&self, text: &str) -> Result<Org, Failure> {
        let known = self.store.orgs().await?.into_iter();
        let named = known.map(|org| (vec![org.id.to_string(), org.name.to_string()], org));
        one(text, named.collect(), "org")
    }
}

/// The one thing of that name. Names come in ranks, the fullest first; a lower rank is looked at where no higher one fits.
fn one<T>(text: &str, mut things: Vec<(Vec<String>, T)>, field: &str) -> Result<T, Failure> {
    let wanted = text.to_lowercase();
    let ranks = things.iter().map(|(names, _)| names.len()).max().unwrap_or_default();
    for rank in 0..ranks {
        let fits = |names: &[String]| names.get(rank).is_some_and(|name| name.to_lowercase() == wanted);
        let mut found = (0..things.len()).filter(|at| things.get(*at).is_some_and(|(names, _)| fits(names)));
        match (found.next(), found.next()) {
            (Some(at), None) => return Ok(things.swap_remove(at).1),
            (Some(_), Some(_)) => return Err(Failure::new(Code::InputAmbiguous).field(field)),
            (None, _) => {}
        }
    }
    Err(Failure::new(Code::NotFound).field(field))
}

#[cfg(test)]
mod tests {
    use super::one;
    use crate::failure::Code;

    fn key(org: &str, environment: &str, name: &str) -> Vec<String> {
        vec![
            format!("{org}/{environment}/{name}"),
            format!("{environment}/{name}"),
            name.to_owned(),
        ]
    }

    #[test]
    fn a_fuller_name_is_hidden_by_no_shorter_one() {
        let keys = || {
            vec![
                (key("acme", "production", "backend"), 1),
                (key("acme", "production", "acme/production/backend"), 2),
                (key("acme", "production", "Production/backend"), 3),
                (key("acme", "staging", "backend"), 4),
            ]
        };
        let found = |text| one(text, keys(), "key").map_err(|failure| failure.code);
        assert_eq!(found("Acme/production/backend"), Ok(1));
        assert_eq!(found("production/backend"), Ok(1));
        assert_eq!(found("acme/production/acme/production/backend"), Ok(2));
        assert_eq!(found("backend"), Err(Code::InputAmbiguous));
        assert_eq!(found("other"), Err(Code::NotFound));
    }
}
