//! Failures and the keychain's state, in words.

use keywheel_core::failure::{Effect, Failure};
use keywheel_core::vault::VaultState;

use crate::{EffectView, ErrorView, KeychainStateView, KeychainView};

pub fn error_view(failure: &Failure) -> ErrorView {
    ErrorView {
        code: failure.code.as_str().to_owned(),
        message: failure.message(),
        remedy: failure.remedy(),
        effect: match failure.effect {
            Effect::NotApplied => EffectView::NotApplied,
            Effect::Applied => EffectView::Applied,
            Effect::Unknown => EffectView::Unknown,
        },
        field: failure.field.clone(),
        details: failure.details.iter().map(ToString::to_string).collect(),
        retry_at: failure.retry_at.map(|at| at.to_string()),
    }
}

pub fn keychain_view(state: VaultState) -> KeychainView {
    let shown = match state {
        VaultState::Ready => KeychainStateView::Ready,
        VaultState::Locked => KeychainStateView::Locked,
        VaultState::Dismissed => KeychainStateView::Dismissed,
        VaultState::NoService => KeychainStateView::NoService,
        VaultState::NoDefaultCollection => KeychainStateView::NoDefaultCollection,
        VaultState::TooLong => KeychainStateView::TooLong,
        VaultState::Failed => KeychainStateView::Failed,
    };
    match state.failure() {
        None => KeychainView {
            state: shown,
            message: "Keychain unlocked.".to_owned(),
            remedy: String::new(),
        },
        Some(failure) => {
            let mut said = failure.message();
            if let Some(first) = said.get(..1).map(str::to_uppercase) {
                said.replace_range(..1, &first);
            }
            KeychainView {
                state: shown,
                message: format!("{said}. Names and ages are shown; values are not."),
                remedy: failure.remedy(),
            }
        }
    }
}

impl From<Failure> for ErrorView {
    fn from(failure: Failure) -> Self {
        error_view(&failure)
    }
}
