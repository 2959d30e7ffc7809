//! The heart: a key is replaced, and nothing is lost on the way.
//!
//! Read top to bottom: [`plan`] says what will happen, [`state`] which step may follow which, [`journal`]
//! what is written before and after each effect, [`proof`] what has to be shown before anything is
//! revoked, [`serves`] that another value is there and works, [`drive`] is the only loop that causes effects, [`deploy`] what it does at the places that use the
//! key, [`person`] what a person does in its place, [`elapsed`] and [`silence`] how long to wait before the old key
//! is revoked,
//! [`reconcile`] settles what nobody answered, [`undo`] takes back, [`claims`]
//! ends it by a person's word, in every state.
//!
//! Deliberately absent: retries of anything that mutates. An effect that is not known is asked about, and [`repeat`]
//! sends only what its provider knows again.

mod check;
mod claims;
mod deploy;
mod difference;
mod drive;
mod effects;
mod elapsed;
mod fresh;
mod journal;
mod mint;
mod nonce;
mod person;
mod plan;
mod proof;
mod reconcile;
mod repeat;
mod retire;
mod rival;
mod serves;
mod signup;
mod silence;
mod state;
mod undo;
mod verify;
mod wait;

pub use claims::{Claim, Claims};
pub use deploy::in_use_after;
pub use drive::{AtRisk, Driver, Observer, Silent};
pub use effects::{Clipboard, Copied, Effects, NoClipboard, Workspaces};
pub use elapsed::{Reading, elapsed};
pub use journal::{Change, DriverIdentity, Fence, Journal, NewKey, Record, Rotation, SentMint, Subject};
pub use plan::{Act, Actor, Discard, Facts, MOST_BINDINGS, Plan, Proof, Step, StepKind};
pub use silence::{Heard, Told};
pub use state::{Ending, Event, IllegalTransition, Position, State, Then};
pub use undo::TakeBack;
