//! What Keywheel asks of a provider, whatever the provider is.

mod built_in;
mod catalog;
mod definition;
mod execute;
mod formats;
mod listed;
mod looks;
mod paced;
mod recognise;
mod template;

pub use built_in::is_built_in_host;
pub use catalog::{Catalog, CatalogProblem};
pub use definition::{
    BoundTo, Capabilities, Definition, DefinitionProblem, Field, FieldKind, Grace, GraceStarts, Guide, Meaning, Pace,
    Part, Performer, Permission, Preset, ProviderStep, Reason, Reconcile, ReconcileBy, Scheme, Strategy,
};
pub use execute::{Executor, Order, Repeatable, Replay};
pub use listed::KeyList;
pub use paced::{Paced, Quota, Turns};
pub use recognise::Candidate;

use async_trait::async_trait;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::failure::Failure;
pub use crate::model::RemoteKey;

use crate::model::{AccountId, Credential, Secret, Verdict};

/// An account as a request needs it. Lives for one act; the credential is wiped with it.
pub struct Workspace {
    pub account_id: AccountId,
    pub definition: Arc<Definition>,
    /// Non-secret facts by the definition's names.
    pub fields: BTreeMap<String, String>,
    pub base_url: Option<String>,
    /// Absent for calls that only use a key's own value.
    pub credential: Option<Credential>,
    /// By it the provider knows a mint or a roll of this act again, where its definition says how.
    pub nonce: Option<String>,
}

impl Workspace {
    /// Whether all that the definition needs to find the workspace is known; not so before a sign-up.
    pub fn is_placed(&self) -> bool {
        self.definition
            .account_fields()
            .iter()
            .all(|field| !field.required() || self.fields.contains_key(field.name()))
    }

    /// Whether the management credential is the key of that id: without it nothing could be undone any more.
    pub fn is_managed_by(&self, remote_id: &str) -> bool {
        let mut parts = self.credential.iter().flat_map(|credential| credential.secret.parts());
        !self.definition.parts().is_empty() && parts.next() == Some(remote_id)
    }
}

/// A key that was just created.
pub struct Minted {
    /// Its value was not in its place, and was searched for.
    pub searched: bool,
    pub secret: Secret,
    /// Not every provider tells it; then the list does.
    pub remote_id: Option<String>,
    pub created_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
}

/// What opening an organisation at the provider gave.
pub struct SignedUp {
    /// Fields of the account that are now known, e.g. `org_id`.
    pub fields: BTreeMap<String, String>,
    pub key: Minted,
    /// Further secrets by their definition's names, e.g. `webhook_secret`.
    pub others: Vec<(String, Secret)>,
}

/// When a key was last used, as its provider tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastUse {
    /// None: never.
    pub at: Option<Timestamp>,
    /// What the provider's clock showed when it was asked, where the answer has a date.
    pub told_at: Option<Timestamp>,
}

/// A management credential that was accepted.
pub struct Accepted {
    /// When it stops working by itself, where that is known.
    pub expires_at: Option<Timestamp>,
    /// The provider handed out a successor of the long-lived secret (RFC 6749 §6): store it.
    pub renewed: Option<Secret>,
    /// Whether a call was made with it at all; where nothing can be asked, it is taken unproven.
    pub asked: bool,
}

/// The port. Every failure says what it did to the outside world.
#[async_trait]
pub trait Provider: Send + Sync {
    /// Proves the management credential without an effect.
    async fn authenticate(&self, at: &Workspace) -> Result<Accepted, Failure>;

    /// Lists all keys, all pages.
    async fn list(&self, at: &Workspace) -> Result<KeyList, Failure>;

    /// Asks when a key was last used, by a call of its own or by the list. What cannot be read is a failure.
    async fn last_used(&self, at: &Workspace, remote_id: &str) -> Result<LastUse, Failure>;

    /// Asks what the provider's clock shows: the date of an answer that reads keys; none where it has no date.
    async fn time(&self, at: &Workspace) -> Result<Option<Timestamp>, Failure>;

    /// Creates a key. Sent at most once.
    async fn mint(&self, at: &Workspace, name: &str) -> Result<Minted, Failure>;

    /// Has a key replaced in place, or the key in a slot of that name; what it gives is the new value. Sent at
    /// most once.
    async fn roll(&self, at: &Workspace, remote_id: &str) -> Result<Minted, Failure>;

    /// Sends an order again, byte for byte and with its nonce, at a provider that gives its answer again
    /// ([`Workspace::repeatable`]). Sent at most once.
    async fn repeat(&self, at: &Workspace, order: &Order) -> Result<Replay, Failure>;

    /// Calls with the key's value. Whatever goes wrong is an undetermined verdict, not a failure.
    async fn verify(&self, at: &Workspace, secret: &Secret) -> Verdict;

    /// Makes a key stop working. Sent at most once. That it worked is not yet proof.
    async fn revoke(&self, at: &Workspace, remote_id: &str) -> Result<(), Failure>;

    /// Opens an organisation with its first key. Sent at most once.
    async fn sign_up(&self, at: &Workspace, inputs: &BTreeMap<String, String>) -> Result<SignedUp, Failure>;
}
