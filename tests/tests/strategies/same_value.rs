//! A value that two keys of ours have: what uses the other one is not left with a dead value unasked.

use std::collections::BTreeMap;

use keywheel_core::Code;
use keywheel_core::app::{Connect, Description, ExistingKey, NewTarget, OrgChoice};
use keywheel_core::model::{Command, KeyId};
use keywheel_core::rotation::{Ending, State, StepKind};
use keywheel_core::vault::VaultState;
use keywheel_wire::render::{Names, plan_view};
use provider_sim::{GraceFrom, Strategy};
use tests::project::Project;
use tests::went;

/// Of what uses the other key of this value nobody can say whether it has the value.
#[derive(Debug, Clone, Copy)]
enum Used {
    ByHand,
    ByCommand,
    /// No place is named.
    Somewhere,
}

async fn used(project: &Project, key: KeyId, how: Used) {
    let target = match how {
        Used::ByHand => NewTarget::ByHand("Vercel".to_owned()),
        Used::ByCommand => NewTarget::Command(Command {
            write: vec!["/bin/true".to_owned()],
            confirm: None,
            restore: None,
            allowed: None,
        }),
        Used::Somewhere => return,
    };
    project.app().add_target(key, target).await.expect("a target");
}

#[tokio::test]
async fn where_nobody_can_say_what_uses_the_value_a_person_is_asked_once() {
    for how in [Used::ByHand, Used::ByCommand, Used::Somewhere] {
        let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
        let (first, app) = (project.first.clone().expect("a key"), project.app());
        let worker = project.hold("staging", "worker", &first.value).await;
        used(&project, worker, how).await;
        let waiting = went(project.rotate().await);
        let stopped = app.confirm_replaced(waiting.id).await.expect("it is tried");
        assert_eq!(stopped.position.state, State::Failed(Code::KeyShared), "{how:?}");
        let alone = app.go_on_alone(waiting.id).await.expect("a timer comes by");
        assert_eq!(alone.position, stopped.position, "it takes a person's word");
        assert!(project.sim.accepts(&first.value), "{how:?}: what uses it goes on");
        assert!(stopped.may_revoke_anyway());
        let closed = app.revoke_anyway(waiting.id).await.expect("it goes on");
        assert_eq!(closed.position.state, State::Closed(Ending::Completed), "{how:?}");
    }
}

#[tokio::test]
async fn what_is_replaced_in_place_is_asked_about_before_anything_is_sent() {
    for strategy in [Strategy::Roll, Strategy::RollWithGrace] {
        let project = Project::lab(strategy, GraceFrom::Roll).await;
        let (first, app) = (project.first.clone().expect("a key"), project.app());
        project.hold("staging", "worker", &first.value).await;
        let stopped = went(project.rotate().await);
        assert_eq!(stopped.position.step(&stopped.plan), Some(StepKind::Check));
        assert_eq!(stopped.position.state, State::Failed(Code::KeyShared), "{strategy:?}");
        assert_eq!(project.sim.count("POST", "/v1/projects/*/keys/*/roll"), 0);
        let told = app.go_on(stopped.id).await.expect("a person goes on");
        assert!(told.mints > 0, "{:?}", told.position);
    }
}

#[tokio::test]
async fn a_key_that_has_ended_or_was_removed_shares_nothing() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let (first, app) = (project.first.clone().expect("a key"), project.app());
    let worker = project.hold("staging", "worker", &first.value).await;
    app.remove_key(worker).await.expect("it is removed");
    let waiting = went(project.rotate().await);
    let closed = app.confirm_replaced(waiting.id).await.expect("it goes on");
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
}

#[tokio::test]
async fn a_plan_names_the_other_keys_that_have_the_value() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let (first, app) = (project.first.clone().expect("a key"), project.app());
    let names = Names::of(&app).await.expect("names");
    let account = app.find_account("main").await.expect("it is there");
    let alone = app
        .propose_rotation(project.key, VaultState::Ready)
        .await
        .expect("a plan");
    assert_eq!(plan_view(&alone, &account, &names).same_value_line, None);
    project.hold("staging", "worker", &first.value).await;
    let rotation = app.propose_rotation(project.key, VaultState::Ready).await;
    let revocation = app.propose_revoke(project.key, VaultState::Ready).await;
    for proposal in [rotation.expect("a plan"), revocation.expect("a plan")] {
        let view = plan_view(&proposal, &account, &names);
        assert_eq!(view.same_value_as, ["Acme/staging/worker"]);
        let line = view.same_value_line.expect("it is said");
        assert!(line.starts_with("Acme/staging/worker has this very value"), "{line}");
    }
}

#[tokio::test]
async fn a_value_that_another_key_has_is_imported_once_a_person_has_looked() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let (first, app) = (project.first.clone().expect("a key"), project.app());
    let environment = app.find_environment("staging").await.expect("it is there").id;
    let form = |anyway: bool| ExistingKey {
        account: project.account,
        environment,
        name: "worker".to_owned(),
        pasted: app.paste("key", first.value.clone()).expect("a value").handle,
        created: None,
        about: Description::default(),
        anyway,
    };
    let refused = app.add_key(form(false)).await.err().map(|failure| failure.code);
    assert_eq!(refused, Some(Code::InputHeldAlready));
    app.add_key(form(true)).await.expect("it is confirmed");
}

#[tokio::test]
async fn a_file_of_another_key_that_cannot_be_read_may_hold_the_value() {
    let (project, shared) = shared().await;
    let (first, app) = (project.first.clone().expect("a key"), project.app());
    let waiting = went(project.rotate().await);
    std::fs::rename(&shared, shared.with_extension("away")).expect("it is moved");
    std::fs::create_dir(&shared).expect("a folder in its place");
    let stopped = app.confirm_replaced(waiting.id).await.expect("it is tried");
    assert!(
        matches!(stopped.position.state, State::Failed(_)),
        "{:?}",
        stopped.position.state
    );
    assert!(project.sim.accepts(&first.value), "the worker may go on with it");
    std::fs::remove_dir(&shared).expect("the folder goes");
    let gone = app.go_on(waiting.id).await.expect("it is tried");
    assert_eq!(gone.position.state, State::Failed(Code::TargetGone));
    std::fs::rename(shared.with_extension("away"), &shared).expect("it is back");
    let told = app.go_on(waiting.id).await.expect("it is tried");
    assert_eq!(told.position.state, State::Failed(Code::KeyShared));
    assert!(told.may_revoke_anyway());
    app.revoke_anyway(waiting.id).await.expect("it goes on");
    assert!(!project.sim.accepts(&first.value), "now they know");
}

#[tokio::test]
async fn a_file_of_another_key_with_the_same_value_keeps_the_old_one() {
    let (project, _) = shared().await;
    let (first, app) = (project.first.clone().expect("a key"), project.app());
    let waiting = went(project.rotate().await);
    let stopped = app.confirm_replaced(waiting.id).await.expect("it is tried");
    assert_eq!(stopped.position.state, State::Failed(Code::KeyShared));
    assert!(project.sim.accepts(&first.value), "the worker goes on");
    assert!(stopped.may_revoke_anyway());
}

/// A key in a file, and another one of the same value in another file.
async fn shared() -> (Project, std::path::PathBuf) {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll)
        .await
        .used_in_files(1)
        .await;
    let (first, app) = (project.first.clone().expect("a key"), project.app());
    let worker = project.hold("staging", "worker", &first.value).await;
    let shared = project.dir.path().join("worker.env");
    std::fs::write(&shared, format!("WORKER={}\n", first.value)).expect("a file");
    let target = NewTarget::EnvFile {
        path: shared.clone(),
        name: "WORKER".to_owned(),
        tracked: true,
    };
    app.add_target(worker, target).await.expect("a target");
    drop(app);
    (project, shared)
}

#[tokio::test]
async fn a_key_that_another_account_of_the_same_workspace_holds_is_named_and_asked_about() {
    let project = Project::with_room(5).await;
    let (first, app) = (project.first.clone().expect("a key"), project.app());
    let former = app.find_account("main").await.expect("it is there");
    let admin = project.at.lab.as_ref().expect("rules").admin_key.clone();
    let handle = app.paste("admin_key", admin).expect("a value").handle;
    let again = Connect {
        org: OrgChoice::New("Other".to_owned()),
        provider_id: "lab".to_owned(),
        label: "again".to_owned(),
        scheme: "admin_key".to_owned(),
        fields: former.fields.clone(),
        pasted: BTreeMap::from([("admin_key".to_owned(), handle)]),
        base_url: None,
        environment: app.find_environment("production").await.expect("an environment").id,
        anyway: true,
    };
    let twin = app.connect(again).await.expect("a person has said so");
    let twin = twin.found.expect("a list").remove(0);
    let proposal = app.propose_rotation(twin, VaultState::Ready).await.expect("a plan");
    assert_eq!(proposal.same_value_as, ["Acme/production/backend"]);
    let flags = app.key_facts(twin, VaultState::Ready).await.expect("the key").flags;
    assert!(
        flags.iter().any(|flag| flag.kind.as_str() == "same_value_two_orgs"),
        "{flags:?}"
    );
    let id = app
        .start_rotation(twin, &proposal.hash, VaultState::Ready)
        .await
        .expect("it is opened");
    app.go_on(id).await.expect("a new key");
    let stopped = app.confirm_replaced(id).await.expect("it is tried");
    assert_eq!(stopped.position.state, State::Failed(Code::KeyShared));
    assert!(project.sim.accepts(&first.value));
}
