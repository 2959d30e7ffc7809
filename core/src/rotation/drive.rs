//! The only loop that causes effects: what is next, its intent, the deed, its outcome.
//!
//! It decides nothing. [`next`](super::next) says what is done, `perform` does it, [`settle`](super::settle) says what
//! follows; the loop writes it down, and waits.

use std::sync::Arc;
use std::time::Duration;

use super::effects::Effects;
use super::fresh::Fresh;
use super::journal::{Change, DriverIdentity, Fence, Journal, Rotation};
use super::moves::{After, Deed, Entry, Evidence, Move, Onward, Seen};
use super::next::next;
use super::scene::{ProviderFacts, Scene};
use super::settle::settle;
use super::state::Event;
use crate::failure::{Failure, SafeDetail};
use crate::guard::in_place;
use crate::model::RotationId;

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
        let mut evidence = Evidence::default();
        // What is asked again and again at one step is waited for once: whoever looks on does not wait for ever.
        let (mut waited, mut at) = (Duration::ZERO, None);
        loop {
            let rotation = self.journal.load(fence.rotation_id).await?;
            self.observer.changed(&rotation);
            if at.replace(rotation.position.cursor) != Some(rotation.position.cursor) {
                waited = Duration::ZERO;
            }
            let mut scene = self.scene(&rotation).await;
            match next(&scene, &mut evidence)? {
                Move::Rest => return Ok(()),
                Move::Sleep(until) => {
                    let left = scene.until(until);
                    if waited + left > patience && fresh.is_empty() {
                        return Ok(());
                    }
                    waited += left;
                    self.effects.clock.sleep(left).await;
                }
                Move::Note(entries) => {
                    evidence = Evidence::default();
                    self.write(fence, entries).await?;
                }
                Move::Finish(entries, after) => {
                    evidence = Evidence::default();
                    self.write(fence, entries).await?;
                    self.after(&rotation, after, &mut fresh).await;
                }
                Move::Do(intent, deed) => {
                    if !intent.is_empty() {
                        evidence = Evidence::default();
                    }
                    let seen = self.intend(fence, &scene, intent, deed, &mut fresh).await?;
                    scene.now = self.effects.clock.now();
                    let settled = settle(&scene, seen)?;
                    if !settled.entries.is_empty() {
                        evidence = Evidence::default();
                    }
                    self.write(fence, settled.entries).await?;
                    if let Some(after) = settled.after {
                        self.after(&rotation, after, &mut fresh).await;
                    }
                    fresh.settle();
                    if let Some(learnt) = settled.learnt {
                        evidence.learn(learnt);
                    }
                    match settled.onward {
                        Onward::Go => {}
                        Onward::Rest => return Ok(()),
                        Onward::Pause(span) => {
                            evidence = Evidence::default();
                            self.effects.clock.sleep(span).await;
                        }
                    }
                }
            }
        }
    }

    async fn scene<'r>(&'r self, rotation: &'r Rotation) -> Scene<'r> {
        let workspace = self.effects.workspaces.using(&rotation.subject.account).await;
        Scene {
            rotation,
            history: rotation.history(),
            provider: workspace.as_ref().map(ProviderFacts::of).map_err(Clone::clone),
            now: self.effects.clock.now(),
            draw: &self.effects,
        }
    }

    /// Intent first, then what was intended; returns what came of it.
    async fn intend(
        &self,
        fence: Fence,
        scene: &Scene<'_>,
        intent: Vec<Entry>,
        deed: Deed,
        fresh: &mut Fresh<'_>,
    ) -> Result<Seen, Failure> {
        if deed.guard().is_none_or(in_place) {
            self.write(fence, intent).await?;
            return self.perform(scene, deed, fresh).await;
        }
        let seen = self.perform(scene, deed, fresh).await?;
        self.write(fence, intent).await?;
        Ok(seen)
    }

    async fn write(&self, fence: Fence, entries: Vec<Entry>) -> Result<(), Failure> {
        for Entry {
            event,
            changes,
            unwritten,
        } in entries
        {
            let written = self.record(fence, event, changes).await;
            written.map_err(|failure| match unwritten {
                Some(left) => {
                    let failure = failure.with_effect(left.effect);
                    left.created
                        .into_iter()
                        .fold(failure, |failure, name| failure.detail(SafeDetail::Created(name)))
                }
                None => failure,
            })?;
        }
        Ok(())
    }

    async fn after(&self, rotation: &Rotation, after: After, fresh: &mut Fresh<'_>) {
        match after {
            After::DropFresh => fresh.values.clear(),
            After::DropAnswer(version) => self.drop_answer(rotation, version).await,
            After::Ended(version, proven) => self.keep_or_forget(version, proven).await,
        }
    }

    pub(super) async fn record(&self, fence: Fence, event: Event, changes: Vec<Change>) -> Result<(), Failure> {
        self.journal
            .record(fence, self.effects.clock.now(), event, changes)
            .await
    }
}
