//! Several keys replaced in one act.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{ErrorView, PlanView, RotationView};

/// Which keys: all of one owner, or these.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BatchRequest {
    Owner(String),
    Keys(Vec<String>),
}

/// One key of them, with what would happen to it.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlannedView {
    pub key_id: String,
    pub key_name: String,
    pub provider_name: String,
    /// Null where there is none, and why.
    pub plan: Option<PlanView>,
    pub error: Option<ErrorView>,
}

/// One of the keys that a press begins, with the plan that was shown.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BatchStart {
    pub key_id: String,
    pub plan_hash: String,
}

/// What became of it.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BegunView {
    pub key_id: String,
    /// Null where it could not begin, and why.
    pub rotation: Option<RotationView>,
    pub error: Option<ErrorView>,
}
