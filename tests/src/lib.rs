//! The harness: one Keywheel on a data directory of its own, one simulated provider, one clock, and
//! a tape on which everything that leaves the driver is recorded, cut or spoilt.
//!
//! Deliberately absent: real waiting, real networks, and any knowledge of how a rotation is meant to go.
//! The provider's ledger is the witness, next to the keychain and the database.

pub mod acts;
pub mod album;
pub mod bench;
pub mod cells;
pub mod clock;
pub mod company;
mod copies;
pub mod daemons;
pub mod fuzz;
pub mod journey;
pub mod judge;
pub mod keyboard;
pub mod keyring;
pub mod lab;
pub mod leftovers;
mod look;
pub mod machine;
pub mod matrix;
pub mod mounts;
pub mod mutants;
pub mod notifications;
pub mod outside;
pub mod person;
pub mod places;
pub mod ports;
pub mod project;
pub mod provider;
pub mod raw;
pub mod real;
pub mod running;
pub mod sample;
pub mod script;
pub mod share;
pub mod shots;
pub mod slow;
pub mod stopped;
pub mod tape;
pub mod together;
pub mod transport;
mod versions;
pub mod wallets;
pub mod window;
pub mod windows;
pub mod wire;
pub mod wizard;
pub mod world;

pub use acts::{Done, code, from_use, went};
pub use person::Outcome;
pub use share::Share;
pub use tape::{Mishap, Moment, Port, What};
pub use together::together;
pub use world::World;
