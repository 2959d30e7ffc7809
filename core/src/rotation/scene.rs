//! All that a decision rests on: the rotation, what its records say, what its provider can do, and the time.

use std::time::Duration;

use jiff::Timestamp;

use super::history::History;
use super::journal::{Change, Rotation};
use super::moves::{Entry, Settled};
use super::plan::StepKind;
use super::retire::old_version;
use super::state::Event;
use crate::failure::{Code, Effect, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{KeyVersion, VersionId};
use crate::provider::{ReconcileBy, Strategy, Workspace};

/// Pause after a passing failure that says nothing about when.
const RETRY: Duration = Duration::from_secs(30);
/// Pauses between questions, in seconds; the last one repeats.
const BACKOFF: [u64; 9] = [1, 2, 5, 10, 30, 60, 300, 900, 3600];

/// How what a provider has done can be found out, as its definition says.
#[derive(Debug, Clone)]
pub(super) struct ProviderFacts {
    /// By what a key is found whose mint got no answer.
    pub(super) by: ReconcileBy,
    /// How long its parts may take to agree.
    pub(super) lag: Duration,
}

impl ProviderFacts {
    pub(super) fn of(workspace: &Workspace) -> ProviderFacts {
        let reconcile = workspace.definition.reconcile();
        ProviderFacts {
            by: reconcile.by,
            lag: reconcile.lag(),
        }
    }
}

/// Where fresh ids come from.
pub(super) trait Draw {
    fn id_parts(&self) -> (u64, [u8; 10]);
    /// The name sent to the provider: the key's, and a nonce that tells our mint from any other.
    fn mint_name(&self, key_name: &str) -> String;
}

/// What is known at one turn of the driver.
pub(super) struct Scene<'a> {
    pub(super) rotation: &'a Rotation,
    pub(super) history: History,
    pub(super) provider: Result<ProviderFacts, Failure>,
    pub(super) now: Timestamp,
    pub(super) draw: &'a (dyn Draw + Sync),
}

impl Scene<'_> {
    /// What the provider can do; a definition that is not there any more stops whatever needs to know.
    pub(super) fn provider(&self) -> Result<&ProviderFacts, Failure> {
        self.provider.as_ref().map_err(Clone::clone)
    }

    pub(super) fn new_version(&self) -> Result<VersionId, Failure> {
        new_version(self.rotation)
    }

    pub(super) fn old_version(&self) -> Result<&KeyVersion, Failure> {
        old_version(self.rotation)
    }

    /// Whether a new value takes the place of another one, so that no list shows whether it came to be.
    pub(super) fn is_in_place(&self) -> bool {
        self.rotation.plan.rolls() || self.rotation.plan.strategy == Strategy::TwoSlot
    }

    /// The moment after that span.
    pub(super) fn after(&self, span: Duration) -> Timestamp {
        self.now.checked_add(span).unwrap_or(self.now)
    }

    /// How long it is until then.
    pub(super) fn until(&self, at: Timestamp) -> Duration {
        Duration::try_from(at.duration_since(self.now)).unwrap_or(Duration::ZERO)
    }

    /// How long ago that was; a clock that was set back says nothing.
    pub(super) fn since(&self, at: Timestamp) -> Duration {
        Duration::try_from(self.now.duration_since(at)).unwrap_or(Duration::ZERO)
    }

    /// Whether the step was first tried less than `span` ago, for the newest mint.
    pub(super) fn tries_for(&self, kind: StepKind, span: Duration) -> bool {
        self.history.first_tried(kind).is_none_or(|at| {
            let since = Duration::try_from(self.now.duration_since(at));
            // A clock that was set back only lengthens it.
            since.map_or(in_place(Guard::ClockSetBack), |since| since < span)
        })
    }

    /// The outcome of a step that had no effect. One that time alone may cure waits, where asked.
    pub(super) fn not_applied(&self, kind: StepKind, failure: &Failure, wait: bool) -> Entry {
        debug_assert_ne!(
            failure.effect,
            Effect::Unknown,
            "an unknown effect is not written as none"
        );
        let until = failure.retry_at;
        let until = until.or_else(|| (wait && failure.is_passing()).then(|| self.after(RETRY)));
        let event = match until {
            Some(until) => parked(kind, until, Some(failure.code)),
            None => Event::NotApplied(kind, failure.code),
        };
        Entry::because(event, failure)
    }

    /// A step that is not begun, because something has to be mended first.
    pub(super) fn held_up(&self, kind: StepKind, failure: Failure) -> Settled {
        let failure = failure.with_effect(Effect::NotApplied);
        Settled::all([Event::Intended(kind).into(), self.not_applied(kind, &failure, false)])
    }

    /// Parks a step whose question was not answered: until the provider says, or less and less often.
    pub(super) fn undetermined(&self, kind: StepKind, failure: &Failure, changes: Vec<Change>) -> Entry {
        match failure.retry_at {
            Some(until) => Entry::new(parked(kind, until, Some(failure.code)), changes),
            None => self.park(kind, failure.code, changes),
        }
    }

    /// Parks a step that is asked again, less and less often.
    pub(super) fn park(&self, kind: StepKind, code: Code, changes: Vec<Change>) -> Entry {
        let parks = self.history.parked(kind);
        let span = Duration::from_secs(BACKOFF[parks.min(BACKOFF.len() - 1)]);
        Entry::new(parked(kind, self.after(span), Some(code)), changes)
    }
}

/// A step that waits for a moment.
pub(super) fn parked(step: StepKind, until: Timestamp, code: Option<Code>) -> Event {
    Event::Parked {
        step,
        until: Some(until),
        code,
    }
}

/// A step that waits for the person.
pub(super) fn asks_person(step: StepKind) -> Event {
    Event::Parked {
        step,
        until: None,
        code: None,
    }
}

/// Returns the new version, or says that the record is broken.
pub(super) fn new_version(rotation: &Rotation) -> Result<VersionId, Failure> {
    let new = rotation.subject.new.as_ref().map(|version| version.id);
    new.ok_or_else(|| Failure::new(Code::RotationIllegal))
}
