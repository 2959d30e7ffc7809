//! Calls made to providers that take only so many: kept, so that a restart does not begin anew.

use std::time::Duration;

use jiff::Timestamp;

use super::Store;
use super::failures::any;
use super::time::{from_ms, to_ms};
use crate::failure::Failure;
use crate::model::AccountId;

impl Store {
    /// Takes one of `requests` turns within `span`; where none is free, returns when the next one will be.
    ///
    /// A clock that was set back makes no turn free: what was taken later counts as taken now.
    pub async fn take_turn(
        &self,
        account: AccountId,
        requests: u32,
        span: Duration,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Failure> {
        let mut tx = self.begin().await?;
        let begins = now.checked_sub(span).unwrap_or(Timestamp::UNIX_EPOCH);
        sqlx::query("DELETE FROM turns WHERE account_id = ? AND at <= ?")
            .bind(account.to_string())
            .bind(to_ms(begins))
            .execute(&mut *tx)
            .await
            .map_err(any)?;
        sqlx::query("UPDATE turns SET at = ? WHERE account_id = ? AND at > ?")
            .bind(to_ms(now))
            .bind(account.to_string())
            .bind(to_ms(now))
            .execute(&mut *tx)
            .await
            .map_err(any)?;
        let taken: Vec<i64> = sqlx::query_scalar("SELECT at FROM turns WHERE account_id = ? ORDER BY at")
            .bind(account.to_string())
            .fetch_all(&mut *tx)
            .await
            .map_err(any)?;
        let full = u32::try_from(taken.len()).map_or(true, |taken| taken >= requests);
        let oldest = taken.first().map(|at| from_ms(*at)).filter(|_| full);
        if oldest.is_none() {
            sqlx::query("INSERT INTO turns (account_id, at) VALUES (?, ?)")
                .bind(account.to_string())
                .bind(to_ms(now))
                .execute(&mut *tx)
                .await
                .map_err(any)?;
        }
        tx.commit().await.map_err(any)?;
        Ok(oldest.map(|at| at.checked_add(span).unwrap_or(Timestamp::MAX)))
    }

    /// The turns of the span before `now`, oldest first.
    pub async fn turns_taken(
        &self,
        account: AccountId,
        span: Duration,
        now: Timestamp,
    ) -> Result<Vec<Timestamp>, Failure> {
        let begins = now.checked_sub(span).unwrap_or(Timestamp::UNIX_EPOCH);
        let taken: Vec<i64> = sqlx::query_scalar("SELECT at FROM turns WHERE account_id = ? AND at > ? ORDER BY at")
            .bind(account.to_string())
            .bind(to_ms(begins))
            .fetch_all(&self.readers)
            .await
            .map_err(any)?;
        Ok(taken.into_iter().map(|at| from_ms(at).min(now)).collect())
    }
}
