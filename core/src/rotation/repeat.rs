//! A mint whose answer got lost, at a provider that gives it again: the same request once more, with the same key.
//!
//! It is the same mint, under the same intent: the provider carries it out once, however often it gets it.

use std::time::Duration;

use super::drive::{AtRisk, Driver};
use super::fresh::Fresh;
use super::ids::as_ordered;
use super::journal::{Change, Rotation, SentMint};
use super::moves::{Entry, Learnt, Onward, Repeated, Settled};
use super::nonce;
use super::plan::{Act, StepKind};
use super::reconcile::{LONGEST_ANSWER, lost, still_unknown, too_early};
use super::scene::{Scene, new_version};
use super::state::Event;
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::model::Fingerprint;
use crate::provider::{RemoteKey, Repeatable, Replay, Workspace};

/// Pause before what is still being carried out is asked about again.
const PAUSE: Duration = Duration::from_secs(20);
/// How often that is done without a person.
const BY_ITSELF: usize = 3;

pub(super) fn settle_look(scene: &Scene<'_>, may: Result<bool, Failure>) -> Settled {
    match may {
        Ok(may) => Settled::learnt(Learnt::Repeatable(may)),
        Err(failure) => still_unknown(scene, StepKind::Mint, failure.code),
    }
}

pub(super) fn settle(scene: &Scene<'_>, repeated: Result<Repeated, Failure>) -> Result<Settled, Failure> {
    let kind = StepKind::Mint;
    let failure = match repeated {
        Ok(Repeated::Given(changes)) => return Ok(Settled::one(Entry::new(Event::Applied(kind), changes))),
        Ok(Repeated::Lost(key)) => return lost(scene, key),
        Ok(Repeated::InProgress) if scene.history.repeats() < BY_ITSELF => return Ok(too_early(scene, PAUSE)),
        Ok(Repeated::InProgress) => Failure::unknown(Code::ProviderNoAnswer),
        Err(failure) => failure,
    };
    // Time, or another credential, may still bring it.
    if failure.is_passing() || failure.code == Code::CredentialRefused {
        return Ok(still_unknown(scene, kind, failure.code));
    }
    // Its provider does not give it again: what else can tell is asked.
    let changes = in_place(Guard::NotAgain).then_some(Change::NotRepeatable);
    let unclear = Entry::new(Event::Unclear(kind, failure.code), changes.into_iter().collect());
    Ok(Settled::one(unclear).onward(Onward::Pause(Duration::ZERO)))
}

impl Driver {
    /// What is kept of a mint that is about to be sent, where it may be sent again.
    pub(super) async fn repeatable(&self, rotation: &Rotation, name: &str) -> Option<SentMint> {
        if rotation.act() == Act::SignUp {
            return None;
        }
        let bare = Workspace {
            nonce: nonce::of(name).map(str::to_owned),
            ..self.effects.workspaces.using(&rotation.subject.account).await.ok()?
        };
        let order = self.order(rotation, &bare, name).ok()?;
        let known = bare.repeatable(&order)?;
        let workspace = self.minting(rotation, name).await.ok()?;
        Some(SentMint {
            request: self.named(&workspace, &known),
            steady: self.effects.clock.steady(),
        })
    }

    /// Names the request with whose it is: to another credential a provider need not know it.
    fn named(&self, workspace: &Workspace, known: &Repeatable) -> String {
        let credential = workspace.credential.as_ref();
        let whose = credential.map(|credential| self.effects.fingerprints.of(&credential.secret));
        format!("{} {}", known.request, whose.as_ref().map_or("", Fingerprint::as_str))
    }

    /// Whether the lost answer can be asked for: the same request, by the same credential, while its provider knows it.
    pub(super) async fn may_repeat(&self, rotation: &Rotation) -> Result<bool, Failure> {
        let (Some(sent), Some(name)) = (&rotation.repeatable, &rotation.mint_name) else {
            return Ok(false);
        };
        let workspace = self.minting(rotation, name).await?;
        let order = self.order(rotation, &workspace, name)?;
        let Some(known) = workspace.repeatable(&order) else {
            return Ok(false);
        };
        let same = self.named(&workspace, &known) == sent.request || !in_place(Guard::SameRequest);
        Ok(same && self.is_still_known(sent, known.ttl))
    }

    /// Sends the same mint once more, and puts the values of its answer away.
    pub(super) async fn repeat(&self, rotation: &Rotation, fresh: &mut Fresh<'_>) -> Result<Repeated, Failure> {
        let name = rotation.mint_name.as_deref().unwrap_or_default();
        let workspace = self.minting(rotation, name).await?;
        let order = self.order(rotation, &workspace, name)?;
        let mut before = self.journal.snapshot(rotation.id).await?;
        before.extend(self.journal.known_remote_ids(rotation.id).await?);
        fresh.now(AtRisk::Creating);
        match self.effects.provider.repeat(&workspace, &order).await? {
            Replay::Given(minted) => {
                let answer = self
                    .as_new(rotation, as_ordered(rotation, &order, minted, &before))
                    .await?;
                let version = new_version(rotation)?;
                Ok(Repeated::Given(self.keep(rotation, version, answer, fresh).await))
            }
            Replay::WithoutValue(id) if order.replaces().is_none() && !before.contains(&id) => {
                Ok(Repeated::Lost(RemoteKey {
                    remote_id: id,
                    ..RemoteKey::default()
                }))
            }
            Replay::WithoutValue(_) => Err(Failure::unknown(Code::ProviderUnexpected)),
            Replay::InProgress => Ok(Repeated::InProgress),
        }
    }

    /// By a clock that nobody can set, and with the time that the request may take. Over a restart of the machine
    /// nobody knows.
    fn is_still_known(&self, sent: &SentMint, ttl: Duration) -> bool {
        let now = self.effects.clock.steady();
        let age = now
            .up
            .checked_sub(sent.steady.up)
            .filter(|_| now.boot == sent.steady.boot);
        age.is_some_and(|age| age + LONGEST_ANSWER < ttl) || !in_place(Guard::StillKnown)
    }
}
