//! Simulated providers: real wire formats, a ledger of what really happened, and faults.
//!
//! Keywheel sends exactly the documented request, with only the connection redirected here; the
//! `Host` header and the documented path choose who answers. Formats come from the providers'
//! own documents, each named where it is used. Guesses are marked *unconfirmed*.
//!
//! Deliberately absent: every type of Keywheel. Shared types would agree by construction.

pub mod clock;
pub mod control;
pub mod fault;
pub mod ledger;
pub mod serve;
pub mod simulator;
pub mod world;

mod call;
mod exchange;
mod firebase;
mod material;
mod overten;
mod pattern;
mod reply;

pub use clock::Clock;
pub use exchange::Dropped;
pub use fault::{Fault, FaultKind, Malformed, Moment, RetryAfter, RuleRecord};
pub use ledger::{Effect, KeyRecord, Ledger, RequestRecord, Sent};
pub use serve::Serving;
pub use simulator::{Options, Simulator, VerifyHeader};
pub use world::{Container, ListStyle, Member, Org, Role, SeedKey, User, World};
