//! Tests only: what the page asks is told at the level of tracing, and a value that comes in is let out on purpose,
//! so that the search for canaries is known to see it. The file that `KEYWHEEL_LEAK` names says where.

use std::sync::{Mutex, PoisonError};

use tauri::Manager;
use tauri::ipc::Invoke;

use crate::desktop::Desktop;

/// The value that the next answer carries.
static ANSWER: Mutex<Option<String>> = Mutex::new(None);

/// Tells every request of the page before it is handled.
pub fn told(handler: impl Fn(Invoke) -> bool + Send + Sync + 'static) -> impl Fn(Invoke) -> bool + Send + Sync {
    move |invoke| {
        let command = invoke.message.command();
        tracing::trace!(command, payload = ?invoke.message.payload(), "the page asks");
        let answer = (command == "forget_pasted").then(|| ANSWER.lock().unwrap_or_else(PoisonError::into_inner).take());
        match answer.flatten() {
            Some(answer) => {
                invoke.resolver.resolve(answer);
                true
            }
            None => handler(invoke),
        }
    }
}

/// Lets a value out where that was asked for.
pub fn let_out(desktop: &Desktop, value: &str) {
    let reversed = || value.chars().rev().collect::<String>();
    let percent = || value.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let script = |code: String| {
        let window = desktop.handle.get_webview_window(crate::window::MAIN);
        let run = window.map(|window| window.eval(code));
        assert!(run.is_some_and(|run| run.is_ok()), "the script did not run");
    };
    let says_where = std::env::var_os("KEYWHEEL_LEAK").and_then(|file| std::fs::read_to_string(file).ok());
    match says_where.unwrap_or_default().as_str() {
        "log" => tracing::trace!("let out: {}", percent()),
        "event" => desktop.emit("inventory_changed", value.to_owned()),
        "answer" => *ANSWER.lock().unwrap_or_else(PoisonError::into_inner) = Some(value.to_owned()),
        "page" => script(format!("document.body.dataset.letOut = '{}'", reversed())),
        "script" => script(format!("window.letOut = '{value}'")),
        "storage" => script(format!("localStorage.setItem('let-out', '{value}')")),
        _ => {}
    }
}
