//! Another machine with the same account: nothing can lock it out, and the names that it gives tell of it.

use keywheel_core::Code;
use keywheel_core::rotation::{Ending, Event, Rotation, State, StepKind};
use provider_sim::{Fault, GraceFrom, Strategy};
use tests::project::Project;
use tests::{from_use, lab, went};

use super::person::call_with;

const LIST: &str = "/v1/projects/*/keys";
const ONE: &str = "/v1/projects/*/keys/*";

/// Two machines that both have created a successor of the same key; the first has confirmed its own.
async fn both() -> (Project, Rotation, Project, Rotation) {
    let here = Project::with_room(4).await;
    let there = here.elsewhere().await;
    let ours = went(here.rotate().await);
    let theirs = went(there.rotate().await);
    let waits = confirmed(&here, &ours).await;
    (here, waits, there, theirs)
}

/// Confirmed to be in use, and the old key silent for as long as it takes.
async fn confirmed(project: &Project, rotation: &Rotation) -> Rotation {
    let mut told = project.app().confirm_replaced(rotation.id).await.expect("it goes on");
    while matches!(told.spared(), Some(Code::KeyStillUsed | Code::KeyUsedByUs)) {
        told = project.until_due().await;
    }
    told
}

/// The value that served before.
fn old(project: &Project) -> String {
    project.first.as_ref().expect("a key").value.clone()
}

fn waits_for_a_person(rotation: &Rotation) {
    assert_eq!(rotation.position.step(&rotation.plan), Some(StepKind::RevokeOld));
    assert_eq!(rotation.spared(), Some(Code::KeyReplacedElsewhere));
    assert!(rotation.needs_person() && rotation.may_revoke_anyway());
}

#[tokio::test]
async fn a_key_that_another_machine_replaces_too_lives_until_one_of_them_gives_way() {
    let (mut here, waits, there, theirs) = both().await;
    waits_for_a_person(&waits);
    assert_eq!(here.sim.count("DELETE", ONE), 0);
    assert!(here.sim.accepts(&old(&here)));
    // A list that is read meanwhile makes the other's key known, and it is the other's all the same.
    here.app().refresh(None).await.expect("the list");
    here.reopen().await;
    let again = here.until_due().await;
    waits_for_a_person(&again);

    let undone = there
        .app()
        .undo(theirs.id, &Default::default())
        .await
        .expect("it goes on");
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
    // Before it gave way, the other one asked whether the old key works, which is a use of it.
    let asked = here.until_due().await;
    assert_eq!(asked.spared(), Some(Code::KeyStillUsed));
    let closed = here.until_due().await;
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
    assert!(!here.sim.accepts(&old(&here)));
}

#[tokio::test]
async fn a_person_who_has_looked_may_revoke_it_all_the_same() {
    let (here, waits, there, theirs) = both().await;
    let closed = here.app().revoke_anyway(waits.id).await.expect("it goes on");
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
    let said = closed.records.iter().filter(|record| record.event == Event::Anyway);
    assert_eq!(said.count(), 1);
    assert!(!here.sim.accepts(&old(&here)));
    // The other one began later: our key, which may be in use by now, was there at its beginning, and is newer than the old
    // one all the same.
    let waits = confirmed(&there, &theirs).await;
    waits_for_a_person(&waits);
    let ended = there.app().revoke_anyway(theirs.id).await.expect("it goes on");
    assert_eq!(ended.position.state, State::Closed(Ending::Completed));
}

#[tokio::test]
async fn a_word_for_its_use_is_none_for_another_machine() {
    let here = Project::with_room(4).await;
    let there = here.elsewhere().await;
    let ours = went(here.rotate().await);
    went(there.rotate().await);
    assert_eq!(call_with(&here, &old(&here)).await, 200, "a program goes on with it");
    let used = here.app().confirm_replaced(ours.id).await.expect("it goes on");
    assert_eq!(used.spared(), Some(Code::KeyStillUsed));
    let waits = here.app().revoke_anyway(ours.id).await.expect("it goes on");
    waits_for_a_person(&waits);
    assert!(
        here.sim.accepts(&old(&here)),
        "of the other machine nobody was told yet"
    );
    let closed = here.app().revoke_anyway(ours.id).await.expect("it goes on");
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
}

#[tokio::test]
async fn what_waits_for_another_machine_can_be_taken_back() {
    let (here, waits, ..) = both().await;
    let undone = here.app().undo(waits.id, &from_use(&waits)).await.expect("it goes on");
    assert_eq!(undone.position.state, State::Closed(Ending::Undone));
    assert!(here.sim.accepts(&old(&here)), "the old key serves on");
}

#[tokio::test]
async fn where_no_list_comes_nothing_is_revoked() {
    // No date of a last use is told: the list is asked for others' keys only.
    let text = lab::definition(Strategy::Overlap, GraceFrom::Roll).replace("last_used_at = [\"/last_used_at\"]\n", "");
    let here = Project::with(Strategy::Overlap, GraceFrom::Roll, &text).await;
    let ours = went(here.rotate().await);
    here.sim.inject(Fault::status(500).before().always().on("GET", LIST));
    let waits = confirmed(&here, &ours).await;
    assert!(
        matches!(waits.position.state, State::AwaitingTime { .. }),
        "{:?}",
        waits.position.state
    );
    assert!(here.sim.accepts(&old(&here)));
    assert!(!waits.may_revoke_anyway(), "it is no question yet");
    here.sim.clear_faults();
    let closed = here.until_due().await;
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
}
