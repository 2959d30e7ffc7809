//! An order for a new value: placed once, and asked for again where its provider gives a lost answer again.

use std::collections::BTreeMap;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::{Executor, call, operation, outcome, read};
use crate::failure::{Code, Failure};
use crate::provider::definition::{Act, Definition, Idempotency, Operation, Said};
use crate::provider::template::Values;
use crate::provider::{Minted, Workspace};

/// What is ordered: a key of a name, or another value in the place of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    inputs: BTreeMap<String, String>,
    /// The key, or the slot, that is replaced.
    remote_id: Option<String>,
}

/// An order that its provider knows again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeatable {
    /// SHA-256 of the request that the provider gets, in hex: method, address, key and body, without what authenticates.
    pub request: String,
    /// How long the provider knows it.
    pub ttl: Duration,
}

/// What an order gave that was sent again.
pub enum Replay {
    /// The answer that got lost.
    Given(Minted),
    /// It was carried out under that id, and its value is not told again.
    WithoutValue(String),
    /// The first request is still being carried out.
    InProgress,
}

impl Order {
    pub fn mint(name: &str) -> Order {
        Order {
            inputs: BTreeMap::from([("name".to_owned(), name.to_owned())]),
            remote_id: None,
        }
    }

    /// Of a key's id, or a slot's name.
    pub fn roll(remote_id: &str) -> Order {
        Order {
            inputs: BTreeMap::new(),
            remote_id: Some(remote_id.to_owned()),
        }
    }

    /// The key, or the slot, that is replaced.
    pub fn replaces(&self) -> Option<&str> {
        self.remote_id.as_deref()
    }

    fn act(&self) -> Act {
        match self.remote_id {
            Some(_) => Act::Roll,
            None => Act::Mint,
        }
    }

    fn values<'a>(&'a self, at: &'a Workspace) -> Values<'a> {
        Values {
            account: Some(&at.fields),
            remote_id: self.remote_id.as_deref(),
            inputs: Some(&self.inputs),
        }
    }

    /// Returns the operation; a key or a slot that nobody knows is not named to the provider.
    fn operation<'a>(&self, at: &'a Workspace) -> Result<&'a Operation, Failure> {
        let found = operation(at, self.act())?;
        let known = |id: &str| match at.definition.slots() {
            Some(slots) => slots.iter().any(|slot| slot == id),
            None => at.definition.matches_remote_id(id),
        };
        match self.remote_id.as_deref().is_none_or(known) {
            true => Ok(found),
            false => Err(Failure::new(Code::KeyIdUnknown)),
        }
    }
}

impl Workspace {
    /// Names the order's request, where the provider gives its answer with the value again; none where it does not, or
    /// where it cannot be built.
    pub fn repeatable(&self, order: &Order) -> Option<Repeatable> {
        let operation = order.operation(self).ok()?;
        let key = operation.idempotency.as_ref().filter(|key| key.replays_secret)?;
        let request = call::marked(self, operation, order.values(self)).ok()?;
        let marked = request.headers.get(key.header.name())?;
        let mut digest = Sha256::new();
        let parts = [
            request.method.as_str().as_bytes(),
            request.url.as_str().as_bytes(),
            key.header.name().as_str().as_bytes(),
            marked.as_bytes(),
            request.body.as_ref().map_or(&[][..], |body| body.as_slice()),
        ];
        for part in parts {
            digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            digest.update(part);
        }
        Some(Repeatable {
            request: digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect(),
            ttl: key.ttl,
        })
    }
}

impl Executor {
    pub(super) async fn place(&self, at: &Workspace, order: &Order) -> Result<Minted, Failure> {
        let operation = order.operation(at)?;
        let answer = self.mutate(at, order.act(), operation, order.values(at)).await?;
        self.minted(at, operation, &answer)
    }

    fn minted(&self, at: &Workspace, operation: &Operation, answer: &crate::http::Response) -> Result<Minted, Failure> {
        let minted = read::minted(at, operation, answer)?;
        Ok(Minted {
            created_at: self.past(minted.created_at),
            ..minted
        })
    }

    pub(super) async fn place_again(&self, at: &Workspace, order: &Order) -> Result<Replay, Failure> {
        let operation = order.operation(at)?;
        let key = operation.idempotency.as_ref().filter(|key| key.replays_secret);
        let key = key.ok_or_else(|| Failure::new(Code::ProviderNotAble))?;
        let sent = self.send(at, operation, order.values(at)).await?;
        if is_in_progress(&at.definition, key, &sent) {
            return Ok(Replay::InProgress);
        }
        let judged = outcome::of_mutation(&at.definition, order.act(), operation, sent, self.clock.now());
        self.forget_refused(at, &judged);
        let answer = judged?;
        self.minted(at, operation, &answer)
            .map(Replay::Given)
            .or_else(|failure| {
                let id = read::id(at, operation, &answer);
                id.map(Replay::WithoutValue).ok_or(failure)
            })
    }
}

fn is_in_progress(definition: &Definition, key: &Idempotency, sent: &outcome::Sent) -> bool {
    let Ok(answer) = sent else { return false };
    let body = answer.read(definition.answers());
    let code = outcome::error_code(definition, answer.status, body.as_ref());
    let said = Said {
        status: answer.status,
        code: code.as_deref(),
        body: body.as_ref(),
    };
    key.in_progress.iter().any(|one| one.fits(said))
}
