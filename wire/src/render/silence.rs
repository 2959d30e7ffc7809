//! Why an old key that is replaced is not revoked yet.

use keywheel_core::failure::Code;
use keywheel_core::rotation::{Rotation, State};

use super::plan::time;
use crate::{SilenceReasonView, SilenceView};

pub(super) fn silence(rotation: &Rotation) -> Option<SilenceView> {
    let reason = match rotation.spared()? {
        Code::KeyReplacedElsewhere => SilenceReasonView::ReplacedElsewhere,
        Code::KeyStillUsed if is_unused(rotation) => SilenceReasonView::NoUseYet,
        Code::KeyStillUsed => SilenceReasonView::StillUsed,
        Code::KeyUsedByUs => SilenceReasonView::MayBeOurs,
        _ => SilenceReasonView::NotTold,
    };
    let State::AwaitingTime { until, .. } = rotation.position.state else {
        return None;
    };
    let seen = rotation.subject.old.as_ref().and_then(|old| old.last_used_at);
    Some(SilenceView {
        reason,
        last_used_at: seen.map(|at| at.to_string()),
        asked_at: until.to_string(),
        quiet: time(rotation.plan.quiet),
    })
}

/// Whether its provider has told no use of the old key at all.
fn is_unused(rotation: &Rotation) -> bool {
    let old = rotation.subject.old.as_ref();
    old.is_some_and(|old| old.last_used_at.is_none())
}

/// What is true now, where that is why it waits.
pub(super) fn headline(rotation: &Rotation, provider: &str) -> Option<String> {
    let quiet = time(rotation.plan.quiet);
    Some(match rotation.spared()? {
        Code::KeyReplacedElsewhere => {
            "Another machine may be replacing this key too, so the old one is not revoked yet.".to_owned()
        }
        Code::KeyStillUsed if is_unused(rotation) => {
            format!("The old key has shown no use yet. It is revoked when it has been silent for {quiet}.")
        }
        Code::KeyStillUsed => {
            format!("The old key is still in use. It is revoked when it has been silent for {quiet}.")
        }
        Code::KeyUsedByUs => {
            format!("The last use of the old key may be Keywheel's own check. It is revoked after {quiet} of silence.")
        }
        _ => format!("{provider} does not tell whether the old key is still in use, so it is not revoked yet."),
    })
}
