//! A plan before it runs, and a rotation while and after it runs.

use serde::Serialize;
use ts_rs::TS;

use crate::{ErrorView, RotationActsView, SilenceView};

/// What kind of act a plan is for; all run on the same driver and journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ActKindView {
    Rotate,
    /// A new key.
    Create,
    /// A new organisation at the provider with its first key.
    Signup,
    /// An emergency revocation, without a successor.
    Revoke,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StepKindView {
    Check,
    Mint,
    Store,
    VerifyNew,
    Copy,
    /// Written to one target.
    Deploy,
    /// The person replaces the key where it is used.
    Confirm,
    Wait,
    RevokeOld,
    ProveDead,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StepActorView {
    /// The provider's API.
    Api,
    /// The person.
    Person,
    /// Keywheel on this machine.
    Keywheel,
}

#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanStepView {
    pub step: StepKindView,
    pub title: String,
    pub detail: String,
    pub actor: StepActorView,
}

/// What will happen, before anything does.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanView {
    /// Starting takes this back, so that what runs is what was shown.
    pub hash: String,
    pub act: ActKindView,
    pub strategy: String,
    /// "A second key is created. The old key works until it is revoked."
    pub sentence: String,
    /// What happens to the old key, and when: the one line that never leaves the sheet.
    pub old_key_line: String,
    pub steps: Vec<PlanStepView>,
    /// Index of the first step after the point of no return.
    pub pivot: Option<u32>,
    /// Whether nothing works between the end of the old key and the person's replacement of it.
    pub outage: bool,
    /// How the provider's pace draws it out, where it has one.
    pub pace: Option<PlanPaceView>,
    /// Why it cannot start now, where it cannot.
    pub held: Option<ErrorView>,
    /// Other keys that have the value that goes, in full.
    pub same_value_as: Vec<String>,
    /// "acme/staging/worker has this very value too: what uses it fails once the value is dead."
    pub same_value_line: Option<String>,
    /// "AWS IAM allows 2 keys here, and by its last list there are: …", where a further key has no place.
    pub no_place_line: Option<String>,
}

/// What a provider that takes only so many calls means for a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanPaceView {
    /// "Optiverse takes one call in 3 minutes, and this plan makes two."
    pub sentence: String,
    /// When its last call may be made, after what was called before, if the person waits for nothing.
    pub last_call_at: String,
}

/// One step as it stands.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StepView {
    pub step: StepKindView,
    pub title: String,
    pub detail: String,
    pub actor: StepActorView,
    pub status: StepStatusView,
    pub took_ms: Option<u32>,
    /// The two rails beside the steps: which keys work at this moment.
    pub old_rail: RailView,
    pub new_rail: RailView,
}

#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum StepStatusView {
    Pending,
    Running,
    Done,
    #[serde(rename_all = "camelCase")]
    Waiting {
        waiting_for: WaitingForView,
        until: Option<String>,
    },
    Failed {
        error: ErrorView,
    },
    /// Sent, and no answer that can be trusted: failed it has not.
    Unknown {
        error: ErrorView,
    },
    /// Not reached, and not run while something before it is unsettled.
    Held,
    Skipped,
    /// Taken back.
    Undone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WaitingForView {
    Person,
    Time,
    RateLimit,
    Keychain,
    Network,
}

/// One cell of a rail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum RailView {
    /// Nothing to draw.
    None,
    /// Exists, unproven: hollow.
    Hollow { label: Option<String> },
    /// Works: solid.
    Solid { label: Option<String> },
    /// Yet to come: dashed.
    ToCome { label: Option<String> },
    /// May exist: dashed box.
    MayExist { label: Option<String> },
    /// Ends here: a cross.
    End { label: Option<String> },
}

/// Where the whole stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum RotationStateView {
    /// Opened or stopped between two steps: *Resume* goes on.
    Ready,
    Running,
    /// The person's turn: replace the key where it is used.
    AwaitingPerson,
    AwaitingTime {
        until: String,
    },
    /// An effect is unsettled; *Check* asks the provider.
    Unknown,
    /// A question only a person can answer.
    Asking,
    /// A step failed; what ran stands as it is.
    Failed,
    Undoing,
    Completed {
        at: String,
    },
    /// The new key was discarded.
    Undone {
        at: String,
    },
    /// Closed without any effect.
    Stopped {
        at: String,
    },
    /// Closed by what the person said of each key.
    Settled {
        at: String,
    },
}

/// The whole sheet.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RotationView {
    pub id: String,
    /// Grows with every record: of two views the one with the greater revision is the newer.
    #[ts(type = "number")]
    pub revision: i64,
    pub act: ActKindView,
    pub key_id: String,
    pub key_name: String,
    pub account_id: String,
    pub account_label: String,
    pub provider_id: String,
    pub provider_name: String,
    pub monogram: String,
    pub org_name: String,
    pub environment_id: String,
    pub environment_name: String,
    pub state: RotationStateView,
    /// One sentence: what is true now and what comes next.
    pub headline: String,
    pub sentence: String,
    pub old_key_line: String,
    pub steps: Vec<StepView>,
    pub pivot: Option<u32>,
    /// Whether nothing works between the end of the old key and the person's replacement of it.
    pub outage: bool,
    /// Whether the provider or its list can prove that the old key is dead.
    pub proves: bool,
    /// Index of the step that runs, waits or failed.
    pub current: Option<u32>,
    pub old: Option<VersionLineView>,
    pub new: Option<VersionLineView>,
    pub acts: RotationActsView,
    /// Why the old key is not revoked yet, although it is replaced.
    pub silence: Option<SilenceView>,
    /// What the person is to do on the provider's page now.
    pub task: Option<TaskView>,
    pub question: Option<QuestionView>,
    /// For *unknown*: what checking can find and what each leads to.
    pub findings: Vec<FindingView>,
    pub receipt: Option<ReceiptView>,
    /// Who drives it, where that is not this process.
    pub driven_elsewhere: Option<DriverView>,
    pub opened_at: String,
    /// When its new key came into being; none before.
    pub new_from: Option<String>,
    /// When the old key ended, or ends by itself.
    pub old_until: Option<String>,
    pub closed_at: Option<String>,
}

/// One of the two lines under the steps.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VersionLineView {
    pub version_id: Option<String>,
    pub hint: Option<String>,
    pub held: bool,
    pub state: VersionLineStateView,
    /// "works", "may exist", "ended"
    pub word: String,
    /// Who uses it and when it ends.
    pub detail: String,
    /// When a call with it was last accepted; never, where its value is not held.
    pub accepted_at: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VersionLineStateView {
    Absent,
    MayExist,
    Created,
    Stored,
    /// A call with it was accepted.
    Works,
    /// Nothing was done to it, and nobody asked whether it works.
    Untouched,
    Refused,
    Ended,
    /// Nothing certain is known.
    Unknown,
}

/// What a person does on the provider's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TaskView {
    pub kind: TaskKindView,
    /// One sentence: what to do there.
    pub say: String,
    /// The page, opened in the person's browser.
    pub page: Option<String>,
    /// Which key it is about, where one is to be deleted or replaced.
    pub hint: Option<String>,
    /// The shape of the value that is to be taken: `op_live_…`.
    pub shape: Option<String>,
    /// Which permissions to choose for a new key, where the provider has some.
    pub permissions: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TaskKindView {
    /// Create a key and copy its value.
    Create,
    /// Replace the key in place and copy its value.
    Roll,
    /// Delete the old key.
    Delete,
    /// Delete the new key, which is not wanted.
    Discard,
}

/// A question that only a person can answer.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QuestionView {
    /// Stable: `unaccounted_key`.
    pub code: String,
    pub title: String,
    pub body: String,
    pub candidates: Vec<CandidateView>,
    pub answers: Vec<QuestionAnswerView>,
}

#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CandidateView {
    pub remote_id: String,
    pub hint: Option<String>,
    pub created_at: Option<String>,
}

#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QuestionAnswerView {
    /// Given back as the answer: `revoke`, `keep`, `absent`, `leave`.
    pub id: String,
    pub label: String,
    pub consequence: String,
    pub danger: bool,
}

#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FindingView {
    pub found: String,
    pub leads_to: String,
}

/// What tells that the old key has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptView {
    pub at: String,
    /// "A call with the old key was refused: 401." or "The provider's list no longer shows it."
    pub message: String,
    /// Whether it is a refusal, which alone proves the end.
    pub proven: bool,
}

/// Who drives a rotation in another process.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DriverView {
    pub who: String,
    pub since: String,
}
