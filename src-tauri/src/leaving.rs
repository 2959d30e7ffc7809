//! The end of the process: not while a value would be lost, and not with ours on the clipboard.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use keywheel_core::failure::{Code, Failure};
use keywheel_core::model::RotationId;
use keywheel_core::rotation::AtRisk;
use keywheel_wire::render::error_view;
use tauri::{AppHandle, Manager, RunEvent, WindowEvent};

use crate::desktop::Desktop;
use crate::window::MAIN;

/// What an end would lose, of each rotation that this process drives.
#[derive(Default)]
pub struct Risks {
    rotations: Mutex<HashMap<RotationId, AtRisk>>,
    /// The window was to be closed and was not.
    asked: AtomicBool,
}

impl Risks {
    pub fn set(&self, rotation: RotationId, what: AtRisk) {
        let mut risks = self.rotations.lock().unwrap_or_else(PoisonError::into_inner);
        match what {
            AtRisk::Nothing => risks.remove(&rotation),
            AtRisk::Creating | AtRisk::Held => risks.insert(rotation, what),
        };
    }

    /// The person was told, and leaves all the same.
    pub fn accept(&self) {
        self.rotations.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// What a person who wanted to leave is told now, if there is one: why not yet, or nothing any more. After that
    /// they are not asked about what begins later.
    pub fn answer(&self) -> Option<Option<Failure>> {
        let reason = self.reason();
        let asked = match reason {
            Some(_) => self.asked.load(Ordering::SeqCst),
            None => self.asked.swap(false, Ordering::SeqCst),
        };
        asked.then_some(reason)
    }

    /// Why the process must not end now, where somebody wants it to.
    pub fn refuse(&self) -> Option<Failure> {
        let reason = self.reason();
        self.asked.store(reason.is_some(), Ordering::SeqCst);
        reason
    }

    /// Why the process must not end now, if it must not.
    pub fn reason(&self) -> Option<Failure> {
        let risks = self.rotations.lock().unwrap_or_else(PoisonError::into_inner);
        match risks.values().max()? {
            AtRisk::Nothing => None,
            AtRisk::Creating => Some(Failure::new(Code::RotationCreating)),
            AtRisk::Held => Some(Failure::new(Code::RotationHeldInMemory)),
        }
    }
}

pub fn on_event(handle: &AppHandle, event: RunEvent) {
    match event {
        RunEvent::ExitRequested { api, code: None, .. } if handle.state::<Desktop>().risks.reason().is_some() => {
            api.prevent_exit();
        }
        RunEvent::WindowEvent {
            label,
            event: WindowEvent::CloseRequested { api, .. },
            ..
        } if label == MAIN => {
            let desktop = handle.state::<Desktop>();
            match desktop.risks.refuse() {
                Some(reason) => {
                    api.prevent_close();
                    desktop.emit("exit_held", error_view(&reason));
                }
                None => clear(&desktop),
            }
        }
        RunEvent::Exit => {
            clear(&handle.state::<Desktop>());
            keywheel_core::target::end_commands();
        }
        _ => {}
    }
}

/// Before the plugin drops the clipboard: dropped with a value on it, X11 hands it to a clipboard manager.
fn clear(desktop: &Desktop) {
    if let Err(failure) = desktop.lease.clear_now() {
        tracing::warn!(code = failure.code.as_str(), "the clipboard was not cleared");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_rotation_that_is_safe_does_not_free_another() {
        let risks = Risks::default();
        let [one, two] = [1, 2].map(|n| RotationId::new(n, [0; 10]));
        let code = |risks: &Risks| risks.reason().map(|reason| reason.code);
        assert_eq!(code(&risks), None);
        risks.set(one, AtRisk::Held);
        risks.set(two, AtRisk::Creating);
        assert_eq!(code(&risks), Some(Code::RotationHeldInMemory));
        risks.set(one, AtRisk::Nothing);
        assert_eq!(code(&risks), Some(Code::RotationCreating));
        risks.set(two, AtRisk::Nothing);
        assert_eq!(code(&risks), None);
    }

    #[test]
    fn a_person_who_wanted_to_leave_is_told_until_they_may_and_not_about_what_begins_later() {
        let risks = Risks::default();
        let [one, two] = [1, 2].map(|n| RotationId::new(n, [0; 10]));
        let told = |risks: &Risks| risks.answer().map(|reason| reason.map(|it| it.code));
        risks.set(one, AtRisk::Creating);
        assert_eq!(told(&risks), None, "nobody wants to leave");
        assert!(risks.refuse().is_some());
        risks.set(one, AtRisk::Held);
        assert_eq!(told(&risks), Some(Some(Code::RotationHeldInMemory)));
        risks.set(one, AtRisk::Nothing);
        assert_eq!(told(&risks), Some(None), "they may leave");
        risks.set(two, AtRisk::Creating);
        assert_eq!(told(&risks), None, "what begins later is no answer to them");
    }
}
