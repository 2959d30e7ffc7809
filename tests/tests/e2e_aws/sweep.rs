//! SIGKILLs at even distances in time over one whole rotation, each time gone on with and judged by the cloud.

use std::io::Write;
use std::time::{Duration, Instant};

use tests::Share;
use tests::keyring::Keyring;
use tests::machine::{Machine, Said};

use crate::cloud::{Cloud, Pair};
use crate::desk::{KEY, connect, live, name_and_hold};

const USER: &str = "margaret";

/// So many moments of the rotation are tried, and so many commands have to be really cut.
const MOMENTS: u32 = 48;
const CUTS: usize = 40;
/// So many of them at a time.
const LANES: u32 = 4;
/// A person is not back within a second; lists and caches have settled by then.
const AWAY: i64 = 120;

/// One kill and what became of it.
struct Point {
    at: Duration,
    verb: &'static str,
    /// It was killed; else it had ended before.
    cut: bool,
    stood: String,
    resumes: usize,
    questions: usize,
    wrong: Vec<String>,
}

/// How long the two commands of one rotation take when nothing stops them, as the last ones did.
#[derive(Default)]
struct Course {
    rotate: Duration,
    replaced: Duration,
}

impl Course {
    async fn rotate(&mut self, machine: &Machine) -> Said {
        let begun = Instant::now();
        let said = machine.run(&["rotate", KEY, "--yes"], "").await;
        self.rotate = followed(self.rotate, begun.elapsed());
        said
    }

    async fn replaced(&mut self, machine: &Machine) -> Said {
        let begun = Instant::now();
        let said = machine.run(&["replaced", KEY], "").await;
        self.replaced = followed(self.replaced, begun.elapsed());
        said
    }

    /// Which command is killed after how long, at that share of the whole.
    fn moment(&self, share: f64) -> (&'static str, Duration) {
        let at = (self.rotate + self.replaced).mul_f64(share);
        match at.checked_sub(self.rotate) {
            None => ("rotate", at),
            Some(at) => ("replaced", at),
        }
    }
}

/// Downwards at once and upwards slowly: a moment behind the end of a command kills nothing.
fn followed(former: Duration, took: Duration) -> Duration {
    if former.is_zero() {
        took
    } else {
        took.min(former * 5 / 4)
    }
}

#[test]
fn a_rotation_killed_at_any_time_ends_with_one_live_key_that_is_held() {
    let lanes: Vec<_> = (0..LANES).map(|lane| std::thread::spawn(move || along(lane))).collect();
    let mut points: Vec<(f64, Point)> = Vec::new();
    for lane in lanes {
        points.extend(lane.join().expect("a lane that comes to its end"));
    }
    points.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    let mut wrong = Vec::new();
    for (n, (_, point)) in points.iter().enumerate() {
        row(n + 1, point);
        if !point.wrong.is_empty() {
            wrong.push(format!("{}: {:?}", n + 1, point.wrong));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let cut = points.iter().filter(|(_, point)| point.cut).count();
    assert!(cut >= share().least(CUTS), "only {cut} commands were cut");
}

/// The moments that are tried.
fn share() -> Share {
    Share::one_in(2)
}

/// Every so-many-th moment, in a world of its own: a cloud, a keychain, a machine. How long a rotation takes is measured
/// beside the other lanes, as it is cut.
#[tokio::main(flavor = "current_thread")]
async fn along(lane: u32) -> Vec<(f64, Point)> {
    let cloud = &Cloud::start();
    let first = cloud.user(USER);
    let mut machine = Machine::demo_with(Keyring::own().await, &cloud.address, &[&cloud.admin.secret]).await;
    connect(&machine, None, USER, &cloud.admin.lines()).await.ok();
    name_and_hold(&mut machine, &first).await;

    let mut course = Course::default();
    course.rotate(&machine).await.ok();
    course.replaced(&machine).await.ok();
    let mut held = live(&machine).await;
    let mut points: Vec<(f64, Point)> = Vec::new();
    // A command that a busy machine ran faster than the last time is not cut; the moment is tried again then.
    for round in 0..4u32 {
        for n in (lane..MOMENTS).step_by(LANES as usize) {
            if !share().has((n / LANES) as usize) {
                continue;
            }
            let cuts = share().least(CUTS).div_ceil(LANES as usize);
            if round > 0 && points.iter().filter(|(_, point)| point.cut).count() >= cuts {
                break;
            }
            let share = (f64::from(n) + f64::from(round) / 4.0 + 0.125) / f64::from(MOMENTS);
            let point = kill(cloud, &machine, &mut course, &mut held, share).await;
            points.push((share, point));
        }
    }
    let open = machine.run(&["unaccounted", "list"], "").await.ok();
    assert_eq!(
        open.as_array().map(Vec::len),
        Some(0),
        "nothing is unaccounted at the end"
    );
    machine.run(&["doctor"], "").await.ok();
    points
}

/// One rotation of the slot, killed at that share of its course, then gone on with to its end.
async fn kill(cloud: &Cloud, machine: &Machine, course: &mut Course, held: &mut Pair, share: f64) -> Point {
    // Only so many mints are made within an hour.
    machine.pass(3700).await;
    let old = held.clone();
    let (verb, at) = course.moment(share);
    let mut point = Point {
        at,
        verb,
        cut: false,
        stood: String::new(),
        resumes: 0,
        questions: 0,
        wrong: Vec::new(),
    };
    if verb == "replaced" {
        course.rotate(machine).await.ok();
    }
    let words: &[&str] = if verb == "rotate" {
        &["rotate", KEY, "--yes"]
    } else {
        &["replaced", KEY]
    };
    point.cut = machine.killed_after(at, words).await.is_none();
    point.stood = stands(machine).await;
    if verb == "rotate" && !serves(cloud, &old) {
        point
            .wrong
            .push("the old key was revoked before anybody confirmed".to_owned());
    }
    recover(cloud, machine, course, &old, &mut point).await;
    // Else the next one fails for it, and says nothing of why.
    assert!(
        point.wrong.is_empty(),
        "{verb} at {at:?}, {}: {:?}",
        point.stood,
        point.wrong
    );
    *held = live(machine).await;
    judge(cloud, held, &old, &mut point);
    point
}

/// Comes back and goes on, as a person does, until the old key is gone.
async fn recover(cloud: &Cloud, machine: &Machine, course: &mut Course, old: &Pair, point: &mut Point) {
    for _ in 0..8 {
        machine.pass(AWAY).await;
        let said = match is_open(machine).await {
            true => machine.run(&["resume", KEY], "").await,
            false if point.resumes > 0 || point.verb == "replaced" => return,
            // It was cut before anything was begun.
            false => course.rotate(machine).await,
        };
        point.resumes += 1;
        match said.state() {
            "asking" => {
                point.questions += 1;
                answer(machine, &said).await;
            }
            "awaiting_person" => {
                if !serves(cloud, old) {
                    point
                        .wrong
                        .push("the old key was revoked before anybody confirmed".to_owned());
                }
                course.replaced(machine).await;
            }
            _ => {}
        }
    }
    point.wrong.push(format!("it does not end: {}", stands(machine).await));
}

/// The person finds the further key to be the lost one.
async fn answer(machine: &Machine, asked: &Said) {
    let candidates = asked.out["question"]["candidates"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    match candidates.first() {
        Some(candidate) => {
            let id = candidate["remoteId"].as_str().unwrap();
            machine.run(&["resume", KEY, "--revoke-extra", id], "").await;
        }
        None => drop(machine.run(&["resume", KEY, "--absent"], "").await),
    }
}

/// What the cloud says of the key that is held now, and of the old one.
fn judge(cloud: &Cloud, new: &Pair, old: &Pair, point: &mut Point) {
    let mut wrong = Vec::new();
    if cloud.keys(USER) != [(new.id.clone(), true)] {
        wrong.push(format!("the cloud has {:?}, held is {}", cloud.keys(USER), new.id));
    }
    if cloud.recognises(new).as_deref() != Ok(USER) {
        wrong.push("the cloud does not accept what is held".to_owned());
    }
    if new == old || serves(cloud, old) {
        wrong.push("the old key lives".to_owned());
    }
    if point.questions > 1 {
        wrong.push(format!("{} questions", point.questions));
    }
    point.wrong.extend(wrong);
}

fn serves(cloud: &Cloud, key: &Pair) -> bool {
    let listed = cloud.keys(USER).contains(&(key.id.clone(), true));
    listed && cloud.recognises(key).is_ok()
}

async fn is_open(machine: &Machine) -> bool {
    let open = "SELECT count(*) FROM rotations WHERE closed_at IS NULL";
    let n: i64 = sqlx::query_scalar(open)
        .fetch_one(&machine.database().await)
        .await
        .unwrap();
    n > 0
}

/// Where the rotation stands, in the database's own words.
async fn stands(machine: &Machine) -> String {
    let row: Option<(String, Option<String>, Option<String>)> = sqlx::query_as(
        "SELECT r.state, (SELECT event FROM journal j WHERE j.rotation_id = r.id ORDER BY seq DESC LIMIT 1),
                (SELECT step FROM journal j WHERE j.rotation_id = r.id ORDER BY seq DESC LIMIT 1)
         FROM rotations r WHERE r.closed_at IS NULL",
    )
    .fetch_optional(&machine.database().await)
    .await
    .unwrap();
    match row {
        None => "nothing open".to_owned(),
        Some((state, event, step)) => {
            let words = [Some(state), event, step];
            words.into_iter().flatten().collect::<Vec<_>>().join(" · ")
        }
    }
}

/// Past the test harness, which keeps what a passing test prints.
fn row(n: usize, point: &Point) {
    let outcome = match point.wrong.is_empty() {
        true => "one live key, held".to_owned(),
        false => point.wrong.join("; "),
    };
    let how = if point.cut { "killed" } else { "ended before" };
    let line = format!(
        "{n:>3}  {:<8} {:>5} ms  {how:<12} {:<38} resumed {}, asked {}  {outcome}\n",
        point.verb,
        point.at.as_millis(),
        point.stood,
        point.resumes,
        point.questions
    );
    let _ = std::io::stdout().write_all(line.as_bytes());
}
