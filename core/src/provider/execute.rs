//! Runs a definition's operations over a transport.
//!
//! Deliberately absent: the text of an answer. What leaves here is a status, a code that the definition
//! knows, an id, a date, or the secret itself in its own type.

mod call;
mod order;
mod outcome;
mod read;
mod verify;
mod withheld;

pub use order::{Order, Repeatable, Replay};

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::definition::{Act, Operation, SchemeKind};
use super::template::Values;
use super::{Accepted, KeyList, LastUse, Minted, Provider, SignedUp, Workspace};
use crate::clock::{Clock, Entropy};
use crate::failure::{Code, Effect, Failure};
use crate::guard::{Guard, in_place};
use crate::http::auth::Firebase;
use crate::http::{Sending, Transport};
use crate::model::{Secret, Verdict};

/// Within so long a list comes to its end, however many pages it has.
const LIST_WITHIN: Duration = Duration::from_secs(300);

/// A provider may tell the day alone, or be ahead of this machine.
const DAY: SignedDuration = SignedDuration::from_hours(25);

/// Longest answer of a call for one key, and of a list, in bytes.
const ONE: usize = 256 * 1024;
const MANY: usize = 8 * 1024 * 1024;

/// The one implementation of [`Provider`]: definitions say what to send, this says what it means.
pub struct Executor {
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    firebase: Firebase,
}

impl Executor {
    /// The entropy keys the cache of tokens; nothing that is sent depends on it.
    pub fn new(transport: Arc<dyn Transport>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Executor {
        let firebase = Firebase::new(transport.clone(), clock.clone(), entropy.as_ref());
        Executor {
            transport,
            clock,
            firebase,
        }
    }

    /// Sends what mutates, at most once, and returns the answer that says it was applied.
    async fn mutate(
        &self,
        at: &Workspace,
        act: Act,
        operation: &Operation,
        values: Values<'_>,
    ) -> Result<crate::http::Response, Failure> {
        let sent = self.send(at, operation, values).await?;
        let judged = outcome::of_mutation(&at.definition, act, operation, sent, self.clock.now());
        self.forget_refused(at, &judged);
        judged
    }

    /// Sends a request that mutates, at most once.
    async fn send(&self, at: &Workspace, operation: &Operation, values: Values<'_>) -> Result<outcome::Sent, Failure> {
        let mut request = call::marked(at, operation, values)?;
        self.authorize(at, &mut request).await?;
        Ok(self.transport.send(request, Sending::Once).await)
    }

    /// Sends a request that reads and returns its good answer; `marker` asks for the next page of a list.
    async fn read(
        &self,
        at: &Workspace,
        operation: &Operation,
        remote_id: Option<&str>,
        marker: Option<&str>,
    ) -> Result<crate::http::Response, Failure> {
        let values = Values {
            account: Some(&at.fields),
            remote_id,
            ..Values::default()
        };
        let mut request = call::request(at, operation, values, marker, MANY)?;
        self.authorize(at, &mut request).await?;
        let sent = self.transport.send(request, call::sending(operation)).await;
        let judged = outcome::of_read(&at.definition, operation, sent, self.clock.now());
        self.forget_refused(at, &judged);
        judged
    }

    /// Reads all pages of the list, and what the provider's clock showed at the first.
    async fn listed(&self, at: &Workspace) -> Result<(read::Listed, Option<Timestamp>), Failure> {
        let list = operation(at, Act::List)?;
        let mut listed = read::Listed::default();
        let begun = self.clock.steady().up;
        let first = self.read(at, list, None, None).await?;
        let mut marker = listed.add(at, list, &first)?;
        while let Some(next) = marker {
            if self.clock.steady().up.saturating_sub(begun) > LIST_WITHIN {
                return Err(Failure::new(Code::ProviderListEndless));
            }
            let answer = self.read(at, list, None, Some(&next)).await?;
            marker = listed.add(at, list, &answer)?;
        }
        for key in &mut listed.keys {
            key.created_at = self.past(key.created_at);
        }
        Ok((listed, first.told_at()))
    }

    /// The moment at which something was made. One that is still to come is no such moment, whatever it is.
    fn past(&self, at: Option<Timestamp>) -> Option<Timestamp> {
        let latest = self.clock.now().checked_add(DAY).unwrap_or(Timestamp::MAX);
        at.filter(|at| *at <= latest)
    }

    /// A refused token is not used again.
    fn forget_refused<T>(&self, at: &Workspace, judged: &Result<T, Failure>) {
        if judged
            .as_ref()
            .is_err_and(|failure| failure.code == Code::CredentialRefused)
        {
            self.firebase.forget(at.account_id);
        }
    }
}

fn operation(at: &Workspace, act: Act) -> Result<&Operation, Failure> {
    at.definition
        .operation(act)
        .ok_or_else(|| Failure::new(Code::ProviderNotAble))
}

/// The id, if it has the form of one: it is about to stand in a request.
fn known_id<'a>(at: &Workspace, remote_id: &'a str) -> Result<&'a str, Failure> {
    let fits = at.definition.matches_remote_id(remote_id) || !in_place(Guard::KnownForm);
    let known = fits.then_some(remote_id);
    known.ok_or_else(|| Failure::new(Code::KeyIdUnknown))
}

#[async_trait]
impl Provider for Executor {
    #[tracing::instrument(level = "debug", skip_all, fields(provider = at.definition.id()))]
    async fn authenticate(&self, at: &Workspace) -> Result<Accepted, Failure> {
        if !at.definition.needs_credential() {
            return Ok(Accepted {
                expires_at: None,
                renewed: None,
                asked: false,
            });
        }
        let (credential, scheme) = call::credential(at)?;
        let mut accepted = match scheme.kind() {
            SchemeKind::Header | SchemeKind::Signature => Accepted {
                expires_at: None,
                renewed: None,
                asked: false,
            },
            SchemeKind::Firebase(grant) => {
                let signed_in = self.firebase.sign_in(at.account_id, grant, credential).await?;
                Accepted {
                    expires_at: signed_in.expires_at,
                    renewed: signed_in.renewed,
                    asked: true,
                }
            }
        };
        // A token alone does not prove access to this organisation; its list does. Before a sign-up there
        // is no organisation to ask about.
        if let Some(list) = at
            .definition
            .operation(Act::List)
            .filter(|list| call::has_account_fields(at, list))
        {
            let answer = self.read(at, list, None, None).await?;
            // Whoever answers with a page of words has shown no list, and has accepted nothing.
            read::Listed::default().add(at, list, &answer)?;
            accepted.asked = true;
        }
        Ok(accepted)
    }

    #[tracing::instrument(level = "debug", skip_all, fields(provider = at.definition.id()))]
    async fn list(&self, at: &Workspace) -> Result<KeyList, Failure> {
        let (listed, _) = self.listed(at).await?;
        Ok(KeyList::new(listed.keys, listed.unread))
    }

    #[tracing::instrument(level = "debug", skip_all, fields(provider = at.definition.id()))]
    async fn last_used(&self, at: &Workspace, remote_id: &str) -> Result<LastUse, Failure> {
        if !at.definition.capabilities().reports_last_use {
            return Err(Failure::new(Code::ProviderNotAble));
        }
        if at.definition.tells_last_use_apart() {
            let operation = operation(at, Act::LastUsed)?;
            let remote_id = known_id(at, remote_id)?;
            let answer = self.read(at, operation, Some(remote_id), None).await?;
            return read::last_use(&at.definition, operation, &answer);
        }
        let (listed, told_at) = self.listed(at).await?;
        let found = listed.keys.iter().find(|key| key.remote_id == remote_id);
        let found = found.ok_or_else(|| match listed.unread {
            0 => Failure::new(Code::ProviderKeyGone),
            _ => Failure::new(Code::ProviderEntryUnread),
        })?;
        if listed.unclear.contains(remote_id) {
            return Err(Failure::new(Code::ProviderUnexpected));
        }
        Ok(LastUse {
            at: found.last_used_at,
            told_at,
        })
    }

    #[tracing::instrument(level = "debug", skip_all, fields(provider = at.definition.id()))]
    async fn time(&self, at: &Workspace) -> Result<Option<Timestamp>, Failure> {
        let list = operation(at, Act::List)?;
        Ok(self.read(at, list, None, None).await?.told_at())
    }

    #[tracing::instrument(level = "debug", skip_all, fields(provider = at.definition.id()))]
    async fn mint(&self, at: &Workspace, name: &str) -> Result<Minted, Failure> {
        self.place(at, &Order::mint(name)).await
    }

    #[tracing::instrument(level = "debug", skip_all, fields(provider = at.definition.id()))]
    async fn roll(&self, at: &Workspace, remote_id: &str) -> Result<Minted, Failure> {
        self.place(at, &Order::roll(remote_id)).await
    }

    #[tracing::instrument(level = "debug", skip_all, fields(provider = at.definition.id()))]
    async fn repeat(&self, at: &Workspace, order: &Order) -> Result<Replay, Failure> {
        self.place_again(at, order).await
    }

    #[tracing::instrument(level = "debug", skip_all, fields(provider = at.definition.id()))]
    async fn verify(&self, at: &Workspace, secret: &Secret) -> Verdict {
        let started = self.clock.now();
        let asked = self.ask(at, secret).await;
        let now = self.clock.now();
        let took_ms = u32::try_from(now.duration_since(started).as_millis().max(0)).unwrap_or(u32::MAX);
        Verdict {
            answer: asked.answer,
            at: now,
            took_ms,
            status: asked.status,
            code: asked.code,
            standing: asked.standing,
            expires_at: asked.expires_at,
            told_at: asked.told_at,
            retry_at: asked.retry_at,
        }
    }

    #[tracing::instrument(level = "debug", skip_all, fields(provider = at.definition.id()))]
    async fn revoke(&self, at: &Workspace, remote_id: &str) -> Result<(), Failure> {
        let revoke = operation(at, Act::Revoke)?;
        let remote_id = known_id(at, remote_id)?;
        if at.is_managed_by(remote_id) && in_place(Guard::ManagingKey) {
            return Err(Failure::new(Code::KeyManagesAccount));
        }
        let values = Values {
            account: Some(&at.fields),
            remote_id: Some(remote_id),
            ..Values::default()
        };
        let Some(deactivate) = at.definition.operation(Act::Deactivate) else {
            return self.mutate(at, Act::Revoke, revoke, values).await.map(|_| ());
        };
        // Both belong to one intent: to switch it off once more changes nothing.
        self.mutate(at, Act::Deactivate, deactivate, values).await?;
        match self.mutate(at, Act::Revoke, revoke, values).await {
            Ok(_) => Ok(()),
            // It is off, and it is there.
            Err(failure) if failure.effect == Effect::NotApplied && failure.code != Code::ProviderKeyGone => {
                Err(Failure {
                    code: Code::KeyInactive,
                    ..failure
                })
            }
            Err(failure) => Err(failure),
        }
    }

    #[tracing::instrument(level = "debug", skip_all, fields(provider = at.definition.id()))]
    async fn sign_up(&self, at: &Workspace, inputs: &BTreeMap<String, String>) -> Result<SignedUp, Failure> {
        let signup = operation(at, Act::Signup)?;
        call::check_inputs(signup, inputs)?;
        let values = Values {
            account: Some(&at.fields),
            inputs: Some(inputs),
            ..Values::default()
        };
        let answer = self.mutate(at, Act::Signup, signup, values).await?;
        let mut signed_up = read::signed_up(at, signup, &answer)?;
        signed_up.key.created_at = self.past(signed_up.key.created_at);
        Ok(signed_up)
    }
}
