//! The table: every kind of plan, at a provider that answers the same for ever or something well formed that is not so,
//! and with keys that change while a rotation waits.
//!
//! A cell is data. What must hold of it is in `verdict`, and what may be said of it in `words`; both know the provider's
//! ledger, the keychain and the views that shells show, and nothing of how a rotation is meant to go.

mod cell;
mod page;
mod person;
mod random;
mod shape;
mod unkind;
mod verdict;
mod words;

pub use cell::{Cell, OfKey, Press, play, retrace};
pub use random::soak_facts;
pub use shape::{Doer, Listing, Shape};
pub use unkind::{Call, Phase, Unkind};
