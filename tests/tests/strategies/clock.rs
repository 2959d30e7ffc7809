//! A machine's clock that is set, and a machine that is switched off: an overlap only becomes longer. Judged by the
//! provider's own time, in which the confirm and the revocation are that far apart.

use jiff::{SignedDuration, Timestamp};
use keywheel_core::Code;
use keywheel_core::clock::Clock;
use keywheel_core::model::{Policy, PolicyScope};
use keywheel_core::rotation::{Ending, Rotation, State, StepKind};
use provider_sim::{Fault, GraceFrom, Strategy};
use tests::project::Project;
use tests::{lab, went};

const OVERLAP: SignedDuration = SignedDuration::from_hours(24);
const HOUR: i64 = 3600;

/// In its overlap, and since when.
async fn overlapping(definition: &str) -> (Project, Timestamp) {
    let project = Project::with(Strategy::Overlap, GraceFrom::Roll, definition).await;
    if !definition.contains("[list]") {
        project.as_if_minted().await;
    }
    let policy = Policy {
        overlap_hours: Some(24),
        ..Policy::open(PolicyScope::All)
    };
    project.app().set_policy(&policy).await.expect("a policy");
    let waiting = went(project.rotate().await);
    let waits = project.app().confirm_replaced(waiting.id).await.expect("it goes on");
    assert_eq!(waits.position.step(&waits.plan), Some(StepKind::Wait));
    let begun = project.clock.now();
    (project, begun)
}

fn listed() -> String {
    lab::definition(Strategy::Overlap, GraceFrom::Roll)
}

fn lives(project: &Project) -> bool {
    let old = project.first.as_ref().expect("a key");
    project.sim.accepts(&old.value)
}

/// Another process, some time later by the provider.
async fn later(project: &mut Project, hours: i64) -> Rotation {
    project.clock.advance(SignedDuration::from_hours(hours));
    project.reopen().await;
    project.app().tick().await.expect("a tick");
    project.rotation().await.expect("a rotation")
}

fn assert_ended_in_time(project: &Project, closed: &Rotation, begun: Timestamp) {
    assert_eq!(closed.position.state, State::Closed(Ending::Completed));
    let old = project.first.as_ref().expect("a key");
    let ledger = project.sim.ledger();
    let ended = ledger
        .key_by_value(&old.value)
        .and_then(|key| key.revoked_at)
        .expect("it was revoked");
    assert!(ended.duration_since(begun) >= OVERLAP, "begun {begun}, revoked {ended}");
}

fn is_unsure(rotation: &Rotation) -> bool {
    let unsure =
        matches!(rotation.position.state, State::AwaitingTime { code, .. } if code == Some(Code::RotationTimeUnsure));
    unsure && rotation.position.step(&rotation.plan) == Some(StepKind::Wait)
}

#[tokio::test]
async fn set_forward_over_a_restart_it_shortens_nothing() {
    let (mut project, begun) = overlapping(&listed()).await;
    project.machine.jump(25 * HOUR);
    let waits = later(&mut project, 0).await;
    assert!(is_unsure(&waits) && lives(&project), "{:?}", waits.position);
    for _ in 0..23 {
        let waits = later(&mut project, 1).await;
        assert!(is_unsure(&waits) && lives(&project));
    }
    let closed = later(&mut project, 1).await;
    assert_ended_in_time(&project, &closed, begun);
}

#[tokio::test]
async fn set_back_over_a_restart_it_ends_later_and_ends() {
    let (mut project, begun) = overlapping(&listed()).await;
    project.machine.jump(-5 * HOUR);
    let waits = later(&mut project, 24).await;
    assert!(!waits.position.is_closed() && lives(&project));
    let closed = later(&mut project, 5).await;
    assert_ended_in_time(&project, &closed, begun);
}

#[tokio::test]
async fn what_a_machine_was_off_counts_by_the_providers_clock() {
    let (mut project, begun) = overlapping(&listed()).await;
    project.machine.reboot(23 * HOUR);
    project.machine.jump(2 * HOUR);
    let waits = later(&mut project, 0).await;
    assert!(is_unsure(&waits) && lives(&project));
    let left = match waits.position.state {
        State::AwaitingTime { until, .. } => until.duration_since(project.machine.now()),
        state => panic!("it does not wait: {state:?}"),
    };
    assert_eq!(
        left,
        SignedDuration::from_hours(1),
        "the provider's clock says for how long still"
    );
    let closed = later(&mut project, 1).await;
    assert_ended_in_time(&project, &closed, begun);
}

#[tokio::test]
async fn a_provider_that_does_not_answer_after_a_restart_ends_nothing() {
    let (mut project, begun) = overlapping(&listed()).await;
    project.machine.reboot(HOUR);
    project.machine.jump(30 * HOUR);
    project.sim.inject(Fault::drop_connection().always());
    for _ in 0..5 {
        let waits = later(&mut project, 1).await;
        assert!(is_unsure(&waits) && lives(&project));
    }
    project.sim.clear_faults();
    let mut closed = later(&mut project, 1).await;
    while !closed.position.is_closed() {
        closed = later(&mut project, 1).await;
    }
    assert_ended_in_time(&project, &closed, begun);
}

#[tokio::test]
async fn where_only_this_machine_can_tell_its_being_on_counts() {
    let unlisted = lab::unlisted(Strategy::Overlap, GraceFrom::Roll);
    let (mut project, begun) = overlapping(&unlisted).await;
    let mut closed = later(&mut project, 8).await;
    for day in 0.. {
        assert!(day < 10, "it ends after some days");
        // Off for the night; on from eight to four.
        project.machine.reboot(16 * HOUR);
        for _ in 0..8 {
            closed = later(&mut project, 1).await;
        }
        if closed.position.is_closed() {
            assert!(day >= 1, "three days of eight hours at least");
            break;
        }
        assert!(lives(&project));
    }
    assert_ended_in_time(&project, &closed, begun);
}
