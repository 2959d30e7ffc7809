//! Tokens rotated at a real JupyterHub on loopback: a server that nobody here wrote. The witness is the hub's own
//! list, and what it answers to a call with a token.
//!
//! `cargo xtask setup` installs the hub. Run as `cargo xtask headless -- cargo test -p tests --test e2e_jupyterhub`.

#![cfg(target_os = "linux")]

#[path = "e2e_jupyterhub/course.rs"]
mod course;
#[path = "e2e_jupyterhub/hub.rs"]
mod hub;
#[path = "e2e_jupyterhub/lost.rs"]
mod lost;
#[path = "e2e_jupyterhub/machine.rs"]
mod machine;
#[path = "e2e_jupyterhub/window.rs"]
mod window;
