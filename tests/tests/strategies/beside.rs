//! What stands beside the key: another one in its place, its value under another name or as another key, other keys of its
//! account.

use jiff::SignedDuration;
use keywheel_core::Code;
use keywheel_core::model::{Answer, KeyId, Policy, PolicyScope, Verdict};
use keywheel_core::rotation::{Ending, Rotation, State};
use keywheel_core::vault::VaultState;
use keywheel_wire::StepStatusView;
use keywheel_wire::render::{Names, rotation_view};
use provider_sim::{Fault, GraceFrom, Strategy};
use serde_json::json;
use tests::project::Project;
use tests::{lab, went};

const ONE: &str = "/v1/projects/*/keys/*";

/// One press on *Revoke now*.
async fn revoked(project: &Project) -> Rotation {
    let app = project.app();
    let proposal = app.propose_revoke(project.key, VaultState::Ready).await;
    let hash = proposal.expect("a plan").hash;
    let id = app.start_revoke(project.key, &hash, VaultState::Ready).await;
    app.go_on(id.expect("it is opened")).await.expect("it is tried")
}

async fn verdict(project: &Project, key: KeyId) -> Option<Verdict> {
    let inventory = project.app().inventory(VaultState::Ready).await.expect("an inventory");
    let row = inventory.keys.into_iter().find(|facts| facts.row.key.id == key);
    row.and_then(|facts| facts.row.version?.verdict)
}

#[tokio::test]
async fn another_key_in_its_place_is_not_replaced_before_somebody_was_told() {
    for strategy in [Strategy::Roll, Strategy::TwoSlot] {
        let project = Project::lab(strategy, GraceFrom::Roll).await;
        let first = project.first.clone().expect("a key");
        let (at, word, id) = match strategy {
            Strategy::TwoSlot => ("slots", "slot", "primary"),
            _ => ("keys", "id", first.key_id.as_str()),
        };
        let entry =
            json!({ word: id, "name": "theirs", "prefix": "lab_zzzz", "created_at": null, "last_used_at": null });
        let listed = Fault::status(200).body(json!({ at: [entry] })).before().always();
        project.sim.inject(listed.on("GET", &format!("/v1/projects/*/{at}")));
        let stopped = went(project.rotate().await);
        assert_eq!(
            stopped.position.state,
            State::Failed(Code::KeyPlaceAnothers),
            "{strategy:?}"
        );
        assert!(project.sim.accepts(&first.value), "nothing was sent");
        let went_on = project.app().go_on(stopped.id).await.expect("a person was told");
        assert_ne!(went_on.position.state, stopped.position.state, "{strategy:?}");
    }
}

#[tokio::test]
async fn a_slot_is_asked_before_the_other_one_is_filled_though_its_use_is_listened_for() {
    // How the values in the slots begin is not told.
    let definition = lab::definition(Strategy::TwoSlot, GraceFrom::Roll).replace("prefix = [\"/prefix\"]\n", "");
    let project = Project::with(Strategy::TwoSlot, GraceFrom::Roll, &definition).await;
    let told = project.app().tell_id(project.key, "primary").await;
    told.expect("its slot");
    let mut policy = Policy::open(PolicyScope::All);
    policy.quiet_hours = Some(1);
    project.app().set_policy(&policy).await.expect("a policy");
    let first = project.first.clone().expect("a key");
    let record = {
        let ledger = project.sim.ledger();
        ledger.key_by_value(&first.value).expect("it was made").clone()
    };
    project.page().roll(&record).await.expect("somebody else's");
    let stopped = went(project.rotate().await);
    assert_eq!(stopped.position.state, State::Failed(Code::KeyRefusedAlready));
}

#[tokio::test]
async fn a_file_that_holds_the_old_key_under_another_name_keeps_it() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll)
        .await
        .used_in_files(1)
        .await;
    let (first, app, place) = (
        project.first.clone().expect("a key"),
        project.app(),
        project.places[0].clone(),
    );
    let address = format!("DATABASE_URL=postgres://app:{}@host/db\n", first.value);
    place.write(&format!("{address}{}", place.text(&first.value)));
    let told = went(project.rotate().await);
    assert_eq!(told.position.state, State::Failed(Code::TargetHoldsMore));
    assert_eq!(project.sim.ledger().keys.len(), 1, "nothing was created");
    let waiting = app.go_on(told.id).await.expect("a person was told");
    let stopped = app.confirm_replaced(waiting.id).await.expect("it is tried");
    assert_eq!(stopped.position.state, State::Failed(Code::TargetHoldsMore));
    assert!(project.sim.accepts(&first.value), "what reads the address goes on");
    assert!(stopped.may_revoke_anyway());
    let text = std::fs::read_to_string(&place.path).expect("a file");
    place.write(&text.replace(&address, ""));
    let went_on = project.on(app.go_on(stopped.id).await.expect("it goes on"), 9).await;
    assert_eq!(went_on.position.state, State::Closed(Ending::Completed));
    assert!(!project.sim.accepts(&first.value));
}

#[tokio::test]
async fn what_is_proven_of_a_value_is_known_of_every_key_that_has_it() {
    let project = Project::with_room(5).await;
    let first = project.first.clone().expect("a key");
    let worker = project.hold("staging", "worker", &first.value).await;
    let ended = project.on(revoked(&project).await, 9).await;
    assert_eq!(ended.position.state, State::Closed(Ending::Completed));
    let known = verdict(&project, worker).await.expect("it was called");
    assert_eq!(known.answer, Answer::Dead);
}

#[tokio::test]
async fn a_provider_that_refuses_the_other_keys_too_proves_no_end_of_a_leaked_one() {
    let definition = lab::unlisted(Strategy::Overlap, GraceFrom::Roll);
    let project = Project::with(Strategy::Overlap, GraceFrom::Roll, &definition).await;
    project.as_if_minted().await;
    let first = project.first.clone().expect("a key");
    let reports = project.page().make("reports").await.expect("there is room");
    let other = project.hold("staging", "reports", &reports.value).await;
    project.app().verify(other).await.expect("it is called with");
    project
        .sim
        .inject(Fault::status(204).before().always().on("DELETE", ONE));
    let body = json!({ "error": { "code": "invalid_key" } });
    project
        .sim
        .inject(Fault::status(401).body(body).before().always().on("GET", "/v1/me"));
    let waits = project.on(revoked(&project).await, 3).await;
    assert_eq!(
        waits.position.state.code(),
        Some(Code::ProviderRefusesAll),
        "{:?}",
        waits.records
    );
    assert!(project.sim.accepts(&first.value), "it lives");
    project.sim.clear_faults();
    project.clock.advance(SignedDuration::from_hours(1));
    let ended = project.on(app_ticked(&project).await, 9).await;
    assert_eq!(ended.position.state, State::Closed(Ending::Completed));
    assert!(!project.sim.accepts(&first.value));
    assert!(
        project.sim.accepts(&reports.value),
        "the other one was only called with"
    );
}

async fn app_ticked(project: &Project) -> Rotation {
    project.app().tick().await.expect("a tick");
    project.rotation().await.expect("a rotation")
}

#[tokio::test]
async fn a_new_key_that_ends_soon_by_the_list_alone_takes_the_place_of_none() {
    let definition = lab::definition(Strategy::Overlap, GraceFrom::Roll).replace(
        "last_used_at = [\"/last_used_at\"]\n",
        "last_used_at = [\"/last_used_at\"]\nexpires_at = [\"/expires_at\"]\n",
    );
    let project = Project::with(Strategy::Overlap, GraceFrom::Roll, &definition).await;
    let first = project.first.clone().expect("a key");
    let waiting = went(project.rotate().await);
    let new = waiting.subject.new.as_ref().expect("a new version");
    assert_eq!(new.expires_at, None, "its answer does not tell");
    let soon = project.clock.now().checked_add(SignedDuration::from_mins(20));
    let soon = soon.expect("a moment").to_string();
    let entry = |id: &str, name: &str, expires: Option<&str>| json!({ "id": id, "name": name, "prefix": null, "created_at": null, "last_used_at": null, "expires_at": expires });
    let id = new.remote_id.as_deref().expect("an id");
    let name = waiting.mint_name.as_deref().expect("a name");
    let keys = [entry(&first.key_id, "backend", None), entry(id, name, Some(&soon))];
    let listed = Fault::status(200).body(json!({ "keys": keys })).before().always();
    project.sim.inject(listed.on("GET", "/v1/projects/*/keys"));
    let stopped = project.app().confirm_replaced(waiting.id).await.expect("it is tried");
    assert_eq!(stopped.position.state, State::Failed(Code::KeySuccessorEnds));
    assert!(project.sim.accepts(&first.value));
    // The same of the old one, before the new one is taken back.
    project.sim.clear_faults();
    let keys = [entry(&first.key_id, "backend", Some(&soon)), entry(id, name, None)];
    let listed = Fault::status(200).body(json!({ "keys": keys })).before().always();
    project.sim.inject(listed.on("GET", "/v1/projects/*/keys"));
    project.app().refresh(None).await.expect("a list");
    let refused = project.app().undo(waiting.id, &tests::from_use(&waiting)).await.err();
    assert_eq!(refused.map(|failure| failure.code), Some(Code::KeyPredecessorEnds));
    assert!(project.live_values().len() == 2, "both are there");
}

#[tokio::test]
async fn a_new_key_that_the_list_shows_as_switched_off_takes_the_place_of_none() {
    let definition = lab::definition(Strategy::Overlap, GraceFrom::Roll).replace(
        "last_used_at = [\"/last_used_at\"]\n",
        "last_used_at = [\"/last_used_at\"]\nswitched_off = { at = [\"/state\"], is = [\"off\"] }\n",
    );
    let project = Project::with(Strategy::Overlap, GraceFrom::Roll, &definition).await;
    let first = project.first.clone().expect("a key");
    let waiting = went(project.rotate().await);
    let new = waiting.subject.new.as_ref().expect("a new version");
    let entry = |id: &str, name: &str, state: &str| json!({ "id": id, "name": name, "prefix": null, "created_at": null, "last_used_at": null, "state": state });
    let id = new.remote_id.as_deref().expect("an id");
    let name = waiting.mint_name.as_deref().expect("a name");
    let listed = |state: &str| {
        let keys = [entry(&first.key_id, "backend", "on"), entry(id, name, state)];
        let listed = Fault::status(200).body(json!({ "keys": keys })).before().always();
        project.sim.inject(listed.on("GET", "/v1/projects/*/keys"));
    };
    listed("off");
    let stopped = project.app().confirm_replaced(waiting.id).await.expect("it is tried");
    assert_eq!(stopped.position.state, State::Failed(Code::KeySuccessorOff));
    assert!(project.sim.accepts(&first.value), "the old one serves on");
    project.sim.clear_faults();
    listed("on");
    let done = project.app().go_on(waiting.id).await.expect("it goes on");
    assert!(!project.sim.accepts(&first.value), "{:?}", done.position.state);
}

#[tokio::test]
async fn a_slot_that_was_in_use_is_said_at_once() {
    // Neither how the values begin nor when they were used is told.
    let definition = lab::definition(Strategy::TwoSlot, GraceFrom::Roll)
        .replace("prefix = [\"/prefix\"]\n", "")
        .replace("last_used_at = [\"/last_used_at\"]\n", "")
        .replace("last_used_lag_seconds = 30\n", "");
    let project = Project::with(Strategy::TwoSlot, GraceFrom::Roll, &definition).await;
    let first = project.first.clone().expect("a key");
    // Somebody was told the wrong slot.
    let told = project.app().tell_id(project.key, "secondary").await;
    told.expect("a slot");
    let stopped = went(project.rotate().await);
    assert!(!project.sim.accepts(&first.value), "it was the one in use");
    assert_eq!(stopped.position.state, State::Failed(Code::KeySlotWasInUse));
    let waiting = project.app().go_on(stopped.id).await.expect("a person was told");
    assert_eq!(waiting.position.state, State::AwaitingPerson);
}

#[tokio::test]
async fn after_a_refused_credential_a_person_may_delete_the_old_key_and_say_so() {
    let project = Project::with_room(5).await;
    let first = project.first.clone().expect("a key");
    let waiting = went(project.rotate().await);
    project.sim.inject(Fault::status(403).before().on("DELETE", ONE));
    let app = project.app();
    let failed = app.confirm_replaced(waiting.id).await.expect("it is tried");
    assert_eq!(failed.position.state, State::Failed(Code::CredentialNotAllowed));
    project.page().delete(&first.key_id).await;
    let sent = project.sim.count("DELETE", ONE);
    let ended = project
        .on(app.confirm_deleted(failed.id).await.expect("it is said"), 9)
        .await;
    assert_eq!(ended.position.state, State::Closed(Ending::Completed));
    assert_eq!(project.sim.count("DELETE", ONE), sent, "nothing was sent again");
}

#[tokio::test]
async fn where_a_step_stands_its_provider_answer_and_the_advice_for_it_are_said() {
    let advice = "[[advice]]\non = \"403\"\nsay = \"Ask an owner of the lab.\"\n";
    let definition = lab::definition(Strategy::Overlap, GraceFrom::Roll) + advice;
    let project = Project::with(Strategy::Overlap, GraceFrom::Roll, &definition).await;
    let refused = Fault::status(403).before();
    project.sim.inject(refused.on("POST", "/v1/projects/*/keys"));
    let stopped = went(project.rotate().await);
    assert_eq!(stopped.position.state, State::Failed(Code::CredentialNotAllowed));
    let app = project.app();
    let names = Names::of(&app).await.expect("names");
    let told = async || {
        let view = rotation_view(&project.rotation().await.expect("a rotation"), &names);
        let error = view.steps.into_iter().find_map(|step| match step.status {
            StepStatusView::Failed { error } => Some(error),
            _ => None,
        });
        error.expect("the step says why")
    };
    let error = told().await;
    assert_eq!(error.remedy, "Ask an owner of the lab.");
    assert_eq!(error.details, ["HTTP status 403"]);
    // What is said is of the newest answer only.
    let refused = Fault::status(401).before();
    project.sim.clear_faults();
    project.sim.inject(refused.on("POST", "/v1/projects/*/keys"));
    let stopped = project.app().go_on(stopped.id).await.expect("it is tried");
    assert_eq!(stopped.position.state, State::Failed(Code::CredentialRefused));
    let error = told().await;
    assert_eq!(
        (error.details, error.remedy.contains("owner")),
        (vec!["HTTP status 401".to_owned()], false)
    );
}

#[tokio::test]
async fn what_a_person_says_to_have_put_there_is_read() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll)
        .await
        .used_in_files(1)
        .await;
    let (place, first) = (project.places[0].clone(), project.first.clone().expect("a key"));
    project
        .sim
        .inject(Fault::status(201).after().nth(9).on("POST", "/nowhere"));
    let app = project.app();
    let proposal = app
        .propose_rotation(project.key, VaultState::Ready)
        .await
        .expect("a plan");
    let id = app.start_rotation(project.key, &proposal.hash, VaultState::Ready).await;
    // It is locked once it was looked at.
    let locked = place.clone();
    let mint = |what: &tests::What| matches!(what, tests::What::Request { method, .. } if method == "POST");
    let lock = tests::Mishap::Meanwhile(std::sync::Arc::new(move || locked.lock()));
    project.tape.strike_first(mint, tests::Moment::After, lock);
    let failed = app.go_on(id.expect("it is opened")).await.expect("it is tried");
    assert!(failed.put_by_hand().is_some(), "{:?}", failed.position);
    let said = app.confirm_replaced(failed.id).await.err();
    assert_eq!(
        said.map(|failure| failure.code),
        Some(Code::TargetDrifted),
        "it holds the old one"
    );
    place.unlock();
    let new = failed.subject.new.as_ref().expect("a new version").id;
    let value = app.reveal(new).await.expect("it is held");
    place.write(&place.text(value.expose()));
    let waiting = app.confirm_replaced(failed.id).await.expect("now it is there");
    assert_eq!(waiting.position.state, State::AwaitingPerson);
    assert!(project.sim.accepts(&first.value));
}
