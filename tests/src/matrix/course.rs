//! The person at the lab's account: goes on, answers, and does on its page what is asked of them.

use jiff::SignedDuration;
use keywheel_core::app::Answer;
use keywheel_core::clock::Clock;
use keywheel_core::rotation::{Rotation, State, StepKind};
use keywheel_core::vault::VaultState;
use provider_sim::KeyRecord;

use super::Press;
use crate::person::{Outcome, PATIENCE};
use crate::project::{Made, Project};
use crate::world::Stopped;

/// How it ended, seen by the person.
#[derive(Debug, Clone, Copy)]
pub struct Settled {
    pub outcome: Outcome,
    pub questions: u32,
    pub mints: u32,
}

pub(super) struct Person {
    press: Press,
    patience: SignedDuration,
    /// What they made on the provider's page, by the mint that it was for.
    made: Option<(u32, Made)>,
}

impl Person {
    /// `jumps`: by how much the machine's clock is set back, which lengthens every wait.
    pub(super) fn new(press: Press, jumps: SignedDuration) -> Person {
        let (patience, made) = (PATIENCE + jumps, None);
        Person { press, patience, made }
    }

    /// Goes on until there is an end, or for half an hour beside what grace, overlap and quiet time take.
    pub(super) async fn finish(&mut self, project: &mut Project) -> Settled {
        let (mut left, mut questions, mut before) = (self.patience, 0, None);
        loop {
            let Some(rotation) = project.rotation().await else {
                let (outcome, mints) = (Outcome::Nothing, 0);
                return Settled {
                    outcome,
                    questions,
                    mints,
                };
            };
            let mints = rotation.mints;
            let settled = |outcome| Settled {
                outcome,
                questions,
                mints,
            };
            match rotation.position.state {
                State::Closed(ending) => return settled(Outcome::Closed(ending)),
                state if left.is_negative() => return settled(Outcome::Open(state)),
                State::Asking => questions += 1,
                _ => {}
            }
            let begun = project.clock.now();
            if before.replace(rotation.position) == Some(rotation.position) {
                project.clock.advance(SignedDuration::from_mins(1));
            }
            if self.act(project, &rotation).await == Err(Stopped) {
                project.reopen().await;
            }
            // An overlap and a quiet time are the policy's, not what it takes to recover.
            let waits = rotation.position.step(&rotation.plan) == Some(StepKind::Wait) || rotation.spared().is_some();
            if !waits {
                left -= project.clock.now().duration_since(begun).max(SignedDuration::ZERO);
            }
        }
    }

    async fn act(&mut self, project: &Project, rotation: &Rotation) -> Result<(), Stopped> {
        let (app, id) = (project.app(), rotation.id);
        let done = match (rotation.position.state, rotation.position.step(&rotation.plan)) {
            (State::AwaitingPerson, Some(StepKind::Mint)) => {
                let value = self.make(project, rotation).await;
                project.take(id, &value).await?.map(drop)
            }
            (State::AwaitingPerson, Some(StepKind::RevokeOld)) => {
                let old = project.first.as_ref().expect("a key");
                if project
                    .places
                    .iter()
                    .any(|place| place.value().as_ref() == Some(&old.value))
                {
                    project
                        .tape
                        .alarm("I5: a person is to delete a key that a file holds".to_owned());
                }
                project.page().delete(&old.key_id).await;
                project
                    .live(async move { app.confirm_deleted(id).await.map(drop) })
                    .await?
            }
            (State::DiscardAwaiting(_), _) => {
                for key_id in self.discarded(project, rotation) {
                    project.page().delete(&key_id).await;
                }
                project
                    .live(async move { app.confirm_deleted(id).await.map(drop) })
                    .await?
            }
            (State::AwaitingPerson, _) if self.press == Press::Undo => {
                project
                    .live(async move { app.undo(id, &Default::default()).await.map(drop) })
                    .await?
            }
            (State::AwaitingPerson, _) => {
                project
                    .live(async move { app.confirm_replaced(id).await.map(drop) })
                    .await?
            }
            (State::Asking, _) => {
                let answer = look(project, rotation).await;
                project
                    .live(async move { app.answer(id, answer).await.map(drop) })
                    .await?
            }
            (State::AwaitingTime { until, .. }, _) => {
                let left = until.duration_since(project.machine.now());
                project.clock.advance(left.max(SignedDuration::ZERO));
                project.live(async move { app.tick().await.map(drop) }).await?
            }
            _ => project.live(async move { app.go_on(id).await.map(drop) }).await?,
        };
        if let Err(failure) = done {
            assert!(!failure.remedy().is_empty(), "the person is told what to do");
        }
        Ok(())
    }

    /// The key that they made; of Keywheel's own, which a person is asked about where nobody knows its id, that name.
    fn discarded(&self, project: &Project, rotation: &Rotation) -> Vec<String> {
        if let Some((_, made)) = &self.made {
            return vec![made.key_id.clone()];
        }
        let keys = project.sim.ledger().keys.into_iter();
        let ours = |key: &KeyRecord| key.is_live() && key.minted_by_request.is_some() && key.name == rotation.mint_name;
        let named = keys.filter(ours);
        named.map(|key| key.key_id).collect()
    }

    /// Makes a key on the provider's page, once for each time that they are asked to.
    async fn make(&mut self, project: &Project, rotation: &Rotation) -> String {
        if let Some((mint, made)) = &self.made
            && *mint == rotation.mints
        {
            return made.value.clone();
        }
        let made = project.page().make(rotation.subject.key.name.as_str()).await;
        let made = made.expect("there is room for it");
        self.made = Some((rotation.mints, made.clone()));
        made.value
    }
}

/// Answers by the provider's page. Where Keywheel cannot name a key, the person deletes what is called so themselves.
async fn look(project: &Project, rotation: &Rotation) -> Answer {
    // What the provider is late with has happened before they look.
    project.transport.catch_up().await;
    let inventory = project.app().inventory(VaultState::Ready).await.expect("an inventory");
    let candidates: Vec<String> = inventory
        .unaccounted
        .into_iter()
        .filter_map(|one| one.remote_id)
        .collect();
    let ledger = project.sim.ledger();
    let ours = |key: &&KeyRecord| key.is_live() && key.minted_by_request.is_some() && key.name == rotation.mint_name;
    let ours: Vec<&KeyRecord> = ledger.keys.iter().filter(ours).collect();
    match ours.iter().find(|key| candidates.contains(&key.key_id)) {
        Some(key) => Answer::Revoke {
            remote_id: key.key_id.clone(),
        },
        None if candidates.is_empty() => {
            let deletes =
                !rotation.plan.rolls() && rotation.plan.strategy != keywheel_core::provider::Strategy::TwoSlot;
            for key in ours.into_iter().filter(|_| deletes) {
                project.page().delete(&key.key_id).await;
            }
            Answer::Absent
        }
        None => Answer::Keep,
    }
}
