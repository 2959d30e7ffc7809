//! What an act would do to a key, shown before it is started, and started only as it was shown.

use jiff::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;

use super::App;
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{Account, Binding, KeyId, Name, RotationId, VersionId};
use crate::provider::{Quota, Strategy};
use crate::rotation::{Act, Plan, StepKind, Workspaces};
use crate::store::{KnownVersion, NewRotation};
use crate::vault::VaultState;

/// A plan, the hash that starts it, and why it cannot start now, where it cannot.
#[derive(Debug, Clone)]
pub struct Proposal {
    pub plan: Plan,
    pub hash: String,
    /// Where the key is used, in the plan's order.
    pub bindings: Vec<Binding>,
    pub held: Option<Failure>,
    /// Other keys by which the value is held that goes, in full: what uses them fails with it.
    pub same_value_as: Vec<String>,
    /// The keys that take every place of the account, as far as its last list tells; empty where there is room, or none needed.
    pub in_the_places: Vec<KeyInPlace>,
    /// None: the provider takes as many calls as come.
    pub paced: Option<PacedPlan>,
}

/// A key that takes one of the places that a provider gives an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyInPlace {
    pub name: Name,
    pub remote_id: String,
    pub switched_off: bool,
    pub last_used_at: Option<Timestamp>,
}

/// What a provider that takes only so many calls means for a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacedPlan {
    pub quota: Quota,
    pub calls: u32,
    /// When the last of them may be made, after what was called before, if the person waits for nothing.
    pub last_at: Timestamp,
}

/// Which key goes first in a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Strategy,
    /// The old key, where the provider lets two live at once; elsewhere the strategy decides.
    RevokeFirst,
}

impl App {
    /// Shows what a rotation of the key would do. Nothing happens.
    pub async fn propose_rotation(&self, id: KeyId, keychain: VaultState) -> Result<Proposal, Failure> {
        self.propose(id, Act::Rotate, Order::Strategy, keychain).await
    }

    /// The same after a leak: the old key goes first, also where two could live at once.
    pub async fn propose_revoke_first(&self, id: KeyId, keychain: VaultState) -> Result<Proposal, Failure> {
        self.propose(id, Act::Rotate, Order::RevokeFirst, keychain).await
    }

    /// Shows what an emergency revocation would do.
    pub async fn propose_revoke(&self, id: KeyId, keychain: VaultState) -> Result<Proposal, Failure> {
        self.propose(id, Act::Revoke, Order::Strategy, keychain).await
    }

    async fn propose(&self, id: KeyId, act: Act, order: Order, keychain: VaultState) -> Result<Proposal, Failure> {
        let facts = self.key_facts(id, keychain).await?;
        let version = facts.row.version.as_ref().ok_or_else(|| Failure::new(Code::KeyEnded))?;
        let account = self.store.account(facts.row.key.account_id).await?;
        let overlap = match act {
            Act::Rotate => facts.policy.overlap(),
            Act::Create | Act::SignUp | Act::Revoke => Duration::ZERO,
        };
        let bindings = match act {
            Act::Rotate => self.store.bindings_of(id).await?,
            Act::Create | Act::SignUp | Act::Revoke => Vec::new(),
        };
        let written = bindings.iter().any(|binding| binding.target.is_written());
        let mut decides = self.plan_facts(act, &account, version.held, overlap)?;
        decides.bindings.clone_from(&bindings);
        // Asked by its id, of those who tell. One that is not known yet may be when the old key goes.
        let may_ask = version.remote_id.is_some() || in_place(Guard::UseWithoutId);
        if self.tells_use(&account)? && may_ask {
            decides.quiet = facts.policy.quiet();
        }
        if order == Order::RevokeFirst && decides.strategy == Strategy::Overlap {
            decides.strategy = Strategy::ReplaceFirst;
        }
        let plan = Plan::decide(decides);
        let manages = match &version.fingerprint {
            Some(value) => self.store.is_credential(value).await? && in_place(Guard::ManagingKey),
            None => false,
        };
        let allowed = match act {
            _ if manages && facts.row.key.purpose.is_rotated() => Err(Code::KeyManagesAccount),
            Act::Revoke => facts.acts.revoke,
            // What is written can be put back only where the former value is known.
            _ if written && !version.held => facts.acts.rotate.and(Err(Code::TargetNeedsValue)),
            _ => facts.acts.rotate,
        };
        let hash = plan.hash(&id.to_string(), &version.id.to_string());
        Ok(Proposal {
            paced: self.paced(&plan, &account).await?,
            in_the_places: self.in_the_places(&plan, &account).await?,
            plan,
            hash,
            bindings,
            held: allowed.err().map(Failure::new),
            same_value_as: self.names_sharing(version.id).await?,
        })
    }

    /// Which keys leave no place for one more, where the plan adds one.
    async fn in_the_places(&self, plan: &Plan, account: &Account) -> Result<Vec<KeyInPlace>, Failure> {
        let limit = self.definitions.require(account)?.live_limit();
        let Some(limit) = limit.filter(|_| plan.adds_a_key()) else {
            return Ok(Vec::new());
        };
        let known = self.store.known_versions(account.id).await?;
        let listed = known
            .into_iter()
            .filter(|known| !known.removed && known.version.is_listed());
        let mut keys = Vec::new();
        for KnownVersion { version, .. } in listed {
            keys.push(KeyInPlace {
                name: self.store.key(version.key_id).await?.key.name,
                remote_id: version.remote_id.unwrap_or_default(),
                switched_off: version.switched_off,
                last_used_at: version.last_used_at,
            });
        }
        let is_full = usize::try_from(limit).is_ok_and(|limit| keys.len() >= limit);
        Ok(if is_full { keys } else { Vec::new() })
    }

    async fn names_sharing(&self, version: VersionId) -> Result<Vec<String>, Failure> {
        let mut names = Vec::new();
        let sharing = self.store.keys_sharing(version).await?;
        if sharing.is_empty() {
            return Ok(names);
        }
        let (orgs, environments) = (self.store.orgs().await?, self.store.environments().await?);
        for id in sharing {
            let key = self.store.key(id).await?.key;
            let account = self.store.account(key.account_id).await?;
            let org = orgs.iter().find(|org| org.id == account.org_id);
            let environment = environments.iter().find(|one| one.id == key.environment_id);
            names.push(format!(
                "{}/{}/{}",
                org.map(|org| org.name.as_str()).unwrap_or_default(),
                environment.map(|one| one.name.as_str()).unwrap_or_default(),
                key.name
            ));
        }
        Ok(names)
    }

    /// Whether its provider tells when a key was last used.
    pub(super) fn tells_use(&self, account: &Account) -> Result<bool, Failure> {
        let definition = self.definitions.require(account)?;
        Ok(definition.capabilities().reports_last_use)
    }

    async fn paced(&self, plan: &Plan, account: &Account) -> Result<Option<PacedPlan>, Failure> {
        let workspace = self.workspaces.using(account).await?;
        let Some(quota) = workspace.quota() else {
            return Ok(None);
        };
        let definition = &workspace.definition;
        let checks = match plan.index(StepKind::Check) {
            Some(_) => usize::from(definition.needs_credential()) + usize::from(definition.capabilities().list),
            None => 0,
        };
        let calls = u32::try_from(checks + plan.calls()).unwrap_or(u32::MAX);
        let now = self.clock.now();
        let taken = self.store.turns_taken(account.id, quota.span, now).await?;
        Ok((calls > 0).then(|| PacedPlan {
            quota,
            calls,
            last_at: quota.last_of(calls, &taken, now),
        }))
    }

    /// Opens the rotation that was shown; [`App::go_on`] drives it.
    pub async fn start_rotation(&self, id: KeyId, hash: &str, keychain: VaultState) -> Result<RotationId, Failure> {
        let proposal = self.propose_rotation(id, keychain).await?;
        self.start(id, hash, proposal).await
    }

    /// Opens the rotation in which the old key goes first.
    pub async fn start_revoke_first(&self, id: KeyId, hash: &str, keychain: VaultState) -> Result<RotationId, Failure> {
        let proposal = self.propose_revoke_first(id, keychain).await?;
        self.start(id, hash, proposal).await
    }

    /// Opens the revocation that was shown.
    pub async fn start_revoke(&self, id: KeyId, hash: &str, keychain: VaultState) -> Result<RotationId, Failure> {
        let proposal = self.propose_revoke(id, keychain).await?;
        self.start(id, hash, proposal).await
    }

    async fn start(&self, id: KeyId, hash: &str, proposal: Proposal) -> Result<RotationId, Failure> {
        if let Some(failure) = proposal.held {
            return Err(failure);
        }
        if proposal.hash != hash && in_place(Guard::PlanHash) {
            return Err(Failure::new(Code::RotationPlanChanged));
        }
        self.has_the_keys().await?;
        let row = self.store.key(id).await?;
        let old = row.version.ok_or_else(|| Failure::new(Code::KeyEnded))?;
        // Another version may have taken its place since the plan was made a moment ago.
        if proposal.plan.hash(&id.to_string(), &old.id.to_string()) != proposal.hash {
            return Err(Failure::new(Code::RotationPlanChanged));
        }
        let new = (proposal.plan.act == Act::Rotate).then(|| self.blank(id));
        let new = NewRotation {
            id: self.rotation_id(),
            plan: proposal.plan,
            key_id: id,
            account_id: row.key.account_id,
            old: Some(old.id),
            new,
            new_key: None,
            inputs: BTreeMap::new(),
        };
        self.open_rotation(new).await
    }
}
