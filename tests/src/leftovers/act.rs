//! What is done on the way into a state: by the command, by the person on the provider's page, by the provider, by time.

use provider_sim::Fault;

use super::setup::Setup;

/// One act. A command is a line in which `KEY` stands for the slot, and `ID` for the key that nobody accounts for.
#[derive(Clone)]
pub enum Act {
    /// The command, to its end. `take` is given the value that was made on the page last.
    Run(&'static str),
    /// The command, killed right after its n-th durable write.
    KilledAfter(u32, &'static str),
    /// The command, killed right before its n-th durable write.
    KilledBefore(u32, &'static str),
    /// A `take` that is given a value which is no key of the provider's.
    TakeWrong(&'static str),
    /// The person makes a new value on the page, in the strategy's way.
    Make,
    /// The person deletes the key that was made last.
    DeleteNew,
    /// The person deletes the key that the slot had at first.
    DeleteOld,
    /// The person fills the slot anew that the key had at first.
    RefillOld,
    /// The provider is unkind.
    Unkind(fn() -> Fault),
    /// The provider is honest again.
    Honest,
    /// So many seconds go by.
    Pass(i64),
    /// The user writes another definition.
    Define(Setup),
    /// The user deletes the definition.
    Undefine,
    /// Another program takes the new value out of the keychain.
    LoseNew,
    /// Somebody empties the n-th file that holds the value.
    EmptyFile(usize),
}
