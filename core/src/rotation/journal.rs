//! What is written before and after each effect: the port, and the shapes that cross it.
//!
//! A record holds ids, references, fingerprints and codes; no value and no remote text.

use async_trait::async_trait;
use jiff::Timestamp;
use std::collections::BTreeMap;

use super::elapsed::Reading;
use super::plan::{Act, Plan, StepKind};
use super::state::{Event, Position, State};
use crate::clock::Steady;
use crate::failure::Failure;
use crate::model::{
    About, Account, Binding, BindingId, Fingerprint, Hint, Key, KeyVersion, Purpose, Receipt, RotationId,
    UnaccountedId, Verdict, VersionId, VersionState,
};

/// A rotation as its journal and its row tell it.
#[derive(Debug, Clone)]
pub struct Rotation {
    pub id: RotationId,
    pub plan: Plan,
    pub position: Position,
    pub subject: Subject,
    /// What the sign-up form gave; empty for every other act.
    pub inputs: BTreeMap<String, String>,
    /// The name sent to the provider with the last mint; it carries the nonce.
    pub mint_name: Option<String>,
    /// What was sent with it, as long as it may be sent again.
    pub repeatable: Option<SentMint>,
    /// Mints sent so far.
    pub mints: u32,
    pub opened_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    /// Who drives it now, where somebody does.
    pub driver: Option<DriverIdentity>,
    /// It was open in a state of the data directory that was put back: nobody knows what became of it since. Whoever drives
    /// it has looked.
    pub behind: bool,
    /// What the provider's answer said that led to the newest record, where one did.
    pub said: Option<Said>,
    /// All records, oldest first.
    pub records: Vec<Record>,
}

/// What an answer of the provider said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Of HTTP.
    pub status: u16,
    /// One that the definition lists.
    pub code: Option<String>,
}

impl Said {
    pub fn of(failure: &Failure) -> Option<Said> {
        failure.said().map(|(status, code)| Said {
            status,
            code: code.map(str::to_owned),
        })
    }
}

impl Rotation {
    pub fn act(&self) -> Act {
        self.plan.act
    }

    /// The version that was to be minted never came to be.
    pub fn never(&self, at: Timestamp) -> Option<Change> {
        let new = self.subject.new.as_ref();
        let new = new.filter(|new| new.state == VersionState::Pending)?;
        Some(Change::Ended {
            version: new.id,
            at,
            receipt: None,
        })
    }

    /// Whether something may have been created, or replaced in place, that was neither discarded since nor shown not to
    /// be. A person's word that there is nothing does not count in place, where only the old value could tell.
    pub fn may_have_minted(&self) -> bool {
        self.history().may_have_minted()
    }

    /// Whether a request that made the new key, or was to end it, has no answer: only who reaches where it was sent can tell what
    /// became of it.
    pub fn lacks_answer(&self) -> bool {
        let mints = self.position.step(&self.plan) == Some(StepKind::Mint);
        let sent = self.position.is_unsettled() && (mints || self.position.is_discarding());
        sent && self.may_have_minted()
    }

    /// Whether nothing goes on before a person does something: nobody drives it, and no moment wakes it; or it finds the
    /// old key in use or replaced elsewhere too, and a person has to see where.
    pub fn needs_person(&self) -> bool {
        if self.behind && !self.position.is_closed() {
            return true;
        }
        match self.position.state {
            State::Ready | State::Doing => self.driver.is_none(),
            State::Restoring | State::RestoreDoing | State::Discarding(_) | State::DiscardDoing(_) => {
                self.driver.is_none()
            }
            State::Failed(_) | State::Unknown(_) | State::AwaitingPerson | State::Asking => true,
            State::RestoreFailed(_) | State::DiscardAwaiting(_) | State::DiscardUnknown(_) => true,
            State::AwaitingTime { .. } => self.spared().is_some(),
            State::Closed(_) => false,
        }
    }
}

/// A mint that was sent at a provider which gives a lost answer again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentMint {
    /// Names the request byte for byte (`provider::Repeatable`), and by a fingerprint the credential that sent it.
    pub request: String,
    /// When it was sent, by a clock that nobody can set.
    pub steady: Steady,
}

/// What a rotation is about.
#[derive(Debug, Clone)]
pub struct Subject {
    pub key: Key,
    /// What people say of it now.
    pub about: About,
    pub account: Account,
    pub old: Option<KeyVersion>,
    pub new: Option<KeyVersion>,
    /// Where the key is used, in the plan's order.
    pub bindings: Vec<Binding>,
}

/// One row of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    pub seq: i64,
    pub at: Timestamp,
    pub event: Event,
}

/// Who drives: one process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriverIdentity {
    /// Names the process's lock file; while that is held, the process lives.
    pub instance: String,
    /// "window" or "cli"; the actor of the activity.
    pub who: String,
    pub since: Timestamp,
}

/// The right to write records of one rotation, until somebody takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fence {
    pub rotation_id: RotationId,
    pub number: i64,
}

/// A key that comes into the inventory with a record.
#[derive(Debug, Clone)]
pub struct NewKey {
    pub key: Key,
    pub version: KeyVersion,
}

/// What a record changes in the inventory, in the same transaction.
#[derive(Debug, Clone)]
pub enum Change {
    /// All key ids that the provider listed before the mint.
    Snapshot(Vec<String>),
    /// What clocks showed that nobody can set.
    Reading(Reading),
    /// What the answer said that led to the record.
    Said(Said),
    /// When the provider last saw the version in use, as it told just now.
    Used {
        version: VersionId,
        at: Timestamp,
    },
    /// The name and the version of the mint that is about to be sent.
    MintNamed {
        name: String,
        version: Box<KeyVersion>,
        /// The provider gets it; else a person has a name to use.
        sent: bool,
        repeatable: Option<SentMint>,
    },
    /// The provider does not give the answer again: it is not asked for any more.
    NotRepeatable,
    /// The provider's facts about a new version.
    Minted {
        version: VersionId,
        remote_id: Option<String>,
        created_at: Option<Timestamp>,
        expires_at: Option<Timestamp>,
    },
    /// The value was not in its place in the answer.
    Searched {
        version: VersionId,
    },
    /// The value lies in the keychain, read back equal.
    Held {
        version: VersionId,
        hint: Hint,
        fingerprint: Fingerprint,
    },
    Verdict {
        version: VersionId,
        verdict: Verdict,
    },
    /// The new version serves: it is live, the former live one retires.
    Promoted {
        new: VersionId,
    },
    /// It may live on beside the version that serves.
    Retired {
        version: VersionId,
    },
    /// The version was put at the target and seen there.
    Deployed {
        binding: BindingId,
        version: VersionId,
    },
    Ended {
        version: VersionId,
        at: Timestamp,
        receipt: Option<Receipt>,
    },
    AccountFields(BTreeMap<String, String>),
    /// A further key that came with it, e.g. the webhook secret of a sign-up.
    Added(Box<NewKey>),
    Unaccounted {
        id: UnaccountedId,
        remote_id: Option<String>,
        prefix: Option<String>,
        from: Timestamp,
        to: Timestamp,
    },
    /// The person settled all that this rotation left unaccounted.
    Accounted {
        remote_id: Option<String>,
        settled_as: &'static str,
    },
}

/// The port. Every call is one transaction, durable when it returns.
#[async_trait]
pub trait Journal: Send + Sync {
    async fn load(&self, id: RotationId) -> Result<Rotation, Failure>;

    /// Takes the right to drive; refused while another living process has it.
    async fn acquire(&self, id: RotationId, driver: &DriverIdentity) -> Result<Fence, Failure>;

    /// Gives it back.
    async fn release(&self, fence: Fence) -> Result<(), Failure>;

    /// Appends the record, moves the rotation and applies the changes; refused when the fence is no
    /// longer the newest, or the state does not take the event.
    async fn record(&self, fence: Fence, at: Timestamp, event: Event, changes: Vec<Change>) -> Result<(), Failure>;

    /// Readings since the newest mint, oldest first.
    async fn readings(&self, id: RotationId) -> Result<Vec<Reading>, Failure>;

    /// The snapshot of the last check.
    async fn snapshot(&self, id: RotationId) -> Result<Vec<String>, Failure>;

    /// Provider ids of the rotation's account that the inventory has for keys which have not ended, but for the one that
    /// the rotation makes.
    async fn known_remote_ids(&self, id: RotationId) -> Result<Vec<String>, Failure>;

    /// Whether the inventory holds the value of another key that has this provider id in the account of the rotation.
    async fn is_held_elsewhere(&self, id: RotationId, remote_id: &str) -> Result<bool, Failure>;

    /// Whether another version than the one that the rotation makes has or had this value, in any account.
    async fn is_known_value(&self, id: RotationId, value: &Fingerprint) -> Result<bool, Failure>;

    /// The names that mints of ours have carried, in the account of the rotation.
    async fn mint_names(&self, id: RotationId) -> Result<Vec<String>, Failure>;

    /// The name that the newest mint of a version carried.
    async fn mint_name(&self, version: VersionId) -> Result<Option<String>, Failure>;

    /// What was listed before a mint of ours made the version, as long as nothing but that mint's answer tells its id.
    async fn listed_before(&self, version: VersionId) -> Result<Option<Vec<String>>, Failure>;

    /// The names of the account's other keys that serve.
    async fn names_beside(&self, id: RotationId) -> Result<Vec<String>, Failure>;

    /// A list tells the version's id too: it shows no other key that the mint may have made.
    async fn vouched(&self, version: VersionId) -> Result<(), Failure>;

    /// When its provider said, in answer to a mint, that a version was made; none where it did not say.
    async fn told_made_at(&self, version: VersionId) -> Result<Option<Timestamp>, Failure>;

    /// Of each other key that has the value of the rotation's old version: where it is used.
    /// Whether an account here is managed by that value.
    async fn is_credential(&self, value: &Fingerprint) -> Result<bool, Failure>;
    async fn sharing(&self, id: RotationId) -> Result<Vec<Vec<Binding>>, Failure>;

    /// Other keys of the account that are held, were accepted when they were last called with, and are not being replaced:
    /// newest first, three at most.
    async fn held_beside(&self, id: RotationId) -> Result<Vec<KeyVersion>, Failure>;

    /// Mints sent in the account of the rotation since then whose values the keychain does not have.
    async fn lost_since(&self, id: RotationId, since: Timestamp) -> Result<u32, Failure>;

    /// The list shows the version by that id, whatever was told before.
    async fn listed_as(&self, version: VersionId, remote_id: &str, at: Timestamp) -> Result<(), Failure>;

    /// What a call with a version's value told, where no record of the rotation follows from it.
    async fn answered(&self, version: VersionId, verdict: &Verdict) -> Result<(), Failure>;

    /// The value of an ended version is out of the keychain.
    async fn forgotten(&self, version: VersionId) -> Result<(), Failure>;
}

impl NewKey {
    /// Returns what a further secret of the definition is for, by its name there.
    pub fn purpose_of(name: &str) -> Purpose {
        if name.contains("webhook") {
            Purpose::Webhook
        } else {
            Purpose::Service
        }
    }
}
