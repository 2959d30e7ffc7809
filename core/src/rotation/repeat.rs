//! A mint whose answer got lost, at a provider that gives it again: the same request once more, with the same key.
//!
//! It is the same mint, under the same intent: the provider carries it out once, however often it gets it.

use std::time::Duration;

use super::drive::{AtRisk, Driver};
use super::fresh::Fresh;
use super::journal::{Change, Fence, Rotation, SentMint};
use super::mint::as_ordered;
use super::nonce;
use super::plan::{Act, StepKind};
use super::reconcile::{Found, LONGEST_ANSWER};
use super::state::Event;
use crate::failure::{Code, Failure};
use crate::guard::{Guard, in_place};
use crate::model::Fingerprint;
use crate::provider::{Order, RemoteKey, Repeatable, Replay, Workspace};

/// Pause before what is still being carried out is asked about again.
const PAUSE: Duration = Duration::from_secs(20);
/// How often that is done without a person.
const BY_ITSELF: usize = 3;

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

    /// Asks for the lost answer; none where it cannot be asked for, or is not given again.
    pub(super) async fn ask_again(
        &self,
        fence: Fence,
        rotation: &Rotation,
        fresh: &mut Fresh<'_>,
    ) -> Result<Option<Found>, Failure> {
        let (Some(sent), Some(name)) = (&rotation.repeatable, &rotation.mint_name) else {
            return Ok(None);
        };
        let workspace = self.minting(rotation, name).await?;
        let order = self.order(rotation, &workspace, name)?;
        let Some(known) = workspace.repeatable(&order) else {
            return Ok(None);
        };
        let same = self.named(&workspace, &known) == sent.request || !in_place(Guard::SameRequest);
        if !same || !self.is_still_known(sent, known.ttl) {
            return Ok(None);
        }
        let mut before = self.journal.snapshot(rotation.id).await?;
        before.extend(self.journal.known_remote_ids(rotation.id).await?);
        self.record(fence, Event::Repeated, vec![]).await?;
        fresh.now(AtRisk::Creating);
        let found = match self.effects.provider.repeat(&workspace, &order).await {
            Ok(replay) => self.found_in(rotation, &order, replay, &before).await,
            Err(failure) => Err(failure),
        };
        if !matches!(found, Ok(Found::Given(_))) {
            fresh.settle();
        }
        match found {
            Ok(found) => Ok(Some(found)),
            // Time, or another credential, may still bring it.
            Err(failure) if failure.is_passing() || failure.code == Code::CredentialRefused => Err(failure),
            Err(failure) => {
                let changes = in_place(Guard::NotAgain).then_some(Change::NotRepeatable);
                let unclear = Event::Unclear(StepKind::Mint, failure.code);
                self.record(fence, unclear, changes.into_iter().collect()).await?;
                Ok(Some(Found::TooEarly(Duration::ZERO)))
            }
        }
    }

    async fn found_in(
        &self,
        rotation: &Rotation,
        order: &Order,
        replay: Replay,
        before: &[String],
    ) -> Result<Found, Failure> {
        match replay {
            Replay::Given(minted) => {
                let answer = as_ordered(order, minted, before)?;
                Ok(Found::Given(Box::new(self.as_new(rotation, answer).await?)))
            }
            Replay::WithoutValue(id) if order.replaces().is_none() && !before.contains(&id) => {
                Ok(Found::Lost(RemoteKey {
                    remote_id: id,
                    ..RemoteKey::default()
                }))
            }
            Replay::WithoutValue(_) => Err(Failure::unknown(Code::ProviderUnexpected)),
            Replay::InProgress => {
                let minted = Event::Intended(StepKind::Mint);
                let since = rotation
                    .records
                    .iter()
                    .rev()
                    .take_while(|record| record.event != minted);
                match since.filter(|record| record.event == Event::Repeated).count() < BY_ITSELF {
                    true => Ok(Found::TooEarly(PAUSE)),
                    false => Err(Failure::unknown(Code::ProviderNoAnswer)),
                }
            }
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
