//! Rules over a scope.

use super::{AccountId, EnvironmentId, KeyId, OrgId};

/// What a person has set for a scope. What it leaves open, a wider scope decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub scope: PolicyScope,
    pub max_age_days: Option<u32>,
    /// A key is due soon from this share of the maximum age on.
    pub due_soon_percent: Option<u32>,
    /// How long the old key is kept after the last confirm.
    pub overlap_hours: Option<u32>,
    /// How long the old key has to be silent before it is revoked, where its provider tells when a key was last used.
    pub quiet_hours: Option<u32>,
    /// A held key is verified by itself after so many days; 0: never.
    pub verify_days: Option<u32>,
}

impl Policy {
    /// 90 days, where no scope sets a maximum age.
    pub const MAX_AGE_DAYS: u32 = 90;
    /// 80 %, where no scope says when a key is due soon.
    pub const DUE_SOON_PERCENT: u32 = 80;
    /// Nothing beyond the confirm, where no scope sets an overlap.
    pub const OVERLAP_HOURS: u32 = 0;
    /// One hour, where no scope sets a quiet time.
    pub const QUIET_HOURS: u32 = 1;
    /// Weekly, where no scope says how often keys are verified by themselves.
    pub const VERIFY_DAYS: u32 = 7;

    /// A policy that leaves everything open.
    pub fn open(scope: PolicyScope) -> Policy {
        Policy {
            scope,
            max_age_days: None,
            due_soon_percent: None,
            overlap_hours: None,
            quiet_hours: None,
            verify_days: None,
        }
    }

    /// Whether it leaves everything open.
    pub fn is_open(&self) -> bool {
        let settings = [
            self.max_age_days,
            self.due_soon_percent,
            self.overlap_hours,
            self.quiet_hours,
            self.verify_days,
        ];
        settings.iter().all(Option::is_none)
    }
}

/// What a policy is for, the widest first; the narrowest that fits and sets something wins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PolicyScope {
    All,
    Environment(EnvironmentId),
    Org(OrgId),
    /// Id of the provider's definition.
    Provider(String),
    Account(AccountId),
    Key(KeyId),
}
