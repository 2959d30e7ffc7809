//! A provider that means harm: the real command and the real window against a plain server that answers anything.
//!
//! It speaks like a JupyterHub, whose address an account names, and one answer of it is spoilt. Each ends in a clear
//! error, in bounded time and memory; nothing goes to another address, no key is lost, no text acts.

#![cfg(target_os = "linux")]

#[path = "e2e_hostile/answers.rs"]
mod answers;
#[path = "e2e_hostile/cases.rs"]
mod cases;
#[path = "e2e_hostile/hub.rs"]
mod hub;
#[path = "e2e_hostile/names.rs"]
mod names;
#[path = "e2e_hostile/victim.rs"]
mod victim;
