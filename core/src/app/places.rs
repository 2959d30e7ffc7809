//! Organisations, environments and policies.

use super::App;
use crate::clock::{Clock, Entropy, SystemClock};
use crate::failure::{Code, Failure, SafeDetail};
use crate::model::{Environment, EnvironmentId, Name, Org, OrgId, Policy, PolicyId, Tier};
use crate::store::{Store, Unaccounted};

impl App {
    pub async fn orgs(&self) -> Result<Vec<Org>, Failure> {
        self.store.orgs().await
    }

    pub async fn add_org(&self, name: &str) -> Result<Org, Failure> {
        let (ms, random) = self.id_parts();
        let org = Org {
            id: OrgId::new(ms, random),
            name: named(name, "name")?,
        };
        self.store.add_org(&org).await?;
        Ok(org)
    }

    pub async fn rename_org(&self, id: OrgId, name: &str) -> Result<(), Failure> {
        self.store.rename_org(id, &named(name, "name")?).await
    }

    pub async fn environments(&self) -> Result<Vec<Environment>, Failure> {
        self.store.environments().await
    }

    pub async fn add_environment(&self, name: &str) -> Result<Environment, Failure> {
        let (ms, random) = self.id_parts();
        let environment = Environment {
            id: EnvironmentId::new(ms, random),
            name: named(name, "name")?,
            tier: Tier::guess(name),
        };
        self.store.add_environment(&environment).await?;
        Ok(environment)
    }

    pub async fn rename_environment(&self, id: EnvironmentId, name: &str) -> Result<(), Failure> {
        self.store
            .rename_environment(id, &named(name, "name")?, Tier::guess(name))
            .await
    }

    pub async fn policies(&self) -> Result<Vec<Policy>, Failure> {
        self.store.policies().await
    }

    /// Keys at providers that nobody accounts for yet.
    pub async fn unaccounted(&self) -> Result<Vec<Unaccounted>, Failure> {
        self.store.unaccounted().await
    }

    pub async fn set_policy(&self, policy: &Policy) -> Result<(), Failure> {
        let out_of = |field: &str| Err(Failure::new(Code::InputInvalid).field(field));
        if !(1..=3650).contains(&policy.max_age_days) {
            return out_of("max_age_days");
        }
        if !(1..=100).contains(&policy.due_soon_percent) {
            return out_of("due_soon_percent");
        }
        if policy.overlap_hours > 8760 {
            return out_of("overlap_hours");
        }
        let (ms, random) = self.id_parts();
        self.store.set_policy(PolicyId::new(ms, random), policy).await
    }
}

/// The four environments that a new data directory begins with.
pub(super) async fn usual_environments(store: &Store, entropy: &dyn Entropy) -> Result<(), Failure> {
    for name in ["production", "staging", "dev", "ci"] {
        let mut random = [0u8; 10];
        entropy.fill(&mut random);
        let ms = u64::try_from(SystemClock::new().now().as_millisecond()).unwrap_or(0);
        let environment = Environment {
            id: EnvironmentId::new(ms, random),
            name: named(name, "name")?,
            tier: Tier::guess(name),
        };
        store.add_environment(&environment).await?;
    }
    Ok(())
}

/// Reads a name, or says which field has none, and why.
pub(super) fn named(text: &str, field: &str) -> Result<Name, Failure> {
    Name::new(text).map_err(|problem| {
        Failure::new(Code::InputInvalid)
            .field(field)
            .detail(SafeDetail::Part(problem.words()))
    })
}
