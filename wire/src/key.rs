//! A key, its versions and what can be done with it now.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{ActivityView, FlagView, PolicyView, ReceiptView, TargetView};

/// One row of the list.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyView {
    pub id: String,
    pub name: String,
    pub purpose: PurposeView,
    pub org_id: String,
    pub org_name: String,
    pub account_id: String,
    pub account_label: String,
    pub environment_id: String,
    pub environment_name: String,
    pub provider_id: String,
    pub provider_name: String,
    /// Two letters for the tile.
    pub monogram: String,
    /// The visible shape of the live version, e.g. `sk_live_…x9F2`.
    pub hint: Option<String>,
    /// Whether the value lies in the keychain.
    pub held: bool,
    pub status: StatusView,
    pub age: AgeView,
    /// The last answer of a call with this key.
    pub verdict: Option<VerdictView>,
    pub expires_at: Option<String>,
    /// When the provider last saw it in use, where it tells.
    pub last_used_at: Option<String>,
    /// Of the live version; what Copy and Reveal act on.
    pub version_id: Option<String>,
    pub rotation_id: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What it is used for, in the person's words.
    pub used_for: Option<String>,
    /// What it may do, by the provider's names; empty where that is not said.
    pub permissions: Vec<String>,
    /// The preset that it is meant to be enough for.
    pub preset: Option<String>,
    /// What is amiss beside its age, worst first.
    pub flags: Vec<FlagView>,
    pub waiver: Option<WaiverView>,
    pub acts: KeyActsView,
}

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PurposeView {
    /// A program uses it.
    Service,
    /// It manages the other keys of its account.
    Management,
    /// It signs the provider's webhooks.
    Webhook,
}

/// Where a key stands, worst first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum StatusView {
    /// The provider refuses it.
    Refused {
        since: String,
    },
    Expired {
        at: String,
    },
    /// Its old value was revoked in a rotation that is under way, and no new one is in its place yet.
    NotReplaced {
        since: String,
    },
    #[serde(rename_all = "camelCase")]
    Stale {
        over_days: u32,
    },
    #[serde(rename_all = "camelCase")]
    DueSoon {
        in_days: u32,
    },
    /// Held, and never or inconclusively verified.
    Unverified,
    /// Known from its provider's list; its value is not here.
    NotHeld,
    #[serde(rename_all = "camelCase")]
    Rotating {
        rotation_id: String,
    },
    Fresh,
    Revoked {
        at: String,
    },
}

/// Age against the policy, in whole days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AgeView {
    pub days: u32,
    /// The provider reports no creation date: the key is at least this old.
    pub at_least: bool,
    /// The day of creation is the person's word, not the provider's.
    pub told: bool,
    pub since: String,
    pub limit_days: u32,
    /// Age from which the key is due soon.
    pub due_soon_days: u32,
    /// Days until it turns stale by itself; null where it is stale, ended, or being replaced.
    pub due_in_days: Option<u32>,
}

/// How a finding is waived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WaiverKindView {
    /// Put off: it leaves the queue and counts all the same.
    Snooze,
    /// Known and accepted: a check does not fail for it.
    AcceptRisk,
}

/// What is found with the key is waived for now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WaiverView {
    pub kind: WaiverKindView,
    pub reason: String,
    pub since: String,
    pub until: String,
}

/// What a call with the key said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AnswerView {
    Live,
    Dead,
    Undetermined,
}

/// What an answer says of a key beyond live and dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StandingView {
    /// Live, and not allowed what was asked.
    Restricted,
    /// Its account is suspended.
    Suspended,
    /// Live, with its quota or credits used up.
    Exhausted,
    /// Dead, because its time was over.
    Expired,
    /// Asked too often.
    RateLimited,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VerdictView {
    pub answer: AnswerView,
    pub at: String,
    pub took_ms: u32,
    /// One sentence: "Overten accepted it." / "Overten refused it (invalid_api_key)."
    pub message: String,
    /// Null where the answer says no more than live, dead or nothing.
    pub standing: Option<StandingView>,
    /// One sentence: what to do about it. Null where there is nothing to do.
    pub remedy: Option<String>,
    /// When asking again makes sense.
    pub retry_at: Option<String>,
}

/// What can be done now: nothing where an act can, else the code of what is in the way. The application's `reasons`
/// hold the words, so that ten thousand keys do not repeat them.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyActsView {
    pub copy: Option<String>,
    pub reveal: Option<String>,
    pub verify: Option<String>,
    pub rotate: Option<String>,
    pub revoke: Option<String>,
    /// Paste the value of a key that is not held.
    pub hold: Option<String>,
}

/// The drawer.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyDetailView {
    pub key: KeyView,
    /// Newest first.
    pub versions: Vec<VersionView>,
    pub policy: PolicyView,
    /// What any key of this account can do.
    pub scope_note: String,
    pub expiry_note: String,
    /// What to do when the key has leaked, in the provider's terms.
    pub leak_note: Option<String>,
    /// Names of other keys that hold the very same value.
    pub same_value_as: Vec<String>,
    /// Where it is used.
    pub targets: Vec<TargetView>,
    /// The eight newest events.
    pub history: Vec<ActivityView>,
    /// The provider's page for its keys.
    pub page: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VersionStateView {
    Pending,
    Live,
    Retiring,
    Revoked,
    Compromised,
}

/// One issued credential in the key's slot.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VersionView {
    pub id: String,
    pub state: VersionStateView,
    pub hint: Option<String>,
    pub held: bool,
    /// The provider's id for it.
    pub remote_id: Option<String>,
    /// As the provider or the person reports it, else null: then only `first_seen_at` is known.
    pub created_at: Option<String>,
    /// `created_at` is the person's word, good to the day.
    pub created_told: bool,
    pub first_seen_at: String,
    pub verdict: Option<VerdictView>,
    /// Since when the provider's list lacks it. That alone ends nothing.
    pub unlisted_since: Option<String>,
    /// It has ended, nothing proves that its value is dead, and the value is still in the keychain.
    pub kept: bool,
    /// Its value is held and does not serve: it can be brought back, where it works.
    pub spare: bool,
    pub ended_at: Option<String>,
    /// What tells that it has ended.
    pub receipt: Option<ReceiptView>,
}

/// The one timed reveal: the only shape that carries a value.
#[derive(Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RevealView {
    pub value: String,
    pub hides_in_seconds: u32,
}
