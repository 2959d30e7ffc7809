//! Policies.

use super::Store;
use super::failures::{any, damaged};
use super::row::row;
use crate::failure::Failure;
use crate::model::{AccountId, EnvironmentId, KeyId, OrgId, Policy, PolicyId, PolicyScope};

row! {
    struct Row {
        environment_id: Option<String>,
        org_id: Option<String>,
        provider_id: Option<String>,
        account_id: Option<String>,
        key_id: Option<String>,
        max_age_days: Option<u32>,
        due_soon_percent: Option<u32>,
        overlap_hours: Option<u32>,
        quiet_hours: Option<u32>,
        verify_days: Option<u32>,
    }
}

impl Row {
    fn scope(self) -> Result<PolicyScope, Failure> {
        let bad = || damaged("policies.scope");
        Ok(if let Some(id) = self.environment_id {
            PolicyScope::Environment(EnvironmentId::parse(&id).ok_or_else(bad)?)
        } else if let Some(id) = self.org_id {
            PolicyScope::Org(OrgId::parse(&id).ok_or_else(bad)?)
        } else if let Some(id) = self.provider_id {
            PolicyScope::Provider(id)
        } else if let Some(id) = self.account_id {
            PolicyScope::Account(AccountId::parse(&id).ok_or_else(bad)?)
        } else if let Some(id) = self.key_id {
            PolicyScope::Key(KeyId::parse(&id).ok_or_else(bad)?)
        } else {
            PolicyScope::All
        })
    }
}

/// The column of a scope, and its id there.
fn column(scope: &PolicyScope) -> (Option<&'static str>, Option<String>) {
    match scope {
        PolicyScope::All => (None, None),
        PolicyScope::Environment(id) => (Some("environment_id"), Some(id.to_string())),
        PolicyScope::Org(id) => (Some("org_id"), Some(id.to_string())),
        PolicyScope::Provider(id) => (Some("provider_id"), Some(id.clone())),
        PolicyScope::Account(id) => (Some("account_id"), Some(id.to_string())),
        PolicyScope::Key(id) => (Some("key_id"), Some(id.to_string())),
    }
}

impl Store {
    /// All that people have set, the widest scope first; rules of removed keys and accounts are left out.
    pub async fn policies(&self) -> Result<Vec<Policy>, Failure> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT p.environment_id, p.org_id, p.provider_id, p.account_id, p.key_id,
                    p.max_age_days, p.due_soon_percent, p.overlap_hours, p.quiet_hours, p.verify_days
             FROM policies p
             LEFT JOIN accounts a ON a.id = p.account_id
             LEFT JOIN keys k ON k.id = p.key_id
             WHERE a.removed_at IS NULL AND k.removed_at IS NULL
             ORDER BY p.id",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(any)?;
        let mut policies = Vec::with_capacity(rows.len());
        for row in rows {
            policies.push(Policy {
                max_age_days: row.max_age_days,
                due_soon_percent: row.due_soon_percent,
                overlap_hours: row.overlap_hours,
                quiet_hours: row.quiet_hours,
                verify_days: row.verify_days,
                scope: row.scope()?,
            });
        }
        policies.sort_by(|a, b| a.scope.cmp(&b.scope));
        Ok(policies)
    }

    /// Puts a policy in the place of the one of its scope; one that leaves everything open is none.
    pub async fn set_policy(&self, id: PolicyId, policy: &Policy) -> Result<(), Failure> {
        let (column, scope) = column(&policy.scope);
        let mut tx = self.begin().await?;
        sqlx::query(
            "DELETE FROM policies WHERE coalesce(environment_id, org_id, provider_id, account_id, key_id, '') = ?",
        )
        .bind(scope.as_deref().unwrap_or_default())
        .execute(&mut *tx)
        .await
        .map_err(any)?;
        if !policy.is_open() {
            let bound = |name: &str| scope.clone().filter(|_| column == Some(name));
            sqlx::query(
                "INSERT INTO policies (id, environment_id, org_id, provider_id, account_id, key_id,
                                       max_age_days, due_soon_percent, overlap_hours, quiet_hours, verify_days)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(id.to_string())
            .bind(bound("environment_id"))
            .bind(bound("org_id"))
            .bind(bound("provider_id"))
            .bind(bound("account_id"))
            .bind(bound("key_id"))
            .bind(policy.max_age_days)
            .bind(policy.due_soon_percent)
            .bind(policy.overlap_hours)
            .bind(policy.quiet_hours)
            .bind(policy.verify_days)
            .execute(&mut *tx)
            .await
            .map_err(any)?;
        }
        tx.commit().await.map_err(any)
    }
}
