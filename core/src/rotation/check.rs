//! The check: everything that can be proven without an effect.

use super::drive::Driver;
use super::journal::{Change, Rotation};
use super::mint::slot_of;
use super::moves::{Entry, Settled};
use super::plan::{Act, StepKind};
use super::scene::Scene;
use super::state::{Event, State};
use crate::failure::{Code, Effect, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{Answer, KeyVersion};
use crate::provider::{KeyList, Strategy, Workspace};
use crate::vault;

/// Least size of the canary; a definition whose values are larger makes it larger.
const CANARY_BYTES: usize = 512;

/// Whatever became of the canary, nothing was done at the provider.
pub(super) fn settle(scene: &Scene<'_>, checked: Result<Vec<String>, Failure>) -> Settled {
    let kind = StepKind::Check;
    Settled::one(match checked {
        Ok(snapshot) => Entry::new(Event::Applied(kind), vec![Change::Snapshot(snapshot)]),
        Err(failure) => scene.not_applied(kind, &failure.with_effect(Effect::NotApplied), false),
    })
}

impl Driver {
    /// Proves it, and takes the provider's list as a snapshot.
    pub(super) async fn checked(&self, rotation: &Rotation) -> Result<Vec<String>, Failure> {
        let account = &rotation.subject.account;
        let workspace = self.effects.workspaces.managing(account).await?;
        let size = match in_place(Guard::FullSizeCanary) {
            true => workspace.definition.max_key_bytes().max(CANARY_BYTES),
            false => CANARY_BYTES,
        };
        if in_place(Guard::Canary) {
            vault::check_writable(self.effects.vault.as_ref(), &rotation.id.to_string(), size).await?;
        }
        if in_place(Guard::TargetsReady) {
            self.targets_are_ready(rotation).await?;
        }
        if let Some(credential) = &workspace.credential {
            let accepted = self.effects.provider.authenticate(&workspace).await?;
            if let Some(successor) = &accepted.renewed {
                let workspaces = &self.effects.workspaces;
                workspaces.renewed(account, &credential.secret, successor).await?;
            }
        }
        let old = rotation.subject.old.as_ref();
        if let Some(old) = old
            && self.manages(&workspace, old).await?
        {
            return Err(Failure::new(Code::KeyManagesAccount));
        }
        self.other_slot_is_free(rotation, &workspace).await?;
        if !rotation.plan.listens() {
            self.old_is_as_known(rotation, &workspace).await?;
        }
        // Before a sign-up there is no workspace yet, and so no list.
        let lists = workspace.is_placed() && workspace.definition.capabilities().list;
        let listed = match lists {
            true => self.effects.provider.list(&workspace).await?,
            false => KeyList::default(),
        };
        let shown = self.place_is_its(rotation, &workspace, &listed).await?;
        // A call is a use, which who listens then waits for: made only where the list does not show whose place it is.
        if rotation.plan.listens() && !shown {
            self.old_is_as_known(rotation, &workspace).await?;
        }
        if !lists {
            return Ok(Vec::new());
        }
        let full = |limit: u32| u32::try_from(listed.count()).is_ok_and(|there| there >= limit);
        let no_room = rotation.plan.adds_a_key() && workspace.definition.live_limit().is_some_and(full);
        if no_room && in_place(Guard::FreeSlot) {
            return Err(Failure::new(Code::ProviderNoFreeSlot));
        }
        Ok(listed.keys().iter().map(|key| key.remote_id.clone()).collect())
    }

    /// Whether the version is the key that manages its account, by its id or by its value, or another account here: without it
    /// nothing could be undone any more.
    pub(super) async fn manages(&self, workspace: &Workspace, version: &KeyVersion) -> Result<bool, Failure> {
        if let Some(value) = &version.fingerprint
            && in_place(Guard::ManagesAny)
            && self.journal.is_credential(value).await?
        {
            return Ok(true);
        }
        let by_id = version
            .remote_id
            .as_deref()
            .is_some_and(|id| workspace.is_managed_by(id));
        let credential = workspace.credential.as_ref();
        let credential = credential.map(|credential| self.effects.fingerprints.of(&credential.secret));
        let by_value = credential.is_some() && credential == version.fingerprint;
        // Of a key that nobody holds, how it begins is all there is to know it by.
        let begins = version.prefix.as_deref().filter(|_| version.fingerprint.is_none());
        let by_beginning = workspace.credential.as_ref().zip(begins);
        let by_beginning =
            by_beginning.is_some_and(|(credential, begins)| workspace.definition.shows(begins, &credential.secret));
        Ok((by_id || by_value || by_beginning) && in_place(Guard::ManagingKey))
    }

    /// What is replaced in place dies with the request. Where the value that is held is refused already, or is not there,
    /// somebody else may have replaced it, and what is in use now would go.
    async fn old_is_as_known(&self, rotation: &Rotation, workspace: &Workspace) -> Result<(), Failure> {
        let verifies = workspace.definition.verifies(&workspace.fields);
        let old = in_its_place(rotation).filter(|old| old.held);
        let Some(old) = old.filter(|_| verifies && in_place(Guard::OldAsKnown)) else {
            return Ok(());
        };
        let code = match self.asked(rotation, old.id).await? {
            Some(verdict) => {
                let refused = verdict.answer == Answer::Dead;
                // Who listens for the uses of others has to know of ours.
                if refused || rotation.plan.listens() {
                    self.journal.answered(old.id, &verdict).await?;
                }
                refused.then_some(Code::KeyRefusedAlready)
            }
            None => Some(Code::KeychainMissing),
        };
        said_once(rotation, code.map(Failure::new))
    }

    /// What is replaced in place is the key's own, as far as the list of its provider shows; whether it shows that by how the
    /// value begins.
    async fn place_is_its(
        &self,
        rotation: &Rotation,
        workspace: &Workspace,
        listed: &KeyList,
    ) -> Result<bool, Failure> {
        let old = in_its_place(rotation).filter(|_| in_place(Guard::PlaceIsIts));
        let entry = old.and_then(|old| {
            let entry = listed.entry(old.remote_id.as_deref()?)?;
            Some((old, entry))
        });
        let Some((old, entry)) = entry else { return Ok(false) };
        let other = self.whose(workspace, old, entry).await?.is_anothers();
        said_once(rotation, other.then(|| Failure::new(Code::KeyPlaceAnothers)))?;
        Ok(entry.prefix.is_some())
    }

    /// A slot whose key Keywheel holds is in use, whatever the provider calls it.
    async fn other_slot_is_free(&self, rotation: &Rotation, workspace: &Workspace) -> Result<(), Failure> {
        if rotation.act() != Act::Rotate || rotation.plan.strategy != Strategy::TwoSlot {
            return Ok(());
        }
        let slot = match slot_of(rotation, workspace.definition.slots()) {
            // A person sees which slot they fill.
            Err(_) if !rotation.plan.sends(StepKind::Mint) => None,
            other => other?,
        };
        let Some(slot) = slot else {
            return Ok(());
        };
        let held = self.journal.is_held_elsewhere(rotation.id, &slot).await?;
        match held && in_place(Guard::SlotIsFree) {
            true => Err(Failure::new(Code::KeySlotInUse)),
            false => Ok(()),
        }
    }
}

/// The old version, where a rotation that has sent nothing yet replaces it in place: what is sent may end it.
fn in_its_place(rotation: &Rotation) -> Option<&KeyVersion> {
    let in_place = rotation.plan.rolls() || rotation.plan.strategy == Strategy::TwoSlot;
    let asks = rotation.act() == Act::Rotate && in_place && rotation.mints == 0;
    rotation.subject.old.as_ref().filter(|_| asks)
}

/// Codes after which going on is a person's word: what stands there is replaced, or left behind, all the same.
const ASKED: [Code; 7] = [
    Code::KeyRefusedAlready,
    Code::KeyPlaceAnothers,
    Code::KeychainMissing,
    Code::TargetHoldsMore,
    Code::KeyShared,
    Code::KeySlotWasInUse,
    Code::RotationTooManyMints,
];

impl Rotation {
    /// Whether nobody has looked at it since a state was put back in which it was open.
    pub fn is_unseen(&self) -> bool {
        self.behind && in_place(Guard::BehindAsks)
    }

    /// Whether it stopped to tell a person something, and whoever goes on has been told.
    pub fn goes_on_by_word(&self) -> bool {
        matches!(self.position.state, State::Failed(code) if ASKED.contains(&code)) && in_place(Guard::WordIsAPersons)
    }
}

/// Codes that say of the same place that it may be another key's by now.
const TAKEN: [Code; 2] = [Code::KeyRefusedAlready, Code::KeyPlaceAnothers];

/// Whoever goes on has been told.
pub(super) fn said_once(rotation: &Rotation, failure: Option<Failure>) -> Result<(), Failure> {
    let told = |code: Code| {
        let told = Event::NotApplied(StepKind::Check, code);
        rotation.records.iter().any(|record| record.event == told)
    };
    match failure.filter(|failure| {
        let same = TAKEN.contains(&failure.code) && TAKEN.into_iter().any(told);
        !same && !told(failure.code)
    }) {
        Some(failure) => Err(failure),
        None => Ok(()),
    }
}
