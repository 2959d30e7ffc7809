//! Organisations and environments.

use super::App;
use crate::clock::{Clock, Entropy, SystemClock};
use crate::failure::{Code, Failure, SafeDetail};
use crate::model::{Environment, EnvironmentId, Name, Org, OrgId, Tier};
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

    /// Keys at providers that nobody accounts for yet.
    pub async fn unaccounted(&self) -> Result<Vec<Unaccounted>, Failure> {
        self.store.unaccounted().await
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
