//! What happened in the days before the demo: verifications, rotations that ended, and those that have not.

use keywheel_core::App;
use keywheel_core::failure::Failure;
use keywheel_core::model::{KeyId, Policy, PolicyScope, RotationId};
use keywheel_core::vault::VaultState;
use serde_json::json;

use super::{Days, Row};
use crate::sample;
use crate::window::Outcome;

type Keys = [(Row, KeyId)];

/// Hours between one look at the keys and the next; together the days before the demo, but for its last hours.
const LOOKS: [i64; 6] = [72, 96, 72, 48, 18, 3];

/// The rotations that began after each look: organisation, key, environment.
const BEGUN: [&[(&str, &str, &str)]; 5] = [
    &[("globex", "ledger-sync", "production"), ("hooli", "ledger-sync", "ci")],
    &[
        ("initech", "storefront-search", "production"),
        ("umbrella", "ledger-sync", "dev"),
    ],
    &[
        ("initech", "ledger-sync", "production"),
        ("umbrella", "storefront-search", "staging"),
    ],
    &[("initech", "ingest-worker", "dev")],
    &[
        ("hooli", "ingest-worker", "production"),
        ("globex", "ingest-worker", "production"),
    ],
];

pub(super) async fn live(app: &App, keys: &Keys, days: &Days<'_>) -> Outcome {
    let said = |failure: Failure| sample::said(&failure);
    rules(app).await.map_err(said)?;
    for (look, hours) in LOOKS.into_iter().enumerate() {
        days.pass(hours).await?;
        app.tick().await.map_err(said)?;
        verify(app, keys, look).await.map_err(said)?;
        for wanted in BEGUN.get(look).into_iter().flat_map(|begun| begun.iter()) {
            let key = find(keys, *wanted)?;
            let id = begin(app, key).await.map_err(said)?;
            app.confirm_replaced(id).await.map_err(said)?;
        }
    }
    // One waits for a person, one fails; then the last hours pass, and all accounts are read once more.
    begin(app, find(keys, ("acme", "payments-api", "production"))?)
        .await
        .map_err(said)?;
    let list =
        json!({ "method": "GET", "path": "/api/v1/organizations/*/api-keys", "times": null, "do": { "kind": "drop" } });
    days.provider.fault(&list).await?;
    begin(app, find(keys, ("acme", "ingest-worker", "production"))?)
        .await
        .map_err(said)?;
    days.provider.forget_faults().await?;
    days.pass(3).await?;
    app.refresh(None).await.map(drop).map_err(said)
}

/// Policies of this company: what is not in production may be older, and production overlaps. Keys are verified every
/// other week, those of developers and of the provider that answers too seldom never by themselves.
async fn rules(app: &App) -> Result<(), Failure> {
    for (scope, days) in [
        (PolicyScope::All, 14),
        (PolicyScope::Provider("optiverse".to_owned()), 0),
    ] {
        let policy = Policy {
            verify_days: Some(days),
            ..Policy::open(scope)
        };
        app.set_policy(&policy).await?;
    }
    for (name, days, hours) in [("production", 90, 72), ("staging", 120, 24), ("dev", 180, 0)] {
        let environment = app.find_environment(name).await?;
        let policy = Policy {
            max_age_days: Some(days),
            overlap_hours: Some(hours),
            verify_days: (name == "dev").then_some(0),
            ..Policy::open(PolicyScope::Environment(environment.id))
        };
        app.set_policy(&policy).await?;
    }
    Ok(())
}

/// Each look asks about some keys; the last one about those that have ended since. Optiverse answers too seldom.
async fn verify(app: &App, keys: &Keys, look: usize) -> Result<(), Failure> {
    for (n, (row, key)) in keys.iter().enumerate() {
        let ended = row.stands == "refused" || row.stands == "expired";
        let turn = if ended {
            LOOKS.len() - 1
        } else {
            1 + n % (LOOKS.len() - 1)
        };
        if turn == look && row.stands != "unasked" {
            app.verify(*key).await?;
        }
    }
    Ok(())
}

fn find(keys: &Keys, wanted: (&str, &str, &str)) -> Outcome<KeyId> {
    let same = |row: &Row| (row.org, row.name, row.environment) == wanted;
    let found = keys.iter().find(|(row, _)| same(row));
    found
        .map(|(_, id)| *id)
        .ok_or_else(|| format!("the company has no {wanted:?}"))
}

/// Begins a rotation and drives it as far as it goes without a person.
async fn begin(app: &App, key: KeyId) -> Result<RotationId, Failure> {
    let proposal = app.propose_rotation(key, VaultState::Ready).await?;
    let id = app.start_rotation(key, &proposal.hash, VaultState::Ready).await?;
    app.go_on(id).await?;
    Ok(id)
}
