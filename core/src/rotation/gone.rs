//! Whether a new key that was taken back has come to its end: a call tells, or the list.

use std::time::Duration;

use super::drive::Driver;
use super::journal::Rotation;
use super::plan::StepKind;
use super::prove::refusal;
use super::scene::new_version;
use super::state::{Event, State};
use super::verify::unsaid;
use crate::failure::{Code, Effect, Failure};
use crate::guard::{Guard, in_place};
use crate::model::{Answer, Receipt};

/// How the new key came to its end.
pub(super) enum Gone {
    /// A call with its value was refused, after an act of ours.
    Refused(Receipt),
    /// The list lacks it, or the provider's or the person's word is all there is.
    Told(Receipt),
    /// Nothing ended it: it lies in a slot that nobody uses.
    SetAside,
}

impl Driver {
    /// A call with the value tells, and the list where no call can be made. One that is only switched off is refused as
    /// well, and is still listed.
    pub(super) async fn is_gone(&self, rotation: &Rotation, remote_id: &str) -> Result<Gone, Failure> {
        self.shown_gone(rotation, remote_id)
            .await
            .map_err(|failure| match failure.code {
                code if lives_on(code) => failure,
                _ => failure.with_effect(Effect::Unknown),
            })
    }

    async fn shown_gone(&self, rotation: &Rotation, remote_id: &str) -> Result<Gone, Failure> {
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
        let definition = &workspace.definition;
        let verdict = match definition.verifies(&workspace.fields) {
            true => self.asked(rotation, new_version(rotation)?).await?,
            false => None,
        };
        let refused = match verdict {
            Some(verdict) if verdict.answer == Answer::Live => return Err(Failure::new(Code::KeyStillAccepted)),
            Some(verdict) if verdict.answer == Answer::Undetermined => return Err(unsaid(&verdict)),
            verdict => verdict.as_ref().map(refusal),
        };
        let refused = match refused {
            Some(receipt) if self.is_controlled(rotation).await? => Some(receipt),
            _ => None,
        };
        let lists = definition.capabilities().list;
        // What is refused now may be so for another reason.
        let listed = match lists {
            true => self.is_listed(rotation, remote_id).await,
            false => Ok(false),
        };
        match listed {
            Ok(true) => return Err(Failure::new(Code::KeyStillListed)),
            // An entry that cannot be read may be any key; a refusal beside which another one is accepted tells.
            Err(failure) if failure.code == Code::ProviderEntryUnread && refused.is_some() => {}
            listed => listed.map(drop)?,
        }
        match refused {
            Some(receipt) => Ok(Gone::Refused(receipt)),
            None if lists => Ok(Gone::Told(Receipt::Unlisted {
                at: self.effects.clock.now(),
            })),
            // The provider has taken its revocation; else it is revoked again by its id until it has.
            None if matches!(rotation.position.state, State::Discarding(_)) => Ok(Gone::Told(self.word())),
            None if rotation.history().last() == Some(Event::DiscardConfirmed) => Ok(Gone::Told(self.word())),
            None => Err(Failure::new(Code::KeyEndUnknown)),
        }
    }

    /// After a revocation that the provider took, its parts may show the key for as long as they lag.
    pub(super) async fn goes(&self, rotation: &Rotation, remote_id: &str) -> Result<Gone, Failure> {
        match self.is_gone(rotation, remote_id).await {
            Err(failure) if lives_on(failure.code) => {
                let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
                self.effects.clock.sleep(workspace.definition.reconcile().lag()).await;
                self.is_gone(rotation, remote_id).await
            }
            other => other,
        }
    }

    /// A list that may not show the new key yet proves nothing: waits until it would.
    pub(super) async fn list_settles(&self, rotation: &Rotation) -> Result<(), Failure> {
        let workspace = self.effects.workspaces.managing(&rotation.subject.account).await?;
        let minted = rotation.history().applied_at(StepKind::Mint);
        let since = minted.unwrap_or(rotation.opened_at);
        let since = Duration::try_from(self.effects.clock.now().duration_since(since)).unwrap_or(Duration::ZERO);
        let left = workspace.definition.reconcile().lag().saturating_sub(since);
        if !left.is_zero() && in_place(Guard::DiscardLag) {
            self.effects.clock.sleep(left).await;
        }
        Ok(())
    }
}

/// Whether the revocation may be sent again: the key is still there, or nothing can show that it is not.
fn lives_on(code: Code) -> bool {
    matches!(
        code,
        Code::KeyStillAccepted | Code::KeyStillListed | Code::KeyEndUnknown
    )
}
