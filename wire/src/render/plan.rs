//! A plan in words, before anything happens.

use std::time::Duration;

use keywheel_core::app::{KeyInPlace, Proposal};
use keywheel_core::model::{Account, Binding};
use keywheel_core::provider::{Grace, GraceStarts, Strategy};
use keywheel_core::rotation::{Act, Actor, Plan, Proof, Step, StepKind};

use super::error::error_view;
use super::flags::listed;
use super::names::Names;
use super::pace::pace;
use super::target::{confirms, deploys, until_in_use};
use crate::{ActKindView, PlanStepView, PlanView, StepActorView, StepKindView};

pub fn plan_view(proposal: &Proposal, account: &Account, names: &Names) -> PlanView {
    let (plan, provider) = (&proposal.plan, &*names.provider(account));
    let bindings = &proposal.bindings;
    PlanView {
        hash: proposal.hash.clone(),
        act: act_view(plan.act),
        strategy: plan.strategy.as_str().to_owned(),
        sentence: sentence(plan, provider, own_strategy(account, names)),
        old_key_line: old_key_line(plan, provider),
        steps: plan
            .steps
            .iter()
            .map(|step| PlanStepView {
                step: step_view(step.kind),
                title: title(step.kind, plan).to_owned(),
                detail: detail(step, plan, bindings, provider),
                actor: actor_view(step.actor),
            })
            .collect(),
        pivot: plan.pivot().and_then(|pivot| u32::try_from(pivot).ok()),
        outage: plan.has_outage(),
        pace: proposal.paced.map(|paced| pace(plan, paced, provider)),
        held: proposal.held.as_ref().map(error_view),
        same_value_as: proposal.same_value_as.clone(),
        same_value_line: same_value_line(&proposal.same_value_as),
        no_place_line: no_place_line(&proposal.in_the_places, provider),
    }
}

/// What else has the value that goes.
fn same_value_line(others: &[String]) -> Option<String> {
    let fails = "fails once the value is dead";
    match others {
        [] => None,
        [one] => Some(format!("{one} has this very value too: what uses it {fails}.")),
        _ => Some(format!(
            "These have this very value too: {}. What uses them {fails}.",
            others.join(", ")
        )),
    }
}

/// How many keys are named that take the places.
const MOST_IN_PLACES: usize = 4;

/// Which keys leave no place for one more: those first that are switched off, then those that were not used for longest.
fn no_place_line(keys: &[KeyInPlace], provider: &str) -> Option<String> {
    if keys.is_empty() {
        return None;
    }
    let mut sorted: Vec<&KeyInPlace> = keys.iter().collect();
    sorted.sort_by_key(|key| (!key.switched_off, key.last_used_at));
    let mut named: Vec<String> = sorted.iter().take(MOST_IN_PLACES).map(|key| in_place(key)).collect();
    if keys.len() > MOST_IN_PLACES {
        named.push(format!("{} more", keys.len() - MOST_IN_PLACES));
    }
    Some(format!(
        "{provider} has no place for one more key: by its last list there are {}. Revoke one of them first.",
        listed(&named)
    ))
}

fn in_place(key: &KeyInPlace) -> String {
    let off = key.switched_off.then(|| "switched off".to_owned());
    let used = key
        .last_used_at
        .map(|at| format!("last used on {}", at.strftime("%Y-%m-%d")));
    let id = (key.name.as_str() != key.remote_id).then(|| key.remote_id.clone());
    let about: Vec<String> = [id, off, used].into_iter().flatten().collect();
    match about.is_empty() {
        true => key.name.to_string(),
        false => format!("{} ({})", key.name, about.join(", ")),
    }
}

pub(super) fn act_view(act: Act) -> ActKindView {
    match act {
        Act::Rotate => ActKindView::Rotate,
        Act::Create => ActKindView::Create,
        Act::SignUp => ActKindView::Signup,
        Act::Revoke => ActKindView::Revoke,
    }
}

pub(super) fn actor_view(actor: Actor) -> StepActorView {
    match actor {
        Actor::Api => StepActorView::Api,
        Actor::Person => StepActorView::Person,
        Actor::Keywheel => StepActorView::Keywheel,
    }
}

pub(super) fn step_view(kind: StepKind) -> StepKindView {
    match kind {
        StepKind::Check => StepKindView::Check,
        StepKind::Mint => StepKindView::Mint,
        StepKind::Store => StepKindView::Store,
        StepKind::VerifyNew => StepKindView::VerifyNew,
        StepKind::Copy => StepKindView::Copy,
        StepKind::Deploy(_) => StepKindView::Deploy,
        StepKind::Confirm => StepKindView::Confirm,
        StepKind::Wait => StepKindView::Wait,
        StepKind::RevokeOld => StepKindView::RevokeOld,
        StepKind::ProveDead => StepKindView::ProveDead,
    }
}

/// The provider's own; a plan has another one where the person chose that the old key goes first.
pub(super) fn own_strategy(account: &Account, names: &Names) -> Option<Strategy> {
    names.definition(account).map(|definition| definition.strategy())
}

/// What relates the old and the new key, in one sentence. `own`: the provider's strategy.
pub(super) fn sentence(plan: &Plan, provider: &str, own: Option<Strategy>) -> String {
    let person = plan.actor(StepKind::Mint) == Some(Actor::Person);
    match (plan.act, plan.strategy) {
        (Act::Create, _) if person => {
            format!("You create a key on {provider}'s page; it is stored before anything else happens to it.")
        }
        (Act::Create, _) => "A new key is created and stored before it is shown.".to_owned(),
        (Act::SignUp, _) => {
            "An organisation is opened with its first key, which is stored before it is shown.".to_owned()
        }
        (Act::Revoke, _) if plan.actor(StepKind::RevokeOld) == Some(Actor::Person) => {
            "The key stops working when you delete it, without a successor. Whatever uses it fails from then on."
                .to_owned()
        }
        (Act::Revoke, _) => {
            "The key stops working at once, without a successor. Whatever uses it fails from then on.".to_owned()
        }
        (Act::Rotate, Strategy::Overlap) if person => {
            format!("You create a second key on {provider}'s page. The old key is yours to delete there, once the new one is in use.")
        }
        (Act::Rotate, Strategy::Overlap) => {
            "A second key is created. The old key is not touched until it is revoked.".to_owned()
        }
        (Act::Rotate, Strategy::Roll) if person => {
            format!("You replace the key on {provider}'s page. The old value stops working at once.")
        }
        (Act::Rotate, Strategy::Roll) => {
            "The key is replaced in place. The old value stops working at once.".to_owned()
        }
        (Act::Rotate, Strategy::RollWithGrace) if person => {
            format!("You replace the key on {provider}'s page. {}", grace_line(plan))
        }
        (Act::Rotate, Strategy::RollWithGrace) => {
            format!("The key is replaced in place. {}", grace_line(plan))
        }
        (Act::Rotate, Strategy::ReplaceFirst) if own == Some(Strategy::Overlap) => match person {
            true => format!(
                "For a leak: you delete the old key on {provider}'s page, then you create the new one there."
            ),
            false => "For a leak: the old key is revoked at once, then the new one is created.".to_owned(),
        },
        (Act::Rotate, Strategy::ReplaceFirst) if person => format!(
            "Only one key can exist. You delete the old one on {provider}'s page, then you create the new one there."
        ),
        (Act::Rotate, Strategy::ReplaceFirst) => {
            "Only one key can exist. The old key goes first, then the new one is created.".to_owned()
        }
        (Act::Rotate, Strategy::TwoSlot) => {
            "There are two keys that take turns. The unused one gets a new value; once that is in place, so does the other.".to_owned()
        }
    }
}

fn grace_line(plan: &Plan) -> String {
    match plan.grace {
        Some(Grace {
            span,
            starts: GraceStarts::FirstUse,
        }) => format!(
            "The old value works until {} after the first call with the new one.",
            time(span)
        ),
        Some(Grace { span, .. }) => format!("The old value works for {} more.", time(span)),
        None => "The old value works for a while longer.".to_owned(),
    }
}

/// What happens to the old key, and when.
pub(super) fn old_key_line(plan: &Plan, provider: &str) -> String {
    let proof = match plan.proof {
        Proof::Refusal => format!("and Keywheel proves that {provider} refuses it"),
        Proof::Unlisted => {
            format!("and Keywheel looks whether it is gone from {provider}'s list, which proves nothing")
        }
        Proof::Word => format!("and {provider} offers no way to prove it"),
    };
    let by_person = plan.actor(StepKind::RevokeOld) == Some(Actor::Person);
    match (plan.act, plan.strategy) {
        (Act::Rotate, Strategy::Roll) => {
            format!("The old key stops working the moment the new one exists, {proof}. {OUTAGE}")
        }
        (Act::Rotate, Strategy::RollWithGrace) => {
            format!("The old key ends by itself when that time is over, {proof}.")
        }
        (Act::Rotate, Strategy::ReplaceFirst) if by_person => {
            format!("The old key stops working when you delete it, before the new one exists, {proof}. {OUTAGE}")
        }
        (Act::Rotate, Strategy::ReplaceFirst) => {
            format!("The old key is revoked before the new one exists, {proof}. {OUTAGE}")
        }
        (Act::Rotate, Strategy::Overlap | Strategy::TwoSlot) => {
            let ends = match (plan.strategy, by_person) {
                (Strategy::TwoSlot, _) => "It gets a new value after that",
                (_, true) => "You delete it after that",
                (_, false) => "It is revoked after that",
            };
            let longer = match plan.overlap.is_zero() {
                true => String::new(),
                false => format!(", and {} longer", time(plan.overlap)),
            };
            let until = until_in_use(plan);
            let silent = match plan.listens() {
                true => format!(", once {provider} has not seen it in use for {}", time(plan.quiet)),
                false => String::new(),
            };
            format!("The old key is not touched {until}{longer}. {ends}{silent}, {proof}.")
        }
        (Act::Revoke, _) if by_person => format!("You delete the key on {provider}'s page, {proof}."),
        (Act::Revoke, _) => format!("The key is revoked at once, {proof}."),
        (Act::Create | Act::SignUp, _) => "No other key is touched.".to_owned(),
    }
}

/// What the key that ends is called, at the beginning of a sentence.
pub(super) fn ended_key(act: Act) -> &'static str {
    match act {
        Act::Revoke => "The key",
        Act::Rotate | Act::Create | Act::SignUp => "The old key",
    }
}

const OUTAGE: &str = "Whatever uses it fails until you put the new one in place.";

/// A span in the largest unit that says it exactly.
pub(super) fn time(span: Duration) -> String {
    let (number, unit) = match span.as_secs() {
        seconds if seconds >= 172_800 && seconds % 86_400 == 0 => (seconds / 86_400, "day"),
        seconds if seconds >= 3600 && seconds % 3600 == 0 => (seconds / 3600, "hour"),
        seconds if seconds >= 60 && seconds % 60 == 0 => (seconds / 60, "minute"),
        seconds => (seconds, "second"),
    };
    match number {
        1 => format!("one {unit}"),
        number => format!("{number} {unit}s"),
    }
}

pub(super) fn title(kind: StepKind, plan: &Plan) -> &'static str {
    let person = plan.actor(kind) == Some(Actor::Person);
    let two = plan.act == Act::Rotate && plan.strategy == Strategy::TwoSlot;
    match kind {
        StepKind::Check => "Check",
        StepKind::Mint if plan.rolls() => "Replace in place",
        StepKind::Mint if two => "Renew the unused key",
        StepKind::Mint if person => "Create the new key",
        StepKind::Mint => "Mint",
        StepKind::Store => "Store",
        StepKind::VerifyNew => "Verify new",
        StepKind::Copy => "Copy",
        StepKind::Deploy(_) => "Deploy",
        StepKind::Confirm if !plan.bindings.is_empty() => "Confirm",
        StepKind::Confirm => "Replace",
        StepKind::Wait => "Wait",
        StepKind::RevokeOld if plan.act == Act::Revoke && person => "Delete",
        StepKind::RevokeOld if plan.act == Act::Revoke => "Revoke",
        StepKind::RevokeOld if two => "Renew the old key",
        StepKind::RevokeOld if person => "Delete old",
        StepKind::RevokeOld => "Revoke old",
        StepKind::ProveDead => match plan.proof {
            Proof::Refusal => "Prove it is dead",
            Proof::Unlisted => "Look in the list",
            Proof::Word => "Write down the end",
        },
    }
}

pub(super) fn detail(step: &Step, plan: &Plan, bindings: &[Binding], provider: &str) -> String {
    let person = step.actor == Actor::Person;
    match step.kind {
        StepKind::Check if plan.actor(StepKind::Mint) == Some(Actor::Person) => "keychain writable".to_owned(),
        StepKind::Check if plan.steps.iter().any(|step| matches!(step.kind, StepKind::Deploy(_))) => {
            format!("credential and list, where {provider} can be asked; keychain writable, old key in its places")
        }
        StepKind::Check => format!("credential and list, where {provider} can be asked; keychain writable"),
        StepKind::Mint if plan.act == Act::SignUp => format!("organisation and first key at {provider}"),
        StepKind::Mint if person && plan.rolls() => {
            format!("on {provider}'s page, then from the clipboard")
        }
        StepKind::Mint if person => {
            format!("on {provider}'s page, then from the clipboard")
        }
        StepKind::Mint if plan.rolls() => format!("a new value for the same key at {provider}"),
        StepKind::Mint if plan.strategy == Strategy::TwoSlot => {
            format!("the unused one of the two keys gets a new value at {provider}")
        }
        StepKind::Mint => format!("a new key at {provider}"),
        StepKind::Store => "in the keychain, read back equal".to_owned(),
        StepKind::VerifyNew if plan.grace.is_some_and(|grace| grace.starts == GraceStarts::FirstUse) => {
            format!("a harmless call to {provider}; it starts the old value's time")
        }
        StepKind::VerifyNew => format!("a harmless call to {provider} with the new key"),
        StepKind::Copy => "to the clipboard, cleared after a while".to_owned(),
        StepKind::Deploy(n) => deploys(bindings.get(usize::from(n))),
        StepKind::Confirm if confirms(plan, bindings).is_some() => confirms(plan, bindings).unwrap_or_default(),
        StepKind::Confirm if plan.has_outage() => "you put the new key in place; until then nothing works".to_owned(),
        StepKind::Confirm => "you put the new key where the old one is used".to_owned(),
        StepKind::Wait => match plan.grace {
            Some(grace) => format!("{provider} keeps the old value for {}", time(grace.span)),
            None => format!("{}, the old key is not touched", time(plan.overlap)),
        },
        StepKind::RevokeOld if person => format!("on {provider}'s page"),
        StepKind::RevokeOld if plan.strategy == Strategy::TwoSlot && plan.act == Act::Rotate => {
            "it gets a new value, so that the old one stops working".to_owned()
        }
        StepKind::RevokeOld if plan.listens() => format!("once it is silent for {}, by its id", time(plan.quiet)),
        StepKind::RevokeOld if plan.act == Act::Revoke && plan.proof == Proof::Unlisted => {
            format!("by its id, through {provider}'s API; nothing shows that it is not the account's own credential")
        }
        StepKind::RevokeOld => format!("by its id, through {provider}'s API"),
        StepKind::ProveDead => match plan.proof {
            Proof::Refusal => format!(
                "calls with {} until {provider} refuses it",
                ended_key(plan.act).to_lowercase()
            ),
            Proof::Unlisted => format!("looks for it in {provider}'s list: no call can be made with it"),
            Proof::Word => format!("{provider} offers no way to ask: the receipt says so"),
        },
    }
}
