//! What a person is told of who looks elsewhere.

use std::collections::HashSet;

use jiff::civil::DateTime;

use super::App;
use crate::failure::Failure;
use crate::model::{EnvironmentId, Tier};
use crate::policy::{self, Course, Notice, Running, Watched};
use crate::rotation::{Ending, Rotation, State, StepKind};
use crate::store::Pick;
use crate::vault::VaultState;

/// Days in which the end of a rotation is looked for.
const RECENT: u32 = 2;

impl App {
    /// What goes out now. It counts as told before it is returned: a crash may lose one notice, and none comes twice.
    /// `local` is the person's own time; `watching`: the window is before them.
    pub async fn notices(&self, keychain: VaultState, local: DateTime, watching: bool) -> Result<Vec<Notice>, Failure> {
        let settings = self.settings().await?;
        if !settings.notify {
            return Ok(Vec::new());
        }
        let (told, rules) = (self.store.told().await?, self.rules(keychain).await?);
        let pick = match policy::daily_is_due(&told, local, settings.digest_hour) {
            true => Pick::All,
            false => Pick::Ended(rules.now),
        };
        let judged = self.judged(pick, &rules).await?;
        let tiers = self.store.environments().await?.into_iter();
        let production: HashSet<EnvironmentId> = tiers
            .filter(|environment| environment.tier == Tier::Production)
            .map(|environment| environment.id)
            .collect();
        let keys: Vec<Watched<'_>> = judged
            .iter()
            .filter_map(|facts| {
                Some(Watched {
                    version: facts.row.version.as_ref()?.id,
                    name: facts.row.key.name.as_str(),
                    production: production.contains(&facts.row.key.environment_id),
                    standing: facts.standing,
                    waived: facts.waiver.is_some(),
                })
            })
            .collect();
        let rotations = self.recent_rotations(RECENT).await?;
        let running: Vec<Running<'_>> = rotations
            .iter()
            .map(|rotation| Running {
                id: rotation.id,
                name: rotation.subject.key.name.as_str(),
                opened: rotation.opened_at,
                course: course(rotation),
            })
            .collect();
        let due = policy::notices(
            &keys,
            &running,
            &told,
            (rules.now, local),
            settings.digest_hour,
            watching,
        );
        if !due.told.is_empty() {
            self.store.note_told(&due.told, rules.now).await?;
        }
        Ok(due.notices)
    }
}

fn course(rotation: &Rotation) -> Course {
    let state = rotation.position.state;
    match state {
        State::Closed(Ending::Completed) => rotation.closed_at.map_or(Course::Routine, Course::Completed),
        State::AwaitingTime { until, .. } if rotation.position.step(&rotation.plan) == Some(StepKind::Wait) => {
            Course::Overlap {
                ends: until,
                used: rotation.subject.old.as_ref().and_then(|old| old.last_used_at),
                began: rotation.records.last().map_or(rotation.opened_at, |record| record.at),
            }
        }
        State::Failed(_) | State::Unknown(_) | State::Asking | State::RestoreFailed(_) | State::DiscardUnknown(_) => {
            Course::Stuck(state.as_str(), rotation.position.cursor)
        }
        _ => Course::Routine,
    }
}
