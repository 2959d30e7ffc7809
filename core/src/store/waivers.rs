//! Findings that people put off or accept.

use std::collections::HashMap;

use super::Store;
use super::failures::{any, damaged};
use super::row::row;
use super::time::{from_ms, to_ms};
use crate::failure::Failure;
use crate::model::{KeyId, Name, Status, Waiver, WaiverKind};

row! {
    struct Row {
        key_id: String,
        kind: String,
        reason: String,
        covers: String,
        since: i64,
        until: i64,
    }
}

impl Row {
    fn read(self) -> Result<(KeyId, Waiver), Failure> {
        let waiver = Waiver {
            kind: WaiverKind::parse(&self.kind).ok_or_else(|| damaged("waivers.kind"))?,
            reason: Name::stored(&self.reason).map_err(|_| damaged("waivers.reason"))?,
            covers: Status::parse(&self.covers).ok_or_else(|| damaged("waivers.covers"))?,
            since: from_ms(self.since),
            until: from_ms(self.until),
        };
        let key = KeyId::parse(&self.key_id).ok_or_else(|| damaged("waivers.key_id"))?;
        Ok((key, waiver))
    }
}

impl Store {
    /// All of them, also those that have ended.
    pub async fn waivers(&self) -> Result<HashMap<KeyId, Waiver>, Failure> {
        let rows: Vec<Row> = sqlx::query_as("SELECT key_id, kind, reason, covers, since, until FROM waivers")
            .fetch_all(&self.readers)
            .await
            .map_err(any)?;
        rows.into_iter().map(Row::read).collect()
    }

    /// Puts it in the place of the key's former one.
    pub async fn set_waiver(&self, key: KeyId, waiver: &Waiver) -> Result<(), Failure> {
        sqlx::query(
            "INSERT INTO waivers (key_id, kind, reason, covers, since, until) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (key_id) DO UPDATE SET kind = excluded.kind, reason = excluded.reason,
                 covers = excluded.covers, since = excluded.since, until = excluded.until",
        )
        .bind(key.to_string())
        .bind(waiver.kind.as_str())
        .bind(waiver.reason.as_str())
        .bind(waiver.covers.as_str())
        .bind(to_ms(waiver.since))
        .bind(to_ms(waiver.until))
        .execute(&self.writer)
        .await
        .map_err(any)
        .map(drop)
    }

    /// Ends it before its day.
    pub async fn end_waiver(&self, key: KeyId) -> Result<(), Failure> {
        sqlx::query("DELETE FROM waivers WHERE key_id = ?")
            .bind(key.to_string())
            .execute(&self.writer)
            .await
            .map_err(any)
            .map(drop)
    }
}
