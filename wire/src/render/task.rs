//! What a person is to do on the provider's page, at the step where the plan waits for it.

use keywheel_core::model::KeyVersion;
use keywheel_core::provider::{Definition, Guide, ProviderStep, Strategy};
use keywheel_core::rotation::{Act, Discard, Rotation, State, StepKind};

use super::names::Names;
use crate::{TaskKindView, TaskView};

pub(super) fn task(rotation: &Rotation, provider: &str, names: &Names) -> Option<TaskView> {
    let definition = names.definition(&rotation.subject.account)?;
    let two = rotation.act() == Act::Rotate && rotation.plan.strategy == Strategy::TwoSlot;
    let (kind, step) = match (rotation.position.state, rotation.position.step(&rotation.plan)?) {
        (State::AwaitingPerson, StepKind::Mint) if rotation.plan.rolls() => (TaskKindView::Roll, ProviderStep::Roll),
        (State::AwaitingPerson, StepKind::Mint) if two => (TaskKindView::Roll, ProviderStep::Roll),
        (State::AwaitingPerson, StepKind::RevokeOld) if two => (TaskKindView::Delete, ProviderStep::Roll),
        (State::AwaitingPerson, StepKind::Mint) => (TaskKindView::Create, ProviderStep::Mint),
        (State::AwaitingPerson, StepKind::RevokeOld) => (TaskKindView::Delete, ProviderStep::Revoke),
        (State::DiscardAwaiting(_), _) => (TaskKindView::Discard, ProviderStep::Revoke),
        _ => return None,
    };
    let about = match kind {
        TaskKindView::Create => None,
        // It is the one that is not in use.
        TaskKindView::Roll if two => None,
        TaskKindView::Roll | TaskKindView::Delete => rotation.subject.old.as_ref(),
        TaskKindView::Discard => rotation.subject.new.as_ref(),
    };
    // By an id that could be revoked by the API it would have been: it is another key's.
    let doubted = kind == TaskKindView::Discard && rotation.plan.discard == Discard::Api;
    // The new key has the name that its mint carried.
    let minted = rotation.mint_name.as_deref().filter(|_| kind == TaskKindView::Discard);
    let key_name = minted.unwrap_or(rotation.subject.key.name.as_str());
    // None where the provider has an API for it: then only a new key whose id nobody knows is left to a person.
    let guide: Option<Guide> = definition.guide(step, key_name);
    let creates = matches!(kind, TaskKindView::Create | TaskKindView::Roll);
    Some(TaskView {
        kind,
        say: guide.as_ref().map_or_else(
            || {
                about_which(
                    &format!("Delete the old key of {key_name} on {provider}'s page."),
                    rotation,
                    kind,
                )
            },
            |guide| about_which(&guide.say, rotation, kind),
        ) + &listed_as(about.filter(|_| kind != TaskKindView::Roll && !doubted)),
        page: guide
            .map(|guide| guide.page)
            .or_else(|| definition.key_page().map(str::to_owned)),
        hint: about.and_then(|version| version.hint.as_ref()).map(ToString::to_string),
        shape: creates.then(|| definition.key_shape().to_owned()),
        permissions: (kind == TaskKindView::Create)
            .then(|| permissions(&definition, rotation))
            .flatten(),
    })
}

/// Definitions speak of the old key. Another one that is to go is named as what it is, and the old one is kept.
fn about_which(say: &str, rotation: &Rotation, kind: TaskKindView) -> String {
    if kind != TaskKindView::Discard {
        return match rotation.act() {
            Act::Revoke => say.replace("the old key", "the key"),
            Act::Rotate | Act::Create | Act::SignUp => say.to_owned(),
        };
    }
    let say = say.replace("the old key", "the new key");
    match rotation.subject.old.as_ref().and_then(|old| old.hint.as_ref()) {
        Some(old) => format!("{say} Keep the old one, {old}."),
        None => say,
    }
}

/// What the page may show it by, beside how its value begins.
fn listed_as(about: Option<&KeyVersion>) -> String {
    let id = about.and_then(|version| version.remote_id.as_deref());
    id.map_or_else(String::new, |id| format!(" Its id there is {id}."))
}

/// Which permissions to choose: those that were chosen or that the old key has, else the narrowest that the provider proposes.
fn permissions(definition: &Definition, rotation: &Rotation) -> Option<String> {
    let all: Vec<&str> = definition.permissions().iter().map(|one| one.name.as_str()).collect();
    if all.is_empty() {
        return None;
    }
    let chosen = rotation.subject.about.permissions.join(", ");
    match (rotation.act(), chosen.is_empty()) {
        (Act::Rotate, true) => return Some("Permissions: those of the old key, and no more.".to_owned()),
        (Act::Rotate, false) => return Some(format!("Permissions: those of the old key, {chosen}, and no more.")),
        (_, false) => return Some(format!("Permissions, as you chose: {chosen}, and no more.")),
        (_, true) => {}
    }
    let narrowest = definition
        .presets()
        .iter()
        .min_by_key(|preset| preset.permissions.len());
    Some(match narrowest {
        Some(preset) => format!(
            "Permissions: only what it needs. {} is {}.",
            preset.name,
            preset.permissions.join(", ")
        ),
        None => format!("Permissions: only what it needs of {}.", all.join(", ")),
    })
}
