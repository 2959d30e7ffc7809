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
        unlisted_since: version.unlisted_since.map(|at| at.to_string()),
        kept: version.is_kept(),
        spare: version.is_spare(),
        ended_at: version.ended_at.map(|at| at.to_string()),
        receipt: version.receipt.as_ref().map(|receipt| receipt_view(receipt, &provider)),
    }
}

pub(super) fn receipt_view(receipt: &Receipt, provider: &str) -> ReceiptView {
    let (at, message) = match receipt {
        Receipt::Refused { at, status } => (at, format!("A call with the key was refused by {provider}: {status}.")),
        Receipt::Word { at } => (
            at,
            format!("Ended as told; no call with the key was refused by {provider} for that, so nothing was proven."),
        ),
        Receipt::Unlisted { at } => (
            at,
            format!("{provider}'s list no longer shows the key. No call was made with it, so nothing was proven."),
        ),
    };
    ReceiptView {
        at: at.to_string(),
        message,
        proven: receipt.is_proof(),
    }
}
