//! Use cases for every shell, each a few lines: it composes, and decides nothing.

mod accounts;
mod answers;
mod by_person;
mod calls;
mod doctor;
mod find;
mod flagged;
mod import;
mod inventory;
mod keys;
mod leaks;
mod listing;
mod open;
mod owners;
mod pasted;
mod places;
mod rotations;
mod scan;
mod signup;
mod values;
mod workspaces;

pub use accounts::{Connect, Connected, OrgChoice};
pub use answers::Answer;
pub use calls::{Call, Means};
pub use doctor::Examination;
pub use import::{Description, ExistingKey};
pub use inventory::{Inventory, KeyFacts, Unlocked};
pub use keys::KeyDetail;
pub use leaks::{Identified, Ours, Remedy};
pub use open::{App, JournalTap, Wiring, mark_demo};
pub use owners::Leaving;
pub use pasted::{Pasted, PastedHandle};
pub use rotations::{PacedPlan, Proposal};
pub use scan::{Place, Scanned, Scanner, Sighting};
pub use signup::SignUp;
