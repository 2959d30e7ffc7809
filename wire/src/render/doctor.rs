//! The doctor's findings, in words.

use std::path::Path;

use keywheel_core::app::{ChangedDefinition, Disagreement, Examination};
use keywheel_core::failure::Failure;
use keywheel_core::model::RotationId;

use super::error::keychain_view;
use crate::{DoctorLineView, DoctorView};

/// What makes them go.
pub const LEAVING_REMEDY: &str =
    "Unlock the keychain; the window takes them out by itself, the command with `keywheel resume`.";

/// What makes an account follow.
pub const DEFINITION_REMEDY: &str =
    "See what changed under Accounts in the window or with `keywheel account definition`, and accept it there.";

/// An account that goes on by a former definition.
pub fn definition_changed(changed: &ChangedDefinition) -> String {
    let label = &changed.account.label;
    let count = changed.differences.len();
    format!(
        "The definition that {label} was connected with has changed in {count} places; it goes on by the former one."
    )
}

/// What settles it.
pub const ARRIVING_REMEDY: &str =
    "Unlock the keychain; the window looks for them by itself, the command with `keywheel resume`.";

/// Values that were on their way into the keychain.
pub fn arriving(count: usize) -> String {
    match count {
        1 => "1 value was on its way into the keychain when Keywheel was stopped, or is.".to_owned(),
        _ => format!("{count} values were on their way into the keychain when Keywheel was stopped, or are."),
    }
}

/// Values that are to leave the keychain and are still there.
pub fn leaving(count: u32) -> String {
    match count {
        1 => "1 value of what was removed or has ended is still in the keychain.".to_owned(),
        _ => format!("{count} values of what was removed or has ended are still in the keychain."),
    }
}

/// Another data directory has the same keys.
pub fn copied(other: &Path) -> String {
    format!(
        "{} has the same keys: one of the two directories is a copy. Here no rotation goes on, and what is removed stays in the keychain.",
        other.display()
    )
}

/// What settles it.
pub const COPIED_REMEDY: &str =
    "Remove one of them, or make this one the one that has its keys: `keywheel keychain own`.";

/// A rotation that is open and whose record cannot be read.
pub fn unread(id: RotationId, failure: &Failure) -> String {
    format!("The rotation {id} is open and cannot be read: {}.", failure.message())
}

/// Values that no row tells to be there; also whether that is amiss.
pub fn strays(found: &Disagreement) -> Option<(bool, String)> {
    let count = match found.strays.len() {
        0 => return None,
        1 => "1 value in the keychain is held for no key here".to_owned(),
        many => format!("{many} values in the keychain are held for no key here"),
    };
    Some(match found.shared {
        true => (
            true,
            format!("{count}: of another data directory, or of a later state of this one."),
        ),
        false => (
            false,
            format!(
                "{count}: another one took its place, or it was taken out and is there again, or this data directory is older than the keychain."
            ),
        ),
    })
}

/// What settles it.
pub const STRAYS_REMEDY: &str = "See them with `keywheel keychain strays`; nothing is deleted but by your order.";

/// A key whose value should be in the keychain.
pub fn missing(name: &str) -> String {
    format!("The value of {name} is not in the keychain, which should hold it.")
}

/// What brings it back.
pub const MISSING_REMEDY: &str =
    "Put the keychain back, or give the value again: `keywheel key hold`. See also `keywheel keychain strays`.";

/// A key in whose place something else lies.
pub fn altered(name: &str) -> String {
    format!("In the place of {name} the keychain has another value than was stored, or two of them.")
}

/// What brings the right one back.
pub const ALTERED_REMEDY: &str =
    "Give the value again: `keywheel key hold`; of two, remove one in your keychain application.";

/// Items in keyrings that are locked.
pub fn locked_elsewhere(count: usize) -> String {
    match count {
        1 => "1 item of Keywheel lies in another keyring, which is locked.".to_owned(),
        _ => format!("{count} items of Keywheel lie in other keyrings, which are locked."),
    }
}

/// What opens them.
pub const LOCKED_ELSEWHERE_REMEDY: &str = "Unlock them too: `keywheel keychain unlock`.";

pub fn doctor_view(found: &Examination) -> DoctorView {
    let line = |topic: &str, ok: bool, message: String, remedy: String| DoctorLineView {
        topic: topic.to_owned(),
        ok,
        message,
        remedy,
    };
    let mut lines = Vec::new();
    lines.push(match &found.database {
        Ok(()) => line(
            "database",
            true,
            "SQLite finds nothing amiss.".to_owned(),
            String::new(),
        ),
        Err(failure) => line("database", false, failure.message(), failure.remedy()),
    });
    let keychain = keychain_view(found.keychain);
    let backend = found
        .backend
        .as_ref()
        .map(|backend| format!(" ({backend})"))
        .unwrap_or_default();
    lines.push(line(
        "keychain",
        found.keychain.failure().is_none() && found.same_keychain,
        match found.same_keychain {
            true => format!("{}{backend}", keychain.message),
            false => format!("This data directory was made with another keychain than the one that answers{backend}."),
        },
        keychain.remedy,
    ));
    if let Err(failure) = &found.recognises {
        lines.push(line("keychain", false, failure.message(), failure.remedy()));
    }
    if let Some(other) = &found.copied_from {
        lines.push(line("keychain", false, copied(other), COPIED_REMEDY.to_owned()));
    } else if let Err(failure) = &found.has_the_keys {
        lines.push(line("keychain", false, failure.message(), failure.remedy()));
    }
    for problem in &found.left_out {
        let remedy = "Correct the file and start Keywheel again.".to_owned();
        lines.push(line("definition", false, format!("Left out: {problem}."), remedy));
    }
    for changed in &found.changed {
        lines.push(line(
            "definition",
            false,
            definition_changed(changed),
            DEFINITION_REMEDY.to_owned(),
        ));
    }
    for rotation in &found.open {
        let key = &rotation.subject.key.name;
        let message = format!("An act on {key} is not finished, opened at {}.", rotation.opened_at);
        lines.push(line(
            "rotation",
            false,
            message,
            "Resume it, or take it back.".to_owned(),
        ));
    }
    for (id, failure) in &found.unread {
        lines.push(line("rotation", false, unread(*id, failure), failure.remedy()));
    }
    for entry in &found.unaccounted {
        let what = entry
            .remote_id
            .clone()
            .unwrap_or_else(|| "a key without an id".to_owned());
        let message = match entry.is_back() {
            true => format!("{what} had ended at {} and is listed again.", entry.from),
            false => format!("{what} is not accounted for, created after {}.", entry.from),
        };
        lines.push(line(
            "unaccounted",
            false,
            message,
            "Say whether it is yours.".to_owned(),
        ));
    }
    if found.kept > 0 {
        let message = format!(
            "Values that are kept of ended keys, because nothing proves them dead: {}.",
            found.kept
        );
        lines.push(line("values", true, message, "See the versions of the key.".to_owned()));
    }
    if let Some(disagreement) = &found.disagreement {
        for key in &disagreement.missing {
            let message = missing(key.name.as_str());
            lines.push(line("values", false, message, MISSING_REMEDY.to_owned()));
        }
        if let Some((ok, message)) = strays(disagreement) {
            lines.push(line("values", ok, message, STRAYS_REMEDY.to_owned()));
        }
    }
    if found.arriving > 0 {
        lines.push(line(
            "values",
            false,
            arriving(found.arriving),
            ARRIVING_REMEDY.to_owned(),
        ));
    }
    if found.leaving > 0 {
        lines.push(line("values", false, leaving(found.leaving), LEAVING_REMEDY.to_owned()));
    }
    if found.open.is_empty() && found.unread.is_empty() && found.unaccounted.is_empty() {
        lines.push(line("rotations", true, "Nothing is open.".to_owned(), String::new()));
    }
    DoctorView { lines }
}
