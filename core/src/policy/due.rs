//! What is due or stale at `now`.

use jiff::Timestamp;

use super::InForce;
use crate::model::{Answer, KeyVersion, Purpose, RotationId, Status, UnderWay, VersionState};

/// Age in whole days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age {
    pub days: u32,
    /// The provider reports no creation date: it is at least this old.
    pub at_least: bool,
    pub since: Timestamp,
}

/// Where a key stands, with what belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The provider refuses it.
    Refused {
        since: Timestamp,
    },
    Expired {
        at: Timestamp,
    },
    /// Its old value was revoked in a rotation that is under way, and no new one is in its place yet.
    NotReplaced {
        since: Timestamp,
    },
    Stale {
        over_days: u32,
    },
    DueSoon {
        in_days: u32,
    },
    /// Held, and never or inconclusively verified.
    Unverified,
    /// Its value is not held.
    NotHeld,
    Rotating(RotationId),
    Fresh,
    Revoked {
        at: Timestamp,
    },
}

impl Standing {
    /// The one word, for order and roll-up.
    pub fn status(self) -> Status {
        match self {
            Standing::Refused { .. } => Status::Refused,
            Standing::Expired { .. } => Status::Expired,
            Standing::NotReplaced { .. } => Status::NotReplaced,
            Standing::Stale { .. } => Status::Stale,
            Standing::DueSoon { .. } => Status::DueSoon,
            Standing::Unverified => Status::Unverified,
            Standing::NotHeld => Status::NotHeld,
            Standing::Rotating(_) => Status::Rotating,
            Standing::Fresh => Status::Fresh,
            Standing::Revoked { .. } => Status::Revoked,
        }
    }
}

/// Returns the age at `now`; a moment in the future counts as no age.
pub fn age(version: &KeyVersion, now: Timestamp) -> Age {
    let (since, at_least) = version.born();
    let days = now.duration_since(since).as_hours() / 24;
    Age {
        days: u32::try_from(days).unwrap_or(0),
        at_least,
        since,
    }
}

/// Returns where the version stands at `now`. Only what a program calls with can be unverified or miss its value: a
/// webhook secret is called with by nobody, and each reading of its account verifies a management credential; nor where no
/// call is known that could tell. One that is being replaced is worse than that where no value of it works.
pub fn standing(
    purpose: Purpose,
    version: &KeyVersion,
    rule: &InForce,
    open: Option<UnderWay>,
    can_ask: bool,
    now: Timestamp,
) -> Standing {
    // A value that does not work is not better for being replaced: its age is counted then too, by who asks for it.
    let replaced = match open {
        Some(open) if !open.replaces => return Standing::Rotating(open.rotation),
        Some(UnderWay {
            bare_since: Some(since),
            ..
        }) => return Standing::NotReplaced { since },
        open => open.map(|open| open.rotation),
    };
    if let (VersionState::Revoked | VersionState::Compromised, Some(at)) = (version.state, version.ended_at) {
        return replaced.map_or(Standing::Revoked { at }, Standing::Rotating);
    }
    let answer = version.verdict.as_ref().map(|verdict| verdict.answer);
    if let (Some(Answer::Dead), Some(verdict)) = (answer, &version.verdict) {
        return Standing::Refused { since: verdict.at };
    }
    if let Some(at) = version.expires_at.filter(|at| *at <= now) {
        return Standing::Expired { at };
    }
    if let Some(rotation) = replaced {
        return Standing::Rotating(rotation);
    }
    let (days, limit) = (age(version, now).days, rule.max_age_days.value);
    if days >= limit {
        return Standing::Stale {
            over_days: days - limit,
        };
    }
    if days >= rule.due_soon_days() {
        return Standing::DueSoon { in_days: limit - days };
    }
    match (purpose, version.held, answer) {
        (Purpose::Service, false, _) => Standing::NotHeld,
        (Purpose::Service, true, answer) if answer != Some(Answer::Live) && can_ask => Standing::Unverified,
        _ => Standing::Fresh,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::{KeyId, Verdict, VersionId};
    use crate::policy::{Place, in_force};
    use jiff::SignedDuration;

    pub fn now() -> Timestamp {
        "2026-11-21T14:05:00Z".parse().expect("a timestamp")
    }

    /// Held and working, so many days old.
    pub fn version(days: i64) -> KeyVersion {
        let born = now() - SignedDuration::from_hours(days * 24);
        let mut version = KeyVersion::pending(VersionId::new(1, [0; 10]), KeyId::new(1, [0; 10]), born);
        version.state = VersionState::Live;
        version.created_at = Some(born);
        version.held = true;
        version.verdict = Some(Verdict::new(Answer::Live, now()));
        version
    }

    fn stands(purpose: Purpose, version: &KeyVersion) -> Standing {
        standing(purpose, version, &in_force(&[], &Place::default()), None, true, now())
    }

    fn check(days: i64, expected: Standing) {
        assert_eq!(stands(Purpose::Service, &version(days)), expected, "{days} d");
    }

    #[test]
    fn ninety_days_are_too_many_and_the_last_fifth_of_them_is_a_warning() {
        check(0, Standing::Fresh);
        check(71, Standing::Fresh);
        check(72, Standing::DueSoon { in_days: 18 });
        check(89, Standing::DueSoon { in_days: 1 });
        check(90, Standing::Stale { over_days: 0 });
        check(142, Standing::Stale { over_days: 52 });
        check(-3, Standing::Fresh);
    }

    #[test]
    fn without_a_creation_date_the_age_is_a_lower_bound_and_still_counts() {
        let mut old = version(100);
        old.created_at = None;
        assert_eq!(
            age(&old, now()),
            Age {
                days: 100,
                at_least: true,
                since: old.first_seen_at
            }
        );
        assert_eq!(stands(Purpose::Service, &old), Standing::Stale { over_days: 10 });
    }

    #[test]
    fn a_refusal_outranks_age_and_an_inconclusive_answer_does_not_count() {
        let mut refused = version(100);
        let answered = |answer| Verdict::new(answer, now());
        refused.verdict = Some(answered(Answer::Dead));
        assert_eq!(stands(Purpose::Service, &refused), Standing::Refused { since: now() });
        let mut unsure = version(1);
        unsure.verdict = Some(answered(Answer::Undetermined));
        assert_eq!(stands(Purpose::Service, &unsure), Standing::Unverified);
    }

    #[test]
    fn a_key_of_which_nothing_works_says_so_while_it_is_replaced() {
        let stands = |version: &KeyVersion, replaces, bare_since| {
            let (rotation, rule) = (RotationId::new(1, [1; 10]), in_force(&[], &Place::default()));
            let open = UnderWay {
                rotation,
                replaces,
                bare_since,
            };
            let stands = standing(Purpose::Service, version, &rule, Some(open), true, now());
            (stands, Standing::Rotating(rotation))
        };
        let (calm, rotating) = stands(&version(100), true, None);
        assert_eq!(calm, rotating, "its old value works");
        let ended = KeyVersion {
            state: VersionState::Revoked,
            ended_at: Some(now()),
            ..version(100)
        };
        assert_eq!(
            stands(&ended, true, Some(now())).0,
            Standing::NotReplaced { since: now() }
        );
        // The new one exists, and no program has it.
        let pending = KeyVersion {
            state: VersionState::Pending,
            ..version(0)
        };
        assert_eq!(
            stands(&pending, true, Some(now())).0,
            Standing::NotReplaced { since: now() }
        );
        let refused = KeyVersion {
            verdict: Some(Verdict::new(Answer::Dead, now())),
            ..version(100)
        };
        assert_eq!(stands(&refused, true, None).0, Standing::Refused { since: now() });
        let expired = KeyVersion {
            expires_at: Some(now()),
            ..version(100)
        };
        assert_eq!(stands(&expired, true, None).0, Standing::Expired { at: now() });
        for ends in [&ended, &refused, &expired] {
            let (calm, rotating) = stands(ends, false, None);
            assert_eq!(calm, rotating, "it is meant to end");
        }
    }

    #[test]
    fn what_is_not_held_says_so_until_its_age_matters_more() {
        let listed = |days| KeyVersion {
            held: false,
            verdict: None,
            ..version(days)
        };
        assert_eq!(stands(Purpose::Service, &listed(1)), Standing::NotHeld);
        assert_eq!(stands(Purpose::Service, &listed(80)), Standing::DueSoon { in_days: 10 });
        assert_eq!(stands(Purpose::Webhook, &listed(1)), Standing::Fresh);
    }

    #[test]
    fn a_management_credential_ages_like_any_key_and_needs_no_call_of_its_own() {
        let credential = |days| KeyVersion {
            verdict: None,
            ..version(days)
        };
        assert_eq!(stands(Purpose::Management, &credential(10)), Standing::Fresh);
        assert_eq!(
            stands(Purpose::Management, &credential(91)),
            Standing::Stale { over_days: 1 }
        );
    }

    #[test]
    fn the_worse_status_comes_first() {
        let order = Status::ALL;
        assert!(order.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(
            [Status::Fresh, Status::Stale, Status::Rotating].iter().min(),
            Some(&Status::Stale)
        );
    }
}
