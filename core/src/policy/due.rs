//! What is due or stale at `now`.

use jiff::Timestamp;

use crate::model::{Answer, EnvironmentId, KeyVersion, Policy, PolicyScope, Purpose, RotationId, VersionState};

/// Age in whole days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age {
    pub days: u32,
    /// The provider reports no creation date: it is at least this old.
    pub at_least: bool,
    pub since: Timestamp,
}

/// Where a key stands, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// The provider refuses it.
    Refused {
        since: Timestamp,
    },
    Expired {
        at: Timestamp,
    },
    Stale {
        over_days: u32,
    },
    DueSoon {
        in_days: u32,
    },
    /// Held, and never or inconclusively verified.
    Unverified,
    Rotating(RotationId),
    Fresh,
    Revoked {
        at: Timestamp,
    },
}

impl Standing {
    /// Rank for sorting, 0 the worst.
    pub fn rank(self) -> u8 {
        match self {
            Standing::Refused { .. } => 0,
            Standing::Expired { .. } => 1,
            Standing::Stale { .. } => 2,
            Standing::DueSoon { .. } => 3,
            Standing::Unverified => 4,
            Standing::Rotating(_) => 5,
            Standing::Fresh => 6,
            Standing::Revoked { .. } => 7,
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

/// Returns the narrowest policy that fits the environment.
pub fn in_force(policies: &[Policy], environment: EnvironmentId) -> Policy {
    let of = |scope: PolicyScope| policies.iter().find(|policy| policy.scope == scope);
    of(PolicyScope::Environment(environment))
        .or_else(|| of(PolicyScope::All))
        .cloned()
        .unwrap_or(Policy::DEFAULT)
}

/// Returns where the version stands at `now`. A webhook secret is called with by nobody, so it cannot be unverified.
pub fn standing(
    purpose: Purpose,
    version: &KeyVersion,
    policy: &Policy,
    open: Option<RotationId>,
    now: Timestamp,
) -> Standing {
    if let Some(rotation) = open {
        return Standing::Rotating(rotation);
    }
    if let (VersionState::Revoked | VersionState::Compromised, Some(at)) = (version.state, version.ended_at) {
        return Standing::Revoked { at };
    }
    let answer = version.verdict.as_ref().map(|verdict| verdict.answer);
    if let (Some(Answer::Dead), Some(verdict)) = (answer, &version.verdict) {
        return Standing::Refused { since: verdict.at };
    }
    if let Some(at) = version.expires_at.filter(|at| *at <= now) {
        return Standing::Expired { at };
    }
    let days = age(version, now).days;
    if days >= policy.max_age_days {
        return Standing::Stale {
            over_days: days - policy.max_age_days,
        };
    }
    if days >= policy.due_soon_days() {
        return Standing::DueSoon {
            in_days: policy.max_age_days - days,
        };
    }
    if purpose != Purpose::Webhook && version.held && answer != Some(Answer::Live) {
        return Standing::Unverified;
    }
    Standing::Fresh
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{KeyId, Verdict, VersionId};
    use jiff::SignedDuration;

    fn now() -> Timestamp {
        "2026-11-21T14:05:00Z".parse().expect("a timestamp")
    }

    fn version(days: i64) -> KeyVersion {
        let born = now() - SignedDuration::from_hours(days * 24);
        let mut version = KeyVersion::pending(VersionId::new(1, [0; 10]), KeyId::new(1, [0; 10]), born);
        version.state = VersionState::Live;
        version.created_at = Some(born);
        version
    }

    fn check(days: i64, expected: Standing) {
        assert_eq!(
            standing(Purpose::Service, &version(days), &Policy::DEFAULT, None, now()),
            expected,
            "{days} d"
        );
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
        assert_eq!(
            standing(Purpose::Service, &old, &Policy::DEFAULT, None, now()),
            Standing::Stale { over_days: 10 }
        );
    }

    #[test]
    fn a_refusal_outranks_age_and_an_inconclusive_answer_does_not_count() {
        let mut refused = version(100);
        let answered = |answer| Verdict::new(answer, now());
        refused.verdict = Some(answered(Answer::Dead));
        assert_eq!(
            standing(Purpose::Service, &refused, &Policy::DEFAULT, None, now()),
            Standing::Refused { since: now() }
        );
        let mut unsure = version(1);
        unsure.held = true;
        unsure.verdict = Some(answered(Answer::Undetermined));
        assert_eq!(
            standing(Purpose::Service, &unsure, &Policy::DEFAULT, None, now()),
            Standing::Unverified
        );
    }

    #[test]
    fn the_narrowest_policy_wins() {
        let environment = EnvironmentId::new(1, [1; 10]);
        let narrow = Policy {
            scope: PolicyScope::Environment(environment),
            max_age_days: 30,
            ..Policy::DEFAULT
        };
        let all = Policy {
            max_age_days: 60,
            ..Policy::DEFAULT
        };
        let policies = [all.clone(), narrow.clone()];
        assert_eq!(in_force(&policies, environment), narrow);
        assert_eq!(in_force(&policies, EnvironmentId::new(2, [2; 10])), all);
        assert_eq!(in_force(&[], environment), Policy::DEFAULT);
    }
}
