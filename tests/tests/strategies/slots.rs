//! Keys that must not go: the one in the other slot, and the one that manages its account.

use std::collections::BTreeMap;

use keywheel_core::Code;
use keywheel_core::app::{Connect, OrgChoice};
use keywheel_core::rotation::{Rotation, State, StepKind};
use keywheel_core::vault::VaultState;
use provider_sim::{Fault, GraceFrom, Strategy};
use serde_json::json;
use tests::project::Project;
use tests::went;

const ONE: &str = "/v1/projects/*/keys/*";

#[tokio::test]
async fn a_slot_whose_key_is_held_is_not_filled_anew() {
    let project = Project::lab(Strategy::TwoSlot, GraceFrom::Roll).await;
    project.as_if_minted().await;
    let first = project.first.clone().expect("a key");
    let mut others = project.sim.ledger().keys.into_iter();
    let other = others
        .find(|key| key.value != first.value)
        .expect("the other slot has one");
    let app = project.app();
    let reports = project.hold("production", "reports", &other.value).await;
    let mut database = project.database().await;
    let placed = sqlx::query("UPDATE key_versions SET remote_id = 'secondary' WHERE key_id = ?")
        .bind(reports.to_string())
        .execute(&mut database)
        .await;
    assert_eq!(placed.expect("it is written").rows_affected(), 1);

    let refused = went(project.rotate().await);
    assert_eq!(refused.position.state, State::Failed(Code::KeySlotInUse));
    assert_eq!(refused.position.step(&refused.plan), Some(StepKind::Check));
    for value in [&first.value, &other.value] {
        assert!(project.sim.accepts(value), "both programs go on");
    }

    // Its program does without: then the slot is free.
    app.undo(refused.id, &Default::default()).await.expect("it is ended");
    app.remove_key(reports).await.expect("it is removed");
    let waiting = went(project.rotate().await);
    assert_eq!(waiting.position.state, State::AwaitingPerson);
    assert!(project.sim.accepts(&first.value) && !project.sim.accepts(&other.value));
}

/// The account's credential is from now on the very key that is rotated: the provider has one kind of key.
async fn managed_by_its_key(project: &Project) {
    let app = project.app();
    let value = project.first.as_ref().expect("a key").value.clone();
    let handle = app.paste("admin_key", value).expect("a value").handle;
    let form = Connect {
        org: OrgChoice::New("Acme".to_owned()),
        provider_id: "lab".to_owned(),
        label: "main".to_owned(),
        scheme: "admin_key".to_owned(),
        fields: BTreeMap::from([("project_id".to_owned(), project.at.id.clone())]),
        pasted: BTreeMap::from([("admin_key".to_owned(), handle)]),
        base_url: None,
        environment: app.find_environment("production").await.expect("an environment").id,
        anyway: true,
    };
    let listed = Fault::status(200).body(json!({ "keys": [] })).before().always();
    project.sim.inject(listed.on("GET", "/v1/projects/*/keys"));
    app.replace_credential(project.account, form)
        .await
        .expect("it is accepted");
    project.sim.clear_faults();
}

#[tokio::test]
async fn the_key_that_manages_its_account_is_neither_rotated_nor_revoked() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    managed_by_its_key(&project).await;
    let app = project.app();
    for proposed in [
        app.propose_rotation(project.key, VaultState::Ready).await,
        app.propose_revoke_first(project.key, VaultState::Ready).await,
        app.propose_revoke(project.key, VaultState::Ready).await,
    ] {
        let held = proposed.expect("a plan").held.map(|failure| failure.code);
        assert_eq!(held, Some(Code::KeyManagesAccount), "the plan says so");
    }
}

#[tokio::test]
async fn a_key_that_comes_to_manage_its_account_is_not_revoked_by_a_rotation_that_is_open() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let waiting: Rotation = went(project.rotate().await);
    managed_by_its_key(&project).await;
    let mut stopped = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    for _ in 0..5 {
        if matches!(stopped.position.state, State::AwaitingTime { .. }) {
            stopped = project.until_due().await;
        }
    }
    assert_eq!(
        stopped.position.step(&stopped.plan),
        Some(StepKind::RevokeOld),
        "{:?}",
        stopped.position
    );
    assert_eq!(project.sim.count("DELETE", ONE), 0);
    assert!(project.sim.accepts(&project.first.as_ref().expect("a key").value));
}
