//! Use cases for every shell, each a few lines: it composes, and decides nothing.

mod accounts;
mod answers;
mod by_person;
mod doctor;
mod find;
mod inventory;
mod keys;
mod listing;
mod open;
mod pasted;
mod places;
mod rotations;
mod signup;
mod values;
mod workspaces;

pub use accounts::{Connect, Connected, OrgChoice};
pub use answers::Answer;
pub use doctor::Examination;
pub use inventory::{Inventory, KeyFacts, Unlocked};
pub use keys::KeyDetail;
pub use open::{App, JournalTap, Wiring, mark_demo};
pub use pasted::{Pasted, PastedHandle};
pub use rotations::Proposal;
pub use signup::SignUp;
