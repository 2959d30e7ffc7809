//! Calls of a provider that takes only so many: each waits its turn, and none is sent for nothing.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Accepted, Minted, Provider, RemoteKey, SignedUp, Workspace};
use crate::clock::Clock;
use crate::failure::{Code, Failure};
use crate::model::{AccountId, Answer, Secret, Standing, Verdict};

/// How many calls an account may make, in which span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    pub requests: u32,
    pub span: Duration,
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

    async fn list(&self, at: &Workspace) -> Result<Vec<RemoteKey>, Failure> {
        self.turn(at).await?;
        self.inner.list(at).await
    }

    async fn mint(&self, at: &Workspace, name: &str) -> Result<Minted, Failure> {
        self.turn(at).await?;
        self.inner.mint(at, name).await
    }

    async fn roll(&self, at: &Workspace, remote_id: &str) -> Result<Minted, Failure> {
        self.turn(at).await?;
        self.inner.roll(at, remote_id).await
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
