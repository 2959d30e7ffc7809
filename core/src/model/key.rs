//! Keys and their versions.

use jiff::Timestamp;

use super::{AccountId, EnvironmentId, Fingerprint, Hint, KeyId, Name, Verdict, VersionId};

/// The slot a program knows by name; outlives its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub id: KeyId,
    pub account_id: AccountId,
    pub environment_id: EnvironmentId,
    pub name: Name,
    pub purpose: Purpose,
}

/// What people say of a key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Who answers for it: a person or a team.
    pub owner: Option<Name>,
    /// What it is used for, in the person's words.
    pub used_for: Option<Name>,
    /// What it may do, by the names of its provider's definition.
    pub permissions: Vec<String>,
    /// What it is meant to be enough for: the name of one of the definition's presets.
    pub preset: Option<String>,
}

impl About {
    /// Whether it is this owner's, however that is written.
    pub fn is_of(&self, owner: &Name) -> bool {
        let written = |name: &Name| name.as_str().to_lowercase();
        self.owner.as_ref().is_some_and(|own| written(own) == written(owner))
    }
}

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A program uses it.
    Service,
    /// It manages the other keys of its account.
    Management,
    /// It signs the provider's webhooks.
    Webhook,
}

impl Purpose {
    pub fn as_str(self) -> &'static str {
        match self {
            Purpose::Service => "service",
            Purpose::Management => "management",
            Purpose::Webhook => "webhook",
        }
    }

    pub fn parse(word: &str) -> Option<Purpose> {
        [Purpose::Service, Purpose::Management, Purpose::Webhook]
            .into_iter()
            .find(|one| one.as_str() == word)
    }
}

/// `pending → live → retiring → revoked`, and `compromised` from any of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionState {
    /// Intended or minted, not yet proven to work.
    Pending,
    Live,
    /// A successor serves; not yet revoked.
    Retiring,
    /// Ended, by us or as seen at the provider.
    Revoked,
    /// Known to somebody who should not know it.
    Compromised,
}

impl VersionState {
    pub fn as_str(self) -> &'static str {
        match self {
            VersionState::Pending => "pending",
            VersionState::Live => "live",
            VersionState::Retiring => "retiring",
            VersionState::Revoked => "revoked",
            VersionState::Compromised => "compromised",
        }
    }

    pub fn parse(word: &str) -> Option<VersionState> {
        use VersionState::*;
        [Pending, Live, Retiring, Revoked, Compromised]
            .into_iter()
            .find(|state| state.as_str() == word)
    }
}

/// One issued credential in the key's slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyVersion {
    pub id: VersionId,
    pub key_id: KeyId,
    pub state: VersionState,
    /// The provider's id for it.
    pub remote_id: Option<String>,
    /// How the provider's list shows its beginning.
    pub prefix: Option<String>,
    pub hint: Option<Hint>,
    pub fingerprint: Option<Fingerprint>,
    /// Whether its value lies in the keychain, under its id.
    pub held: bool,
    /// As the provider or the person reports it.
    pub created_at: Option<Timestamp>,
    /// When Keywheel first saw it.
    pub first_seen_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    /// When the provider last saw it in use, where it tells.
    pub last_used_at: Option<Timestamp>,
    /// Whether the provider's list shows it as switched off: there, and refused until somebody switches it on.
    pub switched_off: bool,
    /// Whether its value was not in its place in the answer, and was searched for: it may be another word.
    pub searched: bool,
    /// Whether a list has shown it by its id.
    pub was_listed: bool,
    /// Since when the provider's list lacks it. That it lacks it ends nothing: it may be back in the next one.
    pub unlisted_since: Option<Timestamp>,
    pub verdict: Option<Verdict>,
    pub ended_at: Option<Timestamp>,
    pub receipt: Option<Receipt>,
}

impl KeyVersion {
    /// Returns the moment its age runs from, and whether that is only a lower bound of its age.
    pub fn born(&self) -> (Timestamp, bool) {
        match self.created_at {
            Some(at) => (at, false),
            None => (self.first_seen_at, true),
        }
    }

    /// Whether the provider's last list has it, as far as is known.
    pub fn is_listed(&self) -> bool {
        self.remote_id.is_some() && self.unlisted_since.is_none() && self.ended_at.is_none()
    }

    /// Whether it does not serve and its value is there: kept after its end, or left beside the one that serves.
    pub fn is_spare(&self) -> bool {
        self.is_kept() || self.held && self.ended_at.is_none() && self.state == VersionState::Retiring
    }

    /// Whether it has ended, and its value is still there: nothing has shown that the value is dead.
    pub fn is_kept(&self) -> bool {
        let proven = self.receipt.as_ref().is_some_and(Receipt::is_proof);
        self.held && self.ended_at.is_some() && !proven
    }
}

/// What tells that a version has ended. Only a refusal proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receipt {
    /// A call with its value was refused as the definition says a dead key is.
    Refused { at: Timestamp, status: u16 },
    /// An act of ours was accepted, and the provider's list no longer shows it; no call was made with its value.
    Unlisted { at: Timestamp },
    /// Neither could be asked: it is the provider's or the person's word that it ended.
    Word { at: Timestamp },
}

impl Receipt {
    /// Whether it shows that the value is dead, so that nothing is lost with it.
    pub fn is_proof(&self) -> bool {
        matches!(self, Receipt::Refused { .. })
    }
}
