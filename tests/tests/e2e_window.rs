//! The real window with the real keychain, clipboard, database and HTTP. Needs a session with a display.

#![cfg(target_os = "linux")]

#[path = "e2e_window/scene.rs"]
mod scene;

#[path = "e2e_window/batch.rs"]
mod batch;
#[path = "e2e_window/boundary.rs"]
mod boundary;
#[path = "e2e_window/damaged.rs"]
mod damaged;
#[path = "e2e_window/disk.rs"]
mod disk;
#[path = "e2e_window/elsewhere.rs"]
mod elsewhere;
#[path = "e2e_window/ended.rs"]
mod ended;
#[path = "e2e_window/frozen.rs"]
mod frozen;
#[path = "e2e_window/locked.rs"]
mod locked;
#[path = "e2e_window/lost.rs"]
mod lost;
#[path = "e2e_window/notified.rs"]
mod notified;
#[path = "e2e_window/overview.rs"]
mod overview;
#[path = "e2e_window/pressed.rs"]
mod pressed;
#[path = "e2e_window/quick.rs"]
mod quick;
#[path = "e2e_window/shortcut.rs"]
mod shortcut;
#[path = "e2e_window/targets.rs"]
mod targets;
#[path = "e2e_window/walk.rs"]
mod walk;
#[path = "e2e_window/whole.rs"]
mod whole;
#[path = "e2e_window/zoomed.rs"]
mod zoomed;
