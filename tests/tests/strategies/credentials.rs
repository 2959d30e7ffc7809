//! A credential that took another one's place: what it may do shows when it does it, and the former one is kept till then.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;
use keywheel_core::app::{Connect, OrgChoice};
use keywheel_core::model::{Account, KeyVersion};
use keywheel_core::rotation::{Ending, Rotation, State, StepKind};
use keywheel_core::vault::VaultRef;
use keywheel_core::{Code, Failure};
use keywheel_wire::render::{Names, rotation_view};
use provider_sim::{Fault, GraceFrom, Strategy};
use serde_json::json;
use tests::project::Project;
use tests::{Mishap, Moment, What, from_use, went};

const KEYS: &str = "/v1/projects/*/keys";

async fn account(project: &Project) -> Account {
    project.app().account_of(project.key).await.expect("an account")
}

/// The form that gives the account another credential.
async fn form(project: &Project, value: &str, anyway: bool) -> Connect {
    let (app, account) = (project.app(), account(project).await);
    let handle = app.paste("admin_key", value.to_owned()).expect("a value").handle;
    Connect {
        org: OrgChoice::Existing(account.org_id),
        provider_id: "lab".to_owned(),
        label: account.label.to_string(),
        scheme: "admin_key".to_owned(),
        fields: account.fields.clone(),
        pasted: BTreeMap::from([("admin_key".to_owned(), handle)]),
        base_url: None,
        environment: app.find_environment("production").await.expect("an environment").id,
        anyway,
    }
}

/// Puts a credential in the place of the account's, with the lines that are told of it.
async fn replaced(project: &Project, value: &str, anyway: bool) -> Vec<String> {
    let (app, form) = (project.app(), form(project, value, anyway).await);
    project.clock.advance(SignedDuration::from_mins(1));
    let connected = app
        .replace_credential(project.account, form)
        .await
        .expect("it reads the list");
    project.clock.advance(SignedDuration::from_mins(1));
    let definition = app.definitions().require(&connected.account).expect("a definition");
    let view = keywheel_wire::render::connect_view(&connected, &definition);
    view.lines.into_iter().map(|line| line.message).collect()
}

async fn kept(project: &Project) -> Vec<KeyVersion> {
    let key = account(project).await.management_key_id.expect("a credential");
    project.app().kept(key).await.expect("they are read")
}

fn admin(project: &Project) -> String {
    project.at.lab.clone().expect("rules").admin_key
}

#[tokio::test]
async fn a_credential_that_only_reads_leaves_the_former_one_to_be_brought_back() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let app = project.app();
    // One that may read: the list is answered to it as to the other one.
    let listed = app.authenticate(project.account).await;
    listed.expect("it serves");
    let keys = project.first.iter();
    let keys: Vec<_> = keys
        .map(|key| serde_json::json!({ "id": key.key_id, "name": "backend", "prefix": &key.value[..8] }))
        .collect();
    let read = Fault::status(200)
        .body(serde_json::json!({ "keys": keys }))
        .before()
        .always();
    project.sim.inject(read.on("GET", KEYS));
    let told = replaced(&project, "lab_admin_that_reads", false).await;
    assert!(told.iter().all(|line| !line.starts_with("Can ")), "{told:?}");
    assert!(told.iter().any(|line| line.contains("is kept until")), "{told:?}");
    let former = kept(&project).await.remove(0);
    assert!(project.vault.holds(&VaultRef::version(former.id)));

    let stopped = went(project.rotate().await);
    assert_eq!(stopped.position.step(&stopped.plan), Some(StepKind::Mint));
    app.tick().await.expect("a tick");
    assert_eq!(
        kept(&project).await,
        std::slice::from_ref(&former),
        "nothing was done with the new one"
    );

    project.sim.clear_faults();
    app.bring_back(former.id, false).await.expect("it is accepted");
    let waiting = app.go_on(stopped.id).await.expect("it goes on");
    assert_eq!(waiting.position.state, State::AwaitingPerson, "it may create");
    let [other] = kept(&project).await.try_into().expect("the other one is kept");
    let refused = app.bring_back(other.id, false).await.err();
    assert_eq!(refused.map(|failure: Failure| failure.code), Some(Code::KeyRefused));
}

#[tokio::test]
async fn the_former_one_goes_once_its_successor_has_done_what_it_is_for_or_by_an_order() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let app = project.app();
    replaced(&project, &admin(&project), false).await;
    let former = kept(&project).await.remove(0);
    app.remove_kept(former.id).await.expect("a person's order");
    assert!(!project.vault.holds(&VaultRef::version(former.id)));

    replaced(&project, &admin(&project), false).await;
    let former = kept(&project).await.remove(0);
    let waiting = went(project.rotate().await);
    assert_eq!(waiting.position.state, State::AwaitingPerson);
    app.settle_values().await;
    assert_eq!(kept(&project).await, []);
    assert!(!project.vault.holds(&VaultRef::version(former.id)));
}

/// Another account is managed by that value: its provider says yes to whatever it is asked.
async fn manages_another(project: &Project, value: &str) {
    let app = project.app();
    let accepts = Fault::status(200).body(json!({ "keys": [] })).before().always();
    let rule = project.sim.inject(accepts.on("GET", "/v1/projects/other/keys"));
    let handle = app.paste("admin_key", value.to_owned()).expect("a value").handle;
    let form = Connect {
        org: OrgChoice::New("Other".to_owned()),
        provider_id: "lab".to_owned(),
        label: "other".to_owned(),
        scheme: "admin_key".to_owned(),
        fields: BTreeMap::from([("project_id".to_owned(), "other".to_owned())]),
        pasted: BTreeMap::from([("admin_key".to_owned(), handle)]),
        base_url: None,
        environment: app.find_environment("production").await.expect("an environment").id,
        anyway: false,
    };
    app.connect(form).await.expect("it is accepted");
    assert!(rule > 0);
}

#[tokio::test]
async fn a_key_that_has_come_to_manage_another_account_is_neither_discarded_nor_revoked() {
    const ONE: &str = "/v1/projects/*/keys/*";
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let waiting = went(project.rotate().await);
    let new = project.new_value(&waiting).await;
    manages_another(&project, &new).await;
    let kept = project
        .app()
        .undo(waiting.id, &from_use(&waiting))
        .await
        .expect("it is tried");
    assert!(project.sim.accepts(&new), "{:?}", kept.position);
    assert_eq!(project.sim.count("DELETE", ONE), 0);
    let app = project.app();
    let names = Names::of(&app).await.expect("names");
    let acts = rotation_view(&kept, &names).acts;
    assert!(
        !acts.undo_anyway && acts.deleted,
        "no word about the old key changes that"
    );

    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let waiting = went(project.rotate().await);
    let old = project.first.as_ref().expect("a key").value.clone();
    manages_another(&project, &old).await;
    let stopped = project.app().confirm_replaced(waiting.id).await.expect("it is tried");
    assert_eq!(stopped.position.state, State::Failed(Code::KeyManagesAccount));
    assert!(project.sim.accepts(&old));
    assert_eq!(project.sim.count("DELETE", ONE), 0);
}

#[tokio::test]
async fn a_creation_alone_does_not_let_the_former_one_go() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let app = project.app();
    // That it is of the same account a person has said, and no list: in another one it may create keys as well.
    replaced(&project, &admin(&project), true).await;
    let former = kept(&project).await.remove(0);
    let waiting = went(project.rotate().await);
    assert_eq!(waiting.position.state, State::AwaitingPerson);
    app.settle_values().await;
    assert_eq!(kept(&project).await, std::slice::from_ref(&former));

    let told = app.confirm_replaced(waiting.id).await.expect("it goes on");
    let ended = project.on(told, 9).await;
    assert_eq!(ended.position.state, State::Closed(Ending::Completed));
    app.settle_values().await;
    assert_eq!(kept(&project).await, [], "it has revoked a key of before");
}

/// A creation without an answer, in an account of which no other key is known; its list could not be read since.
async fn lost_creation() -> (Project, Rotation) {
    let mut project = Project::with_room(5).await;
    project.app().remove_key(project.key).await.expect("it is removed");
    let sim = project.sim.clone();
    let down = Mishap::Meanwhile(Arc::new(move || {
        sim.inject(Fault::status(503).before().always().on("GET", KEYS));
    }));
    let mint = |what: &What| matches!(what, What::Request { method, .. } if method == "POST");
    project.tape.strike_first(mint, Moment::After, down);
    project.sim.inject(Fault::drop_connection().after().on("POST", KEYS));
    let lost = project.create("reports").await;
    assert!(matches!(lost.position.state, State::Unknown(_)), "{:?}", lost.position);
    (project, lost)
}

#[tokio::test]
async fn while_a_creation_has_no_answer_no_other_credential_comes_unasked() {
    let (project, lost) = lost_creation().await;
    let app = project.app();
    // That of another workspace: its list has none of our keys.
    project.sim.clear_faults();
    let theirs = Fault::status(200).body(serde_json::json!({ "keys": [] }));
    project.sim.inject(theirs.before().always().on("GET", KEYS));
    let unasked = form(&project, "lab_admin_of_another_project", false).await;
    let refused = app.replace_credential(project.account, unasked).await.err();
    assert_eq!(refused.map(|failure| failure.code), Some(Code::CredentialMintUnknown));
    replaced(&project, "lab_admin_of_another_project", true).await;
    let shown = async || {
        let shown = app.unaccounted().await.expect("what nobody accounts for");
        shown.into_iter().map(|one| one.rotation_id).collect::<Vec<_>>()
    };
    assert_eq!(shown().await, [Some(lost.id)]);
    app.go_on(lost.id).await.expect("it is looked for");
    assert_eq!(shown().await, [Some(lost.id)], "until a person has looked");
    app.settle_values().await;
    let former = kept(&project).await.remove(0);
    assert!(
        project.vault.holds(&VaultRef::version(former.id)),
        "it alone reaches what was made"
    );
}
