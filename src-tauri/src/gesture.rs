//! What a script of the page cannot do alone: acts of consequence need a key or a button that the toolkit has seen.
//!
//! One press stands for one act. Where none was seen, a dialog of the system asks, outside the page: so does a screen reader's
//! press, which is no input event. Only Linux tells of input events here; elsewhere nothing is asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use keywheel_core::failure::{Code, Failure};
use keywheel_wire::render::error_view;
use tauri::ipc::Invoke;
use tauri::{Manager, WebviewWindow};
use tauri_plugin_dialog::{DialogExt, MessageDialogButtons, MessageDialogKind};

use crate::desktop::Desktop;

/// For so long after a press an act may be its doing.
const FRESH: Duration = Duration::from_secs(5);

/// The acts, each with what the dialog says that the window wants to do.
const ACTS: &[(&str, &str)] = &[
    ("reveal_version", "show the value of a key"),
    ("copy_key", "copy the value of a key"),
    ("copy_version", "copy the value of a key"),
    ("connect_account", "send a credential to a provider"),
    ("replace_credential", "send a credential to a provider"),
    ("sign_up", "send a credential to a provider"),
    ("start_rotation", "replace a key"),
    ("start_batch", "replace several keys"),
    ("start_revoke", "revoke a key"),
    ("confirm_replaced", "go on to the end of an old key"),
    ("revoke_old_now", "revoke an old key"),
    ("revoke_anyway", "revoke an old key all the same"),
    ("undo_rotation", "take a new key back"),
    ("settle_rotation", "end a rotation by your word"),
    ("answer_question", "settle what became of a key"),
    ("settle_unaccounted", "settle what became of a key"),
    ("confirm_deleted", "take your word that a key is deleted"),
    ("remove_account", "remove an account and its values"),
    ("accept_definition", "have an account go by a changed definition"),
    ("remove_key", "remove a key and its value"),
    ("remove_kept", "remove a kept value"),
    ("restore_kept", "bring a kept value back"),
    ("resume_rotation", "go on with a rotation"),
    ("paste_again", "ask for a key's value once more"),
    ("take_from_clipboard", "read the clipboard"),
    ("quit_anyway", "end although a value is in memory only"),
    ("set_policy", "change when keys are due and how long old ones are kept"),
    ("add_env_file", "write a key's values into a file"),
    ("remove_target", "forget where a key is used"),
];

/// What a script may do alone: it shows, opens, or notes what can be noted otherwise again. Every command that is not here takes
/// a press.
const FREE: &[&str] = &[
    "app_state",
    "open_again",
    "inventory",
    "list_providers",
    "add_org",
    "rename_org",
    "add_environment",
    "rename_environment",
    "preview_policy",
    "forget_pasted",
    "refresh_accounts",
    "new_key",
    "hold_key",
    "import_key",
    "describe_key",
    "waive_key",
    "end_waiver",
    "snippets",
    "identify_pasted",
    "plan_batch",
    "scan_folder",
    "rename_key",
    "move_key",
    "key_detail",
    "verify_key",
    "clear_clipboard",
    "plan_rotation",
    "plan_revoke",
    "rotation",
    "recent_rotations",
    "take_new_value",
    "open_task_page",
    "activity",
    "choose_new_file",
    "export_activity",
    "unlock_keychain",
    "set_settings",
    "show_data_folder",
    "lock_window",
    "unlock_window",
    "note_presence",
    "open_page",
    "doctor",
    "open_quick",
    "copied_keys",
    "show_key",
    "hide_quick",
];

/// What the dialog says that the window wants to do; none where no press is needed.
fn wants(command: &str) -> Option<&'static str> {
    let told = ACTS.iter().find(|(act, _)| *act == command);
    let told = told.map_or("do what has no name here", |(_, wants)| wants);
    (!FREE.contains(&command)).then_some(told)
}

/// When the toolkit last saw a press in each window, by its label, as long as no act has come of it there.
#[derive(Default)]
pub struct Gestures(Mutex<HashMap<String, Instant>>);

impl Gestures {
    #[cfg(target_os = "linux")]
    fn note(&self, window: &str) {
        let mut presses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        presses.insert(window.to_owned(), Instant::now());
    }

    /// Takes the press that an act can have come of.
    fn take(&self, window: &str) -> bool {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(window);
        last.is_some_and(|at| at.elapsed() < FRESH)
    }
}

/// Whether a driver of tests presses, whose events the toolkit does not see. Only a build that is made for it can be driven;
/// every other one takes the variable away (`main.rs`).
fn is_driven() -> bool {
    let says = |name: &str, word: &str| std::env::var(name).as_deref() == Ok(word);
    says("TAURI_WEBVIEW_AUTOMATION", "true") && !says("KEYWHEEL_PRESSES", "seen")
}

/// Holds every act until a press was seen for it, or the person has said yes.
pub fn gated(handler: impl Fn(Invoke) -> bool + Send + Sync + 'static) -> impl Fn(Invoke) -> bool + Send + Sync {
    let handler = Arc::new(handler);
    move |invoke| {
        let command = invoke.message.command();
        let Some(wants) = wants(command) else {
            return handler(invoke);
        };
        let webview = invoke.message.webview();
        if !cfg!(target_os = "linux") || is_driven() || webview.state::<Desktop>().gestures.take(webview.label()) {
            return handler(invoke);
        }
        tracing::warn!(command, "nobody has pressed anything: the person is asked");
        let asked = webview
            .dialog()
            .message(format!(
                "The window wants to {wants}, and no key or button was pressed there."
            ))
            .title("Keywheel asks")
            .kind(MessageDialogKind::Warning)
            .buttons(MessageDialogButtons::OkCancelCustom(
                "Allow".to_owned(),
                "Do not".to_owned(),
            ));
        let handler = handler.clone();
        asked.show(move |allowed| match allowed {
            true => drop(handler(invoke)),
            false => invoke.resolver.reject(error_view(&Failure::new(Code::WindowUnasked))),
        });
        true
    }
}

/// Notes each press in the window from now on.
pub fn watch(window: &WebviewWindow) {
    #[cfg(target_os = "linux")]
    if let Err(error) = linux::watch(window) {
        tracing::warn!("presses are not seen: {error}");
    }
    #[cfg(not(target_os = "linux"))]
    let _ = window;
}

#[cfg(target_os = "linux")]
mod linux {
    use gtk::gdk::EventType;
    use gtk::glib::Propagation;
    use gtk::prelude::WidgetExt;
    use tauri::{AppHandle, Manager, WebviewWindow};

    use crate::desktop::Desktop;

    pub fn watch(window: &WebviewWindow) -> tauri::Result<()> {
        let (handle, label) = (window.app_handle().clone(), window.label().to_owned());
        window.with_webview(move |webview| {
            let view = webview.inner();
            let noted = |handle: &AppHandle| {
                let (handle, label) = (handle.clone(), label.clone());
                move || {
                    handle.state::<Desktop>().gestures.note(&label);
                    Propagation::Proceed
                }
            };
            // Their ends are no presses of their own: an act comes of both together.
            let (pressed, typed, touched) = (noted(&handle), noted(&handle), noted(&handle));
            view.connect_button_press_event(move |_, _| pressed());
            view.connect_key_press_event(move |_, _| typed());
            view.connect_touch_event(move |_, event| match event.event_type() {
                EventType::TouchBegin => touched(),
                _ => Propagation::Proceed,
            });
        })
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{ACTS, FREE, Gestures, wants};
    use crate::names::COMMANDS;

    #[test]
    fn one_press_stands_for_one_act() {
        let gestures = Gestures::default();
        assert!(!gestures.take("main"));
        gestures.note("main");
        assert!(!gestures.take("quick"), "pressed elsewhere");
        assert!(gestures.take("main"));
        assert!(!gestures.take("main"));
    }

    #[test]
    fn every_command_is_an_act_or_needs_no_press() {
        let acts = ACTS.iter().map(|(act, _)| *act);
        let mut told: Vec<&str> = acts.chain(FREE.iter().copied()).collect();
        let mut commands: Vec<&str> = COMMANDS.to_vec();
        told.sort_unstable();
        commands.sort_unstable();
        assert_eq!(told, commands);
        assert_eq!(wants("of tomorrow"), Some("do what has no name here"));
        assert_eq!(wants("inventory"), None);
    }
}
