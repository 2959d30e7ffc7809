//! What must hold of a case, by the provider's ledger, the keychain and the database.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use keywheel_core::Code;
use keywheel_core::model::{VersionId, VersionState};
use keywheel_core::rotation::{Ending, Event, Rotation, State, StepKind};
use keywheel_core::vault::{Vault, VaultRef};
use provider_sim::{KeyRecord, RequestRecord, Sent};

use super::case::{Blow, Case, THEIRS};
use super::course::Settled;
use super::{Press, Row, Setup};
use crate::judge::{folds, intents, nonces, repeats};
use crate::person::Outcome;
use crate::places;
use crate::project::Project;
use crate::tape::{Crossing, What};
use crate::versions::versions;

/// The invariants that do not hold.
pub(super) async fn of(project: &Project, case: &Case, settled: &Settled) -> Vec<String> {
    let (tape, ledger, row) = (project.tape.crossings(), project.sim.ledger(), case.setup.row);
    let mut found = project.tape.alarms();
    found.extend(intents(&tape));
    found.extend(repeats(&ledger));
    if matches!(row, Row::Overlap | Row::ReplaceFirst) {
        found.extend(nonces(&ledger));
    }
    let strays = ledger
        .requests
        .iter()
        .filter(|one| one.key_id.is_some() && one.path != "/v1/me");
    found.extend(strays.map(|one| format!("I11: a key authenticated {} {}", one.method, one.path)));
    let rotation = project.rotation().await;
    if let Some(rotation) = &rotation {
        found.extend(folds(rotation));
        if row.overlaps() && case.setup.press != Press::RevokeFirst {
            found.extend(early_revocations(project, case, rotation, &tape));
        }
    }
    // What was refused made nothing: a person may press as often as they like.
    let keys = format!("/v1/projects/{}/keys", project.at.id);
    let mints = |one: &&RequestRecord| one.method == "POST" && one.path.starts_with(&keys);
    let refused = |one: &&RequestRecord| matches!(one.status, Sent::Status(400..=499));
    let sent = ledger.requests.iter().filter(mints).filter(|one| !refused(one));
    // What is sent again is the same mint.
    let (repeatable, sent): (Vec<_>, Vec<_>) = sent.partition(|one| one.idempotency_key.is_some());
    let marks: BTreeSet<_> = repeatable.iter().map(|one| &one.idempotency_key).collect();
    let sent = sent.len() + marks.len();
    if sent > (1 + case.strikes.len()).max(2) && row != Row::ByPerson {
        found.push(format!("I15: {sent} mints were sent"));
    }
    // Of somebody else's, only its owner ends one.
    let taken = |key: &&KeyRecord| is_theirs(key) && key.revoked_by_request.is_some();
    let taken = ledger.keys.iter().filter(taken);
    found.extend(taken.map(|key| format!("I10: {} is somebody else's and was revoked", key.key_id)));
    found.extend(places::violations(&project.places, &project.sim));
    found.extend(end(project, case, settled).await);
    found.extend(values(project, case, settled).await);
    found
}

/// Has the tape look on for a revocation of the old key while a file holds it, where both can live.
pub(super) fn watch(project: &Project, setup: Setup) {
    if !setup.row.overlaps() || setup.press == Press::RevokeFirst {
        return;
    }
    let old = project.first.as_ref().expect("a key");
    let ends = ends_of(old.grant.slot.as_ref().unwrap_or(&old.key_id));
    places::watch(&project.places, &project.tape, &old.value, move |what| {
        is_one(what, &ends)
    });
}

/// How the path of a request ends that ends the key of this id.
fn ends_of(id: &str) -> [String; 2] {
    [format!("/keys/{id}"), format!("/slots/{id}/regenerate")]
}

fn is_one(what: &What, ends: &[String]) -> bool {
    matches!(what, What::Request { path, .. } if ends.iter().any(|end| path.ends_with(end)))
}

fn is_theirs(key: &KeyRecord) -> bool {
    key.name.as_ref().is_some_and(|name| name.starts_with(THEIRS))
}

/// I5: the old key is revoked only after its successor is stored, verified and confirmed; never where that was undone.
fn early_revocations(project: &Project, case: &Case, rotation: &Rotation, tape: &[Crossing]) -> Vec<String> {
    let old = rotation.subject.old.as_ref().and_then(|old| old.remote_id.clone());
    let old = old.unwrap_or_else(|| project.first.as_ref().expect("a key").key_id.clone());
    let ends = ends_of(&old);
    let mut found = Vec::new();
    for (at, _) in tape.iter().enumerate().filter(|(_, one)| is_one(&one.what, &ends)) {
        let minted = |one: &Crossing| one.what == What::Record(Event::Intended(StepKind::Mint));
        let since = &tape[tape[..at].iter().rposition(minted).unwrap_or(0)..at];
        for needed in [
            Event::Applied(StepKind::Store),
            Event::Applied(StepKind::VerifyNew),
            Event::Confirmed,
            Event::Intended(StepKind::RevokeOld),
        ] {
            if !since.iter().any(|one| one.done && one.what == What::Record(needed)) {
                found.push(format!("I5: the old key was revoked before {needed:?}"));
            }
        }
        if case.setup.press == Press::Undo {
            found.push("I10: the old key was revoked although the rotation was taken back".to_owned());
        }
    }
    found
}

/// I3, I4, I6: database, keychain and ledger agree, and nothing that lives is without a holder.
async fn values(project: &Project, case: &Case, settled: &Settled) -> Vec<String> {
    let (mut found, mut held, row) = (Vec::new(), Vec::new(), case.setup.row);
    let mut database = project.database().await;
    let closed = matches!(settled.outcome, Outcome::Closed(_) | Outcome::Nothing);
    for version in versions(&mut database).await {
        let id = VersionId::parse(&version.id).expect("an id");
        let value = project
            .vault
            .get(&VaultRef::version(id))
            .await
            .expect("the keychain answers");
        let ended = VersionState::parse(&version.state) == Some(VersionState::Revoked);
        match &value {
            None if version.held => found.push(format!("I6: a {} value counts as held and is gone", version.state)),
            // Nothing ended the value of a slot that was set aside.
            Some(_) if closed && ended && row == Row::TwoSlot && version.receipt.is_none() => {}
            // Only its person says that it has ended, and what would show it was struck.
            Some(_) if closed && row == Row::ByPerson && said(&version.receipt) && !case.strikes.is_empty() => {}
            Some(_) if closed && ended => found.push("the value of an ended key was kept".to_owned()),
            Some(_) if closed && !version.held => found.push("a value is held unseen".to_owned()),
            _ => {}
        }
        if closed && version.state == "pending" {
            found.push("a version was left pending".to_owned());
        }
        held.extend(value.filter(|_| !ended).map(|value| value.expose().to_owned()));
    }
    let shown: Vec<Option<String>> = sqlx::query_scalar("SELECT remote_id FROM unaccounted WHERE settled_at IS NULL")
        .fetch_all(&mut database)
        .await
        .expect("the query is right");
    let ours: Vec<KeyRecord> = project.sim.ledger().keys;
    let of_us = |key: &&KeyRecord| key.org_id == project.at.id && key.minted_by_request.is_some() && !is_theirs(key);
    // A value that was replaced lives on for its grace, and ends by itself.
    project.clock.advance(SignedDuration::from_hours(2));
    let lives = |key: &&KeyRecord| project.sim.accepts(&key.value);
    let known = |key: &&KeyRecord| held.contains(&key.value) || shown.iter().flatten().any(|id| *id == key.key_id);
    let mut orphans = ours
        .iter()
        .filter(of_us)
        .filter(lives)
        .filter(|key| !known(key))
        .count();
    // Of two slots the one that nobody uses has a value which nobody needs to know.
    if row == Row::TwoSlot {
        orphans = orphans.saturating_sub(1);
    }
    // Held back for an hour, it says so itself.
    let held_back = matches!(
        settled.outcome,
        Outcome::Open(State::Failed(Code::RotationTooManyMints))
    );
    if orphans > 0 && shown.is_empty() && !held_back && (closed || row != Row::ByPerson) {
        found.push(format!("I3: {orphans} keys live and nobody has them"));
    }
    if closed && !shown.is_empty() {
        found.push(format!("{} keys were never accounted for", shown.len()));
    }
    // A provider that says what it did not do shows a value that is none.
    let given = |value: &&String| lied(case) || ours.iter().any(|key| key.value == **value);
    for value in held.iter().filter(|value| !given(value)) {
        found.push(format!(
            "I3: a value of {} bytes is held that the provider never gave",
            value.len()
        ));
    }
    found
}

/// What is left when it is over.
async fn end(project: &Project, case: &Case, settled: &Settled) -> Vec<String> {
    let mut found = Vec::new();
    let old = project.first.as_ref().expect("a key").value.clone();
    let old_lives = project.sim.accepts(&old);
    let serving = project.serving_value().await;
    let serves: Vec<&str> = serving.iter().map(String::as_str).collect();
    found.extend(places::loose(&project.places, settled.outcome, &serves, &old));
    match settled.outcome {
        Outcome::Closed(Ending::Completed) => {
            if !serving.is_some_and(|value| project.sim.accepts(&value) && value != old) {
                found.push("the key that serves does not work".to_owned());
            }
            if old_lives {
                found.push("I4: the old key counts as dead and is accepted".to_owned());
            }
        }
        Outcome::Closed(Ending::Undone | Ending::Stopped) | Outcome::Nothing => {
            if !old_lives {
                found.push("it ended without an effect, and the old key is dead".to_owned());
            }
            if serving.as_deref() != Some(&*old) {
                found.push("it ended without an effect, and another key serves".to_owned());
            }
        }
        Outcome::Closed(Ending::Settled) => found.push("it was ended by a word that nobody said".to_owned()),
        // The provider claims what is not so: shown for as long as it lasts, or a person is asked what to do.
        Outcome::Open(State::AwaitingTime { code, .. }) if lied(case) && code == Some(Code::KeyStillAccepted) => {}
        Outcome::Open(State::Failed(Code::KeyNotAccepted | Code::ProviderRefused)) if lied(case) => {}
        // Told to come back in an hour.
        Outcome::Open(State::Failed(Code::RotationTooManyMints)) if case.strikes.len() > 1 => {}
        // Somebody else's key has taken the place of the new one.
        Outcome::Open(State::Failed(Code::ProviderNoFreeSlot | Code::ProviderRefused)) if crowded(case) => {}
        Outcome::Open(state) => found.push(format!("no end within half an hour: {state:?}")),
    }
    found
}

fn said(receipt: &Option<String>) -> bool {
    receipt.as_deref() == Some("word")
}

fn crowded(case: &Case) -> bool {
    case.strikes.iter().any(|strike| strike.blow == Blow::Stranger)
}

fn lied(case: &Case) -> bool {
    case.strikes.iter().any(|strike| strike.blow.lies())
}
