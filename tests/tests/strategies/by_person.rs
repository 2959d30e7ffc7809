//! The four providers whose keys a person makes: the whole course, with Keywheel closed in the middle.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use keywheel_core::model::Receipt;
use keywheel_core::rotation::{Ending, Rotation, State, StepKind};
use keywheel_core::vault::VaultState;
use keywheel_core::{Code, Failure};
use provider_sim::{Provider, Sent};
use tests::project::Project;
use tests::{code, went};

use crate::person::{id_of, submit};

fn step(rotation: &Rotation) -> Option<StepKind> {
    rotation.position.step(&rotation.plan)
}

async fn assert_turn(project: &Project, kind: StepKind) -> Rotation {
    let rotation = project.rotation().await.expect("a rotation");
    assert_eq!(
        (rotation.position.state, step(&rotation)),
        (State::AwaitingPerson, Some(kind))
    );
    rotation
}

fn refused(rotation: &Rotation) -> bool {
    let receipt = rotation.subject.old.as_ref().and_then(|old| old.receipt.as_ref());
    matches!(receipt, Some(Receipt::Refused { status: 401, .. }))
}

/// A first key, made by the person and taken by Keywheel.
async fn first_key(project: &mut Project, path: &str, fields: &[(&str, &str)]) -> String {
    let creation = project.create("site-audit").await;
    assert_eq!(step(&creation), Some(StepKind::Mint));
    let value = submit(project, path, fields).await.new_key();
    let mut done = went(project.take(creation.id, &value).await);
    while matches!(done.position.state, State::AwaitingTime { .. }) {
        done = project.until_due().await;
    }
    assert_eq!(done.position.state, State::Closed(Ending::Completed));
    assert_eq!(project.serving_value().await.as_deref(), Some(value.as_str()));
    value
}

/// What the form of On-Page's dashboard is filled in with.
const FIELDS: [(&str, &str); 2] = [("name", "site-audit"), ("permission", "credits:read")];

/// An account at On-Page, its page of keys, and a first key.
async fn on_page() -> (Project, String, String) {
    let mut project = Project::by_person(Provider::OnPage, "on-page", BTreeMap::new()).await;
    let page = format!("/on-page/{}/dashboard/api-keys", project.at.id);
    let value = first_key(&mut project, &page, &FIELDS).await;
    (project, page, value)
}

#[tokio::test]
async fn on_page_overlaps_and_the_person_deletes_the_old_key() {
    let (mut project, page, old) = on_page().await;

    let asked = went(project.rotate().await);
    assert_eq!(step(&asked), Some(StepKind::Mint));
    project.reopen().await;
    assert_turn(&project, StepKind::Mint).await;
    let new = submit(&project, &page, &FIELDS).await.new_key();
    assert_eq!(
        code(project.take(asked.id, &old).await),
        Code::InputSameKey,
        "the old value is no new one"
    );
    assert_eq!(
        code(project.take(asked.id, "sk_live_somebodyelses").await),
        Code::InputWrongKeyFormat
    );
    went(project.take(asked.id, &new).await);
    assert_turn(&project, StepKind::Confirm).await;
    assert_eq!(project.live_values().len(), 2, "both live until the person deletes one");

    project.app().confirm_replaced(asked.id).await.expect("it goes on");
    project.reopen().await;
    assert_turn(&project, StepKind::RevokeOld).await;
    submit(&project, &format!("{page}/{}/delete", id_of(&project, &old)), &[]).await;
    let closed = project.app().confirm_deleted(asked.id).await.expect("it is deleted");
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
    assert!(refused(&closed), "{:?}", closed.subject.old);
    assert_eq!(project.live_values(), [new]);
}

#[tokio::test]
async fn a_key_that_the_person_says_is_deleted_and_lives_is_asked_for_again() {
    let (project, page, old) = on_page().await;
    let asked = went(project.rotate().await);
    let new = submit(&project, &page, &FIELDS).await.new_key();
    went(project.take(asked.id, &new).await);
    project.app().confirm_replaced(asked.id).await.expect("it goes on");
    let mut said = project.app().confirm_deleted(asked.id).await.expect("so they say");
    while matches!(said.position.state, State::AwaitingTime { .. }) {
        assert_eq!(step(&said), Some(StepKind::ProveDead));
        said = project.until_due().await;
    }
    assert_turn(&project, StepKind::RevokeOld).await;
    submit(&project, &format!("{page}/{}/delete", id_of(&project, &old)), &[]).await;
    let closed = project.app().confirm_deleted(asked.id).await.expect("now it is");
    assert!(refused(&closed), "{:?}", closed.subject.old);
}

#[tokio::test]
async fn a_new_key_that_is_not_wanted_is_deleted_by_the_person() {
    let (project, page, old) = on_page().await;
    let asked = went(project.rotate().await);
    let new = submit(&project, &page, &FIELDS).await.new_key();
    went(project.take(asked.id, &new).await);
    let discard = project
        .app()
        .undo(asked.id, &Default::default())
        .await
        .expect("it can be taken back");
    assert!(matches!(discard.position.state, State::DiscardAwaiting(_)));
    let still = project.app().confirm_deleted(asked.id).await.expect("so they say");
    assert!(
        matches!(still.position.state, State::DiscardAwaiting(_)),
        "it still works: {:?}",
        still.position
    );
    submit(&project, &format!("{page}/{}/delete", id_of(&project, &new)), &[]).await;
    let undone = project.app().confirm_deleted(asked.id).await.expect("now it is");
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
    assert_eq!(project.live_values(), std::slice::from_ref(&old));
    assert_eq!(project.serving_value().await, Some(old));
}

#[tokio::test]
async fn authenta_is_regenerated_and_the_old_value_is_dead_at_once() {
    let mut project = Project::by_person(Provider::Authenta, "authenta", BTreeMap::new()).await;
    let page = format!("/authenta/{}/settings/api-keys", project.at.id);
    let old = first_key(&mut project, &page, &[("name", "site-audit"), ("permission", "Read")]).await;
    let asked = went(project.rotate().await);
    assert!(asked.plan.has_outage());
    project.reopen().await;
    assert_turn(&project, StepKind::Mint).await;
    let regenerate = format!("{page}/{}/regenerate", id_of(&project, &old));
    let new = submit(&project, &regenerate, &[]).await.new_key();
    assert_eq!(project.live_values(), std::slice::from_ref(&new));
    went(project.take(asked.id, &new).await);
    assert_turn(&project, StepKind::Confirm).await;
    let closed = project.app().confirm_replaced(asked.id).await.expect("it goes on");
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
    assert!(refused(&closed), "{:?}", closed.subject.old);
}

#[tokio::test]
async fn the_ai_api_without_a_call_of_the_users_is_unverified_and_says_so() {
    let mut project = Project::by_person(Provider::AiApi, "ai-api", BTreeMap::new()).await;
    let page = format!("/ai-api/{}/api-keys", project.at.id);
    let fields = [
        ("name", "site-audit"),
        ("purpose", "Production"),
        ("permission", "read"),
    ];
    let old = first_key(&mut project, &page, &fields).await;
    let asked = went(project.rotate().await);
    assert_eq!(asked.plan.index(StepKind::VerifyNew), None);
    let new = submit(&project, &page, &fields).await.new_key();
    went(project.take(asked.id, &new).await);
    project.app().confirm_replaced(asked.id).await.expect("it goes on");
    submit(&project, &format!("{page}/{}/delete", id_of(&project, &old)), &[]).await;
    let closed = project.app().confirm_deleted(asked.id).await.expect("it is deleted");
    let receipt = closed.subject.old.as_ref().and_then(|old| old.receipt.as_ref());
    assert!(matches!(receipt, Some(Receipt::Word { .. })), "{receipt:?}");
    assert_eq!(project.live_values(), [new]);
    let told = project.app().activity(50).await.expect("the activity");
    let verbs: Vec<&str> = told.iter().map(|event| event.verb.as_str()).collect();
    assert!(
        verbs.contains(&"key.deletion_told") && !verbs.contains(&"key.revoked"),
        "{verbs:?}"
    );
    // Nobody has shown that the old value is dead: it stays until the person orders its removal.
    let app = project.app();
    app.tick().await.expect("a tick");
    let kept = app.kept(project.key).await.expect("the versions");
    let [one] = kept.as_slice() else { panic!("{kept:?}") };
    let value = || app.reveal(one.id);
    assert_eq!(value().await.expect("it is kept").expose(), old);
    assert!(app.remove_kept(one.id).await.expect("it is ordered"));
    assert!(value().await.is_err(), "it is out of the keychain");
    assert_eq!(app.kept(project.key).await.expect("the versions"), []);
}

#[tokio::test]
async fn optiverse_keeps_its_pace_over_a_restart_and_spends_no_call_for_nothing() {
    let mut project = Project::by_person(Provider::Optiverse, "optiverse", BTreeMap::new()).await;
    let page = format!("/optiverse/{}/profile/settings", project.at.id);
    let calls = "/external-api/v1/list-records";
    let old = first_key(&mut project, &page, &[]).await;
    assert_eq!(project.sim.count("GET", calls), 1);

    let begun = project.clock.now();
    let shown = project.app().propose_rotation(project.key, VaultState::Ready).await;
    let paced = shown.expect("a plan").paced.expect("a pace");
    let minutes = paced.last_at.duration_since(begun).as_secs().div_euclid(60);
    assert_eq!(
        (paced.calls, minutes),
        (2, 6),
        "the first key was verified just now: both wait"
    );
    project.clock.advance(SignedDuration::from_secs(120));
    let shown = project.app().propose_rotation(project.key, VaultState::Ready).await;
    let later = shown.expect("a plan").paced.expect("a pace");
    assert_eq!(
        later.last_at, paced.last_at,
        "what is left of the turn, not a whole one"
    );

    let asked = went(project.rotate().await);
    assert_eq!(step(&asked), Some(StepKind::RevokeOld), "the old key goes first");
    assert_eq!(submit(&project, &page, &[]).await.status, 409, "there is one already");
    submit(&project, &format!("{page}/{}/delete", id_of(&project, &old)), &[]).await;
    project.app().confirm_deleted(asked.id).await.expect("it is deleted");
    assert_turn(&project, StepKind::Mint).await;
    let new = submit(&project, &page, &[]).await.new_key();
    let verifying = went(project.take(asked.id, &new).await);
    let (State::AwaitingTime { until, code }, Some(StepKind::VerifyNew)) = (verifying.position.state, step(&verifying))
    else {
        panic!("its turn has not come: {:?}", verifying.position)
    };
    assert_eq!(code, Some(Code::ProviderRateLimited));
    project.reopen().await;
    project.app().tick().await.expect("a tick");
    project.app().go_on(asked.id).await.expect("it stands");
    assert_eq!(project.sim.count("GET", calls), 1, "no call before its turn");
    project.clock.advance(until.duration_since(project.clock.now()));
    project.app().tick().await.expect("a tick");
    assert_turn(&project, StepKind::Confirm).await;
    assert_eq!(project.sim.count("GET", calls), 2);
    let proving = project.app().confirm_replaced(asked.id).await.expect("it goes on");
    assert_eq!(step(&proving), Some(StepKind::ProveDead));
    let closed = project.until_due().await;
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
    assert!(refused(&closed), "{:?}", closed.subject.old);
    assert_eq!(project.sim.count("GET", calls), 3);
    assert_eq!(project.live_values(), [new]);
    assert!(
        project
            .sim
            .requests()
            .iter()
            .all(|request| request.status != Sent::Status(429)),
        "never asked too soon"
    );
}

#[tokio::test]
async fn a_value_that_is_refused_after_a_paste_is_pasted_again_before_anything_is_called_dead() {
    let mut project = Project::by_person(Provider::OnPage, "on-page", BTreeMap::new()).await;
    let page = format!("/on-page/{}/dashboard/api-keys", project.at.id);
    let creation = project.create("site-audit").await;
    let value = submit(&project, &page, &[("name", "x"), ("permission", "credits:read")])
        .await
        .new_key();
    let mut slip = value.clone();
    slip.pop();
    slip.push(if value.ends_with('x') { 'y' } else { 'x' });
    let refused = went(project.take(creation.id, &slip).await);
    assert_eq!(refused.position.state, State::Failed(Code::KeyNotAccepted));
    let again = project.app().paste_again(creation.id).await.expect("once more");
    assert_eq!(
        (again.position.state, step(&again)),
        (State::AwaitingPerson, Some(StepKind::Mint))
    );
    project.reopen().await;
    let done = went(project.take(creation.id, &value).await);
    assert_eq!(done.position.state, State::Closed(Ending::Completed));
    assert_eq!(project.serving_value().await, Some(value));
    let nothing: Result<Rotation, Failure> = project.app().paste_again(creation.id).await;
    assert!(nothing.is_err());
}
