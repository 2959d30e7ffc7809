//! Which key it is, where a person tells it: by a value, by an id, by the credential of its account.

use std::collections::BTreeMap;

use keywheel_core::Code;
use keywheel_core::app::{Connect, OrgChoice};
use keywheel_core::model::{Account, KeyId, Purpose};
use keywheel_core::rotation::{Ending, State};
use keywheel_core::store::Unaccounted;
use keywheel_core::vault::VaultState;
use provider_sim::{Fault, GraceFrom, Strategy};
use serde_json::{Value, json};
use tests::project::Project;
use tests::{lab, went};

const LIST: &str = "/v1/projects/*/keys";

fn code<T>(done: Result<T, keywheel_core::Failure>) -> Option<(Code, Option<String>)> {
    done.err().map(|failure| (failure.code, failure.field))
}

/// The list says so from now on.
fn lists(project: &Project, entries: &[Value]) {
    project.sim.clear_faults();
    let body = json!({ "keys": entries });
    project
        .sim
        .inject(Fault::status(200).body(body).before().always().on("GET", LIST));
}

fn entry(id: &str, name: &str, prefix: &str) -> Value {
    json!({ "id": id, "name": name, "prefix": prefix, "created_at": null, "last_used_at": null })
}

/// The program keys that are shown, by their names.
async fn keys(project: &Project) -> BTreeMap<String, KeyId> {
    let inventory = project.app().inventory(VaultState::Ready).await.expect("an inventory");
    let service = inventory.keys.into_iter().map(|facts| facts.row.key);
    let service = service.filter(|key| key.purpose == Purpose::Service);
    service.map(|key| (key.name.to_string(), key.id)).collect()
}

#[tokio::test]
async fn the_value_of_one_key_is_not_held_for_another_one() {
    let definition = lab::definition(Strategy::Overlap, GraceFrom::Roll).replace("prefix = [\"/prefix\"]\n", "");
    let project = Project::with(Strategy::Overlap, GraceFrom::Roll, &definition).await;
    let other = project.page().make("other").await.expect("there is room");
    let app = project.app();
    app.refresh(None).await.expect("the list is read");
    let theirs = keys(&project).await["other"];
    let value = project.first.as_ref().expect("a key").value.clone();
    let handle = app.paste("key", value).expect("a value").handle;
    assert_eq!(
        code(app.hold(theirs, &handle).await),
        Some((Code::InputKnownValue, Some("key".to_owned())))
    );
    let handle = app.paste("key", other.value).expect("a value").handle;
    app.hold(theirs, &handle).await.expect("it is that key's");
}

#[tokio::test]
async fn a_person_tells_the_id_that_no_list_could_be_matched_with() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let (first, app) = (project.first.clone().expect("a key"), project.app());
    let made = project.page().make("reports").await.expect("there is room");
    // Only the mark of the vendor is shown.
    let listed = [
        entry(&first.key_id, "backend", "lab_"),
        entry(&made.key_id, "reports", "lab_"),
    ];
    lists(&project, &listed);
    app.refresh(None).await.expect("the list is read");
    let ours = project.hold("production", "ours", &made.value).await;
    assert_eq!(keys(&project).await.len(), 3, "nothing tells that two of them are one");
    let field = |code| Some((code, Some("id".to_owned())));
    assert_eq!(code(app.tell_id(ours, "no/id").await), field(Code::InputInvalid));
    assert_eq!(
        code(app.tell_id(ours, &first.key_id).await),
        field(Code::KeyIdKnown),
        "another one has it"
    );
    assert_eq!(
        code(app.tell_id(ours, "key_of_nobody").await),
        field(Code::ProviderKeyGone)
    );
    let listed = app.tell_id(ours, &made.key_id).await.expect("it is taken");
    assert_eq!(listed.and_then(|listed| listed.name).as_deref(), Some("reports"));
    assert_eq!(
        keys(&project).await.into_keys().collect::<Vec<String>>(),
        ["backend", "ours"],
        "the two are one"
    );
    assert_eq!(
        code(app.tell_id(ours, &made.key_id).await),
        Some((Code::KeyIdKnown, None))
    );

    project.sim.clear_faults();
    project.page().delete(&first.key_id).await;
    let proposal = app.propose_rotation(ours, VaultState::Ready).await.expect("a plan");
    let id = app.start_rotation(ours, &proposal.hash, VaultState::Ready).await;
    let waiting = app.go_on(id.expect("it is opened")).await.expect("it goes on");
    app.confirm_replaced(waiting.id).await.expect("it goes on");
    let mut ended = app.rotation(waiting.id).await.expect("a rotation");
    for _ in 0..9 {
        if let State::AwaitingTime { until, .. } = ended.position.state {
            project.clock.advance(until.duration_since(project.clock.now()));
            app.tick().await.expect("a tick");
            ended = app.rotation(waiting.id).await.expect("a rotation");
        }
    }
    assert_eq!(ended.position.state, State::Closed(Ending::Completed));
    assert!(!project.sim.accepts(&made.value), "the old one was revoked by it");
}

#[tokio::test]
async fn an_id_whose_key_begins_otherwise_is_not_taken() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let (first, app) = (project.first.clone().expect("a key"), project.app());
    let ours = project.hold("production", "ours", "lab_0123456789abcdefghij").await;
    let others = [
        entry(&first.key_id, "backend", &first.value[..8]),
        entry("key_else", "else", "lab_zzzz"),
    ];
    lists(&project, &others);
    let wrong = code(app.tell_id(ours, "key_else").await);
    assert_eq!(wrong, Some((Code::InputOtherKey, Some("id".to_owned()))));
}

/// The form that gives the account another credential.
async fn credential(project: &Project, account: &Account) -> Connect {
    let app = project.app();
    let handle = app.paste("admin_key", "lab_admin_of_another_project".to_owned());
    Connect {
        org: OrgChoice::Existing(account.org_id),
        provider_id: "lab".to_owned(),
        label: account.label.to_string(),
        scheme: "admin_key".to_owned(),
        fields: account.fields.clone(),
        pasted: BTreeMap::from([("admin_key".to_owned(), handle.expect("a value").handle)]),
        base_url: None,
        environment: app.find_environment("production").await.expect("an environment").id,
        anyway: false,
    }
}

#[tokio::test]
async fn a_credential_that_reads_another_accounts_list_takes_the_place_of_none() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let app = project.app();
    let account = app.account_of(project.key).await.expect("an account");
    lists(&project, &[entry("key_of_theirs", "theirs", "lab_zzzz")]);
    let before = project.vault.refs().len();
    let refused = code(
        app.replace_credential(account.id, credential(&project, &account).await)
            .await,
    );
    assert_eq!(refused, Some((Code::CredentialElsewhere, Some("admin_key".to_owned()))));
    assert_eq!(project.vault.refs().len(), before, "nothing was taken");
    project.sim.clear_faults();
    app.authenticate(account.id).await.expect("the former one serves");

    lists(&project, &[entry("key_of_theirs", "theirs", "lab_zzzz")]);
    let anyway = Connect {
        anyway: true,
        ..credential(&project, &account).await
    };
    app.replace_credential(account.id, anyway).await.expect("it is ordered");
}

#[tokio::test]
async fn ids_alone_do_not_show_whose_list_a_credential_reads() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let app = project.app();
    let (account, first) = (
        app.account_of(project.key).await.expect("an account"),
        project.first.clone().expect("a key"),
    );
    let made = app.key_detail(project.key, VaultState::Ready).await.expect("the key");
    let made = made
        .versions
        .first()
        .and_then(|version| version.created_at)
        .expect("it is listed");
    let listed =
        |created_at: Value| json!({ "id": first.key_id, "name": null, "prefix": null, "created_at": created_at });
    let code_with = async |created_at: Value| {
        lists(&project, &[listed(created_at)]);
        let refused = app
            .replace_credential(account.id, credential(&project, &account).await)
            .await;
        code(refused).map(|(code, _)| code)
    };
    assert_eq!(code_with(Value::Null).await, Some(Code::CredentialUnsure));
    let another = json!("2024-02-29T12:00:01Z");
    assert_eq!(
        code_with(another).await,
        Some(Code::CredentialElsewhere),
        "made at another moment"
    );
    assert_eq!(
        code_with(json!(made.to_string())).await,
        None,
        "made at the same moment"
    );
}

#[tokio::test]
async fn a_listed_key_that_begins_like_the_credential_is_not_rotated() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    let (first, app) = (project.first.clone().expect("a key"), project.app());
    let admin = project.at.lab.clone().expect("rules").admin_key;
    let listed = [
        entry(&first.key_id, "backend", &first.value[..8]),
        entry("key_admin", "terraform", &admin[..admin.len().min(14)]),
    ];
    lists(&project, &listed);
    app.refresh(None).await.expect("the list is read");
    let theirs = keys(&project).await["terraform"];
    let proposal = app.propose_revoke(theirs, VaultState::Ready).await.expect("a plan");
    let id = app.start_revoke(theirs, &proposal.hash, VaultState::Ready).await;
    let stopped = app.go_on(id.expect("it is opened")).await.expect("it is tried");
    assert_eq!(stopped.position.state, State::Failed(Code::KeyManagesAccount));
    assert_eq!(project.sim.count("DELETE", "/v1/projects/*/keys/*"), 0);
    went(project.rotate().await);
}

/// A mint was refused and carried out: nobody accounts for its key.
async fn made_though_refused() -> (Project, Unaccounted) {
    let project = Project::with_room(5).await;
    project.sim.inject(Fault::status(409).after().on("POST", LIST));
    let failed = went(project.rotate().await);
    let app = project.app();
    app.undo(failed.id, &Default::default()).await.expect("it is stopped");
    project.clock.advance(jiff::SignedDuration::from_mins(5));
    app.refresh(None).await.expect("the list is read");
    let entry = app.unaccounted().await.expect("it is shown").remove(0);
    (project, entry)
}

#[tokio::test]
async fn a_key_that_is_held_and_serves_is_not_revoked_as_an_orphan() {
    let (project, entry) = made_though_refused().await;
    let app = project.app();
    let remote_id = entry.remote_id.clone().expect("an id");
    let made = project.sim.ledger().key(&remote_id).expect("it was made").clone();
    // Another account of the same workspace holds it.
    let handle = app.paste("admin_key", project.at.lab.clone().expect("rules").admin_key);
    let other = Connect {
        org: OrgChoice::New("Other".to_owned()),
        provider_id: "lab".to_owned(),
        label: "other".to_owned(),
        scheme: "admin_key".to_owned(),
        fields: BTreeMap::from([("project_id".to_owned(), project.at.id.clone())]),
        pasted: BTreeMap::from([("admin_key".to_owned(), handle.expect("a value").handle)]),
        base_url: None,
        environment: app.find_environment("production").await.expect("an environment").id,
        anyway: true,
    };
    let found = app
        .connect(other)
        .await
        .expect("it connects")
        .found
        .expect("it is listed");
    let mut held = false;
    for key in found {
        let handle = app.paste("key", made.value.clone()).expect("a value").handle;
        held |= app.hold(key, &handle).await.is_ok();
    }
    assert!(held, "it serves there");
    let revoke = keywheel_core::app::Answer::Revoke { remote_id };
    let refused = code(app.settle_unaccounted(entry.id, revoke).await);
    assert_eq!(refused, Some((Code::KeyHeldAndServes, Some("remote_id".to_owned()))));
    assert!(project.sim.accepts(&made.value));
}

#[tokio::test]
async fn of_two_values_for_one_key_at_once_one_is_held() {
    let definition = lab::definition(Strategy::Overlap, GraceFrom::Roll).replace("prefix = [\"/prefix\"]\n", "");
    let project = Project::with(Strategy::Overlap, GraceFrom::Roll, &definition).await;
    let other = project.page().make("other").await.expect("there is room");
    let app = project.app();
    app.refresh(None).await.expect("the list is read");
    let theirs = keys(&project).await["other"];
    let one = app.paste("key", other.value).expect("a value").handle;
    let two = app
        .paste("key", "lab_0123456789abcdefghij".to_owned())
        .expect("a value");
    let (one, two) = tokio::join!(app.hold(theirs, &one), app.hold(theirs, &two.handle));
    let held = [one, two].into_iter().filter(Result::is_ok).count();
    assert_eq!(held, 1);
}

#[tokio::test]
async fn what_nobody_accounted_for_is_accounted_for_once_its_key_is_held() {
    let (project, entry) = made_though_refused().await;
    let app = project.app();
    let remote_id = entry.remote_id.expect("an id");
    let made = project.sim.ledger().key(&remote_id).expect("it was made").clone();
    let found = project.hold("production", "found", &made.value).await;
    // Where the list could not be matched, a person tells it.
    let _ = app.tell_id(found, &remote_id).await;
    assert_eq!(app.unaccounted().await.expect("a look"), []);
}
