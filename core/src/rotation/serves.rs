//! What has to be shown right before a value that may be in use is taken away: that another value of the key serves.
//!
//! Its value is read from the keychain, is what was stored there, and is accepted by a call made now. Where nobody can
//! ask, the person's word stands, and nothing says that somebody asked.

use jiff::{SignedDuration, Timestamp};

use super::drive::Driver;
use super::journal::{Change, Rotation};
use super::moves::{Entry, Learnt, Settled};
use super::plan::{Act, StepKind};
use super::scene::Scene;
use super::state::Event;
use super::verify::unsaid;
use super::whose::Whose;
use crate::failure::{Code, Effect, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{Answer, KeyVersion, Secret};
use crate::provider::{KeyList, RemoteKey, Strategy, Workspace};
use crate::vault::VaultRef;

/// A key that ends within this time takes the place of none.
const ENDS_SOON: SignedDuration = SignedDuration::from_hours(1);

/// Another value of the key serves, or the person goes on without that being asked. Made only here.
#[derive(Debug)]
pub(super) struct Serves {
    /// What the call answered, where one was made; written with the intent that follows.
    told: Vec<Change>,
}

impl Serves {
    const UNASKED: Serves = Serves { told: Vec::new() };

    /// Where the confirmed plan says that the old key goes without a successor.
    pub(super) fn unasked(scene: &Scene<'_>) -> Option<Serves> {
        let rotation = scene.rotation;
        let alone = rotation.act() != Act::Rotate || rotation.plan.strategy == Strategy::ReplaceFirst;
        (alone || !in_place(Guard::SuccessorServes)).then_some(Serves::UNASKED)
    }

    /// As if a call had answered so.
    #[cfg(test)]
    pub(super) fn as_told(told: Vec<Change>) -> Serves {
        Serves { told }
    }

    /// When the key ends, as the call has just told.
    fn expires_at(&self) -> Option<Timestamp> {
        self.told.iter().find_map(|change| match change {
            Change::Verdict { verdict, .. } => verdict.expires_at,
            _ => None,
        })
    }

    /// Takes what the call answered.
    pub(super) fn told(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.told)
    }
}

/// Why nothing is taken away, and what the call answered, where one was made.
pub(super) struct NotShown {
    pub(super) failure: Failure,
    pub(super) told: Vec<Change>,
}

impl From<Failure> for NotShown {
    fn from(failure: Failure) -> NotShown {
        NotShown {
            // Whatever became of the look, nothing was taken away.
            failure: failure.with_effect(Effect::NotApplied),
            told: Vec::new(),
        }
    }
}

/// Shows that the successor serves, or says why the old key stays.
pub(super) fn settle(scene: &Scene<'_>, shown: Result<Serves, NotShown>) -> Settled {
    let kind = StepKind::RevokeOld;
    let NotShown { failure, told } = match shown {
        Ok(serves) => return Settled::learnt(Learnt::Serves(serves)),
        Err(not_shown) => not_shown,
    };
    match failure.is_passing() {
        true => Settled::one(scene.undetermined(kind, &failure, told)),
        false => Settled::all([
            Entry::new(Event::Intended(kind), told),
            Event::NotApplied(kind, failure.code).into(),
        ]),
    }
}

impl Driver {
    /// Asks the successor, right before the old key is revoked or a person is asked to delete it.
    pub(super) async fn successor_serves(&self, rotation: &Rotation) -> Result<Serves, NotShown> {
        let new = rotation.subject.new.as_ref();
        let new = new.ok_or_else(|| Failure::new(Code::RotationIllegal))?;
        if !new.held {
            return Err(Failure::new(Code::KeychainMissing).into());
        }
        self.effects.vault.settled().await?;
        let serves = self.serves(rotation, new, Code::KeySuccessorRefused).await?;
        let history = rotation.history();
        if self.ends_soon(serves.expires_at().or(new.expires_at)) && !history.is_waived(Code::KeySuccessorEnds) {
            return Err(NotShown {
                failure: Failure::new(Code::KeySuccessorEnds),
                told: serves.told,
            });
        }
        let called = !serves.told.is_empty();
        if !history.is_decided(Code::KeySuccessorUnusual) && !self.is_a_key(rotation, new, called).await? {
            return Err(NotShown {
                failure: Failure::new(Code::KeySuccessorUnusual),
                told: serves.told,
            });
        }
        // Where it is sent, the list is read right before.
        let listed_later = rotation.plan.sends(StepKind::RevokeOld) && called;
        if !listed_later && !history.is_decided(Code::KeySuccessorUnlisted) {
            self.is_among_listed(rotation, new).await?;
        }
        Ok(serves)
    }

    /// Whether a key that ends then takes the place of none.
    pub(super) fn ends_soon(&self, expires_at: Option<Timestamp>) -> bool {
        let soon = self.effects.clock.now().checked_add(ENDS_SOON);
        expires_at.is_some_and(|at| soon.is_ok_and(|soon| at <= soon))
    }

    /// Whether the new value looks like a key of its provider, or was accepted by a call that tells it from one that is none.
    async fn is_a_key(&self, rotation: &Rotation, new: &KeyVersion, called: bool) -> Result<bool, Failure> {
        let workspace = self.effects.workspaces.using(&rotation.subject.account).await?;
        let value = self.value_of(Some(new)).await?;
        Ok(
            match (workspace.definition.matches_key(&value) && !new.searched, called) {
                (true, _) => true,
                (false, true) => !self.accepts_all(&workspace, &value).await,
                (false, false) => !in_place(Guard::SuccessorUsual),
            },
        )
    }

    /// The list shows the new key, where there is one.
    async fn is_among_listed(&self, rotation: &Rotation, new: &KeyVersion) -> Result<(), NotShown> {
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
        if !workspace.definition.capabilities().list || new.remote_id.is_none() {
            return Ok(());
        }
        let listed = self.effects.provider.list(&workspace).await?;
        Ok(self.lists_later(&workspace, new, &listed).await?)
    }

    /// Whether the list shows the new key: by its id, or by the name that its mint carried, whatever id was told.
    pub(super) async fn shows_new(
        &self,
        workspace: &Workspace,
        new: &KeyVersion,
        listed: &KeyList,
    ) -> Result<bool, Failure> {
        let by_id = new.remote_id.as_deref().is_some_and(|id| listed.entry(id).is_some());
        if by_id || !in_place(Guard::SuccessorListed) {
            return Ok(true);
        }
        // Where no call was accepted, another id than was told says that the value may be another one too.
        let works = new
            .verdict
            .as_ref()
            .is_some_and(|verdict| verdict.answer == Answer::Live);
        if !works {
            return Ok(false);
        }
        let value = self.readable(new).await;
        let marks = self.marks(workspace, new).await?;
        let is_named = |key: &RemoteKey| marks.whose(key, value.as_ref()) == Whose::Named;
        Ok(listed.keys().iter().any(is_named))
    }

    /// That the list shows the new key, as soon as it no longer may lag.
    pub(super) async fn lists_later(
        &self,
        workspace: &Workspace,
        new: &KeyVersion,
        listed: &KeyList,
    ) -> Result<(), Failure> {
        if new.remote_id.is_none() || self.shows_new(workspace, new, listed).await? {
            return Ok(());
        }
        if let Some(unread) = listed.unread() {
            return Err(unread);
        }
        let lag = SignedDuration::try_from(workspace.definition.reconcile().lag()).unwrap_or(SignedDuration::MAX);
        let shown_by = new.born().0.checked_add(lag).ok();
        match shown_by.filter(|at| *at > self.effects.clock.now()) {
            Some(at) => Err(Failure::new(Code::ProviderUndetermined).retry_at(at)),
            None => Err(Failure::new(Code::KeySuccessorUnlisted)),
        }
    }

    /// Whether a value that is no key, of the same form, is accepted as well: whoever accepts whatever it is called with has
    /// accepted nothing. It is drawn, and holds no letter of the real one: what is refused may be logged there.
    async fn accepts_all(&self, workspace: &Workspace, value: &Secret) -> bool {
        if !in_place(Guard::AcceptanceControlled) {
            return false;
        }
        let mut drawn = vec![0; value.len()];
        self.effects.entropy.fill(&mut drawn);
        let like = |(real, drawn): (char, u8)| match real {
            'a'..='z' => char::from(b'a' + drawn % 26),
            'A'..='Z' => char::from(b'A' + drawn % 26),
            '0'..='9' => char::from(b'0' + drawn % 10),
            mark => mark,
        };
        let none = Secret::new(value.expose().chars().zip(drawn).map(like).collect());
        self.effects.provider.verify(workspace, &none).await.answer == Answer::Live
    }

    /// Shows that the old key serves, before the new one, which works or may be in use, is taken back.
    pub(super) async fn predecessor_serves(&self, rotation: &Rotation) -> Result<Serves, NotShown> {
        let held = rotation.subject.new.as_ref().is_some_and(|new| new.held);
        let Some(old) = rotation.subject.old.as_ref().filter(|_| rotation.act() == Act::Rotate) else {
            return Ok(Serves::UNASKED);
        };
        // One whose value nobody has serves nobody; and a person may decide, whatever is known.
        if !held || rotation.history().is_taken_back_anyway() || !in_place(Guard::PredecessorServes) {
            return Ok(Serves::UNASKED);
        }
        let workspace = self.effects.workspaces.using(&rotation.subject.account).await?;
        let in_slot = rotation.plan.strategy == Strategy::TwoSlot;
        let id = old
            .remote_id
            .as_deref()
            .filter(|_| !in_slot && workspace.definition.capabilities().list);
        let listed = match id {
            Some(id) => self.is_listed(rotation, id).await?,
            None => true,
        };
        let serves = match old.held {
            true => self.serves(rotation, old, Code::KeyPredecessorRefused).await?,
            false => Serves::UNASKED,
        };
        if self.ends_soon(serves.expires_at().or(old.expires_at)) && in_place(Guard::PredecessorLasts) {
            return Err(NotShown {
                failure: Failure::new(Code::KeyPredecessorEnds),
                told: serves.told,
            });
        }
        match listed {
            true => Ok(serves),
            // Whoever accepts it may answer from what was known before somebody deleted it.
            false => Err(NotShown {
                failure: Failure::new(Code::KeyPredecessorUnlisted),
                told: serves.told,
            }),
        }
    }

    /// Reads the value, compares it with what was stored, and calls with it where that can be done.
    pub(super) async fn serves(
        &self,
        rotation: &Rotation,
        version: &KeyVersion,
        refused: Code,
    ) -> Result<Serves, NotShown> {
        let value = self.effects.vault.get(&VaultRef::version(version.id)).await?;
        let value = value.ok_or_else(|| Failure::new(Code::KeychainMissing))?;
        if version.fingerprint.as_ref() != Some(&self.effects.fingerprints.of(&value)) {
            return Err(Failure::new(Code::KeychainMismatch).into());
        }
        let workspace = self.effects.workspaces.using(&rotation.subject.account).await?;
        if !workspace.definition.verifies(&workspace.fields) {
            return Ok(Serves::UNASKED);
        }
        let verdict = self.effects.provider.verify(&workspace, &value).await;
        let (answer, unsaid) = (verdict.answer, unsaid(&verdict));
        let told = vec![Change::Verdict {
            version: version.id,
            verdict,
        }];
        match answer {
            Answer::Live => Ok(Serves { told }),
            Answer::Dead => Err(NotShown {
                failure: Failure::new(refused),
                told,
            }),
            Answer::Undetermined => Err(unsaid.into()),
        }
    }
}
