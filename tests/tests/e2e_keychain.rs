//! The keychain against real GNOME Keyring daemons, each on a bus of its own in a home of its own.
//!
//! The store finds its bus through the environment, so every test runs itself again as a process inside
//! its session. Needs `dbus gnome-keyring libsecret-tools libglib2.0-bin python3-dbus python3-gi openssl`; no display.
//!
//! Deliberately absent: a person. The prompter is a script that notes that it was asked and then dismisses,
//! answers or stays silent.

#![cfg(target_os = "linux")]

#[path = "e2e_keychain/absent.rs"]
mod absent;
#[path = "e2e_keychain/broken.rs"]
mod broken;
#[path = "e2e_keychain/calls.rs"]
mod calls;
#[path = "e2e_keychain/locked.rs"]
mod locked;
#[path = "e2e_keychain/scripts.rs"]
mod scripts;
#[path = "e2e_keychain/session.rs"]
mod session;
#[path = "e2e_keychain/values.rs"]
mod values;
