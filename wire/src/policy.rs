//! Policies: what is set, what is in force, what a change would do.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is in force at a place, each setting from the narrowest scope that sets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PolicyView {
    pub max_age_days: u32,
    pub max_age_from: ScopeView,
    /// A key is due soon from this share of the maximum age on.
    pub due_soon_percent: u32,
    pub due_soon_from: ScopeView,
    /// How long the old key is kept after the last confirm.
    pub overlap_hours: u32,
    pub overlap_from: ScopeView,
    /// How long the old key has to be silent before it is revoked, where its provider tells; 0: nobody asks.
    pub quiet_hours: u32,
    pub quiet_from: ScopeView,
    /// A held key is verified by itself after so many days, unless its provider would count that as a use; 0: never.
    pub verify_days: u32,
    pub verify_from: ScopeView,
    /// Why, in one or two sentences: "90 d at most, from environment production."
    pub sentence: String,
}

/// What a rule is for, the widest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ScopeKindView {
    All,
    Environment,
    Org,
    Provider,
    Account,
    Key,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ScopeView {
    pub kind: ScopeKindView,
    /// None for all keys.
    pub id: Option<String>,
    /// The name of what it is for; for a key and an account in full.
    pub name: String,
    /// With the kind: "environment production", "all keys".
    pub label: String,
}

/// What people have set for a scope; what is null, a wider scope decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RuleView {
    pub scope: ScopeView,
    pub max_age_days: Option<u32>,
    pub due_soon_percent: Option<u32>,
    pub overlap_hours: Option<u32>,
    pub quiet_hours: Option<u32>,
    pub verify_days: Option<u32>,
    /// What that comes to with the wider scopes; single keys may have a narrower rule.
    pub in_force: PolicyView,
    /// Keys in the scope, and how many of them are stale.
    pub keys: u32,
    pub stale: u32,
}

/// A rule as it is to be; null leaves a setting to a wider scope, and all of them null takes the rule away.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RuleRequest {
    pub kind: ScopeKindView,
    pub id: Option<String>,
    pub max_age_days: Option<u32>,
    pub due_soon_percent: Option<u32>,
    pub overlap_hours: Option<u32>,
    pub quiet_hours: Option<u32>,
    pub verify_days: Option<u32>,
}

/// What a rule would do to the keys of its scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PolicyEffectView {
    /// "Setting environment production to 60 d makes 11 keys stale."
    pub sentence: String,
    /// Keys whose maximum age the scope decides, and no narrower one; the oldest first.
    pub key_ids: Vec<String>,
    pub stale_before: u32,
    pub stale_after: u32,
    /// Would turn stale, the oldest first.
    pub turning: Vec<String>,
    /// Would no longer be stale, the oldest first.
    pub relieved: Vec<String>,
}
