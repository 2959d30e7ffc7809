//! Which keys are verified by themselves now.

use jiff::{SignedDuration, Timestamp};

use super::{InForce, Standing};
use crate::model::{Answer, KeyVersion, Policy};

/// After how many days any key can be due to be verified at the earliest.
pub fn fewest_verify_days(policies: &[Policy]) -> u32 {
    let set = policies.iter().filter_map(|policy| policy.verify_days);
    set.filter(|days| *days > 0).fold(Policy::VERIFY_DAYS, u32::min)
}

/// Whether it is time to verify the key: its policy's days have passed since its provider last told whether it works, or
/// that was never told. What was refused or has expired is a person's to look at, and what is rotating is verified by
/// its rotation.
pub fn verify_due(version: &KeyVersion, standing: Standing, rule: &InForce, now: Timestamp) -> bool {
    let days = rule.verify_days.value;
    let waits_for_person = matches!(
        standing,
        Standing::Refused { .. }
            | Standing::Expired { .. }
            | Standing::NotReplaced { .. }
            | Standing::Rotating(_)
            | Standing::Revoked { .. }
    );
    if days == 0 || waits_for_person || !version.held {
        return false;
    }
    let told = version
        .verdict
        .as_ref()
        .filter(|verdict| verdict.answer == Answer::Live);
    told.is_none_or(|verdict| now.duration_since(verdict.at) >= SignedDuration::from_hours(24 * i64::from(days)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{KeyId, PolicyScope, RotationId, Verdict, VersionId};
    use crate::policy::{Place, in_force};

    const DAY: i64 = 24;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + hours * 3600).expect("a moment")
    }

    fn version(verdict: Option<Answer>) -> KeyVersion {
        let mut version = KeyVersion::pending(VersionId::new(1, [0; 10]), KeyId::new(1, [0; 10]), at(0));
        version.held = true;
        version.verdict = verdict.map(|answer| Verdict::new(answer, at(0)));
        version
    }

    fn due(version: &KeyVersion, standing: Standing, days: Option<u32>, hours: i64) -> bool {
        let policy = Policy {
            verify_days: days,
            ..Policy::open(PolicyScope::All)
        };
        verify_due(version, standing, &in_force(&[policy], &Place::default()), at(hours))
    }

    #[test]
    fn a_key_is_due_after_its_policys_days_and_a_week_where_nobody_set_them() {
        let live = version(Some(Answer::Live));
        assert!(!due(&live, Standing::Fresh, Some(2), 2 * DAY - 1));
        assert!(due(&live, Standing::Fresh, Some(2), 2 * DAY));
        assert!(!due(&live, Standing::Fresh, None, 7 * DAY - 1));
        assert!(due(&live, Standing::Stale { over_days: 1 }, None, 7 * DAY));
        assert!(!due(&live, Standing::Fresh, Some(0), 1000 * DAY), "never by itself");
    }

    #[test]
    fn what_was_never_told_is_due_at_once_and_what_is_not_held_never() {
        assert!(due(&version(None), Standing::Unverified, None, 0));
        assert!(due(&version(Some(Answer::Undetermined)), Standing::Unverified, None, 1));
        let mut listed = version(None);
        listed.held = false;
        assert!(!due(&listed, Standing::NotHeld, None, 1000 * DAY));
    }

    #[test]
    fn what_a_person_or_a_rotation_sees_to_is_left_alone() {
        for standing in [
            Standing::Refused { since: at(0) },
            Standing::Expired { at: at(0) },
            Standing::NotReplaced { since: at(0) },
            Standing::Rotating(RotationId::new(1, [0; 10])),
            Standing::Revoked { at: at(0) },
        ] {
            assert!(!due(&version(None), standing, None, 1000 * DAY), "{standing:?}");
        }
    }
}
