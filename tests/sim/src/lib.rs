//! Simulated providers: real wire formats, a ledger of what really happened, and faults.
//!
//! Keywheel sends exactly the documented request, with only the connection redirected here; the
//! `Host` header and the documented path choose who answers. Formats come from the providers'
//! own documents, each named where it is used. Guesses are marked *unconfirmed*; the provider of
//! `lab` is invented as a whole. Dashboards, where a person makes keys, are pages on loopback.
//!
//! Deliberately absent: every type of Keywheel. Shared types would agree by construction.

mod account;
mod clock;
mod material;
mod world;

mod fault;
mod ledger;
mod pattern;

mod call;
mod envelope;
mod exchange;
mod reply;

mod ai_api;
mod authenta;
mod firebase;
mod issuer;
mod lab;
mod on_page;
mod optiverse;
mod overten;

mod dashboard;

mod control;
mod serve;
mod simulator;
mod snapshot;

pub use account::{Account, GraceFrom, LabRules, Pace, Provider, Quota, Strategy};
pub use clock::Clock;
pub use envelope::Envelope;
pub use exchange::Dropped;
pub use fault::{Fault, FaultKind, Malformed, Moment, RetryAfter, RuleRecord};
pub use ledger::{Effect, KeyRecord, Ledger, RequestRecord, Sent};
pub use serve::Serving;
pub use simulator::{Options, Simulator, VerifyHeader};
pub use snapshot::{KeySnapshot, Memory, Snapshot};
pub use world::{Container, Grant, ListStyle, Member, Org, Role, SeedKey, User, World};
