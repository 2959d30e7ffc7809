//! The person of a cell: does what the sheet offers, for as long as it leads anywhere, and ends it by their word at last.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use keywheel_core::app::Answer;
use keywheel_core::clock::Clock;
use keywheel_core::failure::Failure;
use keywheel_core::model::KeyVersion;
use keywheel_core::rotation::{Claim, Claims, Rotation, State, StepKind, TakeBack};
use keywheel_core::vault::VaultState;
use keywheel_wire::{ClaimView, RotationView, TaskKindView};
use provider_sim::KeyRecord;

use super::cell::{Cell, Press};
use super::page::{held, legal, shown, value_of};
use super::unkind::Phase;
use super::words;
use crate::project::Project;

/// So often they try before they end it by their word.
const TRIES: u32 = 16;

pub(super) struct Person {
    cell: Cell,
    /// Requests that people made at the provider's page, by their number.
    pub by_hand: BTreeSet<u64>,
    /// All values that the keychain was seen to hold.
    pub seen: BTreeSet<String>,
    /// Values that somebody took out of the keychain.
    pub taken: BTreeSet<String>,
    begun: BTreeSet<&'static str>,
    made: Option<(u32, String)>,
    /// Whether they were asked about a key that may have been lost.
    pub was_asked: bool,
    /// Whether they had a key ended whatever is known of the other.
    pub insisted: bool,
    /// How often it stood at the same place.
    same: u32,
}

impl Person {
    pub(super) fn new(cell: Cell) -> Person {
        Person {
            cell,
            by_hand: BTreeSet::new(),
            seen: BTreeSet::new(),
            taken: BTreeSet::new(),
            begun: BTreeSet::new(),
            made: None,
            was_asked: false,
            insisted: false,
            same: 0,
        }
    }

    /// Goes until there is an end; returns what was said or done that must not be.
    pub(super) async fn go(&mut self, project: &mut Project) -> Vec<String> {
        let mut found = Vec::new();
        self.look(project).await;
        self.begin(project, Phase::Opening).await;
        if let Err(failure) = self.open(project).await {
            found.extend(legal(&failure, "opening"));
        }
        let mut before = None;
        for _ in 0..TRIES {
            self.look(project).await;
            let Some(rotation) = project.rotation().await else {
                return found;
            };
            let view = shown(project, &rotation).await;
            found.extend(words::false_ones(project, &self.cell, self, &rotation, &view));
            if rotation.position.is_closed() {
                return found;
            }
            match before.replace(rotation.position) == Some(rotation.position) {
                true => self.same += 1,
                false => self.same = 0,
            }
            if self.same >= 3 {
                break;
            }
            let waits = matches!(
                (rotation.position.state, rotation.position.step(&rotation.plan)),
                (State::AwaitingPerson, Some(StepKind::Confirm | StepKind::RevokeOld))
            );
            if waits || self.same > 0 {
                self.begin(project, Phase::Waiting).await;
            }
            let act = self.act(project, &rotation, &view).await;
            if let Some(Err(failure)) = &act {
                found.extend(legal(failure, &format!("{:?}", rotation.position)));
            }
            if act.is_none() {
                break;
            }
        }
        found.extend(self.settle(project).await);
        self.look(project).await;
        found
    }

    async fn begin(&mut self, project: &mut Project, phase: Phase) {
        let word = match phase {
            Phase::Opening => "opening",
            Phase::Waiting => "waiting",
            Phase::Confirmed => "confirmed",
        };
        let begin = self.begun.insert(word);
        let now = self
            .cell
            .unkind
            .clone()
            .into_iter()
            .filter(|(_, of)| begin && *of == phase);
        for (unkind, _) in now {
            let (asked, kept) = (project.sim.ledger().requests.len(), held(project).await);
            unkind.begin(project).await;
            let ledger = project.sim.ledger();
            self.by_hand
                .extend(ledger.requests[asked..].iter().map(|request| request.n));
            let left = held(project).await;
            self.taken.extend(kept.difference(&left).cloned());
        }
    }

    async fn open(&mut self, project: &mut Project) -> Result<(), Failure> {
        let stopped = "nothing stops the process";
        match self.cell.press {
            Press::Rotate | Press::Undo => project.rotate().await.expect(stopped).map(drop),
            Press::RevokeFirst => project.revoke_first().await.expect(stopped).map(drop),
            Press::Revoke => {
                let (app, key) = (project.app(), project.key);
                let proposal = app.propose_revoke(key, VaultState::Ready).await?;
                let id = app.start_revoke(key, &proposal.hash, VaultState::Ready).await?;
                app.go_on(id).await.map(drop)
            }
            Press::Create => {
                let app = project.app();
                let environment = app.find_environment("production").await?.id;
                let about = Default::default();
                let id = app.new_key(project.account, environment, "reports", &about).await?;
                project.key = app.rotation(id).await?.subject.key.id;
                app.go_on(id).await.map(drop)
            }
        }
    }

    /// What they do next; none where nothing is offered that leads on.
    async fn act(
        &mut self,
        project: &mut Project,
        rotation: &Rotation,
        view: &RotationView,
    ) -> Option<Result<Rotation, Failure>> {
        let (app, id, acts) = (project.app(), rotation.id, &view.acts);
        project.clock.advance(SignedDuration::from_secs(1));
        if view.question.is_some() {
            return Some(self.answer(project, rotation).await);
        }
        if self.cell.press == Press::Undo && acts.undo {
            let made = rotation.position.has_minted(&rotation.plan);
            if made || rotation.position.state != State::AwaitingPerson {
                let order = TakeBack {
                    in_use: Some(view.key_name.clone()),
                    anyway: self.same > 1,
                };
                self.insisted |= order.anyway;
                return Some(app.undo(id, &order).await);
            }
        }
        if acts.undo_anyway && self.same > 0 {
            let order = TakeBack {
                in_use: Some(view.key_name.clone()),
                anyway: true,
            };
            self.insisted = true;
            return Some(app.undo(id, &order).await);
        }
        if acts.take_value {
            let value = self.make(project, rotation).await?;
            let handle = app.paste("key", value).expect("a value").handle;
            return Some(app.take_new_value(id, &handle, false).await);
        }
        if acts.deleted {
            let of_old = view.task.as_ref().is_none_or(|task| task.kind == TaskKindView::Delete);
            self.delete(project, rotation, of_old).await;
            return Some(app.confirm_deleted(id).await);
        }
        if acts.replaced {
            let confirmed = app.confirm_replaced(id).await;
            self.begin(project, Phase::Confirmed).await;
            return Some(confirmed);
        }
        if acts.revoke_anyway && self.same > 1 {
            self.insisted = true;
            return Some(app.revoke_anyway(id).await);
        }
        if let State::AwaitingTime { until, .. } = rotation.position.state {
            let left = until.duration_since(project.machine.now());
            project.clock.advance(left.max(SignedDuration::ZERO));
            if let Err(failure) = app.tick().await {
                return Some(Err(failure));
            }
            return Some(app.go_on(id).await);
        }
        if acts.paste_again {
            return Some(app.paste_again(id).await);
        }
        (acts.resume || acts.check).then_some(())?;
        Some(app.go_on(id).await)
    }

    /// By the provider's page: what carries our name is ours.
    async fn answer(&mut self, project: &Project, rotation: &Rotation) -> Result<Rotation, Failure> {
        self.was_asked = true;
        let app = project.app();
        let candidates: Vec<String> = match app.inventory(VaultState::Ready).await {
            Ok(inventory) => inventory
                .unaccounted
                .into_iter()
                .filter_map(|one| one.remote_id)
                .collect(),
            Err(failure) => return Err(failure),
        };
        let ledger = project.sim.ledger();
        let ours =
            |key: &&KeyRecord| key.is_live() && key.minted_by_request.is_some() && key.name == rotation.mint_name;
        let ours = ledger.keys.iter().filter(ours);
        let answer = match ours.into_iter().find(|key| candidates.contains(&key.key_id)) {
            Some(key) => Answer::Revoke {
                remote_id: key.key_id.clone(),
            },
            None if candidates.is_empty() => Answer::Absent,
            None => Answer::Keep,
        };
        app.answer(rotation.id, answer).await
    }

    /// Makes a key on the provider's page, once for each time that they are asked to.
    async fn make(&mut self, project: &Project, rotation: &Rotation) -> Option<String> {
        if let Some((mints, value)) = &self.made
            && *mints == rotation.mints
        {
            return Some(value.clone());
        }
        let asked = project.sim.ledger().requests.len();
        let made = match self.cell.shape.in_place() && self.cell.press != Press::Create {
            true => {
                let old = rotation.subject.old.as_ref();
                let old = value_of(project, old.map(|old| old.id)).await;
                project.roll(old.as_deref()).await
            }
            false => project.page().make(rotation.subject.key.name.as_str()).await,
        };
        let ledger = project.sim.ledger();
        self.by_hand
            .extend(ledger.requests[asked..].iter().map(|request| request.n));
        let made = made?;
        self.made = Some((rotation.mints, made.value.clone()));
        Some(made.value)
    }

    async fn delete(&mut self, project: &Project, rotation: &Rotation, of_old: bool) {
        let version = match of_old {
            true => rotation.subject.old.as_ref(),
            false => rotation.subject.new.as_ref(),
        };
        let id = version.and_then(|version| version.remote_id.clone());
        let made = self.made.as_ref().map(|(_, value)| value.clone());
        let asked = project.sim.ledger().requests.len();
        for key in project.sim.ledger().keys {
            let is_it = match of_old {
                true => project.first.as_ref().is_some_and(|first| first.value == key.value),
                // By its id, by what they made, or by the name that Keywheel gave it.
                false => {
                    id.as_ref() == Some(&key.key_id)
                        || made.as_ref() == Some(&key.value)
                        || key.minted_by_request.is_some() && key.name == rotation.mint_name
                }
            };
            if is_it && key.is_live() {
                project.page().delete(&key.key_id).await;
            }
        }
        let ledger = project.sim.ledger();
        self.by_hand
            .extend(ledger.requests[asked..].iter().map(|request| request.n));
    }

    /// Ends it by what the provider's ledger tells, and sees that it has ended.
    async fn settle(&mut self, project: &Project) -> Vec<String> {
        // Where the keychain is asked for, it is unlocked again.
        project.vault.set_state(VaultState::Ready);
        let Some(rotation) = project.rotation().await else {
            return vec![];
        };
        let view = shown(project, &rotation).await;
        let Some(settle) = &view.acts.settle else {
            return vec![format!("nothing ends it by a person's word: {:?}", rotation.position)];
        };
        let says = |allowed: &[ClaimView], lives: bool| match (allowed, lives) {
            ([], _) => None,
            (allowed, true) if allowed.contains(&ClaimView::Works) => Some(Claim::Works),
            (_, true) => Some(Claim::Leave),
            (_, false) => Some(Claim::Gone),
        };
        // They look at the provider's page, and try what the keychain holds.
        let ledger = project.sim.ledger();
        let listed = |version: &Option<KeyVersion>| {
            let id = version.as_ref().and_then(|version| version.remote_id.as_ref());
            let is_it = |key: &&KeyRecord| Some(&key.key_id) == id && !self.cell.shape.in_place();
            ledger
                .keys
                .iter()
                .filter(is_it)
                .any(|key| project.sim.accepts(&key.value))
        };
        let old = value_of(project, rotation.subject.old.as_ref().map(|old| old.id)).await;
        let new = value_of(project, rotation.subject.new.as_ref().map(|new| new.id)).await;
        let accepted = |value: &Option<String>| value.as_ref().is_some_and(|value| project.sim.accepts(value));
        let claims = Claims {
            old: says(&settle.old, accepted(&old) || listed(&rotation.subject.old)),
            new: says(&settle.new, accepted(&new) || listed(&rotation.subject.new)),
        };
        match project.app().settle_rotation(rotation.id, claims).await {
            Ok(settled) if settled.position.is_closed() => {
                let view = shown(project, &settled).await;
                words::false_ones(project, &self.cell, self, &settled, &view)
            }
            Ok(settled) => vec![format!("a person's word does not end it: {:?}", settled.position)],
            Err(failure) => vec![format!("a person's word is refused: {:?} {:?}", failure.code, claims)],
        }
    }

    /// Whether a value that was made for this rotation is accepted.
    pub(super) fn new_lives(&self, project: &Project, rotation: &Rotation) -> bool {
        let made = |key: &KeyRecord| {
            key.created_at >= rotation.opened_at && key.key_id != project.first.as_ref().expect("a key").key_id
        };
        let new = rotation.subject.new.as_ref().and_then(|new| new.remote_id.as_deref());
        let ledger = project.sim.ledger();
        ledger
            .keys
            .iter()
            .any(|key| made(key) && Some(key.key_id.as_str()) == new && project.sim.accepts(&key.value))
    }

    async fn look(&mut self, project: &Project) {
        self.seen.extend(held(project).await);
    }
}
