//! A rotation in text: the plan before it runs, and where it stands when it rests.

use keywheel_core::rotation::Rotation;
use keywheel_wire::{
    ClaimView, PlanView, QuestionView, RotationStateView, RotationView, SettleView, StepKindView, StepStatusView,
    VersionLineStateView,
};

use crate::exit::{Exit, Stop};
use crate::render::{Line, Look, Out};
use crate::session::Session;
use crate::words::{self, full_name, quoted, when};

/// Prints a plan: the steps, what happens to the old key, and from where there is no way back.
pub fn plan(out: &Out, title: &str, view: &PlanView) {
    out.line(Line::new().look(Look::Strong, title));
    out.line(format!("  {}", view.sentence));
    out.line(Line::new().look(Look::Warning, format!("  {}", view.old_key_line)));
    for (at, step) in view.steps.iter().enumerate() {
        if u32::try_from(at).ok() == view.pivot {
            out.line(Line::new().look(Look::Bad, "  ── point of no return ──"));
        }
        out.line(Line::from(format!("  {:>2}. {:<20}", at + 1, step.title)).look(Look::Quiet, &step.detail));
    }
    for warning in [&view.same_value_line, &view.no_place_line].into_iter().flatten() {
        out.line(Line::new().look(Look::Bad, format!("  {warning}")));
    }
    if let Some(pace) = &view.pace {
        let last = format!("If you act at once, its last call is at {}.", when(&pace.last_call_at));
        out.line(format!("  {} {last}", pace.sentence));
    }
    if let Some(held) = &view.held {
        out.line(Line::new().look(
            Look::Bad,
            format!("  Cannot start now: {}. {}", held.message, held.remedy),
        ));
    }
}

/// Prints where a rotation stands and what can be done, and says what the command ends with.
pub async fn ended(session: &Session, rotation: &Rotation) -> Result<Exit, Stop> {
    let view = session.view(rotation).await?;
    session.out.value(&view);
    state(&session.out, &view);
    Ok(Exit::of_rotation(rotation))
}

/// Prints where a rotation stands and what can be done.
pub fn state(out: &Out, view: &RotationView) {
    let key = quoted(&full_name(&view.org_name, &view.environment_name, &view.key_name));
    let look = match &view.state {
        RotationStateView::Completed { .. } => Look::Good,
        RotationStateView::AwaitingPerson => Look::Strong,
        RotationStateView::Unknown | RotationStateView::Asking | RotationStateView::AwaitingTime { .. } => {
            Look::Warning
        }
        RotationStateView::Failed => Look::Bad,
        _ => Look::Plain,
    };
    out.line(Line::new().look(look, &view.headline));
    if let Some(other) = &view.driven_elsewhere {
        out.line(format!(
            "  It is driven by the {} since {}.",
            other.who,
            when(&other.since)
        ));
    }
    if let Some(silence) = &view.silence {
        out.line(format!("  {}", words::silence(silence)));
    }
    for (name, line) in [("old", &view.old), ("new", &view.new)] {
        let Some(line) = line else { continue };
        let hint = line.hint.as_deref().unwrap_or("—");
        let accepted = line
            .accepted_at
            .as_deref()
            .filter(|_| line.state == VersionLineStateView::Works);
        let accepted = accepted
            .map(|at| format!(" (accepted {})", when(at)))
            .unwrap_or_default();
        let detail = if line.detail.is_empty() {
            accepted
        } else {
            format!(": {}{accepted}", line.detail)
        };
        out.line(
            Line::new()
                .look(Look::Quiet, format!("  {name}  "))
                .text(format!("{hint}  {}{detail}", line.word)),
        );
    }
    if let Some(receipt) = &view.receipt {
        out.line(format!("  {} ({})", receipt.message, when(&receipt.at)));
    }
    deploys(out, view);
    let stuck = view.steps.iter().find_map(|step| match &step.status {
        StepStatusView::Failed { error } => Some(error),
        _ => None,
    });
    if let Some(error) = stuck {
        out.line(format!("  {}: {}. {}", error.code, error.message, error.remedy));
    }
    if let Some(question) = &view.question {
        ask(out, question, &key);
        next(out, view, &key);
        return;
    }
    for finding in &view.findings {
        out.line(
            Line::new()
                .look(Look::Quiet, format!("  {}: ", finding.found))
                .text(&finding.leads_to),
        );
    }
    next(out, view, &key);
}

/// Which targets have the new key.
fn deploys(out: &Out, view: &RotationView) {
    for step in view.steps.iter().filter(|step| step.step == StepKindView::Deploy) {
        let (look, word) = match &step.status {
            StepStatusView::Done => (Look::Good, "was given the new key"),
            StepStatusView::Undone => (Look::Plain, "was put back, or left as it stood"),
            StepStatusView::Failed { .. } => (Look::Bad, "failed"),
            _ => (Look::Quiet, "not done"),
        };
        let word = Line::new().look(look, format!("  {word}: "));
        out.line(word.text(&step.detail));
    }
}

fn next(out: &Out, view: &RotationView, key: &str) {
    let run = |words: &str, command: &str| {
        out.line(Line::from(format!("{words}: ")).look(Look::Strong, format!("keywheel {command} {key}")));
    };
    let closed = view.closed_at.is_some();
    let acts = &view.acts;
    if acts.copy_new && (acts.replaced || closed && view.old.is_none()) {
        run("Copy it with", "copy");
    }
    if let Some(task) = &view.task {
        out.line(format!("  {}", task.say));
        if let Some(page) = &task.page {
            out.line(format!("  {page}"));
        }
        if let Some(hint) = &task.hint {
            out.line(format!("  It is the key {hint}"));
        }
    }
    if acts.take_value {
        run("Copy the new value there and hand it over with", "take");
    }
    if acts.paste_again {
        run("Look at what you copied, and hand it over again with", "take");
    }
    if acts.deleted {
        run("Once it is deleted there, run", "deleted");
    }
    let stuck = view
        .current
        .and_then(|at| view.steps.get(usize::try_from(at).unwrap_or(usize::MAX)));
    let target = stuck.filter(|step| step.step == StepKindView::Deploy);
    match target {
        Some(_) if acts.replaced => run("See to it by hand, then run", "replaced"),
        _ if acts.replaced => run("Replace it where it is used, then run", "replaced"),
        _ => {}
    }
    if let RotationStateView::AwaitingTime { until } = &view.state {
        run(&format!("It goes on after {}", when(until)), "resume");
    } else if acts.check {
        run("Ask the provider what became of it", "resume");
    } else if acts.resume {
        run("Go on with", "resume");
    }
    if acts.revoke_old_now {
        run("End the overlap now", "replaced --now");
    }
    if acts.revoke_anyway {
        run("Revoke the old key all the same", "replaced --anyway");
    }
    if acts.undo && acts.undo_from_use && !closed {
        let name = quoted(&view.key_name);
        run(
            "Discard the new key, so that programs which have it fail",
            &format!("undo --discard-in-use {name}"),
        );
    } else if acts.undo && !closed {
        run("Take it back with", "undo");
    }
    if acts.undo_anyway {
        run("Discard the new key whatever is known of the old one", "undo --anyway");
    }
    if let Some(settle) = acts.settle.as_ref().filter(|settle| settle.offered) {
        run(
            "Or end it by your word, where you know what became of the keys",
            &settling(settle),
        );
    }
}

/// The command that ends it, with an option for each key that there is.
pub fn settling(settle: &SettleView) -> String {
    let option = |name: &str, claims: &[ClaimView]| match claims.is_empty() {
        true => String::new(),
        false => format!(" --{name} WORD"),
    };
    format!("settle{}{}", option("old", &settle.old), option("new", &settle.new))
}

fn ask(out: &Out, question: &QuestionView, key: &str) {
    out.line(Line::new().look(Look::Strong, format!("  {}", question.title)));
    out.line(format!("  {}", question.body));
    for candidate in &question.candidates {
        let hint = candidate.hint.as_deref().unwrap_or("—");
        let born = candidate
            .created_at
            .as_deref()
            .map(|at| format!(", created {}", when(at)))
            .unwrap_or_default();
        out.line(format!("  • {}  {hint}{born}", candidate.remote_id));
    }
    for answer in &question.answers {
        let option = match answer.id.as_str() {
            "revoke" => {
                let only = question.candidates.first().filter(|_| question.candidates.len() == 1);
                format!(
                    "--revoke-extra {}",
                    only.map_or_else(|| "ID".to_owned(), |one| quoted(&one.remote_id))
                )
            }
            "keep" => "--keep-extra".to_owned(),
            other => format!("--{other}"),
        };
        out.line(Line::from(format!("  {}. {}", answer.label, answer.consequence)));
        out.line(Line::new().look(Look::Strong, format!("      keywheel resume {key} {option}")));
    }
}
