//! New values that do not look like the provider's keys have so far: none is thrown away, and where no call can tell whether
//! one works, the old key stays until a person has looked.

use jiff::SignedDuration;
use keywheel_core::Code;
use keywheel_core::rotation::{State, StepKind};
use keywheel_core::vault::{Vault, VaultRef};
use provider_sim::{Fault, GraceFrom, Strategy};
use serde_json::json;
use tests::cells::{Doer, Listing, Shape};
use tests::project::Project;
use tests::{lab, went};

const MADE: &str = "/v1/projects/*/keys";
const OTHER_FORM: &str = "lab2.0123456789.abcdefghij:ABCDEFGHIJ==";

/// The provider answers with a value of another form.
fn answers(project: &Project) {
    let made = json!({ "id": "key_new", "secret": OTHER_FORM });
    project
        .sim
        .inject(Fault::status(201).body(made).before().on("POST", MADE));
}

#[tokio::test]
async fn a_new_value_of_another_form_is_kept_and_a_call_tells_whether_it_works() {
    let project = Project::lab(Strategy::Overlap, GraceFrom::Roll).await;
    answers(&project);
    let works = Fault::status(200).body(json!({ "ok": true })).before().always();
    project.sim.inject(works.on("GET", "/v1/me"));
    let waiting = went(project.rotate().await);
    assert_eq!(waiting.position.state, State::AwaitingPerson);
    assert_eq!(project.sim.count("POST", MADE), 1, "no other one is made");
    let new = waiting.subject.new.expect("a new version");
    let value = project.vault.get(&VaultRef::version(new.id)).await;
    let value = value.expect("the keychain answers").expect("it is there");
    assert_eq!(value.expose(), OTHER_FORM);
    // Whoever accepts whatever it is called with has accepted nothing.
    let stopped = project.app().confirm_replaced(waiting.id).await.expect("it is tried");
    assert_eq!(stopped.position.state, State::Failed(Code::KeySuccessorUnusual));
    let old = project.first.as_ref().expect("a key").value.clone();
    assert!(project.sim.accepts(&old));
    assert!(stopped.may_revoke_anyway(), "a person may have looked");
    project.clock.advance(SignedDuration::from_mins(10));
    let unlisted = project.app().revoke_anyway(waiting.id).await.expect("it is ordered");
    assert_eq!(
        unlisted.position.state,
        State::Failed(Code::KeySuccessorUnlisted),
        "nobody was told that"
    );
    assert!(project.sim.accepts(&old));
    project.app().revoke_anyway(waiting.id).await.expect("it is ordered");
    assert!(!project.sim.accepts(&old));
}

#[tokio::test]
async fn where_no_call_can_tell_a_value_of_another_form_takes_the_place_of_none() {
    let shape = Shape {
        strategy: Strategy::Overlap,
        mints: Doer::Api,
        revokes: Doer::Api,
        lists: Listing::Nothing,
        verifies: false,
    };
    let project = Project::with(Strategy::Overlap, GraceFrom::Roll, &shape.definition()).await;
    project.as_if_minted().await;
    answers(&project);
    let waiting = went(project.rotate().await);
    let stopped = project.app().confirm_replaced(waiting.id).await.expect("it is tried");
    assert_eq!(stopped.position.step(&stopped.plan), Some(StepKind::RevokeOld));
    assert_eq!(stopped.position.state, State::Failed(Code::KeySuccessorUnusual));
    let old = project.first.as_ref().expect("a key").value.clone();
    assert!(project.sim.accepts(&old));
    assert!(stopped.may_revoke_anyway(), "a person may have looked");
    let ended = project.app().revoke_anyway(waiting.id).await.expect("it is ordered");
    assert!(ended.position.is_closed(), "{:?}", ended.position);
    assert!(!project.sim.accepts(&old));
}

#[tokio::test]
async fn a_person_may_hand_over_a_value_of_another_form_once_they_have_looked() {
    let definition = lab::by_person(Strategy::Overlap, GraceFrom::Roll);
    let project = Project::with(Strategy::Overlap, GraceFrom::Roll, &definition).await;
    let asked = went(project.rotate().await);
    let app = project.app();
    let handle = app.paste("key", OTHER_FORM.to_owned()).expect("a value").handle;
    let refused = app.take_new_value(asked.id, &handle, false).await;
    let refused = refused.err().map(|failure| (failure.code, failure.field));
    assert_eq!(refused, Some((Code::InputWrongKeyFormat, Some("key".to_owned()))));
    let taken = app.take_new_value(asked.id, &handle, true).await;
    let taken = taken.expect("the refusal left the value in place");
    let new = taken.subject.new.expect("a new version");
    assert!(new.held);
}

#[tokio::test]
async fn a_value_that_was_searched_for_takes_the_place_of_none_where_no_call_can_tell() {
    let shape = Shape {
        strategy: Strategy::Overlap,
        mints: Doer::Api,
        revokes: Doer::Api,
        lists: Listing::Nothing,
        verifies: false,
    };
    let project = Project::with(Strategy::Overlap, GraceFrom::Roll, &shape.definition()).await;
    project.as_if_minted().await;
    let old = project.first.as_ref().expect("a key").value.clone();
    let like = format!("{}{}", &old[..old.len() - 4], "0000");
    let pending = json!({ "id": "key_new", "status": "pending", "request": like });
    project
        .sim
        .inject(Fault::status(201).body(pending).before().on("POST", MADE));
    let waiting = went(project.rotate().await);
    assert!(
        waiting.subject.new.as_ref().is_some_and(|new| new.held && new.searched),
        "it is kept"
    );
    let stopped = project.app().confirm_replaced(waiting.id).await.expect("it is tried");
    assert_eq!(stopped.position.state, State::Failed(Code::KeySuccessorUnusual));
    assert!(project.sim.accepts(&old));
}
