//! Policies.

use super::Store;
use super::failures::{any, damaged};
use crate::failure::Failure;
use crate::model::{EnvironmentId, Policy, PolicyId, PolicyScope};

impl Store {
    /// All that the user has set; [`Policy::DEFAULT`] is in force where nothing is.
    pub async fn policies(&self) -> Result<Vec<Policy>, Failure> {
        let rows: Vec<(Option<String>, u32, u32, u32)> =
            sqlx::query_as("SELECT environment_id, max_age_days, due_soon_percent, overlap_hours FROM policies")
                .fetch_all(&self.pool)
                .await
                .map_err(any)?;
        rows.into_iter()
            .map(|(environment, max_age_days, due_soon_percent, overlap_hours)| {
                let scope = match environment {
                    None => PolicyScope::All,
                    Some(id) => PolicyScope::Environment(
                        EnvironmentId::parse(&id).ok_or_else(|| damaged("policies.environment_id"))?,
                    ),
                };
                Ok(Policy {
                    scope,
                    max_age_days,
                    due_soon_percent,
                    overlap_hours,
                })
            })
            .collect()
    }

    pub async fn set_policy(&self, id: PolicyId, policy: &Policy) -> Result<(), Failure> {
        let environment = match policy.scope {
            PolicyScope::All => None,
            PolicyScope::Environment(id) => Some(id.to_string()),
        };
        sqlx::query(
            "INSERT INTO policies (id, environment_id, max_age_days, due_soon_percent, overlap_hours)
             VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (ifnull(environment_id, '')) DO UPDATE SET
                 max_age_days = excluded.max_age_days,
                 due_soon_percent = excluded.due_soon_percent,
                 overlap_hours = excluded.overlap_hours",
        )
        .bind(id.to_string())
        .bind(environment)
        .bind(policy.max_age_days)
        .bind(policy.due_soon_percent)
        .bind(policy.overlap_hours)
        .execute(&self.pool)
        .await
        .map_err(any)
        .map(drop)
    }
}
