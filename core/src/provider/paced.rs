//! Calls of a provider that takes only so many: each waits its turn, and none is sent for nothing.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Accepted, KeyList, LastUse, Minted, Order, Provider, Replay, SignedUp, Workspace};
use crate::clock::Clock;
use crate::failure::{Code, Failure};
use crate::model::{AccountId, Answer, Secret, Standing, Verdict};

/// How many calls an account may make, in which span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    pub requests: u32,
    pub span: Duration,
}

impl Quota {
    /// When the last of `calls` may be made, each as soon as it may be, after those that were `taken`, oldest first.
    pub fn last_of(self, calls: u32, taken: &[Timestamp], now: Timestamp) -> Timestamp {
        let requests = usize::try_from(self.requests.max(1)).unwrap_or(usize::MAX);
        let mut made = taken.to_vec();
        for _ in 0..calls {
            let before = made.len().checked_sub(requests).and_then(|at| made.get(at));
            let free = before.map_or(now, |at| at.checked_add(self.span).unwrap_or(Timestamp::MAX));
            made.push(free.max(now));
        }
        match calls {
            0 => now,
            _ => made.last().copied().unwrap_or(now),
        }
    }
}

/// Remembers the calls of each account, over restarts and for all processes.
#[async_trait]
pub trait Turns: Send + Sync {
    /// Takes a turn. Where none is free, nothing is taken; returned is when the next one will be.
    async fn take(&self, account: AccountId, quota: Quota, now: Timestamp) -> Result<Option<Timestamp>, Failure>;
}

/// A provider whose pace is kept.
pub struct Paced {
    inner: Arc<dyn Provider>,
    turns: Arc<dyn Turns>,
    clock: Arc<dyn Clock>,
}

impl Paced {
    pub fn new(inner: Arc<dyn Provider>, turns: Arc<dyn Turns>, clock: Arc<dyn Clock>) -> Paced {
        Paced { inner, turns, clock }
    }

    async fn turn(&self, at: &Workspace) -> Result<(), Failure> {
        let Some(quota) = at.quota() else { return Ok(()) };
        match self.turns.take(at.account_id, quota, self.clock.now()).await? {
            Some(free) => Err(Failure::new(Code::ProviderRateLimited).retry_at(free)),
            None => Ok(()),
        }
    }
}

impl Workspace {
    /// What the provider takes of this account: the definition's pace, or what the account says of its own.
    pub fn quota(&self) -> Option<Quota> {
        let pace = self.definition.pace()?;
        let own = pace.field.as_ref().and_then(|field| self.fields.get(field));
        let seconds = own.and_then(|text| text.parse().ok()).map(Duration::from_secs);
        let span = seconds.unwrap_or(pace.span);
        (!span.is_zero()).then_some(Quota {
            requests: pace.requests,
            span,
        })
    }
}

#[async_trait]
impl Provider for Paced {
    async fn authenticate(&self, at: &Workspace) -> Result<Accepted, Failure> {
        if at.definition.needs_credential() {
            self.turn(at).await?;
        }
        self.inner.authenticate(at).await
    }

    async fn list(&self, at: &Workspace) -> Result<KeyList, Failure> {
        self.turn(at).await?;
        self.inner.list(at).await
    }

    async fn last_used(&self, at: &Workspace, remote_id: &str) -> Result<LastUse, Failure> {
        self.turn(at).await?;
        self.inner.last_used(at, remote_id).await
    }

    async fn time(&self, at: &Workspace) -> Result<Option<Timestamp>, Failure> {
        self.turn(at).await?;
        self.inner.time(at).await
    }

    async fn mint(&self, at: &Workspace, name: &str) -> Result<Minted, Failure> {
        self.turn(at).await?;
        self.inner.mint(at, name).await
    }

    async fn roll(&self, at: &Workspace, remote_id: &str) -> Result<Minted, Failure> {
        self.turn(at).await?;
        self.inner.roll(at, remote_id).await
    }

    async fn repeat(&self, at: &Workspace, order: &Order) -> Result<Replay, Failure> {
        self.turn(at).await?;
        self.inner.repeat(at, order).await
    }

    async fn verify(&self, at: &Workspace, secret: &Secret) -> Verdict {
        match self.turn(at).await {
            Ok(()) => self.inner.verify(at, secret).await,
            Err(failure) => Verdict {
                standing: failure.retry_at.map(|_| Standing::RateLimited),
                retry_at: failure.retry_at,
                ..Verdict::new(Answer::Undetermined, self.clock.now())
            },
        }
    }

    async fn revoke(&self, at: &Workspace, remote_id: &str) -> Result<(), Failure> {
        self.turn(at).await?;
        self.inner.revoke(at, remote_id).await
    }

    async fn sign_up(&self, at: &Workspace, inputs: &BTreeMap<String, String>) -> Result<SignedUp, Failure> {
        self.turn(at).await?;
        self.inner.sign_up(at, inputs).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_call_is_due_when_the_turns_before_it_have_passed() {
        let at = |seconds: i64| Timestamp::from_second(1_000 + seconds).unwrap();
        let quota = |requests, seconds| Quota {
            requests,
            span: Duration::from_secs(seconds),
        };
        let one = quota(1, 180);
        assert_eq!(one.last_of(0, &[], at(0)), at(0));
        assert_eq!(
            one.last_of(1, &[], at(0)),
            at(0),
            "nothing was called: it may call at once"
        );
        assert_eq!(one.last_of(2, &[], at(0)), at(180));
        assert_eq!(one.last_of(1, &[at(-60)], at(0)), at(120));
        assert_eq!(one.last_of(2, &[at(-60)], at(0)), at(300));
        assert_eq!(
            one.last_of(1, &[at(-500)], at(0)),
            at(0),
            "a turn that has passed counts no more"
        );
        let two = quota(2, 60);
        assert_eq!(two.last_of(2, &[], at(0)), at(0));
        assert_eq!(two.last_of(2, &[at(-10)], at(0)), at(50));
        assert_eq!(two.last_of(5, &[], at(0)), at(120));
    }
}
