//! SIGKILL of the real command at every write of its journal; then somebody comes back and goes on.
//!
//! Run as `cargo xtask headless -- cargo test -p tests --test crash`, with the command built by
//! `cargo build -p keywheel-cli --features fail-points`.

#![cfg(target_os = "linux")]

#[path = "crash/real.rs"]
mod real;
#[path = "crash/verdict.rs"]
mod verdict;

use std::io::Write;

use provider_sim::Fault;
use real::{KEY, Real, Said};
use serde_json::Value;

/// Where the process is cut.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Cut {
    /// Right after the n-th durable write.
    After,
    /// Right before it: what came between is not written.
    Before,
}

/// What is cut.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Phase {
    Rotate,
    Replaced,
    Undo,
}

/// One point of the sweep.
struct Point {
    name: String,
    /// Where the rotation stood when it was cut.
    stood: String,
    questions: usize,
    resumes: usize,
    wrong: Vec<String>,
}

impl Cut {
    fn option(self) -> &'static str {
        match self {
            Cut::After => "--kill-after-record",
            Cut::Before => "--kill-before-record",
        }
    }
}

/// Comes back after a crash and goes on until the new key waits to be put to use, or all is done.
async fn recover(real: &Real, point: &mut Point) -> String {
    for _ in 0..8 {
        // A person is not back within a second; lists and caches have settled by then.
        real.pass(120).await;
        let said = real.run(&["--json", "resume", KEY], "").await;
        point.resumes += 1;
        let state = kind(&said);
        match state.as_str() {
            "awaiting_person" | "completed" | "undone" | "stopped" => return state,
            "asking" => {
                point.questions += 1;
                let after = answer(real, &said).await;
                if after == "awaiting_person" {
                    return after;
                }
            }
            _ => {}
        }
    }
    "stuck".to_owned()
}

/// The person finds the further key to be the lost one.
async fn answer(real: &Real, asked: &Said) -> String {
    let question = asked.json()["question"].clone();
    let candidates = question["candidates"].as_array().cloned().unwrap_or_default();
    let unseen = real.json(&["unaccounted", "list"]).await;
    assert_eq!(unseen.as_array().map(Vec::len), Some(candidates.len()), "what is asked about is shown: {unseen}");
    let said = match candidates.first() {
        Some(candidate) => {
            let id = candidate["remoteId"].as_str().unwrap();
            real.run(&["--json", "resume", KEY, "--revoke-extra", id], "").await
        }
        None => real.run(&["--json", "resume", KEY, "--absent"], "").await,
    };
    kind(&said)
}

fn kind(said: &Said) -> String {
    let view: Value = serde_json::from_str(&said.out).unwrap_or_default();
    view["state"]["kind"].as_str().unwrap_or("no view").to_owned()
}

/// Where the rotation stands, in the database's own words.
async fn stands(real: &Real) -> String {
    let row: Option<(String, Option<String>, Option<String>)> = sqlx::query_as(
        "SELECT r.state, (SELECT event FROM journal j WHERE j.rotation_id = r.id ORDER BY seq DESC LIMIT 1),
                (SELECT step FROM journal j WHERE j.rotation_id = r.id ORDER BY seq DESC LIMIT 1)
         FROM rotations r ORDER BY r.opened_at DESC LIMIT 1",
    )
    .fetch_optional(&real.database().await)
    .await
    .unwrap();
    match row {
        None => "no rotation".to_owned(),
        Some((state, event, step)) => {
            [Some(state), event, step].into_iter().flatten().collect::<Vec<_>>().join(" · ")
        }
    }
}

/// Cuts one phase at one point in a world of its own. None: it ran to its end before.
async fn point(phase: Phase, cut: Cut, n: u32) -> Option<Point> {
    verdict::forget().await;
    let before = verdict::items().await;
    let real = Real::connected().await;
    let number = n.to_string();
    let verb: &[&str] = match phase {
        Phase::Rotate => &["rotate", KEY, "--yes"],
        Phase::Replaced => &["replaced", KEY],
        Phase::Undo => &["undo", KEY],
    };
    if phase != Phase::Rotate {
        real.run(&["rotate", KEY, "--yes"], "").await.ok();
    }
    let mut cutting = vec![cut.option(), &number];
    cutting.extend(verb);
    let said = real.run(&cutting, "").await;
    if said.code.is_some() {
        assert_eq!(said.code, Some(0), "it ran to its end: {said:?}");
        return None;
    }
    let name = format!("{phase:?} {} {n}", if cut == Cut::After { "after" } else { "before" });
    let mut point = Point { name, stood: stands(&real).await, questions: 0, resumes: 0, wrong: Vec::new() };
    if phase != Phase::Replaced && !real.old_record().is_live() {
        point.wrong.push("the old key was revoked before anybody confirmed".to_owned());
    }
    let mut state = recover(&real, &mut point).await;
    if matches!(state.as_str(), "undone" | "stopped") {
        // The slot is as before; it is rotated once more to be judged like any other.
        real.pass(3600).await;
        real.run(&["rotate", KEY, "--yes"], "").await.ok();
        state = "awaiting_person".to_owned();
    }
    if state == "awaiting_person" {
        let said = real.run(&["--json", "replaced", KEY], "").await;
        state = kind(&said);
    }
    if state != "completed" {
        point.wrong.push(format!("ended as {state}: {}", stands(&real).await));
    }
    if point.questions > 1 {
        point.wrong.push(format!("{} questions", point.questions));
    }
    point.wrong.extend(verdict::judge(&real, &before).await);
    Some(point)
}

/// All points of a phase, until it runs to its end.
async fn sweep(phase: Phase, cut: Cut, least: usize) {
    let mut points = Vec::new();
    for n in 1..60 {
        match point(phase, cut, n).await {
            Some(point) => {
                row(&point);
                points.push(point);
            }
            None => break,
        }
    }
    let wrong: Vec<String> =
        points.iter().filter(|point| !point.wrong.is_empty()).map(|point| format!("{}: {:?}", point.name, point.wrong)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(points.len() >= least, "only {} points were cut", points.len());
}

/// Past the test harness, which keeps what a passing test prints.
fn row(point: &Point) {
    let outcome = if point.wrong.is_empty() { "one live key, all agree".to_owned() } else { point.wrong.join("; ") };
    let line = format!(
        "{:<19} {:<44} resumed {}, asked {}  {outcome}\n",
        point.name, point.stood, point.resumes, point.questions
    );
    let _ = std::io::stdout().write_all(line.as_bytes());
}

fn run<F: Future<Output = ()>>(work: impl FnOnce() -> F) {
    // One world at a time: they share the session's keychain.
    static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(work());
    runtime.shutdown_background();
}

#[test]
fn a_rotation_cut_after_any_write_ends_with_one_live_key() {
    run(|| sweep(Phase::Rotate, Cut::After, 12));
}

#[test]
fn a_rotation_cut_between_an_effect_and_its_record_ends_with_one_live_key() {
    run(|| sweep(Phase::Rotate, Cut::Before, 12));
}

#[test]
fn a_revocation_cut_after_any_write_ends_with_one_live_key() {
    run(|| sweep(Phase::Replaced, Cut::After, 7));
}

#[test]
fn a_revocation_cut_between_an_effect_and_its_record_ends_with_one_live_key() {
    run(|| sweep(Phase::Replaced, Cut::Before, 7));
}

#[test]
fn an_undo_cut_anywhere_leaves_the_old_key_and_nothing_else() {
    run(|| async {
        sweep(Phase::Undo, Cut::After, 4).await;
        sweep(Phase::Undo, Cut::Before, 4).await;
    });
}

#[test]
fn a_lost_answer_becomes_one_question_and_then_one_live_key() {
    run(|| async {
        verdict::forget().await;
        let before = verdict::items().await;
        let real = Real::connected().await;
        real.sim.inject(Fault::drop_connection().on("POST", "/api/v1/organizations/*/api-keys").after());
        let said = real.run(&["--json", "rotate", KEY, "--yes"], "").await;
        assert_eq!((said.code, kind(&said).as_str()), (Some(76), "asking"), "{said:?}");
        assert!(real.old_record().is_live(), "the old key is untouched");
        assert_eq!(real.sim.live_keys(&real.org.id).len(), 3, "there is one key too many, and it is known");
        assert_eq!(real.run(&["doctor"], "").await.code, Some(75), "the doctor sees it");
        let shown = real.run(&["resume", KEY], "").await;
        assert_eq!(shown.code, Some(76), "nothing runs before the answer: {shown:?}");
        assert!(shown.out.contains("--revoke-extra"), "the answers are commands: {}", shown.out);
        let asked = real.run(&["--json", "resume", KEY], "").await;
        assert_eq!(answer(&real, &asked).await, "awaiting_person");
        real.run(&["replaced", KEY], "").await.ok();
        let wrong = verdict::judge(&real, &before).await;
        let point = Point { name: "Mint unanswered".to_owned(), stood: "asking".to_owned(), questions: 1, resumes: 2, wrong };
        row(&point);
        assert!(point.wrong.is_empty(), "{:?}", point.wrong);
    });
}
