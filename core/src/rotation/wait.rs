//! The wait before the old key ends: our overlap, or the provider's grace.
//!
//! A grace ends by itself, whatever we think. An overlap is ours, and a revocation follows it: it ends only when so
//! much time has surely passed, not when this machine's clock says so.

use std::time::Duration;

use jiff::Timestamp;

use super::drive::{Driver, Next};
use super::elapsed::{Reading, elapsed};
use super::journal::{Change, Fence, Record, Rotation};
use super::plan::StepKind;
use super::state::Event;
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::provider::GraceStarts;

/// Longest pause where no clock but this machine's tells the end: what it was on for counts from one reading to the next.
const LOOK_AGAIN: Duration = Duration::from_secs(3600);

impl Driver {
    /// Begins the wait, or goes on with it.
    pub(super) async fn wait(&self, fence: Fence, rotation: &Rotation) -> Result<Next, Failure> {
        let kind = StepKind::Wait;
        if rotation.plan.grace.is_some() {
            let until = self.grace_ends(rotation);
            return self.rest(fence, kind, Some(until)).await;
        }
        let reading = Reading {
            steady: self.effects.clock.steady(),
            here: self.effects.clock.now(),
            provider_at: self.their_time(rotation).await,
        };
        let former = self.journal.readings(rotation.id).await?;
        let told = |reading: &Reading| reading.provider_at.is_some();
        let sure = former.is_empty() || told(&reading) && former.iter().any(told);
        let first = former.is_empty();
        let left = left(rotation, former, reading.clone());
        self.record(fence, Event::Intended(kind), vec![]).await?;
        let event = match left.is_zero() {
            true => Event::Applied(kind),
            false => Event::Parked {
                step: kind,
                until: Some(self.effects.after(if sure { left } else { left.min(LOOK_AGAIN) })),
                code: (!first).then_some(Code::RotationTimeUnsure),
            },
        };
        self.record(fence, event, vec![Change::Reading(reading)]).await?;
        Ok(Next::Go)
    }

    /// By this machine's clock the moment has come.
    pub(super) async fn wait_is_due(&self, fence: Fence, rotation: &Rotation) -> Result<Next, Failure> {
        let mut changes = Vec::new();
        if rotation.plan.grace.is_none() {
            let reading = Reading {
                steady: self.effects.clock.steady(),
                here: self.effects.clock.now(),
                provider_at: None,
            };
            let former = self.journal.readings(rotation.id).await?;
            if !left(rotation, former, reading.clone()).is_zero() {
                self.record(fence, Event::Woken, vec![]).await?;
                return Ok(Next::Go);
            }
            changes.push(Change::Reading(reading));
        }
        self.record(fence, Event::Applied(StepKind::Wait), changes).await?;
        Ok(Next::Go)
    }

    /// What the provider's clock shows, where it can be asked about keys.
    async fn their_time(&self, rotation: &Rotation) -> Option<Timestamp> {
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await.ok()?;
        if !workspace.definition.capabilities().list {
            return None;
        }
        self.effects.provider.time(&workspace).await.ok().flatten()
    }

    fn grace_ends(&self, rotation: &Rotation) -> Timestamp {
        let Some(grace) = rotation.plan.grace else {
            return self.effects.clock.now();
        };
        let starts = match grace.starts {
            GraceStarts::Roll => StepKind::Mint,
            GraceStarts::FirstUse => StepKind::VerifyNew,
        };
        let applied = |record: &&Record| record.event == Event::Applied(starts);
        let started = rotation.records.iter().rfind(applied);
        let ends = started.and_then(|record| record.at.checked_add(grace.span).ok());
        ends.unwrap_or_else(|| self.effects.after(grace.span))
    }
}

/// What of the overlap has not surely passed.
fn left(rotation: &Rotation, mut readings: Vec<Reading>, now: Reading) -> Duration {
    readings.push(now);
    match in_place(Guard::OverlapPassed) || readings.len() == 1 {
        true => rotation.plan.overlap.saturating_sub(elapsed(&readings)),
        false => Duration::ZERO,
    }
}
