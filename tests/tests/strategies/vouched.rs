//! An id that only the answer to a mint tells, at a provider whose list shows neither names nor beginnings.

use std::sync::{Arc, Mutex};

use jiff::SignedDuration;
use keywheel_core::Code;
use keywheel_core::rotation::{Claim, Claims, Ending, Rotation, State};
use keywheel_core::vault::VaultState;
use provider_sim::{Fault, GraceFrom, Strategy};
use serde_json::json;
use tests::project::{Made, Project};
use tests::{Mishap, Moment, What, lab, went};

const KEYS: &str = "/v1/projects/*/keys";

async fn project(dates: bool) -> Project {
    let untold = lab::unnamed(Strategy::Overlap, GraceFrom::Roll).replace("prefix = [\"/prefix\"]\n", "");
    let definition = match dates {
        true => untold,
        false => untold.replace("created_at = [\"/created_at\"]\n", ""),
    };
    Project::with_room_by(9, &definition).await
}

/// Its answer has the right value, and that id, or the one of a key that somebody has made at the same time. Returns theirs.
async fn rotated_by_another_id(project: &Project, id: Option<String>) -> (Rotation, Made) {
    let theirs = Arc::new(Mutex::new(None));
    let (page, sim, kept) = (project.page(), project.sim.clone(), theirs.clone());
    let deed = move || {
        let (page, sim, kept, id) = (page.clone(), sim.clone(), kept.clone(), id.clone());
        let made = async move {
            let theirs = page.make("theirs").await.expect("there is room");
            let ours = page.make("backend").await.expect("there is room");
            let answer = json!({ "id": id.as_ref().unwrap_or(&theirs.key_id), "secret": ours.value });
            sim.inject(Fault::status(201).body(answer).before().on("POST", KEYS));
            *kept.lock().unwrap() = Some(theirs);
        };
        Box::pin(made) as std::pin::Pin<Box<dyn Future<Output = ()> + Send>>
    };
    let is_mint = |what: &What| matches!(what, What::Request { method, .. } if method == "POST");
    project
        .tape
        .strike_first(is_mint, Moment::Before, Mishap::Beside(Arc::new(deed)));
    let waiting = went(project.rotate().await);
    let theirs = theirs.lock().unwrap().take().expect("it was made");
    (waiting, theirs)
}

/// It goes on to its end, or to where a person is asked.
async fn replaced(project: &Project, waiting: &Rotation) -> State {
    let told = project.app().confirm_replaced(waiting.id).await.expect("it is told");
    project.on(told, 9).await.position.state
}

#[tokio::test]
async fn by_the_id_of_a_key_that_was_made_at_the_same_time_nothing_goes_one_rotation_later() {
    for dates in [false, true] {
        let project = project(dates).await;
        let (waiting, theirs) = rotated_by_another_id(&project, None).await;
        assert_eq!(replaced(&project, &waiting).await, State::Closed(Ending::Completed));
        let waiting = went(project.rotate().await);
        assert_eq!(replaced(&project, &waiting).await, State::Failed(Code::KeyIdAnothers));
        assert!(project.sim.accepts(&theirs.value), "it is somebody else's");
        let told = project.app().rotation(waiting.id).await.expect("it is open");
        assert!(told.may_revoke_anyway(), "a person may know better");
    }
}

#[tokio::test]
async fn an_id_that_was_alone_when_it_was_looked_at_is_known_whatever_is_made_later() {
    let project = project(false).await;
    let waiting = went(project.rotate().await);
    // As long as a new key may not be listed yet, that no other one is says nothing.
    project.clock.advance(SignedDuration::from_mins(10));
    assert_eq!(replaced(&project, &waiting).await, State::Closed(Ending::Completed));
    let theirs = project.page().make("theirs").await.expect("there is room");
    let waiting = went(project.rotate().await);
    assert_eq!(replaced(&project, &waiting).await, State::Closed(Ending::Completed));
    assert!(project.sim.accepts(&theirs.value));
}

#[tokio::test]
async fn what_was_made_at_another_time_is_another_key() {
    let project = project(true).await;
    let waiting = went(project.rotate().await);
    project.clock.advance(SignedDuration::from_hours(26));
    let theirs = project.page().make("theirs").await.expect("there is room");
    assert_eq!(replaced(&project, &waiting).await, State::Closed(Ending::Completed));
    let waiting = went(project.rotate().await);
    assert_eq!(replaced(&project, &waiting).await, State::Closed(Ending::Completed));
    assert!(project.sim.accepts(&theirs.value));
}

#[tokio::test]
async fn by_an_id_that_was_listed_before_a_key_was_made_that_key_does_not_go() {
    let project = project(true).await;
    let (first, app) = (project.first.clone().expect("a key"), project.app());
    let (waiting, _) = rotated_by_another_id(&project, Some(first.key_id)).await;
    let claims = Claims {
        old: Some(Claim::Leave),
        new: Some(Claim::Works),
    };
    app.settle_rotation(waiting.id, claims)
        .await
        .expect("it is ended by a word");
    let plan = app
        .propose_revoke(project.key, VaultState::Ready)
        .await
        .expect("a plan");
    let id = app.start_revoke(project.key, &plan.hash, VaultState::Ready).await;
    let stopped = app.go_on(id.expect("it is opened")).await.expect("it is tried");
    assert_eq!(stopped.position.state, State::Failed(Code::KeyIdAnothers));
    assert!(project.sim.accepts(&first.value), "it is the one that was left");
}

#[tokio::test]
async fn where_two_keys_change_ids_neither_goes_for_the_other() {
    let project = Project::with_room(9).await;
    let first = project.first.clone().expect("a key");
    let other = project.page().make("other").await.expect("there is room");
    project.app().refresh(None).await.expect("the list is read");
    let waiting = went(project.rotate().await);
    let listed = project.sim.ledger();
    let entry = |id: &str, name: &str| json!({ "id": id, "name": name, "prefix": null, "created_at": null, "last_used_at": null });
    let mut keys = vec![entry(&first.key_id, "other"), entry(&other.key_id, "backend")];
    let new = waiting
        .subject
        .new
        .as_ref()
        .and_then(|new| new.remote_id.clone())
        .expect("an id");
    let name = listed
        .keys
        .iter()
        .find(|key| key.key_id == new)
        .expect("it was made")
        .name
        .clone();
    keys.push(entry(&new, &name.expect("its name")));
    let list = Fault::status(200)
        .body(json!({ "keys": keys }))
        .before()
        .on("GET", KEYS)
        .always();
    project.sim.inject(list);
    assert_eq!(replaced(&project, &waiting).await, State::Failed(Code::KeyIdAnothers));
    assert!(project.sim.accepts(&first.value) && project.sim.accepts(&other.value));
}
