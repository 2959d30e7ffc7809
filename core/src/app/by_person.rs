//! Steps that a person does on the provider's page, as the shells report them.

use std::time::Duration;

use super::App;
use super::open::PATIENCE;
use super::pasted::PastedHandle;
use super::rotations::not_now;
use crate::failure::{Code, Failure};
use crate::model::{Account, RotationId, Secret};
use crate::policy::Ways;
use crate::provider::{Definition, Performer, ProviderStep, Strategy};
use crate::rotation::{Act, Actor, Event, Facts, Rotation};

impl App {
    /// Takes the value that the person created for this rotation. One that is refused can be taken again; `anyway`: the
    /// person has looked, and its form has changed.
    pub async fn take_new_value(
        &self,
        id: RotationId,
        handle: &PastedHandle,
        anyway: bool,
    ) -> Result<Rotation, Failure> {
        let secret = self.take_pasted(handle, "key")?;
        match self.take_value(id, &secret, anyway).await {
            Ok(rotation) => Ok(rotation),
            Err(failure) => {
                self.put_back(handle.clone(), secret);
                Err(failure)
            }
        }
    }

    async fn take_value(&self, id: RotationId, secret: &Secret, anyway: bool) -> Result<Rotation, Failure> {
        let rotation = self.journal.load(id).await?;
        let definition = self.definitions.require(&rotation.subject.account)?;
        if !(definition.matches_key(secret) || anyway && definition.may_take_other_form(secret)) {
            return Err(Failure::new(Code::InputWrongKeyFormat).field("key"));
        }
        let taken = self.driver().await?.take(id, secret, PATIENCE).await?;
        self.tidy(&taken).await?;
        Ok(taken)
    }

    /// The value was not accepted: the person looks at it and takes it once more.
    pub async fn paste_again(&self, id: RotationId) -> Result<Rotation, Failure> {
        let rotation = self.journal.load(id).await?;
        if rotation.position.after(&rotation.plan, Event::PasteAgain).is_err() {
            return Err(not_now(&rotation));
        }
        self.driver().await?.tell(id, Event::PasteAgain, vec![], PATIENCE).await
    }

    /// *I have deleted it*: the key is gone from the provider's page, which is then proven where it can be.
    pub async fn confirm_deleted(&self, id: RotationId) -> Result<Rotation, Failure> {
        let told = self.driver().await?.deleted(id, PATIENCE).await?;
        self.tidy(&told).await?;
        Ok(told)
    }

    pub(super) fn plan_facts(
        &self,
        act: Act,
        account: &Account,
        old_held: bool,
        overlap: Duration,
    ) -> Result<Facts, Failure> {
        let definition = self.definitions.require(account)?;
        let strategy = definition.strategy();
        let not_able = || Failure::new(Code::ProviderNotAble);
        let by = |step| definition.performer(step).map(actor);
        let minter = match act {
            Act::Rotate => by(minting(strategy)).ok_or_else(not_able)?,
            Act::Create => by(ProviderStep::Mint).ok_or_else(not_able)?,
            Act::SignUp | Act::Revoke => Actor::Api,
        };
        let revoker = match (act, revoking(strategy)) {
            (Act::Rotate, Some(step)) => by(step).ok_or_else(not_able)?,
            (Act::Revoke, _) => by(ProviderStep::Revoke).ok_or_else(not_able)?,
            // No step of the plan: it is about a new key that is not wanted.
            (Act::Rotate, None) | (Act::Create | Act::SignUp, _) => by(ProviderStep::Revoke).unwrap_or(Actor::Person),
        };
        Ok(Facts {
            act,
            strategy,
            minter,
            revoker,
            old_held,
            verifies: definition.verifies(&account.fields),
            lists: definition.capabilities().list,
            overlap,
            quiet: Duration::ZERO,
            grace: definition.grace(),
            bindings: Vec::new(),
        })
    }

    /// What can be done with the keys of an account; none where there is no definition for its provider.
    pub(super) fn ways(&self, account: &Account) -> Option<Ways> {
        let definition = self.definitions.of(account)?;
        Some(ways(&definition, account))
    }
}

fn ways(definition: &Definition, account: &Account) -> Ways {
    let can = |step| definition.performer(step).is_some();
    let strategy = definition.strategy();
    Ways {
        create: can(ProviderStep::Mint),
        rotate: can(minting(strategy)) && revoking(strategy).is_none_or(can),
        revoke: can(ProviderStep::Revoke),
        verify: definition.verifies(&account.fields),
    }
}

/// What brings the new value of a rotation.
fn minting(strategy: Strategy) -> ProviderStep {
    match strategy {
        Strategy::Overlap | Strategy::ReplaceFirst => ProviderStep::Mint,
        Strategy::Roll | Strategy::RollWithGrace | Strategy::TwoSlot => ProviderStep::Roll,
    }
}

/// What ends the old value; none where the new one does.
fn revoking(strategy: Strategy) -> Option<ProviderStep> {
    match strategy {
        Strategy::Overlap | Strategy::ReplaceFirst => Some(ProviderStep::Revoke),
        Strategy::TwoSlot => Some(ProviderStep::Roll),
        Strategy::Roll | Strategy::RollWithGrace => None,
    }
}

fn actor(performer: Performer) -> Actor {
    match performer {
        Performer::Api => Actor::Api,
        Performer::Person => Actor::Person,
    }
}
