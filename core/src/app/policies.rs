//! Policies: what is set, what is in force where, and what a change would do.

use super::App;
use crate::failure::{Code, Failure};
use crate::model::{AccountId, KeyId, Policy, PolicyId, PolicyScope};
use crate::policy::{self, Effect, Governed, InForce, Place};
use crate::store::{ActivityResult, NewActivity};
use crate::vault::VaultState;

impl App {
    /// All that people have set, the widest scope first.
    pub async fn policies(&self) -> Result<Vec<Policy>, Failure> {
        self.store.policies().await
    }

    /// What is in force for a scope as a whole; narrower scopes may differ from it.
    pub async fn in_force(&self, scope: &PolicyScope) -> Result<InForce, Failure> {
        let place = self.place_of(scope).await?;
        Ok(policy::in_force(&self.store.policies().await?, &place))
    }

    async fn place_of(&self, scope: &PolicyScope) -> Result<Place, Failure> {
        if let PolicyScope::Key(id) = scope {
            let key = self.store.key(*id).await?.key;
            let account = self.store.account(key.account_id).await?;
            return Ok(Place::of_key(&key, &account));
        }
        let accounts = self.store.accounts().await?;
        Ok(Place::of(scope, accounts.iter().map(|(account, _)| account)))
    }

    /// What the change would do to the keys of its scope. Nothing happens.
    pub async fn policy_effect(&self, changed: &Policy) -> Result<Effect, Failure> {
        checked(changed)?;
        let inventory = self.inventory(VaultState::Ready).await?;
        let governed = inventory.keys.iter().filter_map(|facts| {
            Some(Governed {
                key: facts.row.key.id,
                place: &facts.place,
                purpose: facts.row.key.purpose,
                version: facts.row.version.as_ref()?,
                age: facts.age?,
                open: facts.row.under_way,
            })
        });
        let keys: Vec<Governed<'_>> = governed.collect();
        Ok(policy::effect(&inventory.policies, changed, &keys, inventory.now))
    }

    /// Sets what a scope decides; a policy that leaves everything open takes the scope's rule away.
    pub async fn set_policy(&self, policy: &Policy) -> Result<(), Failure> {
        checked(policy)?;
        let word = self.scope_word(&policy.scope).await?;
        let (ms, random) = self.id_parts();
        self.store.set_policy(PolicyId::new(ms, random), policy).await?;
        let (key_id, account_id) = match &policy.scope {
            PolicyScope::Key(id) => (Some(*id), None),
            PolicyScope::Account(id) => (None, Some(*id)),
            _ => (None, None),
        };
        let verb = if policy.is_open() {
            "policy.removed"
        } else {
            "policy.set"
        };
        let changed = NewActivity {
            key_id,
            account_id,
            word,
            ..NewActivity::new(&self.who.who, verb, ActivityResult::Done)
        };
        self.store.note(&changed, self.clock.now()).await
    }

    /// Accounts in full, as org/label.
    pub async fn account_names(&self) -> Result<Vec<(AccountId, String)>, Failure> {
        let orgs = self.store.orgs().await?;
        let accounts = self.store.accounts().await?.into_iter();
        let full = accounts.map(|(account, _)| {
            let org = orgs.iter().find(|org| org.id == account.org_id);
            let org = org.map(|org| org.name.as_str()).unwrap_or_default();
            (account.id, format!("{org}/{}", account.label))
        });
        Ok(full.collect())
    }

    /// Keys that have a policy of their own in full, as org/environment/name.
    pub async fn key_names_of(&self, policies: &[Policy]) -> Result<Vec<(KeyId, String)>, Failure> {
        let (orgs, environments) = (self.store.orgs().await?, self.store.environments().await?);
        let mut names = Vec::new();
        for policy in policies {
            let PolicyScope::Key(id) = policy.scope else { continue };
            let key = self.store.key(id).await?.key;
            let account = self.store.account(key.account_id).await?;
            let org = orgs.iter().find(|org| org.id == account.org_id);
            let environment = environments.iter().find(|one| one.id == key.environment_id);
            let org = org.map(|org| org.name.as_str()).unwrap_or_default();
            let environment = environment.map(|one| one.name.as_str()).unwrap_or_default();
            names.push((id, format!("{org}/{environment}/{}", key.name)));
        }
        Ok(names)
    }

    /// What the activity calls the scope, which must be there; none where it names a key or an account.
    async fn scope_word(&self, scope: &PolicyScope) -> Result<Option<String>, Failure> {
        let absent = |field: &str| Failure::new(Code::NotFound).field(field);
        Ok(match scope {
            PolicyScope::All => Some("all keys".to_owned()),
            PolicyScope::Environment(id) => {
                let mut known = self.store.environments().await?.into_iter();
                let found = known.find(|one| one.id == *id).ok_or_else(|| absent("environment"))?;
                Some(found.name.to_string())
            }
            PolicyScope::Org(id) => {
                let mut known = self.store.orgs().await?.into_iter();
                let found = known.find(|one| one.id == *id).ok_or_else(|| absent("org"))?;
                Some(found.name.to_string())
            }
            PolicyScope::Provider(id) => Some(self.catalog.require(id)?.name().to_owned()),
            PolicyScope::Account(id) => self.store.account(*id).await.map(|_| None)?,
            PolicyScope::Key(id) => self.store.key(*id).await.map(|_| None)?,
        })
    }
}

fn checked(policy: &Policy) -> Result<(), Failure> {
    let out_of = |field: &str| Err(Failure::new(Code::InputInvalid).field(field));
    if policy.max_age_days.is_some_and(|days| !(1..=3650).contains(&days)) {
        return out_of("max_age_days");
    }
    if policy
        .due_soon_percent
        .is_some_and(|percent| !(1..=100).contains(&percent))
    {
        return out_of("due_soon_percent");
    }
    if policy.overlap_hours.is_some_and(|hours| hours > 8760) {
        return out_of("overlap_hours");
    }
    if policy.quiet_hours.is_some_and(|hours| hours > 8760) {
        return out_of("quiet_hours");
    }
    if policy.verify_days.is_some_and(|days| days > 365) {
        return out_of("verify_days");
    }
    Ok(())
}
