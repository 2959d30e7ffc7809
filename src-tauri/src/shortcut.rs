//! The shortcut of the whole desktop that opens quick access, where a person has asked for it.
//!
//! X11, macOS and Windows give one to a program. Wayland does not yet: there a person binds a shortcut of the desktop
//! to `keywheel-desktop --quick`.

use std::sync::mpsc;

use keywheel_core::failure::{Code, Failure};
use tauri::{AppHandle, Manager};
use tauri_plugin_global_shortcut::{Builder, GlobalShortcutExt, ShortcutState};

use crate::quick;

const CHORD: &str = "CmdOrCtrl+Shift+Space";

/// Takes it from the desktop.
pub fn take(handle: &AppHandle) -> Result<(), Failure> {
    if !is_given() {
        return Err(Failure::new(Code::ShortcutUnavailable));
    }
    ready(handle)?;
    let shortcuts = handle.global_shortcut();
    if shortcuts.is_registered(CHORD) {
        return Ok(());
    }
    let taken = shortcuts.on_shortcut(CHORD, |handle, _, event| {
        if event.state == ShortcutState::Pressed {
            quick::toggle(handle);
        }
    });
    taken.map_err(|error| {
        tracing::info!("the shortcut could not be taken: {error}");
        Failure::new(Code::ShortcutTaken)
    })
}

/// Gives it back.
pub fn give_back(handle: &AppHandle) {
    let is_ours = |handle: &AppHandle| handle.global_shortcut().is_registered(CHORD);
    if has_plugin(handle)
        && is_ours(handle)
        && let Err(error) = handle.global_shortcut().unregister(CHORD)
    {
        tracing::warn!("the shortcut could not be given back: {error}");
    }
}

/// Whether the desktop gives shortcuts to programs at all.
fn is_given() -> bool {
    cfg!(not(target_os = "linux")) || std::env::var_os("WAYLAND_DISPLAY").is_none()
}

fn has_plugin(handle: &AppHandle) -> bool {
    handle
        .try_state::<tauri_plugin_global_shortcut::GlobalShortcut<tauri::Wry>>()
        .is_some()
}

/// The plugin looks at the keyboard many times a second: it is not there unless somebody wants it.
fn ready(handle: &AppHandle) -> Result<(), Failure> {
    if has_plugin(handle) {
        return Ok(());
    }
    let (done, wait) = mpsc::channel();
    let here = handle.clone();
    // On macOS and Windows it has to begin on the window's thread.
    let asked = handle.run_on_main_thread(move || drop(done.send(here.plugin(Builder::new().build()))));
    let begun = asked.is_ok() && wait.recv().is_ok_and(|begun| begun.is_ok());
    match begun {
        true => Ok(()),
        false => Err(Failure::new(Code::ShortcutUnavailable)),
    }
}
