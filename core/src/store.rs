//! SQLite through sqlx: one file, one writer at a time, every rule a named constraint.
//!
//! Deliberately absent: values. What is held lies in the keychain; here is only that it is.

mod about;
mod accounts;
mod activity;
mod arriving;
mod bindings;
mod bulk;
mod changes;
mod data_dir;
mod definitions;
mod elsewhere;
mod environments;
mod failures;
mod instance;
mod journal;
mod keys;
mod leaving;
mod lists;
mod loaded;
mod migrations;
mod mints;
mod open;
mod orgs;
mod policies;
mod readings;
mod records;
mod repeats;
mod rotation_row;
mod rotations;
mod row;
mod seal;
mod settings;
mod sightings;
mod time;
mod told;
mod turns;
mod unaccounted;
mod values;
mod versions;
mod waivers;

pub use accounts::Listing;
pub use activity::{Activity, ActivityResult, NewActivity};
pub use arriving::{Arrived, Exchange, FormerCredential};
pub use data_dir::{DataDir, Demo};
pub use definitions::Pinned;
pub use keys::{KeyRow, Pick};
pub use lists::{FirstSeen, KnownVersion, Reading, Shown};
pub use mints::{NamedMint, UnansweredMint};
pub use open::{DB_FILE, Store};
pub use rotations::NewRotation;
pub use sightings::SeenAt;
pub use unaccounted::Unaccounted;
