//! All keys of one owner, for the day that person leaves.

use serde::Serialize;
use ts_rs::TS;

use crate::{ErrorView, PlanView};

/// One key of somebody who leaves, with what would happen to it.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LeavingView {
    pub key_id: String,
    pub key_name: String,
    pub provider_name: String,
    /// Null where there is none, and why.
    pub plan: Option<PlanView>,
    pub error: Option<ErrorView>,
}
