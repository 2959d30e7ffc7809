//! Which policy decides about a key, one setting at a time.

use std::time::Duration;

use crate::model::{Account, AccountId, EnvironmentId, Key, KeyId, OrgId, Policy, PolicyScope};

/// Where a key lies, for the scopes that may decide about it. What is none is not asked about: the place of a whole
/// environment has an environment only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    pub environment: Option<EnvironmentId>,
    pub org: Option<OrgId>,
    /// Id of the provider's definition.
    pub provider: Option<String>,
    pub account: Option<AccountId>,
    pub key: Option<KeyId>,
}

impl Place {
    /// The place of a whole scope that is wider than one key: an account lies in its organisation, too.
    pub fn of<'a>(scope: &PolicyScope, mut accounts: impl Iterator<Item = &'a Account>) -> Place {
        let none = Place::default();
        match scope {
            PolicyScope::All | PolicyScope::Key(_) => none,
            PolicyScope::Environment(id) => Place {
                environment: Some(*id),
                ..none
            },
            PolicyScope::Org(id) => Place { org: Some(*id), ..none },
            PolicyScope::Provider(id) => Place {
                provider: Some(id.clone()),
                ..none
            },
            PolicyScope::Account(id) => {
                let account = accounts.find(|account| account.id == *id);
                Place {
                    org: account.map(|account| account.org_id),
                    provider: account.map(|account| account.provider_id.clone()),
                    account: Some(*id),
                    ..none
                }
            }
        }
    }

    /// The place of one key of this account.
    pub fn of_key(key: &Key, account: &Account) -> Place {
        Place {
            environment: Some(key.environment_id),
            org: Some(account.org_id),
            provider: Some(account.provider_id.clone()),
            account: Some(account.id),
            key: Some(key.id),
        }
    }

    /// Whether a rule of this scope speaks about it.
    pub fn is_in(&self, scope: &PolicyScope) -> bool {
        match scope {
            PolicyScope::All => true,
            PolicyScope::Environment(id) => self.environment == Some(*id),
            PolicyScope::Org(id) => self.org == Some(*id),
            PolicyScope::Provider(id) => self.provider.as_ref() == Some(id),
            PolicyScope::Account(id) => self.account == Some(*id),
            PolicyScope::Key(id) => self.key == Some(*id),
        }
    }
}

/// A value, and the scope that sets it. Where no scope does, it is the default of all keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    pub value: u32,
    pub from: PolicyScope,
}

/// What is in force at a place, each setting by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    pub max_age_days: Setting,
    pub due_soon_percent: Setting,
    pub overlap_hours: Setting,
    pub quiet_hours: Setting,
    pub verify_days: Setting,
}

impl InForce {
    /// Age in whole days from which a key is due soon.
    pub fn due_soon_days(&self) -> u32 {
        self.max_age_days.value * self.due_soon_percent.value / 100
    }

    pub fn overlap(&self) -> Duration {
        Duration::from_secs(u64::from(self.overlap_hours.value) * 3600)
    }

    /// How long the old key has to be silent before it is revoked; zero: nobody asks.
    pub fn quiet(&self) -> Duration {
        Duration::from_secs(u64::from(self.quiet_hours.value) * 3600)
    }
}

/// Returns what is in force at `place`: each setting from the narrowest scope that sets it.
pub fn in_force(policies: &[Policy], place: &Place) -> InForce {
    let mut fitting: Vec<&Policy> = policies.iter().filter(|policy| place.is_in(&policy.scope)).collect();
    fitting.sort_by(|a, b| b.scope.cmp(&a.scope));
    let setting = |of: fn(&Policy) -> Option<u32>, otherwise: u32| {
        let set = fitting.iter().find_map(|policy| {
            of(policy).map(|value| Setting {
                value,
                from: policy.scope.clone(),
            })
        });
        set.unwrap_or(Setting {
            value: otherwise,
            from: PolicyScope::All,
        })
    };
    InForce {
        max_age_days: setting(|policy| policy.max_age_days, Policy::MAX_AGE_DAYS),
        due_soon_percent: setting(|policy| policy.due_soon_percent, Policy::DUE_SOON_PERCENT),
        overlap_hours: setting(|policy| policy.overlap_hours, Policy::OVERLAP_HOURS),
        quiet_hours: setting(|policy| policy.quiet_hours, Policy::QUIET_HOURS),
        verify_days: setting(|policy| policy.verify_days, Policy::VERIFY_DAYS),
    }
}

/// The same policies with one of them as it would be.
pub fn with(policies: &[Policy], changed: &Policy) -> Vec<Policy> {
    let others = policies.iter().filter(|policy| policy.scope != changed.scope);
    others.chain([changed]).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place {
            environment: Some(EnvironmentId::new(1, [1; 10])),
            org: Some(OrgId::new(1, [2; 10])),
            provider: Some("overten".to_owned()),
            account: Some(AccountId::new(1, [3; 10])),
            key: Some(KeyId::new(1, [4; 10])),
        }
    }

    /// All six scopes of the place, the widest first.
    fn scopes() -> Vec<PolicyScope> {
        vec![
            PolicyScope::All,
            PolicyScope::Environment(EnvironmentId::new(1, [1; 10])),
            PolicyScope::Org(OrgId::new(1, [2; 10])),
            PolicyScope::Provider("overten".to_owned()),
            PolicyScope::Account(AccountId::new(1, [3; 10])),
            PolicyScope::Key(KeyId::new(1, [4; 10])),
        ]
    }

    #[test]
    fn of_six_scopes_the_narrowest_wins_and_is_named() {
        let mut policies = Vec::new();
        for (at, scope) in (1u32..).zip(scopes()) {
            let policy = Policy {
                max_age_days: Some(at * 10),
                ..Policy::open(scope.clone())
            };
            policies.insert(0, policy);
            let found = in_force(&policies, &place()).max_age_days;
            assert_eq!((found.value, found.from), (at * 10, scope));
        }
    }

    #[test]
    fn each_setting_is_decided_by_itself() {
        let policies = [
            Policy {
                max_age_days: Some(60),
                due_soon_percent: Some(90),
                ..Policy::open(PolicyScope::All)
            },
            Policy {
                overlap_hours: Some(24),
                ..Policy::open(scopes()[1].clone())
            },
            Policy {
                quiet_hours: Some(0),
                ..Policy::open(scopes()[4].clone())
            },
            Policy {
                max_age_days: Some(30),
                ..Policy::open(scopes()[5].clone())
            },
        ];
        let found = in_force(&policies, &place());
        let setting = |value: u32, from: &PolicyScope| Setting {
            value,
            from: from.clone(),
        };
        assert_eq!(found.max_age_days, setting(30, &scopes()[5]));
        assert_eq!(found.due_soon_percent, setting(90, &scopes()[0]));
        assert_eq!(found.overlap_hours, setting(24, &scopes()[1]));
        assert_eq!(
            found.quiet_hours,
            setting(0, &scopes()[4]),
            "not at all is a setting, too"
        );
    }

    #[test]
    fn what_is_for_another_place_does_not_speak_and_nothing_set_is_the_default() {
        let elsewhere = Policy {
            max_age_days: Some(1),
            ..Policy::open(PolicyScope::Org(OrgId::new(9, [9; 10])))
        };
        let found = in_force(std::slice::from_ref(&elsewhere), &place());
        assert_eq!(
            (found.max_age_days.value, &found.max_age_days.from),
            (90, &PolicyScope::All)
        );
        assert_eq!((found.due_soon_days(), found.quiet()), (72, Duration::from_secs(3600)));
        let whole = Place {
            environment: place().environment,
            ..Place::default()
        };
        assert!(!whole.is_in(&scopes()[5]), "a whole environment is not one key");
    }
}
