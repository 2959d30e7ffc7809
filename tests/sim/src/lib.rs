//! Simulated providers: real wire formats, a ledger of what really happened, and faults.
//!
//! Keywheel sends exactly the documented request, with only the connection redirected here; the
//! `Host` header and the documented path choose who answers. Formats come from the providers'
//! own documents, each named where it is used. Guesses are marked *unconfirmed*.
//!
//! Deliberately absent: every type of Keywheel. Shared types would agree by construction.

mod clock;
mod material;
mod world;

mod fault;
mod ledger;
mod pattern;

mod call;
mod exchange;
mod reply;

mod firebase;
mod overten;

mod control;
mod serve;
mod simulator;

pub use clock::Clock;
pub use exchange::Dropped;
pub use fault::{Fault, FaultKind, Malformed, Moment, RetryAfter, RuleRecord};
pub use ledger::{Effect, KeyRecord, Ledger, RequestRecord, Sent};
pub use serve::Serving;
pub use simulator::{Options, Simulator, VerifyHeader};
pub use world::{Container, ListStyle, Member, Org, Role, SeedKey, User, World};
