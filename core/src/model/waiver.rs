//! A finding that a person puts off or accepts, until a day.

use jiff::Timestamp;

use super::{Name, Status};

/// Says that a key may stand where it stands for a while. It ends by itself, and as soon as the key stands worse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    pub kind: WaiverKind,
    /// Why, in the person's words.
    pub reason: Name,
    /// Where the key stood then: what is worse is not covered.
    pub covers: Status,
    pub since: Timestamp,
    pub until: Timestamp,
}

/// How a finding is waived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaiverKind {
    /// Not now: it leaves the queue and counts all the same.
    Snooze,
    /// Known and accepted: it leaves the queue, and a check does not fail for it.
    AcceptRisk,
}

impl WaiverKind {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            WaiverKind::Snooze => "snooze",
            WaiverKind::AcceptRisk => "accept_risk",
        }
    }

    /// Reads the stable word.
    pub fn parse(word: &str) -> Option<WaiverKind> {
        [WaiverKind::Snooze, WaiverKind::AcceptRisk]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }

    /// The longest it may last, in days.
    pub fn longest_days(self) -> u32 {
        match self {
            WaiverKind::Snooze => 90,
            WaiverKind::AcceptRisk => 365,
        }
    }
}

impl Waiver {
    /// Whether it still holds for a key that stands there at `now`.
    pub fn holds(&self, status: Status, now: Timestamp) -> bool {
        now < self.until && status.is_finding() && status >= self.covers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_ends_at_its_day_and_when_the_key_stands_worse() {
        let moment = |day: u8| -> Timestamp { format!("2026-11-{day:02}T12:00:00Z").parse().expect("a timestamp") };
        let waiver = Waiver {
            kind: WaiverKind::Snooze,
            reason: Name::new("after the release").expect("a name"),
            covers: Status::Stale,
            since: moment(1),
            until: moment(20),
        };
        assert!(waiver.holds(Status::Stale, moment(19)));
        assert!(!waiver.holds(Status::Stale, moment(20)), "its day has come");
        assert!(!waiver.holds(Status::Refused, moment(2)), "the provider refuses it now");
        assert!(
            waiver.holds(Status::DueSoon, moment(2)),
            "what is better is covered too"
        );
        assert!(!waiver.holds(Status::Fresh, moment(2)), "nothing is left to waive");
    }
}
