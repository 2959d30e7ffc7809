//! What holds of everything that is taken over.

use std::collections::BTreeMap;

use keywheel_core::App;
use keywheel_core::rotation::Position;
use keywheel_wire::render::{Names, rotation_view};
use provider_sim::{Simulator, Strategy};

use super::look::{Look, Version};

/// Longer than anything was kept.
const DAYS: u32 = 36_500;

/// Every row is the fold of its journal.
pub async fn folded(app: &App) -> Vec<String> {
    let rotations = match app.recent_rotations(DAYS).await {
        Ok(rotations) => rotations,
        Err(failure) => return vec![format!("the rotations cannot be read: {failure:?}")],
    };
    let mut wrong = Vec::new();
    for rotation in rotations {
        let mut position = Position::START;
        for record in &rotation.records {
            match position.after(&rotation.plan, record.event) {
                Ok(next) => position = next,
                Err(_) => wrong.push(format!("{:?} cannot follow {position:?}", record.event)),
            }
        }
        if position != rotation.position {
            wrong.push(format!(
                "the row says {:?}, its journal {position:?}",
                rotation.position
            ));
        }
    }
    wrong
}

/// The rule: a value leaves the keychain only when an act of ours ended its key and a call with it was refused, or on a
/// person's order. Nobody has given an order here.
pub fn kept(before: &Look, after: &Look) -> Vec<String> {
    let gone = before.items.difference(&after.items);
    let lost = gone.filter(|item| {
        let version = item.strip_prefix("version/").and_then(|id| after.version(id));
        version.is_none_or(|version| version.receipt.as_deref() != Some("refused"))
    });
    let lost: Vec<&String> = lost.collect();
    match lost.is_empty() {
        true => Vec::new(),
        false => vec![format!("left the keychain: {lost:?}")],
    }
}

/// What a list alone had ended has not: no version counts as ended by a list unless an act of ours came before.
pub fn unended(after: &Look) -> Vec<String> {
    let by_list = |version: &&Version| version.receipt.as_deref() == Some("unlisted") && !version.acted;
    let ended = after.versions.iter().filter(by_list);
    ended
        .map(|version| format!("{} has ended by a list alone", version.id))
        .collect()
}

/// Of a value that is gone the database does not say that it is held; of one that another program had taken out before,
/// it may not know yet.
pub fn held(before: &Look, after: &Look) -> Vec<String> {
    let item = |version: &Version| format!("version/{}", version.id);
    let gone = |version: &&Version| before.items.contains(&item(version)) && !after.items.contains(&item(version));
    let untrue = after.versions.iter().filter(|version| version.held).filter(gone);
    untrue
        .map(|version| format!("{} is gone and held, says the database", version.id))
        .collect()
}

/// Every live key that was made by a request is held, shown as one that nobody accounts for, or belongs to an open
/// rotation. The values are those of the keychain's items, by name.
pub fn accounted(values: &BTreeMap<String, String>, sim: &Simulator, after: &Look) -> Vec<String> {
    let snapshot = sim.snapshot();
    let made = snapshot
        .keys
        .iter()
        .filter(|key| key.live && key.minted_by_request.is_some());
    let unaccounted = made.filter(|key| {
        let held = values
            .iter()
            .any(|(item, value)| *value == key.value && after.items.contains(item));
        let shown = after.unaccounted.iter().flatten().any(|id| *id == key.key_id);
        // A slot is never lost: it is always there, and is filled anew in its turn.
        let in_slot = snapshot.accounts.iter().any(|account| {
            account.id == key.org_id
                && account
                    .lab
                    .as_ref()
                    .is_some_and(|lab| lab.strategy == Strategy::TwoSlot)
        });
        let open = after.open.iter().any(|open| {
            let versions = [&open.old_version_id, &open.new_version_id].into_iter().flatten();
            let mut ids = versions.filter_map(|id| after.version(id)?.remote_id.as_ref());
            open.mint_name == key.name || ids.any(|id| *id == key.key_id)
        });
        !(held || shown || in_slot || open)
    });
    let told = |key: &provider_sim::KeySnapshot| format!("nobody has {:?}, which lives", key.name);
    unaccounted.map(told).collect()
}

/// What is said of a value whose text is known here is what its provider says: it answers as was told since, and one that
/// was proven dead is.
pub fn true_of(values: &BTreeMap<String, String>, sim: &Simulator, before: &Look, after: &Look) -> Vec<String> {
    let (mut wrong, keys) = (Vec::new(), sim.snapshot().keys);
    for version in &after.versions {
        let value = values.get(&format!("version/{}", version.id));
        // A credential that manages an account is none of its keys.
        let Some(value) = value.filter(|value| keys.iter().any(|key| key.value == **value)) else {
            continue;
        };
        let (id, lives) = (&version.id, sim.accepts(value));
        let former = before.version(id).and_then(|version| version.answered_at);
        let answer = version.answer.as_deref().filter(|_| version.answered_at != former);
        let receipt = version.receipt.as_deref();
        if lives && (answer == Some("dead") || receipt == Some("refused")) {
            wrong.push(format!("{id} is said to be dead, and lives"));
        }
        if !lives && version.held && receipt.is_none() && answer == Some("live") {
            wrong.push(format!("{id} is said to be live, and is dead"));
        }
    }
    wrong
}

/// Of a step that was not answered, what a look can find is told as what is done then, never as what is so.
pub async fn unclaimed(app: &App) -> Vec<String> {
    let (Ok(rotations), Ok(names)) = (app.recent_rotations(DAYS).await, Names::of(app).await) else {
        return vec!["the rotations cannot be read".to_owned()];
    };
    let views = rotations.iter().map(|rotation| rotation_view(rotation, &names));
    let told = views.flat_map(|view| view.findings).map(|finding| finding.leads_to);
    let claims = [
        "The old key works",
        "The new key works",
        "Nothing was created",
        "was revoked",
        "is proven.",
    ];
    told.filter(|told| claims.iter().any(|claim| told.contains(claim)))
        .map(|told| format!("a look is said to show: {told}"))
        .collect()
}
