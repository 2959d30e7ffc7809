//! Events as sentences.

use keywheel_core::rotation::Claims;
use keywheel_core::store::{Activity, ActivityResult};

use super::known;
use super::names::Names;
use crate::{ActivityView, ActorView, ResultView};

pub fn activity_view(event: &Activity, names: &Names) -> ActivityView {
    ActivityView {
        id: event.seq.to_string(),
        at: event.at().to_string(),
        actor: match event.actor.as_str() {
            "window" => ActorView::Window,
            "cli" => ActorView::Cli,
            _ => ActorView::Keywheel,
        },
        verb: event.verb.clone(),
        sentence: sentence(event, names),
        short: short(event).unwrap_or_else(|| sentence(event, names)),
        key_id: event.key_id.clone(),
        account_id: event.account_id.clone(),
        rotation_id: event.rotation_id.clone(),
        result: match event.result() {
            ActivityResult::Done => ResultView::Done,
            ActivityResult::Failed => ResultView::Failed,
            ActivityResult::Unknown => ResultView::Unknown,
        },
        error_code: event.code.clone(),
    }
}

fn sentence(event: &Activity, names: &Names) -> String {
    let key = event.key_name.clone().unwrap_or_else(|| "a key".to_owned());
    let value = event
        .hint
        .clone()
        .map_or_else(|| key.clone(), |hint| format!("{key} ({hint})"));
    let account = event
        .account_label
        .clone()
        .or_else(|| event.word.clone())
        .unwrap_or_else(|| "an account".to_owned());
    let former = event.word.clone().unwrap_or_default();
    let because = event
        .code
        .as_deref()
        .map(|code| format!(" ({code})"))
        .unwrap_or_default();
    let said = match event.verb.as_str() {
        "account.connected" => format!("Connected {account}"),
        "account.removed" => format!("Removed {account} from Keywheel"),
        "rotation.opened" => format!("Started on {key}"),
        "rotation.completed" => format!("Finished with {key}"),
        "rotation.undone" => format!("Took the new key of {key} back"),
        "rotation.stopped" => format!("Stopped with {key}"),
        "rotation.settled" => format!("Ended what was begun with {key} by a person's word: {}", by_word(event)),
        "rotation.failed" => format!("A step for {key} did not go through{because}"),
        "rotation.unknown" => format!("An answer for {key} is missing{because}"),
        "rotation.asked" => format!("Asked which key belongs to {key}"),
        "key.value_restored" => format!("Brought {value} back: its provider accepts it"),
        "key.identified" => format!("Was told that the provider calls {value} {former}"),
        "value.forgotten" => "Removed a value of no key from the keychain".to_owned(),
        "key.minted" => format!("Created {value}"),
        "key.copied" => format!("Copied {value}"),
        "key.revealed" => format!("Revealed {value}"),
        "key.imported" => format!("Added {value}, which existed already"),
        "key.described" => format!("Changed what is said of {key}"),
        "key.held" => format!("Took in the value of {value}"),
        "key.replaced" => format!("{key} was replaced where it is used"),
        "key.deployed" => format!("Put {value} in place where it is used"),
        "key.restored" => format!("Left a place of {key} with the old value"),
        "target.added" => format!("Noted where {key} is used"),
        "target.removed" => format!("Forgot a place where {key} is used"),
        "target.allowed" => format!("Allowed a command for {key}"),
        "key.revoked" => format!("Revoked {value}"),
        "key.not_found" => format!("Did not revoke {value}: its provider does not know it"),
        "key.not_listed" => format!("Sent a revocation of {value}, without an answer: it is no longer listed"),
        "key.deletion_told" => format!("Was told that {value} is deleted at the provider"),
        "key.revoked_anyway" => format!("Let {value} be revoked all the same, whatever was told of it"),
        "key.proven_dead" => match event.receipt.as_deref() {
            Some("refused") => format!("Proved that {value} is dead"),
            Some("unlisted") => format!("Saw that {value} is no longer listed"),
            _ => format!("Wrote down that {value} has ended, which nothing proves"),
        },
        "rotation.undo_anyway" => format!("Let {value} be discarded although nothing shows that the old key works"),
        "key.value_removed" => format!("Removed the kept value of {value}"),
        "key.value_to_go" => format!("Was told to remove the kept value of {value}, which the keychain still has"),
        "key.discarded" => format!("Discarded {value}"),
        "key.verified" => format!("Verified {value}: {former}"),
        "key.renamed" => format!("Renamed {former} to {key}"),
        "key.moved" => format!(
            "Moved {key} from {former} to {}",
            event.environment_name.clone().unwrap_or_default()
        ),
        "key.removed" => format!("Removed {key} from Keywheel"),
        "key.snoozed" => format!("Put {key} off: {former}"),
        "key.risk_accepted" => format!("Accepted the risk of {key}: {former}"),
        "key.waiver_ended" => format!("{key} counts again"),
        "policy.set" => format!("Set the policy of {}", governed(event)),
        "policy.removed" => format!("Removed the policy of {}", governed(event)),
        "window.locked" => "Locked the window".to_owned(),
        "window.unlocked" => "Unlocked the window".to_owned(),
        "unaccounted.revoked" => format!("Revoked an unaccounted key of {account}"),
        "definition.updated" => format!("Followed Keywheel's newer definition for {account}"),
        "definition.accepted" => format!("Accepted another definition for {account}"),
        "unaccounted.kept" => format!("Kept an unaccounted key of {account}"),
        "unaccounted.absent" => format!("Settled that nothing of {account} is unaccounted"),
        other => other.to_owned(),
    };
    let provider = event
        .provider_id
        .as_deref()
        .and_then(|id| names.definitions.catalog().get(id));
    let place: Vec<String> = [
        provider.map(|definition| definition.name().to_owned()),
        event.org_name.clone(),
    ]
    .into_iter()
    .flatten()
    .collect();
    match place.is_empty() {
        true => format!("{said}."),
        false => format!("{said}, {}.", place.join(" · ")),
    }
}

fn by_word(event: &Activity) -> String {
    let claims = event.word.as_deref().and_then(Claims::read);
    claims.map(known::said).unwrap_or_default()
}

/// What a policy is for.
fn governed(event: &Activity) -> String {
    let scope = [&event.word, &event.key_name, &event.account_label];
    scope.into_iter().flatten().next().cloned().unwrap_or_default()
}

/// None where the sentence is about more than one key.
fn short(event: &Activity) -> Option<String> {
    let hint = event.hint.as_deref().map(|hint| format!(" {hint}")).unwrap_or_default();
    let former = event.word.as_deref().unwrap_or_default();
    let because = event
        .code
        .as_deref()
        .map(|code| format!(" ({code})"))
        .unwrap_or_default();
    Some(match event.verb.as_str() {
        "rotation.opened" => "Started.".to_owned(),
        "rotation.completed" => "Finished.".to_owned(),
        "rotation.undone" => "Took the new key back.".to_owned(),
        "rotation.stopped" => "Stopped.".to_owned(),
        "rotation.settled" => format!("Ended by a person's word: {}.", by_word(event)),
        "rotation.failed" => format!("A step did not go through{because}."),
        "rotation.unknown" => format!("An answer is missing{because}."),
        "rotation.asked" => "Asked which key belongs here.".to_owned(),
        "key.minted" => format!("Created{hint}."),
        "key.copied" => format!("Copied{hint}."),
        "key.revealed" => format!("Revealed{hint}."),
        "key.held" => format!("Took in{hint}."),
        "key.replaced" => "Replaced where it is used.".to_owned(),
        "key.deployed" => format!("Put{hint} in place."),
        "key.restored" => "Left a place with the old value.".to_owned(),
        "target.added" => "Noted where it is used.".to_owned(),
        "target.removed" => "Forgot a place where it is used.".to_owned(),
        "target.allowed" => "Allowed its command.".to_owned(),
        "key.revoked" => format!("Revoked{hint}."),
        "key.not_found" => format!("Did not revoke{hint}: its provider does not know it."),
        "key.not_listed" => format!("Sent a revocation of{hint}, without an answer: it is no longer listed."),
        "key.deletion_told" => format!("Was told that{hint} is deleted."),
        "key.revoked_anyway" => format!("Let{hint} be revoked all the same, whatever was told of it."),
        "key.proven_dead" => match event.receipt.as_deref() {
            Some("refused") => format!("Proved{hint} dead."),
            Some("unlisted") => format!("Saw{hint} no longer listed."),
            _ => format!("Wrote down{hint} as ended; nothing proves it."),
        },
        "rotation.undo_anyway" => format!("Let{hint} be discarded although nothing shows that the old key works."),
        "key.value_removed" => format!("Removed the kept value of{hint}."),
        "key.value_to_go" => format!("Was told to remove the kept value of{hint}, which the keychain still has."),
        "key.value_restored" => format!("Brought{hint} back: its provider accepts it."),
        "key.discarded" => format!("Discarded{hint}."),
        "key.verified" => format!("Verified{hint}: {former}."),
        "key.renamed" => format!("Renamed from {former}."),
        "key.moved" => format!("Moved from {former}."),
        "key.snoozed" => format!("Put off: {former}."),
        "key.risk_accepted" => format!("Accepted the risk: {former}."),
        "key.waiver_ended" => "Counts again.".to_owned(),
        "policy.set" => "Set its own policy.".to_owned(),
        "policy.removed" => "Removed its own policy.".to_owned(),
        _ => return None,
    })
}
