//! What undo does with a new key, decided with the rest of the plan.

use super::{Act, Actor};
use crate::provider::Strategy;

/// What taking the new key back means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Discard {
    /// It is revoked by the API, by the id that it was minted with.
    Api,
    /// A person deletes it at the provider.
    Person,
    /// Nothing is sent: it lies in a slot that nobody uses, and the next roll overwrites it.
    Forget,
}

impl Discard {
    const ALL: [Discard; 3] = [Discard::Api, Discard::Person, Discard::Forget];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Discard::Api => "api",
            Discard::Person => "person",
            Discard::Forget => "forget",
        }
    }

    pub(super) fn parse(word: &str) -> Option<Discard> {
        Discard::ALL.into_iter().find(|discard| discard.as_str() == word)
    }

    /// Who ends a key that is not wanted: whoever revokes at that provider.
    pub(super) fn decide(act: Act, strategy: Strategy, revoker: Actor) -> Discard {
        match (act, strategy, revoker) {
            (Act::Rotate, Strategy::TwoSlot, _) => Discard::Forget,
            (_, _, Actor::Person) => Discard::Person,
            (_, _, Actor::Api | Actor::Keywheel) => Discard::Api,
        }
    }
}
