//! Targets in words.

use keywheel_core::app::{Stands, Use};
use keywheel_core::failure::Code;
use keywheel_core::model::{Binding, Target};
use keywheel_core::rotation::{Event, Plan, Rotation, StepKind};

use super::error::error_view;
use crate::{TargetCommandView, TargetKindView, TargetStandsView, TargetView};

pub fn target_view(used: &Use) -> TargetView {
    let binding = &used.binding;
    TargetView {
        id: binding.id.to_string(),
        key_id: binding.key_id.to_string(),
        kind: match &binding.target {
            Target::EnvFile(_) => TargetKindView::EnvFile,
            Target::Command(_) => TargetKindView::Command,
            Target::ByHand(_) => TargetKindView::ByHand,
        },
        title: target_title(&binding.target),
        place: match &binding.target {
            Target::EnvFile(at) => Some(at.path.display().to_string()),
            Target::Command(command) => command.write.first().cloned(),
            Target::ByHand(_) => None,
        },
        commands: commands(&binding.target),
        says: says(used),
        stands: match &used.stands {
            Stands::Serving => TargetStandsView::Serving,
            Stands::Other(_) => TargetStandsView::Other,
            Stands::Drifted => TargetStandsView::Drifted,
            Stands::Amiss(failure) => TargetStandsView::Amiss {
                error: error_view(failure),
            },
            Stands::Untold => TargetStandsView::Untold,
        },
    }
}

fn commands(target: &Target) -> Vec<TargetCommandView> {
    let Target::Command(command) = target else {
        return Vec::new();
    };
    let all = [
        ("write", Some(&command.write)),
        ("confirm", command.confirm.as_ref()),
        ("restore", command.restore.as_ref()),
    ];
    let view = |purpose: &str, words: &Vec<String>| TargetCommandView {
        purpose: purpose.to_owned(),
        words: words.clone(),
    };
    all.into_iter()
        .filter_map(|(purpose, words)| words.map(|words| view(purpose, words)))
        .collect()
}

fn says(used: &Use) -> String {
    match (&used.stands, &used.binding.target) {
        (Stands::Serving, _) => "It holds the key.".to_owned(),
        (Stands::Other(_), _) => "It holds another value of this key.".to_owned(),
        (Stands::Drifted, _) => "It holds another value than Keywheel's.".to_owned(),
        (Stands::Amiss(failure), _) => {
            let details: Vec<_> = failure.details.iter().map(ToString::to_string).collect();
            let details = match details.is_empty() {
                true => String::new(),
                false => format!(" ({})", details.join(", ")),
            };
            format!("{}{details}. {}", capital(&failure.message()), failure.remedy())
        }
        (Stands::Untold, Target::Command(_)) => "A command puts it there; what stands there is not asked.".to_owned(),
        (Stands::Untold, Target::EnvFile(_)) => "The keychain has to be open to compare it.".to_owned(),
        (Stands::Untold, Target::ByHand(_)) => "You put it there.".to_owned(),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// The short name of a target.
pub fn target_title(target: &Target) -> String {
    let last = |path: &std::path::Path| {
        let name = path.file_name().unwrap_or(path.as_os_str());
        name.to_string_lossy().into_owned()
    };
    match target {
        Target::EnvFile(at) => format!("{}: {}", last(&at.path), at.name),
        Target::Command(command) => command
            .write
            .first()
            .map_or_else(String::new, |program| last(program.as_ref())),
        Target::ByHand(place) => place.to_string(),
    }
}

/// What a step *Deploy* does.
pub(super) fn deploys(binding: Option<&Binding>) -> String {
    match binding.map(|binding| &binding.target) {
        Some(Target::EnvFile(at)) => format!("{} in {}, read back once written", at.name, at.path.display()),
        Some(Target::Command(command)) => {
            let confirmed = match command.confirm {
                Some(_) => ", then the command that confirms",
                None => "",
            };
            format!("by {}{confirmed}", command.write.join(" "))
        }
        Some(Target::ByHand(_)) | None => String::new(),
    }
}

/// What is left for the person, where targets are known.
pub(super) fn confirms(plan: &Plan, bindings: &[Binding]) -> Option<String> {
    if plan.bindings.is_empty() {
        return None;
    }
    let by_hand = bindings.iter().filter(|binding| !binding.target.is_written());
    let by_hand: Vec<_> = by_hand.map(|binding| target_title(&binding.target)).collect();
    let reads = bindings
        .iter()
        .any(|binding| binding.target.is_written() && !binding.target.confirms_itself());
    let put = match by_hand.is_empty() {
        true => None,
        false => Some(format!("you put the new key in place: {}", by_hand.join(", "))),
    };
    let restart = reads.then(|| "you restart what reads it, so that the new key is in use".to_owned());
    let said: Vec<_> = [put, restart].into_iter().flatten().collect();
    Some(said.join("; "))
}

/// Where the new key gets to before the old one goes, for the sentence about the old key.
pub(super) fn until_in_use(plan: &Plan) -> &'static str {
    match plan.index(StepKind::Confirm) {
        Some(_) => "until you say that it is replaced",
        None => "until every target is seen to have the new one",
    }
}

/// Whether a command was run with the new key and did not end well: what it did before that, nobody knows.
pub(super) fn may_have_it(rotation: &Rotation, kind: StepKind) -> bool {
    let ran = |code: Code| {
        matches!(
            code,
            Code::TargetCommandFailed | Code::TargetTooLong | Code::TargetNotThere
        )
    };
    let is_command = rotation
        .binding(kind)
        .is_some_and(|binding| matches!(binding.target, Target::Command(_)));
    let newest = rotation.records.iter().rev().find_map(|record| match record.event {
        // What was run before counts.
        Event::NotApplied(_, Code::TargetStillRunning) => None,
        Event::NotApplied(of, code) | Event::Unclear(of, code) if of == kind => Some(ran(code)),
        Event::Parked { step, code, .. } if step == kind => Some(code.is_some_and(ran)),
        Event::Interrupted(of) if of == kind => Some(true),
        Event::Applied(of) | Event::ByHand(of) | Event::Restored(of) if of == kind => Some(false),
        _ => None,
    });
    is_command && newest == Some(true)
}

/// How many of the targets have the new key; none where no target has it.
pub(super) fn in_place(rotation: &Rotation) -> Option<String> {
    let kinds = rotation.plan.steps.iter().map(|step| step.kind);
    let deploys: Vec<_> = kinds.filter(|kind| matches!(kind, StepKind::Deploy(_))).collect();
    let has = |event: Event| rotation.records.iter().any(|record| record.event == event);
    let there =
        |kind: &&StepKind| (has(Event::Applied(**kind)) || has(Event::ByHand(**kind))) && !has(Event::Restored(**kind));
    match (deploys.iter().filter(there).count(), deploys.len()) {
        (0, _) => None,
        (there, all) if there == all => Some("in place where it is used".to_owned()),
        (there, all) => Some(format!("in place at {there} of {all} targets")),
    }
}
