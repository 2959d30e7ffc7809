//! The doctor's findings, in words.

use keywheel_core::app::Examination;

use super::error::keychain_view;
use crate::{DoctorLineView, DoctorView};

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
    for problem in &found.left_out {
        let remedy = "Correct the file and start Keywheel again.".to_owned();
        lines.push(line("definition", false, format!("Left out: {problem}."), remedy));
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
    for entry in &found.unaccounted {
        let what = entry
            .remote_id
            .clone()
            .unwrap_or_else(|| "a key without an id".to_owned());
        let message = format!("{what} is not accounted for, created after {}.", entry.from);
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
    if found.open.is_empty() && found.unaccounted.is_empty() {
        lines.push(line("rotations", true, "Nothing is open.".to_owned(), String::new()));
    }
    DoctorView { lines }
}
