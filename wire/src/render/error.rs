//! Failures and the keychain's state, in words.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use keywheel_core::failure::{Code, Effect, Failure};
use keywheel_core::rotation::Rotation;
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

/// A refusal because another process drives the rotation: who, and since when. None where it is about something else.
pub fn elsewhere_view(failure: &Failure, rotation: &Rotation, instance: &str) -> Option<ErrorView> {
    if !matches!(
        failure.code,
        Code::KeyBusy | Code::RotationOpen | Code::RotationElsewhere
    ) {
        return None;
    }
    let driver = rotation.driver.as_ref().filter(|driver| driver.instance != instance)?;
    let mut view = error_view(&Failure::new(Code::RotationElsewhere));
    view.details
        .push(format!("driven by the {} since {}", driver.who, here(driver.since)));
    Some(view)
}

/// A moment in this machine's time zone.
fn here(at: Timestamp) -> String {
    at.to_zoned(TimeZone::system())
        .strftime("%Y-%m-%d %H:%M %Z")
        .to_string()
}

pub fn keychain_view(state: VaultState) -> KeychainView {
    let shown = match state {
        VaultState::Ready => KeychainStateView::Ready,
        VaultState::Locked => KeychainStateView::Locked,
        VaultState::AsksEach => KeychainStateView::AsksEach,
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
