//! Keys that a person creates and deletes on the provider's page, in the real window: real keychain, clipboard,
//! database and HTTP. The test is the person at the simulator's dashboards. Needs a session with a display.

#![cfg(target_os = "linux")]

#[path = "e2e_person/desk.rs"]
mod desk;

#[path = "e2e_person/courses.rs"]
mod courses;
#[path = "e2e_person/found.rs"]
mod found;
#[path = "e2e_person/slips.rs"]
mod slips;
#[path = "e2e_person/witness.rs"]
mod witness;
