//! The plan of one key of several.

use keywheel_core::app::Planned;
use keywheel_core::model::Account;

use super::error::error_view;
use super::names::Names;
use super::plan::plan_view;
use crate::PlannedView;

pub fn planned_view(one: &Planned, account: &Account, names: &Names) -> PlannedView {
    let key = &one.facts.row.key;
    let (plan, error) = match &one.proposal {
        Ok(proposal) => (Some(plan_view(proposal, account, names)), None),
        Err(failure) => (None, Some(error_view(failure))),
    };
    PlannedView {
        key_id: key.id.to_string(),
        key_name: key.name.to_string(),
        provider_name: names.provider(account),
        plan,
        error,
    }
}
