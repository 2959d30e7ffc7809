//! Overten's definition and its executor against the simulator: over loopback and in process.
//!
//! The simulator knows none of our types, and its ledger is the witness of what really happened.

#[path = "provider_overten/catalog.rs"]
mod catalog;
#[path = "provider_overten/effects.rs"]
mod effects;
#[path = "provider_overten/keys.rs"]
mod keys;
#[path = "provider_overten/proxy.rs"]
mod proxy;
#[path = "provider_overten/salvage.rs"]
mod salvage;
#[path = "provider_overten/sign_in.rs"]
mod sign_in;
#[path = "provider_overten/verify.rs"]
mod verify;
#[path = "provider_overten/wire.rs"]
mod wire;
#[path = "provider_overten/world.rs"]
mod world;
