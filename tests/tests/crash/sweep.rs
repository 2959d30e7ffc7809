//! One world a point: something is begun, cut, gone on with, and judged.

use std::io::Write;

use provider_sim::Fault;
use serde_json::Value;

use crate::real::{ADDED, KEY, Real, Said};
use crate::verdict;

/// Where the process is cut.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cut {
    /// Right after the n-th durable write.
    After,
    /// Right before it: what came between is not written.
    Before,
}

/// What is cut.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Phase {
    Rotate,
    Replaced,
    Undo,
    /// A rotation whose mint is not answered.
    Unanswered,
    /// The person's answer to the question that follows.
    Answer,
    /// One more key.
    Create,
    /// A rotation of a key in two files.
    Deploy,
    /// Such a rotation, taken back.
    Restore,
}

impl Phase {
    /// Up to its first file, a rotation of a key in files is cut as any other.
    fn first(self) -> u32 {
        if self == Phase::Deploy { 9 } else { 1 }
    }

    fn key(self) -> &'static str {
        if self == Phase::Create { ADDED } else { KEY }
    }
}

/// One point of the sweep.
pub struct Point {
    pub name: String,
    /// Where the rotation stood when it was cut.
    pub stood: String,
    pub questions: usize,
    pub resumes: usize,
    pub wrong: Vec<String>,
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
async fn recover(real: &Real, key: &str, point: &mut Point) -> String {
    for _ in 0..8 {
        // A person is not back within a second; lists and caches have settled by then.
        real.pass(120).await;
        let said = real.run(&["--json", "resume", key], "").await;
        point.resumes += 1;
        let state = kind(&said);
        match state.as_str() {
            "awaiting_person" | "completed" | "undone" | "stopped" => return state,
            "asking" => {
                point.questions += 1;
                let after = answer(real, key, &said).await;
                if matches!(after.as_str(), "awaiting_person" | "completed") {
                    return after;
                }
            }
            _ => {}
        }
    }
    "stuck".to_owned()
}

/// The person finds the further key to be the lost one.
pub async fn answer(real: &Real, key: &str, asked: &Said) -> String {
    let question = asked.json()["question"].clone();
    let candidates = question["candidates"].as_array().cloned().unwrap_or_default();
    let unseen = real.json(&["unaccounted", "list"]).await;
    assert_eq!(
        unseen.as_array().map(Vec::len),
        Some(candidates.len()),
        "what is asked about is shown: {unseen}"
    );
    let said = match candidates.first() {
        Some(candidate) => {
            let id = candidate["remoteId"].as_str().unwrap();
            real.run(&["--json", "resume", key, "--revoke-extra", id], "").await
        }
        None => real.run(&["--json", "resume", key, "--absent"], "").await,
    };
    kind(&said)
}

pub fn kind(said: &Said) -> String {
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
        Some((state, event, step)) => [Some(state), event, step]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · "),
    }
}

/// Begins what a phase cuts, up to the command that is cut.
async fn begin(real: &mut Real, phase: Phase) -> Vec<String> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let rotate = ["rotate", KEY, "--yes"];
    if matches!(phase, Phase::Deploy | Phase::Restore) {
        real.bind().await;
    }
    match phase {
        Phase::Rotate | Phase::Deploy => words(&rotate),
        Phase::Create => words(&["key", "add", "main", "nightly", "--env", "ci"]),
        Phase::Replaced | Phase::Undo | Phase::Restore => {
            real.run(&rotate, "").await.ok();
            words(&[if phase == Phase::Replaced { "replaced" } else { "undo" }, KEY])
        }
        Phase::Unanswered | Phase::Answer => {
            real.sim.inject(lost_answer());
            if phase == Phase::Unanswered {
                return words(&rotate);
            }
            assert_eq!(real.run(&rotate, "").await.code, Some(76));
            let open = real.json(&["unaccounted", "list"]).await;
            words(&["resume", KEY, "--revoke-extra", open[0]["remoteId"].as_str().unwrap()])
        }
    }
}

/// The key is created and the answer does not arrive.
pub fn lost_answer() -> Fault {
    Fault::drop_connection()
        .on("POST", "/api/v1/organizations/*/api-keys")
        .after()
}

/// Cuts one phase at one point in a world of its own. None: it ran to its end before.
async fn point(phase: Phase, cut: Cut, n: u32) -> Option<Point> {
    verdict::forget().await;
    let before = verdict::items().await;
    let mut real = Real::connected().await;
    let verb = begin(&mut real, phase).await;
    let number = n.to_string();
    let mut cutting = vec![cut.option(), &number];
    cutting.extend(verb.iter().map(String::as_str));
    let said = real.run(&cutting, "").await;
    if said.code.is_some() {
        assert!(matches!(said.code, Some(0 | 76)), "it ran to its end: {said:?}");
        return None;
    }
    let mut point = Point {
        name: format!("{phase:?} {} {n}", if cut == Cut::After { "after" } else { "before" }),
        stood: stands(&real).await,
        questions: 0,
        resumes: 0,
        wrong: Vec::new(),
    };
    if phase != Phase::Replaced && !real.old_record().is_live() {
        let early = "the old key was revoked before anybody confirmed";
        point.wrong.push(early.to_owned());
    }
    let mut state = recover(&real, phase.key(), &mut point).await;
    point.wrong.extend(verdict::files(&real, &state).await);
    if phase != Phase::Create && matches!(state.as_str(), "undone" | "stopped") {
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
    point.wrong.extend(verdict::files(&real, &state).await);
    point.wrong.extend(match phase {
        Phase::Create => verdict::created(&real, &before).await,
        _ => verdict::replaced(&real, &before).await,
    });
    Some(point)
}

/// All points of a phase, until it runs to its end.
pub async fn sweep(phase: Phase, cut: Cut, least: usize) {
    let mut points = Vec::new();
    for n in phase.first()..60 {
        match point(phase, cut, n).await {
            Some(point) => {
                row(&point);
                points.push(point);
            }
            None => break,
        }
    }
    let wrong: Vec<String> = points
        .iter()
        .filter(|point| !point.wrong.is_empty())
        .map(|point| format!("{}: {:?}", point.name, point.wrong))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(points.len() >= least, "only {} points were cut", points.len());
}

/// Past the test harness, which keeps what a passing test prints.
pub fn row(point: &Point) {
    let outcome = if point.wrong.is_empty() {
        "one live key, all agree".to_owned()
    } else {
        point.wrong.join("; ")
    };
    let line = format!(
        "{:<19} {:<44} resumed {}, asked {}  {outcome}\n",
        point.name, point.stood, point.resumes, point.questions
    );
    let _ = std::io::stdout().write_all(line.as_bytes());
}
