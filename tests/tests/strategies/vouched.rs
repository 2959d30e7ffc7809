//! An id that only the answer to a mint tells, at a provider whose list shows neither names nor beginnings.

use std::sync::{Arc, Mutex};

use jiff::SignedDuration;
use keywheel_core::Code;
use keywheel_core::rotation::{Ending, Rotation, State};
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

/// Its answer has the right value, and the id of a key that somebody has made at the same time. Returns theirs.
async fn rotated_by_another_id(project: &Project) -> (Rotation, Made) {
    let theirs = Arc::new(Mutex::new(None));
    let (page, sim, kept) = (project.page(), project.sim.clone(), theirs.clone());
    let deed = move || {
        let (page, sim, kept) = (page.clone(), sim.clone(), kept.clone());
        let made = async move {
            let theirs = page.make("theirs").await.expect("there is room");
            let ours = page.make("backend").await.expect("there is room");
            let answer = json!({ "id": theirs.key_id, "secret": ours.value });
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
        let (waiting, theirs) = rotated_by_another_id(&project).await;
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
