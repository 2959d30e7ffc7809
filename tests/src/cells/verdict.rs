//! What must hold when a cell is over, by the provider's ledger, the keychain and the database.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use keywheel_core::model::VersionId;
use keywheel_core::vault::{Vault, VaultRef, VaultState};
use provider_sim::{KeyRecord, RequestRecord};

use super::cell::{Cell, Press};
use super::page::held;
use super::person::Person;
use super::shape::Listing;
use crate::judge::folds;
use crate::project::Project;
use crate::versions::versions;

pub(super) async fn of(project: &mut Project, cell: &Cell, person: &Person) -> Vec<String> {
    project.vault.set_state(VaultState::Ready);
    project.sim.clear_faults();
    project.clock.advance(SignedDuration::from_mins(15));
    project.has_its_definition().await;
    let app = project.app();
    let mut found = project.tape.alarms();
    // A list that lacks most of what it had is believed the second time.
    for _ in 0..2 {
        if let Err(failure) = app.refresh(None).await {
            found.push(format!("the list cannot be read: {:?}", failure.code));
        }
    }
    app.tick().await.expect("nothing is in the way any more");
    if let Some(rotation) = project.rotation().await {
        found.extend(folds(&rotation));
        if !rotation.position.is_closed() {
            found.push(format!("it does not end: {:?}", rotation.position));
        }
    }
    found.extend(gone(project, cell, person).await);
    found.extend(rows(project, cell, person).await);
    found.extend(outages(project, cell, person));
    found
}

/// A value leaves the keychain after a refused call with it, and never while it works.
async fn gone(project: &Project, cell: &Cell, person: &Person) -> Vec<String> {
    let now = held(project).await;
    let mut found = Vec::new();
    for value in person
        .seen
        .iter()
        .filter(|value| !now.contains(*value) && !person.taken.contains(*value))
    {
        let Some(key) = project.sim.key_by_value(value) else {
            continue;
        };
        if project.sim.accepts(value) {
            found.push(format!("a value that works left the keychain: {}", key.key_id));
        } else if key.refused_calls == 0 && !cell.lies_of_values() {
            found.push(format!(
                "a value left the keychain although no call with it was refused: {}",
                key.key_id
            ));
        }
    }
    found
}

/// What the database says is held is there, and each key that a request of ours made is held or shown.
async fn rows(project: &Project, cell: &Cell, person: &Person) -> Vec<String> {
    let mut found = Vec::new();
    let mut database = project.database().await;
    let rows = versions(&mut database).await;
    let mut held_values = BTreeSet::new();
    for row in &rows {
        let id = VersionId::parse(&row.id).expect("an id");
        let value = project
            .vault
            .get(&VaultRef::version(id))
            .await
            .expect("the keychain answers");
        if row.state == "pending" {
            found.push("a version was left pending".to_owned());
        }
        if value.is_some() && !row.held {
            found.push(format!("a {} value is held unseen", row.state));
        }
        if value.is_none() && row.held && person.taken.is_empty() {
            found.push(format!("a {} value counts as held and is gone", row.state));
        }
        held_values.extend(value.map(|value| value.expose().to_owned()));
    }
    let shown: Vec<Option<String>> = sqlx::query_scalar("SELECT remote_id FROM unaccounted WHERE settled_at IS NULL")
        .fetch_all(&mut database)
        .await
        .expect("the query is right");
    // Nobody can look for one that nothing lists; a person was asked about it.
    let listed = cell.shape.lists != Listing::Nothing || !person.was_asked && !cell.makes_up_ids();
    let known = |key: &&KeyRecord| {
        held_values.contains(&key.value)
            || shown.iter().any(|id| id.as_ref().is_none_or(|id| *id == key.key_id))
            || rows
                .iter()
                .any(|row| row.remote_id.as_deref() == Some(&key.key_id) && row.state != "revoked")
    };
    let ledger = project.sim.ledger();
    let ours = ledger
        .keys
        .iter()
        .filter(|key| key.minted_by_request.is_some_and(|n| !person.by_hand.contains(&n)));
    let lives = ours.filter(|key| project.sim.accepts(&key.value));
    let orphans = lives.filter(|key| !known(key)).count();
    if orphans > 0 && listed && !cell.shape.in_place() {
        found.push(format!("{orphans} keys live, and nobody has them or is shown them"));
    }
    found
}

/// Nothing of ours ends the old key while no other value of it works, where both could live.
fn outages(project: &Project, cell: &Cell, person: &Person) -> Vec<String> {
    let ledger = project.sim.ledger();
    let old = project.first.as_ref().expect("a key");
    let planned = !matches!(cell.press, Press::Rotate | Press::Undo) || !cell.shape.overlaps() || cell.shape.in_place();
    let ends =
        |request: &&RequestRecord| !person.by_hand.contains(&request.n) && request.effect.revoked.contains(&old.key_id);
    // Neither a call nor a list can tell.
    let planned = planned || person.insisted || !cell.shape.verifies && cell.shape.lists == Listing::Nothing;
    let mut found = Vec::new();
    for request in ledger.requests.iter().filter(ends).filter(|_| !planned) {
        let served = |key: &&KeyRecord| {
            key.value != old.value
                && key.created_at <= request.at
                && key.revoked_at.is_none_or(|at| at > request.at)
                && person.seen.contains(&key.value)
                && !person.taken.contains(&key.value)
        };
        if !ledger.keys.iter().any(|key| served(&key)) {
            found.push("the old key was revoked while no other value of it works".to_owned());
        }
    }
    let live_old = |at| {
        ledger
            .key_by_value(&old.value)
            .is_some_and(|key| key.revoked_at.is_none_or(|end| end > at))
    };
    // Where nobody can ask, the person went on without that.
    let planned = planned || !cell.shape.verifies;
    let ours = |request: &&RequestRecord| request.method == "DELETE" && !person.by_hand.contains(&request.n);
    for request in ledger
        .requests
        .iter()
        .filter(ours)
        .filter(|_| !person.insisted && !planned)
    {
        let new = request
            .effect
            .revoked
            .iter()
            .any(|id| *id != old.key_id && works_held(project, person, id));
        if new && !live_old(request.at) {
            found.push("the new key was revoked while the old one is dead".to_owned());
        }
    }
    found
}

fn works_held(project: &Project, person: &Person, id: &str) -> bool {
    project
        .sim
        .ledger()
        .key(id)
        .is_some_and(|key| person.seen.contains(&key.value))
}
