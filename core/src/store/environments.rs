//! Environments.

use super::Store;
use super::failures::{any, damaged, unique};
use crate::failure::{Code, Failure};
use crate::model::{Environment, EnvironmentId, Name, Tier};

impl Store {
    /// In their order on screen.
    pub async fn environments(&self) -> Result<Vec<Environment>, Failure> {
        let rows: Vec<(String, String, String)> =
            sqlx::query_as("SELECT id, name, tier FROM environments ORDER BY position, name")
                .fetch_all(&self.readers)
                .await
                .map_err(any)?;
        rows.into_iter()
            .map(|(id, name, tier)| {
                Ok(Environment {
                    id: EnvironmentId::parse(&id).ok_or_else(|| damaged("environments.id"))?,
                    name: Name::stored(&name).map_err(|_| damaged("environments.name"))?,
                    tier: Tier::parse(&tier).ok_or_else(|| damaged("environments.tier"))?,
                })
            })
            .collect()
    }

    pub async fn add_environment(&self, environment: &Environment) -> Result<(), Failure> {
        sqlx::query(
            "INSERT INTO environments (id, name, tier, position)
             VALUES (?, ?, ?, (SELECT ifnull(max(position), 0) + 1 FROM environments))",
        )
        .bind(environment.id.to_string())
        .bind(environment.name.as_str())
        .bind(environment.tier.as_str())
        .execute(&self.writer)
        .await
        .map_err(unique(Failure::new(Code::InputDuplicateName).field("name")))
        .map(drop)
    }

    pub async fn rename_environment(&self, id: EnvironmentId, name: &Name, tier: Tier) -> Result<(), Failure> {
        let done = sqlx::query("UPDATE environments SET name = ?, tier = ? WHERE id = ?")
            .bind(name.as_str())
            .bind(tier.as_str())
            .bind(id.to_string())
            .execute(&self.writer)
            .await
            .map_err(unique(Failure::new(Code::InputDuplicateName).field("name")))?;
        if done.rows_affected() == 0 {
            Err(Failure::new(Code::NotFound).field("environment"))
        } else {
            Ok(())
        }
    }
}
