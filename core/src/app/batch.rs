//! Several keys replaced in one act: all of somebody who leaves, or those that a person picked.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::inventory::KeyFacts;
use super::places::named;
use super::{App, Proposal};
use crate::failure::Failure;
use crate::model::{KeyId, Purpose};
use crate::policy::Standing;
use crate::vault::VaultState;

/// Which keys.
#[derive(Debug, Clone)]
pub enum Batch {
    /// Every key of this owner that still serves.
    Owner(String),
    /// These, as far as they are there.
    Keys(Vec<KeyId>),
}

/// One key of them, with the plan of its replacement.
#[derive(Debug, Clone)]
pub struct Planned {
    pub facts: KeyFacts,
    /// Else why there is no plan.
    pub proposal: Result<Proposal, Failure>,
}

impl App {
    /// Plans the replacement of each: production last, where a mistake costs most, and within an environment worst first.
    /// Nothing happens.
    pub async fn plan_batch(&self, batch: &Batch, keychain: VaultState) -> Result<Vec<Planned>, Failure> {
        let owner = match batch {
            Batch::Owner(owner) => Some(named(owner, "owner")?),
            Batch::Keys(_) => None,
        };
        let inventory = self.inventory(keychain).await?;
        let is_in = |facts: &KeyFacts| match batch {
            Batch::Keys(ids) => ids.contains(&facts.row.key.id),
            Batch::Owner(_) => {
                let serves = !matches!(facts.standing, Standing::Revoked { .. });
                let own = owner.as_ref().is_some_and(|owner| facts.row.about.is_of(owner));
                own && facts.row.key.purpose == Purpose::Service && serves
            }
        };
        let tiers = inventory.environments.iter();
        let tiers: HashMap<_, _> = tiers.map(|environment| (environment.id, environment.tier)).collect();
        let mut chosen: Vec<KeyFacts> = inventory.keys.into_iter().filter(is_in).collect();
        chosen.sort_by_key(|facts| Reverse(tiers.get(&facts.row.key.environment_id).copied()));
        let mut planned = Vec::new();
        for facts in chosen {
            let proposal = self.propose_rotation(facts.row.key.id, keychain).await;
            planned.push(Planned { facts, proposal });
        }
        Ok(planned)
    }
}
