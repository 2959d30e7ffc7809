//! A crash after each crossing of each strategy, then *Resume*: nothing lost, nothing left behind.

use keywheel_core::rotation::{Ending, Rotation, State, StepKind};
use provider_sim::{GraceFrom, Strategy};
use tests::project::Project;
use tests::{Done, Mishap, Moment, Share, together};

/// What is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Press {
    Rotate,
    /// After a leak.
    RevokeFirst,
}

const CASES: [(Strategy, GraceFrom, Press); 7] = [
    (Strategy::Overlap, GraceFrom::Roll, Press::Rotate),
    (Strategy::Overlap, GraceFrom::Roll, Press::RevokeFirst),
    (Strategy::Roll, GraceFrom::Roll, Press::Rotate),
    (Strategy::RollWithGrace, GraceFrom::Roll, Press::Rotate),
    (Strategy::RollWithGrace, GraceFrom::FirstUse, Press::Rotate),
    (Strategy::ReplaceFirst, GraceFrom::Roll, Press::Rotate),
    (Strategy::TwoSlot, GraceFrom::Roll, Press::Rotate),
];

async fn press(project: &Project, press: Press) -> Done<Rotation> {
    match press {
        Press::Rotate => project.rotate().await,
        Press::RevokeFirst => project.revoke_first().await,
    }
}

/// Presses what can be pressed until it is closed; returns how many questions were asked.
async fn finish(project: &mut Project, first: Press) -> u32 {
    let mut questions = 0;
    for _ in 0..200 {
        let Some(rotation) = project.rotation().await else {
            if press(project, first).await.is_err() {
                project.reopen().await;
            }
            continue;
        };
        let (app, id) = (project.app(), rotation.id);
        let pressed = match rotation.position.state {
            State::Closed(_) => return questions,
            State::AwaitingPerson => {
                project
                    .live(async move { app.confirm_replaced(id).await.map(drop) })
                    .await
            }
            State::AwaitingTime { until, .. } => {
                let left = until.duration_since(project.clock.now());
                project.clock.advance(left.max(jiff::SignedDuration::ZERO));
                project.live(async move { app.tick().await.map(drop) }).await
            }
            State::Asking => {
                questions += 1;
                let absent = keywheel_core::app::Answer::Absent;
                project
                    .live(async move { app.answer(id, absent).await.map(drop) })
                    .await
            }
            _ => project.live(async move { app.go_on(id).await.map(drop) }).await,
        };
        if pressed.is_err() {
            project.reopen().await;
        }
    }
    panic!("it does not come to an end")
}

/// One crash, gone on with to its end.
async fn crashed(strategy: Strategy, from: GraceFrom, first: Press, n: usize, moment: Moment) {
    let mut project = Project::lab(strategy, from).await;
    project.tape.strike(n, moment, Mishap::Crash);
    if press(&project, first).await.is_err() {
        project.reopen().await;
    }
    let questions = finish(&mut project, first).await;
    let closed = project.rotation().await.expect("a rotation");
    let what = || {
        format!(
            "{strategy:?} {from:?} {first:?} {moment:?} crossing {n}: {:?}",
            closed.position
        )
    };
    assert_eq!(closed.position.state, State::Closed(Ending::Completed), "{}", what());
    assert!(questions <= 1, "{}", what());
    let serving = project.serving_value().await.expect("a value is held");
    let mut live = project.live_values();
    if strategy == Strategy::TwoSlot {
        // The spare slot has a value as well, which nobody needs to know.
        assert_eq!(live.len(), 2, "{}", what());
        live.retain(|value| *value == serving);
        let old = project.first.as_ref().expect("a key");
        assert!(!project.sim.accepts(&old.value), "{}", what());
    }
    assert_eq!(live, [serving], "{}", what());
    assert!(closed.plan.index(StepKind::ProveDead).is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_after_any_crossing_ends_with_exactly_the_value_that_is_held() {
    let (share, mut cases) = (Share::one_in(16), Vec::new());
    for (strategy, from, first) in CASES {
        let mut rehearsal = Project::lab(strategy, from).await;
        let _ = press(&rehearsal, first).await;
        finish(&mut rehearsal, first).await;
        for n in 0..rehearsal.tape.crossings().len() {
            let struck = [Moment::Before, Moment::After].into_iter().enumerate();
            let struck = struck.filter(|(at, _)| share.has(n + at));
            cases.extend(struck.map(|(_, moment)| (strategy, from, first, n, moment)));
        }
    }
    let crashes = cases.len();
    assert!(crashes > share.least(150), "{crashes}");
    let crash = |(strategy, from, first, n, moment)| crashed(strategy, from, first, n, moment);
    together(cases, crash, drop).await;
    println!("{crashes} crashes, 0 wrong");
}
