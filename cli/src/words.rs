//! The few words that only a terminal needs; all others are the window's.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use keywheel_wire::{AgeView, KeyView, SilenceView, StatusView, WaiverKindView, WaiverView};

use crate::render::Look;

/// A moment in this machine's time zone; what is not one stays as it is.
pub fn when(moment: &str) -> String {
    match moment.parse::<Timestamp>() {
        Ok(at) => at
            .to_zoned(TimeZone::system())
            .strftime("%Y-%m-%d %H:%M %Z")
            .to_string(),
        Err(_) => moment.to_owned(),
    }
}

/// When a key was created; a day that the person told is no more than a day.
pub fn born(moment: &str, told: bool) -> String {
    match moment.split_once('T') {
        Some((day, _)) if told => format!("{day}, as you said"),
        _ => when(moment),
    }
}

/// Where a key stands, in the window's words.
pub fn status(status: &StatusView) -> (Look, String) {
    match status {
        StatusView::Refused { .. } => (Look::Bad, "Refused".to_owned()),
        StatusView::Expired { .. } => (Look::Bad, "Expired".to_owned()),
        StatusView::NotReplaced { .. } => (Look::Bad, "Not replaced".to_owned()),
        StatusView::Stale { over_days } => (Look::Bad, format!("Stale, {over_days} d over")),
        StatusView::DueSoon { in_days } => (Look::Warning, format!("Due soon, in {in_days} d")),
        StatusView::Unverified => (Look::Warning, "Unverified".to_owned()),
        StatusView::NotHeld => (Look::Quiet, "Not held".to_owned()),
        StatusView::Rotating { .. } => (Look::Strong, "Rotating".to_owned()),
        StatusView::Fresh => (Look::Good, "Fresh".to_owned()),
        StatusView::Revoked { .. } => (Look::Quiet, "Ended".to_owned()),
    }
}

/// The stable word of a status, as `--status` takes it.
pub fn status_word(status: &StatusView) -> &'static str {
    match status {
        StatusView::Refused { .. } => "refused",
        StatusView::Expired { .. } => "expired",
        StatusView::NotReplaced { .. } => "not_replaced",
        StatusView::Stale { .. } => "stale",
        StatusView::DueSoon { .. } => "due_soon",
        StatusView::Unverified => "unverified",
        StatusView::NotHeld => "not_held",
        StatusView::Rotating { .. } => "rotating",
        StatusView::Fresh => "fresh",
        StatusView::Revoked { .. } => "revoked",
    }
}

/// "Put off until 2026-12-05 14:05 UTC: after the release."
pub fn waiver(waiver: &WaiverView) -> String {
    let what = match waiver.kind {
        WaiverKindView::Snooze => "Put off",
        WaiverKindView::AcceptRisk => "Accepted",
    };
    format!("{what} until {}: {}.", when(&waiver.until), waiver.reason)
}

/// "Last seen 2026-11-21 14:02 UTC; asked again after 2026-11-21 15:02 UTC."
pub fn silence(silence: &SilenceView) -> String {
    let again = format!("sked again after {}.", when(&silence.asked_at));
    match &silence.last_used_at {
        Some(at) => format!("Last seen {}; a{again}", when(at)),
        None => format!("A{again}"),
    }
}

pub fn age(age: &AgeView) -> String {
    if age.at_least {
        format!("≥ {} d", age.days)
    } else {
        format!("{} d", age.days)
    }
}

/// The visible shape of a value, and whether Keywheel has it.
pub fn value(key: &KeyView) -> String {
    let hint = key.hint.as_deref().unwrap_or("—");
    if key.held {
        hint.to_owned()
    } else {
        format!("{hint} (not held)")
    }
}

/// How a key is named in full.
pub fn full_name(org: &str, environment: &str, name: &str) -> String {
    format!("{org}/{environment}/{name}")
}

/// A word as a shell takes it back.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./-@:+".contains(c);
    if !word.is_empty() && !word.starts_with('-') && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::{quoted, when};

    #[test]
    fn a_name_is_given_back_so_that_a_shell_reads_one_word() {
        assert_eq!(quoted("acme/production/checkout-api"), "acme/production/checkout-api");
        assert_eq!(quoted("it's mine"), "'it'\\''s mine'");
        assert_eq!(quoted("$(rm -rf x)"), "'$(rm -rf x)'");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn what_is_no_moment_stays_as_it_is() {
        assert_eq!(when("soon"), "soon");
        assert!(when("2026-11-21T14:05:00Z").starts_with("2026-11-2"));
    }
}
