//! The heart: a key is replaced, and nothing is lost on the way.
//!
//! Read top to bottom: [`plan`] says what will happen, [`state`] which row may follow which, [`journal`] what is written
//! before and after each effect, [`history`] what all rows say together. [`next`] decides what is done now, [`perform`] does
//! it, [`settle`] decides what follows from what was seen; both are pure, and [`drive`] is the only loop that causes
//! effects. The decisions of a step, its questions and what follows from their answers stand in one file of its name.
//! [`proof`] says what has to be shown before anything is revoked, [`serves`] that another value is there and works,
//! [`elapsed`] and [`silence`] how long to wait before. [`reconcile`] settles what nobody answered, [`undo`] takes back,
//! [`person`] is what a person does in the provider's place, [`claims`] ends it by their word, in every state.
//!
//! Deliberately absent: retries of anything that mutates. An effect that is not known is asked about, and [`repeat`]
//! sends only what its provider knows again.

mod check;
mod claims;
mod copy;
mod deploy;
mod difference;
mod drive;
mod effects;
mod elapsed;
mod fresh;
mod gone;
mod history;
mod ids;
mod journal;
mod keep;
mod late;
mod listed;
mod mint;
mod moves;
mod next;
pub(crate) mod nonce;
mod ours;
mod perform;
mod person;
mod plan;
mod proof;
mod prove;
mod reconcile;
mod repeat;
mod retire;
mod rival;
mod scene;
mod serves;
mod settle;
mod signup;
mod silence;
mod state;
mod store;
#[cfg(test)]
mod tests;
mod undo;
mod verify;
mod vouched;
mod wait;
mod whose;

pub use claims::{Claim, Claims};
pub use deploy::in_use_after;
pub use difference::lacks_most;
pub use drive::{AtRisk, Driver, Observer, Silent};
pub use effects::{Clipboard, Copied, Effects, NoClipboard, Workspaces};
pub use elapsed::{Reading, elapsed};
pub use history::History;
pub use journal::{Change, DriverIdentity, Fence, Journal, NewKey, Record, Rotation, Said, SentMint, Subject};
pub use plan::{Act, Actor, Discard, Facts, MOST_BINDINGS, Plan, Proof, Step, StepKind};
pub use silence::{Heard, Told};
pub use state::{Ending, Event, IllegalTransition, Position, State, Then};
pub use undo::TakeBack;
pub use whose::{Marks, Whose};
