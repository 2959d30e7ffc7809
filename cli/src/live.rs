//! A rotation as it runs: one line a step, in the words that the window uses.

use std::sync::{Arc, Mutex, OnceLock, Weak};

use keywheel_core::App;
use keywheel_core::model::RotationId;
use keywheel_core::rotation::{AtRisk, Observer, Rotation};
use keywheel_wire::render::{Names, rotation_view};
use keywheel_wire::{StepStatusView, StepView};

use crate::exit::Exit;
use crate::interrupts::{Interrupts, Now};
use crate::render::{Line, Look, Out};

/// Looks on while this process drives.
pub struct Live {
    out: Arc<Out>,
    interrupts: Arc<Interrupts>,
    app: OnceLock<Weak<App>>,
    /// One rotation at a time is driven here.
    at_risk: Mutex<AtRisk>,
    /// The last thing that was said.
    said: Mutex<Option<(usize, String)>>,
}

impl Live {
    pub fn new(out: Arc<Out>, interrupts: Arc<Interrupts>) -> Live {
        Live {
            out,
            interrupts,
            app: OnceLock::new(),
            at_risk: Mutex::default(),
            said: Mutex::new(None),
        }
    }

    /// Whose words to use; known only once the data directory is open.
    pub fn know(&self, app: &Arc<App>) {
        // The first one stays.
        let _ = self.app.set(Arc::downgrade(app));
    }

    fn at_risk(&self) -> AtRisk {
        self.at_risk.lock().map_or(AtRisk::Held, |what| *what)
    }

    fn tell(&self, rotation: &Rotation) {
        let Some(app) = self.app.get().and_then(Weak::upgrade) else {
            return;
        };
        let names = Names {
            orgs: Vec::new(),
            environments: Vec::new(),
            policies: Vec::new(),
            accounts: Vec::new(),
            keys: Vec::new(),
            unaccounted: Vec::new(),
            definitions: app.definitions(),
        };
        let view = rotation_view(rotation, &names);
        let Ok(mut said) = self.said.lock() else { return };
        let from = match said.as_ref() {
            // A discarded key is minted anew: the steps come again.
            Some((at, _)) => (*at).min(rotation.position.cursor),
            None if rotation.records.len() <= 1 => 0,
            None => rotation.position.cursor,
        };
        for step in view.steps.iter().take(rotation.position.cursor).skip(from) {
            self.out.line(done(step));
        }
        let waits = view.steps.get(rotation.position.cursor).and_then(pause);
        let now = waits.as_ref().map(|(words, _)| words.clone()).unwrap_or_default();
        let news = said
            .as_ref()
            .is_none_or(|(at, words)| *at != rotation.position.cursor || *words != now);
        if let (true, Some((_, line))) = (news, waits) {
            self.out.line(line);
        }
        *said = Some((rotation.position.cursor, now));
    }
}

fn done(step: &StepView) -> Line {
    let (mark, look) = match step.status {
        StepStatusView::Skipped => ("-", Look::Quiet),
        StepStatusView::Undone => ("<", Look::Quiet),
        _ => ("✓", Look::Good),
    };
    let line = Line::new()
        .look(look, format!("  {mark} "))
        .text(format!("{:<20}", step.title));
    match step.status {
        StepStatusView::Skipped if step.step == keywheel_wire::StepKindView::Copy => {
            line.look(Look::Quiet, "not now; any time with `keywheel copy`")
        }
        _ => line.look(Look::Quiet, &step.detail),
    }
}

/// What holds a step up, and its line.
fn pause(step: &StepView) -> Option<(String, Line)> {
    let (mark, look, words) = match &step.status {
        StepStatusView::Failed { error } => ("✗", Look::Bad, error.message.clone()),
        StepStatusView::Unknown { error } => ("?", Look::Warning, error.message.clone()),
        StepStatusView::Waiting { until, .. } => (
            "…",
            Look::Warning,
            until
                .as_ref()
                .map_or_else(|| step.detail.clone(), |_| "waits and asks again".to_owned()),
        ),
        _ => return None,
    };
    let line = Line::new()
        .look(look, format!("  {mark} "))
        .text(format!("{:<20}", step.title))
        .look(look, &words);
    Some((words, line))
}

impl Observer for Live {
    fn changed(&self, rotation: &Rotation) {
        let safe = self.at_risk() == AtRisk::Nothing;
        if safe {
            self.interrupts.set(Now::Driving);
        }
        self.tell(rotation);
        if safe && self.interrupts.is_asked() {
            // All of it is in the journal now.
            std::process::exit(self.interrupts.farewell(Exit::Later, &self.out));
        }
    }

    fn at_risk(&self, _rotation: RotationId, what: AtRisk) {
        if let Ok(mut at_risk) = self.at_risk.lock() {
            *at_risk = what;
        }
        self.interrupts.set(match what {
            AtRisk::Nothing => Now::Driving,
            AtRisk::Creating => Now::Creating,
            AtRisk::Held => Now::Holding,
        });
        if what == AtRisk::Held && !self.interrupts.is_asked() {
            let why = "The keychain refuses the new key. It is only in memory: unlock the keychain, do not close.";
            self.out.aside(Line::new().look(Look::Warning, why));
        }
    }
}
