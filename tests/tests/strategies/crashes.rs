//! A crash after each crossing of each strategy, then *Resume*: nothing lost, nothing left behind.

use keywheel_core::rotation::{Ending, State, StepKind};
use provider_sim::{GraceFrom, Strategy};
use tests::project::Project;
use tests::{Mishap, Moment};

const CASES: [(Strategy, GraceFrom); 6] = [
    (Strategy::Overlap, GraceFrom::Roll),
    (Strategy::Roll, GraceFrom::Roll),
    (Strategy::RollWithGrace, GraceFrom::Roll),
    (Strategy::RollWithGrace, GraceFrom::FirstUse),
    (Strategy::ReplaceFirst, GraceFrom::Roll),
    (Strategy::TwoSlot, GraceFrom::Roll),
];

/// Presses what can be pressed until it is closed; returns how many questions were asked.
async fn finish(project: &mut Project) -> u32 {
    let mut questions = 0;
    for _ in 0..200 {
        let Some(rotation) = project.rotation().await else {
            if project.rotate().await.is_err() {
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

#[tokio::test]
async fn a_crash_after_any_crossing_ends_with_exactly_the_value_that_is_held() {
    let mut swept = 0;
    for (strategy, from) in CASES {
        let mut rehearsal = Project::lab(strategy, from).await;
        let _ = rehearsal.rotate().await;
        finish(&mut rehearsal).await;
        let crossings = rehearsal.tape.crossings().len();
        for n in 0..crossings {
            for moment in [Moment::Before, Moment::After] {
                let mut project = Project::lab(strategy, from).await;
                project.tape.strike(n, moment, Mishap::Crash);
                if project.rotate().await.is_err() {
                    project.reopen().await;
                }
                let questions = finish(&mut project).await;
                let closed = project.rotation().await.expect("a rotation");
                let what = || format!("{strategy:?} {from:?} {moment:?} crossing {n}: {:?}", closed.position);
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
                swept += 1;
            }
        }
    }
    println!("{swept} crashes, 0 wrong");
    assert!(swept > 150, "{swept}");
}
