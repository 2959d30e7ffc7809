//! What a person is to do on the provider's page, at the step where the plan waits for it.

use keywheel_core::provider::{Guide, ProviderStep};
use keywheel_core::rotation::{Rotation, State, StepKind};

use super::names::Names;
use crate::{TaskKindView, TaskView};

pub(super) fn task(rotation: &Rotation, provider: &str, names: &Names) -> Option<TaskView> {
    let definition = names.definition(&rotation.subject.account)?;
    let (kind, step) = match (rotation.position.state, rotation.position.step(&rotation.plan)?) {
        (State::AwaitingPerson, StepKind::Mint) if rotation.plan.rolls() => (TaskKindView::Roll, ProviderStep::Roll),
        (State::AwaitingPerson, StepKind::Mint) => (TaskKindView::Create, ProviderStep::Mint),
        (State::AwaitingPerson, StepKind::RevokeOld) => (TaskKindView::Delete, ProviderStep::Revoke),
        (State::DiscardAwaiting(_), _) => (TaskKindView::Discard, ProviderStep::Revoke),
        _ => return None,
    };
    let about = match kind {
        TaskKindView::Create => None,
        TaskKindView::Roll | TaskKindView::Delete => rotation.subject.old.as_ref(),
        TaskKindView::Discard => rotation.subject.new.as_ref(),
    };
    let key_name = rotation.subject.key.name.as_str();
    let guide: Option<Guide> = definition.guide(step, key_name);
    let creates = matches!(kind, TaskKindView::Create | TaskKindView::Roll);
    Some(TaskView {
        kind,
        say: guide.as_ref().map_or_else(
            || format!("Do this for {key_name} on {provider}'s page."),
            |guide| guide.say.clone(),
        ),
        page: guide.map(|guide| guide.page),
        hint: about.and_then(|version| version.hint.as_ref()).map(ToString::to_string),
        shape: creates.then(|| definition.key_shape().to_owned()),
    })
}
