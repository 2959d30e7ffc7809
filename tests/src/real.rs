//! The real command on a real database, with a real keychain and a provider on loopback.

mod home;
mod lab;
mod overten;
mod page;
mod verdict;

pub use home::{Home, Said, binary, has_token, start};
pub use lab::Lab;
pub use overten::{ADDED, KEY, Real};
pub use page::Page;
pub use verdict::{Found, Kind, Slot, Verdict, files, judge};
