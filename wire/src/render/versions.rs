//! Versions and receipts.

use keywheel_core::model::{Account, KeyVersion, Receipt, VersionState};

use super::names::Names;
use super::verdict::verdict_view;
use crate::{ReceiptView, VersionStateView, VersionView};

/// `told`: its day of creation is the person's word.
pub(super) fn version_view(version: &KeyVersion, told: bool, account: &Account, names: &Names) -> VersionView {
    let provider = names.provider(account);
    VersionView {
        id: version.id.to_string(),
        state: match version.state {
            VersionState::Pending => VersionStateView::Pending,
            VersionState::Live => VersionStateView::Live,
            VersionState::Retiring => VersionStateView::Retiring,
            VersionState::Revoked => VersionStateView::Revoked,
            VersionState::Compromised => VersionStateView::Compromised,
        },
        hint: version.hint.as_ref().map(ToString::to_string),
        held: version.held,
        remote_id: version.remote_id.clone(),
        created_at: version.created_at.map(|at| at.to_string()),
        created_told: told,
        first_seen_at: version.first_seen_at.to_string(),
        verdict: version
            .verdict
            .as_ref()
            .map(|verdict| verdict_view(verdict, account, names)),
        ended_at: version.ended_at.map(|at| at.to_string()),
        receipt: version.receipt.as_ref().map(|receipt| receipt_view(receipt, &provider)),
    }
}

pub(super) fn receipt_view(receipt: &Receipt, provider: &str) -> ReceiptView {
    match receipt {
        Receipt::Refused { at, status } => ReceiptView {
            at: at.to_string(),
            message: format!("A call with the revoked key was refused by {provider}: {status}."),
        },
        Receipt::Word { at } => ReceiptView {
            at: at.to_string(),
            message: format!("{provider} offers no way to ask whether the old key is dead: nothing was proven."),
        },
        Receipt::Unlisted { at } => ReceiptView {
            at: at.to_string(),
            message: format!(
                "The revoked key is no longer in {provider}'s list. Its value was not held, so no call was made with it."
            ),
        },
    }
}
