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

/// What follows a choice from a list that the system itself shows: it is open for as long as the person looks at it, and what
/// is pressed there is not seen.
const CHOSEN: &[&str] = &["set_settings", "move_key"];
const CHOOSING: Duration = Duration::from_mins(1);

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
    ("new_key", "create a key and copy its value"),
    ("import_key", "take in the value of a key"),
    ("describe_key", "change what is said of a key"),
    ("waive_key", "put off or accept what is found with a key"),
    ("end_waiver", "end what was put off or accepted"),
    ("rename_key", "give a key another name"),
    ("move_key", "move keys into another environment"),
    ("add_org", "add an organisation"),
    ("rename_org", "give an organisation another name"),
    ("add_environment", "add an environment"),
    ("rename_environment", "give an environment another name"),
    ("clear_clipboard", "clear the clipboard"),
    ("set_settings", "change the settings"),
    ("unlock_window", "unlock itself"),
];

/// What goes on with a value that a press has taken from the clipboard, and with no other.
const OF_ITS_HANDLE: &[&str] = &["hold_key", "take_new_value", "identify_pasted", "forget_pasted"];

/// What a script may do alone. None of it has a provider change anything, touches the clipboard or a value, weakens the lock, or
/// changes what a later press means: names, environments, policies, waivers, targets. Every command that is not here takes a
/// press.
const FREE: &[&str] = &[
    "app_state",
    "open_again",
    "inventory",
    "list_providers",
    "preview_policy",
    "refresh_accounts",
    "snippets",
    "plan_batch",
    "scan_folder",
    "key_detail",
    "verify_key",
    "plan_rotation",
    "plan_revoke",
    "rotation",
    "recent_rotations",
    "open_task_page",
    "activity",
    "choose_new_file",
    "export_activity",
    "unlock_keychain",
    "show_data_folder",
    "lock_window",
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
    let is_free = FREE.contains(&command) || OF_ITS_HANDLE.contains(&command);
    (!is_free).then_some(told)
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
    fn take(&self, window: &str, within: Duration) -> bool {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(window);
        last.is_some_and(|at| at.elapsed() < within)
    }
}

/// Whether a driver of tests presses, whose events the toolkit does not see. Only a build that is made for it can be driven;
/// every other one takes the variable away (`main.rs`).
fn is_driven() -> bool {
    let says = |name: &str, word: &str| std::env::var(name).as_deref() == Ok(word);
    says("TAURI_WEBVIEW_AUTOMATION", "true") && !says("KEYWHEEL_PRESSES", "seen")
}

/// Whether the toolkit itself tells that somebody is there: the page's word for it is then not taken.
pub fn tells_presence() -> bool {
    cfg!(target_os = "linux") && !is_driven()
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
        let within = if CHOSEN.contains(&command) { CHOOSING } else { FRESH };
        let pressed = || webview.state::<Desktop>().gestures.take(webview.label(), within);
        if !cfg!(target_os = "linux") || is_driven() || pressed() {
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
    use keywheel_core::clock::{Clock, SystemClock};
    use tauri::{AppHandle, Manager, WebviewWindow};

    use crate::desktop::Desktop;

    pub fn watch(window: &WebviewWindow) -> tauri::Result<()> {
        let (handle, label) = (window.app_handle().clone(), window.label().to_owned());
        window.with_webview(move |webview| {
            let view = webview.inner();
            let noted = |handle: &AppHandle| {
                let (handle, label) = (handle.clone(), label.clone());
                move || {
                    let desktop = handle.state::<Desktop>();
                    desktop.gestures.note(&label);
                    desktop.lock.touch(SystemClock::new().now());
                    Propagation::Proceed
                }
            };
            // Their ends are no presses of their own: an act comes of both together.
            let (pressed, typed, touched) = (noted(&handle), noted(&handle), noted(&handle));
            let there = |handle: &AppHandle| {
                let handle = handle.clone();
                move || {
                    handle.state::<Desktop>().lock.touch(SystemClock::new().now());
                    Propagation::Proceed
                }
            };
            let (moved, turned) = (there(&handle), there(&handle));
            view.connect_motion_notify_event(move |_, _| moved());
            view.connect_scroll_event(move |_, _| turned());
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
    use super::{ACTS, FREE, FRESH, Gestures, OF_ITS_HANDLE, wants};
    use crate::names::COMMANDS;

    #[test]
    fn one_press_stands_for_one_act() {
        let gestures = Gestures::default();
        assert!(!gestures.take("main", FRESH));
        gestures.note("main");
        assert!(!gestures.take("quick", FRESH), "pressed elsewhere");
        assert!(gestures.take("main", FRESH));
        assert!(!gestures.take("main", FRESH));
    }

    #[test]
    fn every_command_is_an_act_or_needs_no_press() {
        let acts = ACTS.iter().map(|(act, _)| *act);
        let free = FREE.iter().chain(OF_ITS_HANDLE).copied();
        let mut told: Vec<&str> = acts.chain(free).collect();
        let mut commands: Vec<&str> = COMMANDS.to_vec();
        told.sort_unstable();
        commands.sort_unstable();
        assert_eq!(told, commands);
        assert_eq!(wants("of tomorrow"), Some("do what has no name here"));
        assert_eq!(wants("inventory"), None);
    }

    /// A word in a command's name that says that it changes something, so that a new one is not made free by the way.
    #[test]
    fn what_changes_something_is_not_free() {
        const CHANGES: [&str; 22] = [
            "accept", "add", "answer", "clear", "confirm", "connect", "copy", "describe", "end", "import", "move",
            "new", "paste", "remove", "rename", "replace", "reveal", "revoke", "set", "settle", "start", "waive",
        ];
        for command in FREE {
            let verb = command.split('_').next().unwrap_or_default();
            assert!(!CHANGES.contains(&verb), "{command}");
        }
        assert!(
            wants("unlock_window").is_some(),
            "it would open what a person has locked"
        );
    }
}
