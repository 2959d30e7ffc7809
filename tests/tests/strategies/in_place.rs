//! A value that is replaced in place, an answer that is lost, and a provider that refuses from then on.

use jiff::SignedDuration;
use keywheel_core::Code;
use keywheel_core::rotation::{Ending, Rotation, State, StepKind, TakeBack};
use keywheel_wire::RotationView;
use keywheel_wire::render::{Names, rotation_view};
use provider_sim::{Fault, GraceFrom, Strategy};
use tests::project::Project;
use tests::{code, went};

const ROLL: &str = "/v1/projects/*/keys/*/roll";

/// A roll whose answer is lost, on that side of its effect, and a credential that has lost its right from then on.
async fn refused_after(lost: Fault) -> (Project, Rotation) {
    let project = Project::lab(Strategy::Roll, GraceFrom::Roll).await;
    // An answer from before the roll says nothing of what it left.
    project.app().verify(project.key).await.expect("it is accepted");
    project.sim.inject(lost.on("POST", ROLL));
    project
        .sim
        .inject(Fault::status(403).before().always().nth(2).on("POST", ROLL));
    let mut failed = went(project.rotate().await);
    for _ in 0..5 {
        if matches!(failed.position.state, State::Failed(_)) {
            break;
        }
        project.clock.advance(SignedDuration::from_mins(5));
        failed = project.app().go_on(failed.id).await.expect("it goes on");
    }
    assert!(
        matches!(failed.position.state, State::Failed(_)),
        "{:?}",
        failed.position
    );
    assert_eq!(failed.position.step(&failed.plan), Some(StepKind::Mint));
    assert!(failed.may_have_minted(), "nobody knows before the old value is asked");
    (project, failed)
}

async fn view(project: &Project, rotation: &Rotation) -> RotationView {
    let app = project.app();
    rotation_view(rotation, &Names::of(&app).await.expect("names"))
}

#[tokio::test]
async fn a_lost_value_is_not_said_to_be_unchanged() {
    let (project, failed) = refused_after(Fault::drop_connection().after()).await;
    let old = project.first.as_ref().expect("a key").value.clone();
    assert!(!project.sim.accepts(&old), "the ledger: it was replaced");
    let said = |view: RotationView, of_the_old: &str| {
        let headline = view.headline;
        let old = view.old.expect("the old key");
        assert_eq!(old.word, of_the_old);
        for false_word in ["Nothing was changed", "not touched", "accepted", "as before"] {
            assert!(!headline.contains(false_word), "{headline}");
        }
        assert!(headline.contains("nobody has the new one"), "{headline}");
    };
    said(view(&project, &failed).await, "unknown");

    let refused = project.live(project.app().undo(failed.id, &TakeBack::default())).await;
    assert_eq!(code(refused), Code::RotationMayHaveChanged);
    let anyway = TakeBack {
        in_use: None,
        anyway: true,
    };
    let left = project.app().undo(failed.id, &anyway).await.expect("the person's word");
    assert_eq!(left.position.state, State::Closed(Ending::Stopped));
    // The refused order has asked it.
    said(view(&project, &left).await, "refused");
}

#[tokio::test]
async fn an_old_value_that_is_accepted_ends_it_as_unchanged() {
    // It never arrived.
    let (project, failed) = refused_after(Fault::drop_connection().before()).await;
    let stopped = project.app().undo(failed.id, &TakeBack::default()).await;
    let stopped = stopped.expect("it is asked");
    assert_eq!(stopped.position.state, State::Closed(Ending::Stopped));
    let headline = view(&project, &stopped).await.headline;
    assert!(headline.contains("accepted the old key"), "{headline}");
}

#[tokio::test]
async fn a_timer_does_not_replace_what_somebody_has_replaced_already() {
    let project = Project::lab(Strategy::Roll, GraceFrom::Roll).await;
    let first = project.first.clone().expect("a key");
    let record = project.sim.key_by_value(&first.value).expect("it is there");
    let theirs = project.page().roll(&record).await.expect("somebody rolls it");
    let rolls = project.sim.count("POST", ROLL);
    let told = went(project.rotate().await);
    assert_eq!(told.position.state, State::Failed(Code::KeyRefusedAlready));
    for _ in 0..2 {
        let rests = project.app().go_on_alone(told.id).await.expect("it is looked at");
        assert_eq!(rests.position.state, State::Failed(Code::KeyRefusedAlready));
    }
    assert_eq!(project.sim.count("POST", ROLL), rolls);
    assert!(project.sim.accepts(&theirs.value), "theirs works on");
    let ordered = project.app().go_on(told.id).await.expect("a person's word");
    assert!(ordered.position.has_minted(&ordered.plan));
}
