//! A failure as a shell shows it.

use serde::Serialize;
use ts_rs::TS;

/// What a failed act did to the outside world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EffectView {
    /// Nothing changed at the provider.
    NotApplied,
    /// The change happened all the same.
    Applied,
    /// It may or may not have happened; Keywheel asks the provider before it acts again.
    Unknown,
}

/// A rotation stopped for a reason that its own record could not take, such as a full disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StoppedView {
    pub rotation_id: String,
    pub error: ErrorView,
}

/// A failure: stable code, lower-case fragment, remedy, effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ErrorView {
    /// Stable, dotted: `provider.rate_limited`. Scripts may match on it.
    pub code: String,
    /// Lower-case fragment without a full stop, fit for "Connecting failed: {message}".
    pub message: String,
    /// What the person can do, a whole sentence.
    pub remedy: String,
    pub effect: EffectView,
    /// The field of the form or the option that was refused, where the input was at fault.
    pub field: Option<String>,
    /// Vetted facts for the "Details" disclosure, such as `HTTP status 401`; never remote text.
    pub details: Vec<String>,
    /// When a repeat makes sense, where that is known.
    pub retry_at: Option<String>,
}
