//! The shapes that leave Keywheel: the window gets them over IPC, the CLI prints them with `--json`.
//!
//! One shape a thing, so that both shells show the same facts in the same words.
//! Deliberately absent: secrets. The only type here that can carry a value is [`RevealView`],
//! the one timed reveal.
//!
//! Times are RFC 3339 strings in UTC, spans are whole seconds, days or hours as the field says.

mod about;
mod activity;
mod acts;
mod app;
mod batch;
mod connect;
mod error;
mod inventory;
mod key;
mod leak;
mod overview;
mod policy;
mod provider;
pub mod render;
mod rotation;
mod scan;
mod settings;
mod silence;
mod target;
mod typescript;

pub use about::{DescriptionRequest, FlagView, ImportKeyRequest, SnippetsView};
pub use activity::{ActivityView, ActorView, NewFileView, ResultView};
pub use acts::{ClaimView, RotationActsView, SettleView};
pub use app::{
    AppView, ClipboardView, DemoView, DoctorLineView, DoctorView, KeychainStateView, KeychainView, StrayView,
    WantedView,
};
pub use batch::{BatchRequest, BatchStart, BegunView, PlannedView};
pub use connect::{ConnectLineView, ConnectRequest, ConnectView, NewKeyRequest, OrgChoice, PastedView, SignupRequest};
pub use error::{EffectView, ErrorView, StoppedView};
pub use inventory::{
    AccountView, DefinitionChangeView, EnvironmentTierView, EnvironmentView, InventoryView, ListedView, OrgView,
    SyncView, UnaccountedView,
};
pub use key::{
    AgeView, AnswerView, KeyActsView, KeyDetailView, KeyView, PurposeView, RevealView, StandingView, StatusView,
    VerdictView, VersionStateView, VersionView, WaiverKindView, WaiverView,
};
pub use leak::{CandidateProviderView, IdentifiedView, LeakActView, LeakReportView, LeakStepView, LeakedKeyView};
pub use overview::{
    AgeBinView, CauseView, CellView, DueDayView, NextActView, OverviewView, QueueGroupView, QueuedView, StatusWordView,
};
pub use policy::{PolicyEffectView, PolicyView, RuleRequest, RuleView, ScopeKindView, ScopeView};
pub use provider::{CapabilitiesView, FieldView, PartView, PermissionView, PresetView, ProviderView, SchemeView};
pub use rotation::{
    ActKindView, CandidateView, DriverView, FindingView, PlanPaceView, PlanStepView, PlanView, QuestionAnswerView,
    QuestionView, RailView, ReceiptView, RotationStateView, RotationView, StepActorView, StepKindView, StepStatusView,
    StepView, TaskKindView, TaskView, VersionLineStateView, VersionLineView, WaitingForView,
};
pub use scan::{PlaceView, ScanView};
pub use settings::{DensityView, LockKeychainView, LockView, NoticePlaceView, NoticeView, SettingsView, ThemeView};
pub use silence::{SilenceReasonView, SilenceView};
pub use target::{TargetCommandView, TargetKindView, TargetStandsView, TargetView};
pub use typescript::typescript;
