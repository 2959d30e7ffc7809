//! Rules over a scope.

use std::time::Duration;

use super::EnvironmentId;

/// How long a key may serve, and how it is replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub scope: PolicyScope,
    pub max_age_days: u32,
    /// A key is due soon from this share of the maximum age on.
    pub due_soon_percent: u32,
    /// How long the old key is kept after the last confirm.
    pub overlap_hours: u32,
}

impl Policy {
    /// 90 days, due soon at 80 %, no overlap beyond the confirm.
    pub const DEFAULT: Policy = Policy {
        scope: PolicyScope::All,
        max_age_days: 90,
        due_soon_percent: 80,
        overlap_hours: 0,
    };

    /// Age in whole days from which a key is due soon.
    pub fn due_soon_days(&self) -> u32 {
        self.max_age_days * self.due_soon_percent / 100
    }

    pub fn overlap(&self) -> Duration {
        Duration::from_secs(u64::from(self.overlap_hours) * 3600)
    }
}

/// What a policy is for; the narrowest that fits wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyScope {
    All,
    Environment(EnvironmentId),
}
