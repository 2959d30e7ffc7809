//! Canaries in a whole run of the real window and the real command, at the level of tracing: a management credential,
//! the token made from it, keys old and new, a webhook secret. None may be seen in any place but those where it
//! belongs: the keychain, the clipboard, and a request to the provider.
//!
//! A search that finds nothing proves nothing. So each place is also tried with a value that is let out there on
//! purpose, which builds with the feature `fail-points` can do.

#![cfg(target_os = "linux")]

#[path = "e2e_canary/command.rs"]
mod command;
#[path = "e2e_canary/course.rs"]
mod course;
#[path = "e2e_canary/leaks.rs"]
mod leaks;
#[path = "e2e_canary/page.rs"]
mod page;
#[path = "e2e_canary/rows.rs"]
mod rows;
#[path = "e2e_canary/watch.rs"]
mod watch;
