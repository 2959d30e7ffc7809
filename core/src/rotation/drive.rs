//! The only loop that causes effects: next step, intent, effect, outcome, state.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::effects::{Copied, Effects};
use super::fresh::Fresh;
use super::journal::{Change, DriverIdentity, Fence, Journal, Record, Rotation};
use super::plan::StepKind;
use super::state::{Ending, Event, State};
use crate::failure::{Code, Effect, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{RotationId, VersionId};
use crate::vault::VaultRef;

/// Told after every record; a window shows it.
pub trait Observer: Send + Sync {
    fn changed(&self, rotation: &Rotation);
    /// What an end of this process would lose of that rotation from now on.
    fn at_risk(&self, _rotation: RotationId, _what: AtRisk) {}
}

/// What an end of the process would lose, least first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum AtRisk {
    /// All there is lies in the journal and the keychain.
    #[default]
    Nothing,
    /// A key is being created: its value may arrive at any moment, or is on its way to the keychain.
    Creating,
    /// A value exists only in this process's memory: the keychain refuses it.
    Held,
}

/// Nobody looks on.
pub struct Silent;

impl Observer for Silent {
    fn changed(&self, _: &Rotation) {}
}

/// Drives rotations for one process.
pub struct Driver {
    pub(super) journal: Arc<dyn Journal>,
    pub(super) effects: Effects,
    observer: Arc<dyn Observer>,
    who: DriverIdentity,
}

/// What the loop does after a step.
pub(super) enum Next {
    Go,
    /// Nothing more can be done now.
    Rest,
}

impl Driver {
    pub fn new(journal: Arc<dyn Journal>, effects: Effects, observer: Arc<dyn Observer>, who: DriverIdentity) -> Self {
        Driver {
            journal,
            effects,
            observer,
            who,
        }
    }

    /// Drives until the rotation is closed, needs a person, or would wait longer than `patience`.
    pub async fn drive(&self, id: RotationId, patience: Duration) -> Result<Rotation, Failure> {
        let fence = self.journal.acquire(id, &self.who).await?;
        let driven = self.run(fence, patience).await;
        let released = self.journal.release(fence).await;
        driven?;
        released?;
        let rotation = self.journal.load(id).await?;
        self.observer.changed(&rotation);
        Ok(rotation)
    }

    /// Writes one event of the person's, then drives on.
    pub async fn tell(
        &self,
        id: RotationId,
        event: Event,
        changes: Vec<Change>,
        patience: Duration,
    ) -> Result<Rotation, Failure> {
        self.under_fence(id, patience, async |fence, _: &Rotation| {
            self.record(fence, event, changes).await
        })
        .await
    }

    /// Does what a person asked for while no other process may, then drives on.
    pub(super) async fn under_fence(
        &self,
        id: RotationId,
        patience: Duration,
        first: impl AsyncFnOnce(Fence, &Rotation) -> Result<(), Failure>,
    ) -> Result<Rotation, Failure> {
        let fence = self.journal.acquire(id, &self.who).await?;
        let driven = match self.journal.load(id).await {
            Ok(rotation) => match first(fence, &rotation).await {
                Ok(()) => self.run(fence, patience).await,
                Err(failure) => Err(failure),
            },
            Err(failure) => Err(failure),
        };
        self.journal.release(fence).await?;
        driven?;
        let rotation = self.journal.load(id).await?;
        self.observer.changed(&rotation);
        Ok(rotation)
    }

    async fn run(&self, fence: Fence, patience: Duration) -> Result<(), Failure> {
        // Lives from the provider's answer to the keychain's; the only place where a new value is not stored.
        let mut fresh = Fresh::of(fence.rotation_id, &*self.observer);
        // What is asked again and again at one step is waited for once: whoever looks on does not wait for ever.
        let (mut waited, mut at) = (Duration::ZERO, None);
        loop {
            let rotation = self.journal.load(fence.rotation_id).await?;
            self.observer.changed(&rotation);
            if at.replace(rotation.position.cursor) != Some(rotation.position.cursor) {
                waited = Duration::ZERO;
            }
            let next = match rotation.position.state {
                State::Closed(_)
                | State::Failed(_)
                | State::RestoreFailed(_)
                | State::Asking
                | State::DiscardAwaiting(_) => return Ok(()),
                State::AwaitingPerson => self.arrived(fence, &rotation).await?,
                State::Ready => match rotation.position.step(&rotation.plan) {
                    None => {
                        self.record(fence, Event::Closed(Ending::Completed), vec![]).await?;
                        Next::Go
                    }
                    Some(kind) => self.perform(fence, &rotation, kind, &mut fresh).await?,
                },
                State::Doing | State::RestoreDoing => self.interrupted(fence, &rotation).await?,
                State::Unknown(_) => self.reconcile(fence, &rotation, &mut fresh).await?,
                State::AwaitingTime { until, .. } => {
                    let left = until.duration_since(self.effects.clock.now());
                    let left = Duration::try_from(left).unwrap_or(Duration::ZERO);
                    if waited + left > patience && fresh.is_empty() {
                        return Ok(());
                    }
                    waited += left;
                    self.effects.clock.sleep(left).await;
                    self.wake(fence, &rotation).await?
                }
                State::Restoring => self.restore(fence, &rotation).await?,
                State::Discarding(_) | State::DiscardDoing(_) | State::DiscardUnknown(_) => {
                    self.discard(fence, &rotation).await?
                }
            };
            if matches!(next, Next::Rest) {
                return Ok(());
            }
        }
    }

    async fn perform(
        &self,
        fence: Fence,
        rotation: &Rotation,
        kind: StepKind,
        fresh: &mut Fresh<'_>,
    ) -> Result<Next, Failure> {
        match kind {
            StepKind::Check => self.check(fence, rotation).await,
            StepKind::Mint if !rotation.plan.sends(kind) => self.ask_to_mint(fence, rotation).await,
            StepKind::Mint => self.mint(fence, rotation, fresh).await,
            StepKind::Store => self.store(fence, rotation, fresh).await,
            StepKind::VerifyNew => self.verify_new(fence, rotation).await,
            StepKind::Copy => self.copy(fence, rotation).await,
            StepKind::Deploy(n) => self.deploy(fence, rotation, n).await,
            StepKind::Confirm => self.rest(fence, kind, None).await,
            StepKind::Wait => self.wait(fence, rotation).await,
            StepKind::RevokeOld => self.revoke_old(fence, rotation).await,
            StepKind::ProveDead => self.prove_dead(fence, rotation).await,
        }
    }

    /// Waits for the person, or for a moment of ours.
    pub(super) async fn rest(&self, fence: Fence, step: StepKind, until: Option<Timestamp>) -> Result<Next, Failure> {
        self.rest_with(fence, step, until, vec![]).await
    }

    /// The same, with what was learnt before.
    pub(super) async fn rest_with(
        &self,
        fence: Fence,
        step: StepKind,
        until: Option<Timestamp>,
        learnt: Vec<Change>,
    ) -> Result<Next, Failure> {
        self.record(fence, Event::Intended(step), learnt).await?;
        let parked = Event::Parked {
            step,
            until,
            code: None,
        };
        self.record(fence, parked, vec![]).await?;
        Ok(Next::Go)
    }

    async fn copy(&self, fence: Fence, rotation: &Rotation) -> Result<Next, Failure> {
        let kind = StepKind::Copy;
        let version = new_version(rotation)?;
        self.record(fence, Event::Intended(kind), vec![]).await?;
        let copied = match self.effects.vault.get(&VaultRef::version(version)).await {
            Ok(Some(secret)) => {
                let hint = crate::model::Hint::of(&secret);
                let what = Copied {
                    version_id: version,
                    key_name: rotation.subject.key.name.to_string(),
                    hint,
                };
                match self.effects.workspaces.using(&rotation.subject.account).await {
                    Ok(workspace) => {
                        let written = workspace.definition.written_out(&secret);
                        self.effects.clipboard.put(&written, &what).await
                    }
                    Err(failure) => Err(failure),
                }
            }
            Ok(None) => Err(Failure::new(Code::KeychainMissing)),
            Err(failure) => Err(failure),
        };
        let event = match copied {
            Ok(()) => Event::Applied(kind),
            Err(failure) => Event::Skipped(kind, failure.code),
        };
        self.record(fence, event, vec![]).await?;
        Ok(Next::Go)
    }

    /// The process that wrote the intent is gone, or an error tore it out of the step.
    async fn interrupted(&self, fence: Fence, rotation: &Rotation) -> Result<Next, Failure> {
        let Some(kind) = rotation.position.step(&rotation.plan) else {
            return Err(Failure::new(Code::RotationIllegal));
        };
        let event = match kind {
            kind if rotation.plan.sends(kind) => Event::Unclear(kind, Code::ProviderNoAnswer),
            kind => Event::Interrupted(kind),
        };
        self.record(fence, event, vec![]).await?;
        Ok(Next::Go)
    }

    async fn wake(&self, fence: Fence, rotation: &Rotation) -> Result<Next, Failure> {
        if rotation.position.step(&rotation.plan) == Some(StepKind::Wait) {
            return self.wait_is_due(fence, rotation).await;
        }
        self.record(fence, Event::Woken, vec![]).await?;
        Ok(Next::Go)
    }

    /// Intent first, then what was intended; returns what came of it.
    pub(super) async fn intend<T>(
        &self,
        fence: Fence,
        (guard, intent): (Guard, Event),
        changes: Vec<Change>,
        act: impl Future<Output = T>,
    ) -> Result<T, Failure> {
        if in_place(guard) {
            self.record(fence, intent, changes).await?;
            return Ok(act.await);
        }
        let done = act.await;
        self.record(fence, intent, changes).await?;
        Ok(done)
    }

    pub(super) async fn record(&self, fence: Fence, event: Event, changes: Vec<Change>) -> Result<(), Failure> {
        self.journal
            .record(fence, self.effects.clock.now(), event, changes)
            .await
    }

    /// Writes the outcome of a step that had no effect. One that time alone may cure waits, where asked.
    pub(super) async fn not_applied(
        &self,
        fence: Fence,
        kind: StepKind,
        failure: &Failure,
        wait: bool,
    ) -> Result<(), Failure> {
        debug_assert_ne!(
            failure.effect,
            Effect::Unknown,
            "an unknown effect is not written as none"
        );
        let event = match failure.retry_at {
            Some(until) => Event::Parked {
                step: kind,
                until: Some(until),
                code: Some(failure.code),
            },
            None if wait && failure.is_passing() => Event::Parked {
                step: kind,
                until: Some(self.effects.after(RETRY)),
                code: Some(failure.code),
            },
            None => Event::NotApplied(kind, failure.code),
        };
        self.record(fence, event, vec![]).await
    }

    /// Parks a step whose question was not answered: until the provider says, or less and less often.
    pub(super) async fn undetermined(
        &self,
        fence: Fence,
        rotation: &Rotation,
        step: StepKind,
        failure: &Failure,
        changes: Vec<Change>,
    ) -> Result<(), Failure> {
        if failure.retry_at.is_none() {
            return self.park(fence, step, rotation, failure.code, changes).await;
        }
        let parked = Event::Parked {
            step,
            until: failure.retry_at,
            code: Some(failure.code),
        };
        self.record(fence, parked, changes).await
    }

    /// Parks a step that is asked again, less and less often.
    pub(super) async fn park(
        &self,
        fence: Fence,
        kind: StepKind,
        rotation: &Rotation,
        code: Code,
        changes: Vec<Change>,
    ) -> Result<(), Failure> {
        let parked = rotation
            .records
            .iter()
            .filter(|record| is_park(&record.event, kind))
            .count();
        let span = BACKOFF[parked.min(BACKOFF.len() - 1)];
        let until = Some(self.effects.after(Duration::from_secs(span)));
        self.record(
            fence,
            Event::Parked {
                step: kind,
                until,
                code: Some(code),
            },
            changes,
        )
        .await
    }

    /// Whether the step was first tried less than `span` ago, for the newest mint.
    pub(super) fn tries_for(&self, rotation: &Rotation, kind: StepKind, span: Duration) -> bool {
        let intended = |kind| move |record: &&Record| record.event == Event::Intended(kind);
        let minted = rotation.records.iter().rev().find(intended(StepKind::Mint));
        let newest = minted.map_or(0, |record| record.seq);
        let mut tries = rotation.records.iter().filter(|record| record.seq >= newest);
        tries.find(intended(kind)).is_none_or(|record| {
            let since = self.effects.clock.now().duration_since(record.at);
            // A clock that was set back only lengthens it.
            Duration::try_from(since).map_or(in_place(Guard::ClockSetBack), |since| since < span)
        })
    }
}

/// Pause after a passing failure that says nothing about when.
const RETRY: Duration = Duration::from_secs(30);
/// Pauses between questions, in seconds; the last one repeats.
const BACKOFF: [u64; 9] = [1, 2, 5, 10, 30, 60, 300, 900, 3600];

fn is_park(event: &Event, kind: StepKind) -> bool {
    matches!(event, Event::Parked { step, .. } if *step == kind)
}

/// Returns the new version, or says that the record is broken.
pub(super) fn new_version(rotation: &Rotation) -> Result<VersionId, Failure> {
    rotation
        .subject
        .new
        .as_ref()
        .map(|version| version.id)
        .ok_or_else(|| Failure::new(Code::RotationIllegal))
}
