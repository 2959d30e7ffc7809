//! Keywheel without a shell.
//!
//! Modules in reading order: what a failure is, where time and chance come from, the nouns,
//! then the ports and the rotation that drives them, and last [`app`], the use cases every shell calls.
//!
//! Deliberately absent: Tauri, terminals, environment variables, the current directory and the wall
//! clock outside [`clock`]. Time and chance are arguments.

#[cfg(all(feature = "removable-guards", not(debug_assertions)))]
compile_error!("the feature removable-guards takes guards away: it is for tests, not for an optimised build");

pub mod app;
pub mod clock;
pub mod failure;
pub mod guard;
pub mod http;
pub mod model;
pub mod policy;
mod process;
pub mod provider;
pub mod rotation;
pub mod store;
pub mod target;
mod tracked;
pub mod vault;

pub use app::App;
pub use failure::{Code, Effect, Failure};
pub use process::leave_no_core_file;
