//! Where no call can be made with a value, the list is asked before the old key goes; and whoever revokes there takes back.

use jiff::SignedDuration;
use keywheel_core::Code;
use keywheel_core::rotation::{Ending, State, StepKind};
use provider_sim::{Fault, GraceFrom, Strategy};
use tests::cells::{Doer, Listing, Shape};
use tests::project::Project;
use tests::went;

const SHAPE: Shape = Shape {
    strategy: Strategy::Overlap,
    mints: Doer::Api,
    revokes: Doer::Api,
    lists: Listing::Names,
    verifies: true,
};

async fn project(shape: Shape) -> Project {
    Project::with(shape.strategy, GraceFrom::Roll, &shape.definition()).await
}

#[tokio::test]
async fn a_new_key_that_is_not_listed_takes_the_place_of_none() {
    let project = project(Shape {
        verifies: false,
        ..SHAPE
    })
    .await;
    let waiting = went(project.rotate().await);
    let new = waiting.subject.new.as_ref().and_then(|new| new.remote_id.clone());
    project.page().delete(&new.expect("an id")).await;
    project.app().confirm_replaced(waiting.id).await.expect("it is tried");
    project.clock.advance(SignedDuration::from_mins(3));
    let stopped = project.until_due().await;
    assert_eq!(stopped.position.step(&stopped.plan), Some(StepKind::RevokeOld));
    assert_eq!(stopped.position.state, State::Failed(Code::KeySuccessorUnlisted));
    let old = project.first.as_ref().expect("a key").value.clone();
    assert!(project.sim.accepts(&old), "it is the only one");
    assert!(stopped.may_revoke_anyway(), "a person may know better");
}

#[tokio::test]
async fn who_revokes_at_a_provider_deletes_a_new_key_that_is_not_wanted() {
    let project = project(Shape {
        revokes: Doer::Person,
        ..SHAPE
    })
    .await;
    let waiting = went(project.rotate().await);
    let undoing = project
        .app()
        .undo(waiting.id, &Default::default())
        .await
        .expect("it is begun");
    assert!(
        matches!(undoing.position.state, State::DiscardAwaiting(_)),
        "{:?}",
        undoing.position
    );
    let early = project.app().confirm_deleted(waiting.id).await.expect("it is asked");
    assert!(
        matches!(early.position.state, State::DiscardAwaiting(_)),
        "it is accepted"
    );
    let new = early.subject.new.as_ref().and_then(|new| new.remote_id.clone());
    project.page().delete(&new.expect("an id")).await;
    let undone = project.app().confirm_deleted(waiting.id).await.expect("it is asked");
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
    assert_eq!(
        project.live_values(),
        [project.first.as_ref().expect("a key").value.clone()]
    );
}

#[tokio::test]
async fn a_slot_that_a_person_filled_is_laid_aside_and_asked_of_nobody() {
    let project = project(Shape {
        strategy: Strategy::TwoSlot,
        mints: Doer::Person,
        revokes: Doer::Person,
        lists: Listing::Nothing,
        ..SHAPE
    })
    .await;
    let asked = went(project.rotate().await);
    assert_eq!(
        asked.position.step(&asked.plan),
        Some(StepKind::Mint),
        "{:?}",
        asked.position
    );
    let keys = project.sim.ledger().keys;
    let old = project.first.as_ref().expect("a key");
    let other = keys
        .iter()
        .find(|key| key.is_live() && key.value != old.value)
        .expect("the other slot");
    let made = project.page().roll(other).await.expect("a new value");
    let waiting = went(project.take(asked.id, &made.value).await);
    let undone = project
        .app()
        .undo(waiting.id, &Default::default())
        .await
        .expect("it is undone");
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
    assert!(project.sim.accepts(&old.value));
}

#[tokio::test]
async fn a_credential_that_is_refused_does_not_keep_a_person_from_deleting_the_old_key() {
    let project = project(Shape {
        revokes: Doer::Person,
        ..SHAPE
    })
    .await;
    let waiting = went(project.rotate().await);
    let lists = format!("/v1/projects/{}/keys", project.at.id);
    let refused = Fault::status(401).before().always().on("GET", &lists);
    project.sim.inject(refused);
    let stopped = project.app().confirm_replaced(waiting.id).await.expect("it is tried");
    assert_eq!(stopped.position.step(&stopped.plan), Some(StepKind::RevokeOld));
    assert!(
        matches!(stopped.position.state, State::Failed(_)),
        "{:?}",
        stopped.position
    );
    let asked = project.app().revoke_anyway(waiting.id).await.expect("it is ordered");
    assert_eq!(asked.position.state, State::AwaitingPerson);
    let old = project.first.as_ref().expect("a key");
    project.page().delete(&old.key_id).await;
    let ended = project.app().confirm_deleted(waiting.id).await.expect("it is asked");
    assert_eq!(ended.position.state, State::Closed(Ending::Completed));
}
