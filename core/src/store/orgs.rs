//! Organisations.

use sqlx::SqliteConnection;

use super::Store;
use super::failures::{any, damaged, unique};
use crate::failure::{Code, Failure};
use crate::model::{Name, Org, OrgId};

impl Store {
    pub async fn orgs(&self) -> Result<Vec<Org>, Failure> {
        let rows: Vec<(String, String)> = sqlx::query_as("SELECT id, name FROM orgs ORDER BY name")
            .fetch_all(&self.readers)
            .await
            .map_err(any)?;
        rows.into_iter()
            .map(|(id, name)| {
                let id = OrgId::parse(&id).ok_or_else(|| damaged("orgs.id"))?;
                Ok(Org {
                    id,
                    name: Name::stored(&name).map_err(|_| damaged("orgs.name"))?,
                })
            })
            .collect()
    }

    pub async fn add_org(&self, org: &Org) -> Result<(), Failure> {
        let mut connection = self.writer.acquire().await.map_err(any)?;
        insert(&mut connection, org).await
    }

    pub async fn rename_org(&self, id: OrgId, name: &Name) -> Result<(), Failure> {
        let done = sqlx::query("UPDATE orgs SET name = ? WHERE id = ?")
            .bind(name.as_str())
            .bind(id.to_string())
            .execute(&self.writer)
            .await
            .map_err(unique(Failure::new(Code::InputDuplicateName).field("name")))?;
        if done.rows_affected() == 0 {
            Err(Failure::new(Code::NotFound).field("org"))
        } else {
            Ok(())
        }
    }
}

pub(super) async fn insert(connection: &mut SqliteConnection, org: &Org) -> Result<(), Failure> {
    sqlx::query("INSERT INTO orgs (id, name) VALUES (?, ?)")
        .bind(org.id.to_string())
        .bind(org.name.as_str())
        .execute(connection)
        .await
        .map_err(unique(Failure::new(Code::InputDuplicateName).field("name")))
        .map(drop)
}
