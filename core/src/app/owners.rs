//! All keys of one owner, for the day that person leaves.

use super::inventory::KeyFacts;
use super::places::named;
use super::{App, Proposal};
use crate::failure::Failure;
use crate::model::Purpose;
use crate::policy::Standing;
use crate::vault::VaultState;

/// One key of somebody who leaves, with the plan of its replacement.
#[derive(Debug, Clone)]
pub struct Leaving {
    pub facts: KeyFacts,
    /// Else why there is no plan.
    pub proposal: Result<Proposal, Failure>,
}

impl App {
    /// Plans the replacement of every key of this owner that still serves, worst first. Nothing happens.
    pub async fn leaving(&self, owner: &str, keychain: VaultState) -> Result<Vec<Leaving>, Failure> {
        let owner = named(owner, "owner")?;
        let keys = self.inventory(keychain).await?.keys.into_iter();
        let own = keys.filter(|facts| {
            let serves = !matches!(facts.standing, Standing::Revoked { .. });
            facts.row.about.is_of(&owner) && facts.row.key.purpose == Purpose::Service && serves
        });
        let mut leaving = Vec::new();
        for facts in own {
            let proposal = self.propose_rotation(facts.row.key.id, keychain).await;
            leaving.push(Leaving { facts, proposal });
        }
        Ok(leaving)
    }
}
