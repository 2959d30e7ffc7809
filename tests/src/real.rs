//! The real command on a real database, with a real keychain and a provider on loopback.

mod home;
mod overten;
mod verdict;

pub use home::{Home, Said, binary, start};
pub use overten::{ADDED, KEY, Real};
pub use verdict::{Found, Kind, Slot, Verdict, files, judge};
