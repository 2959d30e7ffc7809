//! The wait before the old key ends: our overlap, or the provider's grace.
//!
//! A grace ends by itself, whatever we think. An overlap is ours, and a revocation follows it: it ends only when so
//! much time has surely passed, not when this machine's clock says so.

use std::time::Duration;

use jiff::Timestamp;

use super::drive::Driver;
use super::elapsed::{Reading, elapsed};
use super::journal::{Change, Rotation};
use super::moves::{Deed, Entry, Move, Settled};
use super::plan::StepKind;
use super::scene::{Scene, parked};
use super::state::Event;
use crate::failure::Code;
use crate::guard::{Guard, in_place};
use crate::provider::GraceStarts;

/// Longest pause where no clock but this machine's tells the end: what it was on for counts from one reading to the next.
const LOOK_AGAIN: Duration = Duration::from_secs(3600);

/// Begins the wait, or goes on with it.
pub(super) fn next(scene: &Scene<'_>) -> Move {
    let kind = StepKind::Wait;
    match scene.rotation.plan.grace.is_some() {
        true => Move::note([
            Event::Intended(kind).into(),
            parked(kind, grace_ends(scene), None).into(),
        ]),
        false => Move::ask(Deed::ReadClocks),
    }
}

/// By this machine's clock a moment has come.
pub(super) fn wake(scene: &Scene<'_>) -> Move {
    let rotation = scene.rotation;
    match rotation.position.step(&rotation.plan) {
        Some(StepKind::Wait) if rotation.plan.grace.is_some() => Move::note([Event::Applied(StepKind::Wait).into()]),
        Some(StepKind::Wait) => Move::ask(Deed::ReadSteady),
        _ => Move::note([Event::Woken.into()]),
    }
}

pub(super) fn settle(scene: &Scene<'_>, former: Vec<Reading>, reading: Reading) -> Settled {
    let kind = StepKind::Wait;
    let told = |reading: &Reading| reading.provider_at.is_some();
    let sure = former.is_empty() || told(&reading) && former.iter().any(told);
    let first = former.is_empty();
    let left = left(scene.rotation, former, reading.clone());
    let event = match left.is_zero() {
        true => Event::Applied(kind),
        false => {
            let until = scene.after(if sure { left } else { left.min(LOOK_AGAIN) });
            parked(kind, until, (!first).then_some(Code::RotationTimeUnsure))
        }
    };
    Settled::all([
        Event::Intended(kind).into(),
        Entry::new(event, vec![Change::Reading(reading)]),
    ])
}

pub(super) fn settle_due(scene: &Scene<'_>, former: Vec<Reading>, reading: Reading) -> Settled {
    match left(scene.rotation, former, reading.clone()).is_zero() {
        true => Settled::one(Entry::new(
            Event::Applied(StepKind::Wait),
            vec![Change::Reading(reading)],
        )),
        false => Settled::one(Event::Woken),
    }
}

fn grace_ends(scene: &Scene<'_>) -> Timestamp {
    let Some(grace) = scene.rotation.plan.grace else {
        return scene.now;
    };
    let started = scene.history.applied_at(match grace.starts {
        GraceStarts::Roll => StepKind::Mint,
        GraceStarts::FirstUse => StepKind::VerifyNew,
    });
    let ends = started.and_then(|at| at.checked_add(grace.span).ok());
    ends.unwrap_or_else(|| scene.after(grace.span))
}

impl Driver {
    /// What clocks show now that nobody can set, and what the provider's showed.
    pub(super) fn reading(&self, provider_at: Option<Timestamp>) -> Reading {
        Reading {
            steady: self.effects.clock.steady(),
            here: self.effects.clock.now(),
            provider_at,
        }
    }

    /// What the provider's clock shows, where it can be asked about keys.
    pub(super) async fn their_time(&self, rotation: &Rotation) -> Option<Timestamp> {
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await.ok()?;
        if !workspace.definition.capabilities().list {
            return None;
        }
        self.effects.provider.time(&workspace).await.ok().flatten()
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
