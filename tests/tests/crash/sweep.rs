//! One command of one course, cut at one write after the other; each time gone on with to its end, and judged.

use provider_sim::Fault;
use tests::Share;
use tests::real::{Found, KEY, Kind, Said, files};

use crate::bench::Bench;
use crate::course::{Told, Verb};
use crate::row::{HOUR, Row};
use crate::write;

/// More commands than these, and it comes to no end.
const COMMANDS: usize = 20;

/// Where the process is cut.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cut {
    /// Right after the n-th durable write.
    After,
    /// Right before it: what came between is not written.
    Before,
    /// Not at all: the n-th write to the disk fails.
    Write,
}

/// What the person wants.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Act {
    Rotate,
    /// Rotates, and takes it back.
    Undo,
    /// Rotates, and the mint is not answered.
    Unanswered,
    /// One more key.
    Create,
    /// Rotates a key in two files.
    Deploy,
    /// The same, taken back.
    Restore,
}

impl Act {
    pub fn takes_back(self) -> bool {
        matches!(self, Act::Undo | Act::Restore)
    }

    fn in_files(self) -> bool {
        matches!(self, Act::Deploy | Act::Restore)
    }

    /// Up to its first file, a rotation of a key in files is cut as any other.
    fn first(self) -> usize {
        if self == Act::Deploy { 9 } else { 1 }
    }
}

/// A world, and all the points at which one command is cut in it.
#[derive(Debug, Clone, Copy)]
pub struct Sweep {
    pub row: Row,
    pub act: Act,
    pub verb: Verb,
    pub cuts: &'static [Cut],
    /// Fewer points than these by any cut, and something is not cut any more.
    pub least: usize,
}

/// One point of a sweep.
pub struct Point {
    pub cut: Cut,
    pub n: usize,
    /// Where the rotation stood when it was cut.
    pub stood: String,
    pub questions: usize,
    pub resumes: usize,
    pub found: Found,
}

impl Cut {
    pub fn word(self) -> &'static str {
        match self {
            Cut::After => "after",
            Cut::Before => "before",
            Cut::Write => "disk",
        }
    }

    /// The points of a sweep lie so far apart: a record is some ten writes to the disk.
    fn stride(self) -> usize {
        match self {
            Cut::After | Cut::Before => 1,
            Cut::Write => every_write().unwrap_or(11),
        }
    }

    /// Runs a command that is cut at its n-th point; says whether it had so many.
    async fn run(self, bench: &Bench, n: usize, words: &[&str], input: &str) -> (Said, bool) {
        let option = match self {
            Cut::After => "--kill-after-record",
            Cut::Before => "--kill-before-record",
            Cut::Write => return write::broken(bench, n, &[&["--json"], words].concat(), input).await,
        };
        let number = n.to_string();
        let said = bench
            .home
            .run(&[&["--json", option, &number], words].concat(), input)
            .await;
        let was_cut = said.code.is_none();
        (said, was_cut)
    }
}

impl Sweep {
    /// Cuts after each write in turn, until the command comes to its end by itself; then before each. A point begins with
    /// what the one before has left, so the first that goes wrong is the last.
    pub async fn run(self) -> Vec<Point> {
        let mut bench = self.row.connected(self.act.in_files()).await;
        let mut points: Vec<Point> = Vec::new();
        for &cut in self.cuts {
            let before = points.len();
            let share = self.share(cut);
            for n in share.from(self.act.first()).step_by(cut.stride()).take(1000) {
                let (point, was_cut) = self.point(&mut bench, cut, n).await;
                let wrong = !point.found.0.is_empty();
                // The last one was not cut, and is judged like the others.
                if was_cut || wrong {
                    points.push(point);
                }
                if wrong {
                    return points;
                }
                if !was_cut {
                    break;
                }
            }
            let (cuts, least) = (points.len() - before, share.least(self.least));
            if let Some(last) = points.last_mut() {
                let few = format!("only {cuts} points were cut");
                last.found.unless(cuts >= least, Kind::Other, few);
            }
        }
        if let Some(last) = points.last_mut() {
            last.found.by_command(&bench.home, KEY).await;
        }
        points
    }

    /// The points that run. Kills have as many shares as there are points at least: each share has one. Failing writes lie far
    /// apart already.
    fn share(&self, cut: Cut) -> Share {
        match cut {
            Cut::Write => Share::one_in(4),
            Cut::After | Cut::Before => Share::one_in(self.least),
        }
    }

    /// One rotation, cut at that write; whether it was.
    async fn point(&self, bench: &mut Bench, cut: Cut, n: usize) -> (Point, bool) {
        // Only so many mints are made within an hour.
        bench.home.pass(HOUR).await;
        bench.home.sim.clear_faults();
        if let Some(page) = &mut bench.page {
            page.forget();
        }
        if self.act == Act::Unanswered {
            bench.home.sim.inject(lost_answer());
        }
        let (mut verb, name) = match self.act {
            Act::Create => (Verb::Create, format!("nightly-{}-{n}", cut.word())),
            _ => (Verb::Rotate, String::new()),
        };
        let mut point = Point {
            cut,
            n,
            stood: String::new(),
            questions: 0,
            resumes: 0,
            found: Found::default(),
        };
        let begun = bench.newest().await;
        let (mut told, mut was_cut, mut confirmed, mut over) = (Told::default(), None, false, false);
        for _ in 0..COMMANDS {
            let (words, input) = bench.prepare(verb, &told, &name).await;
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let cuts = was_cut.is_none() && verb == self.verb;
            let (said, cut_now) = match cuts {
                true => cut.run(bench, n, &words, &input).await,
                false => (bench.home.run(&[&["--json"], &*words].concat(), &input).await, false),
            };
            confirmed |= verb == Verb::Replaced;
            point.resumes += usize::from(verb == Verb::Resume);
            point.questions += usize::from(verb == Verb::Answer && was_cut == Some(true));
            if cuts {
                was_cut = Some(cut_now);
                point.stood = bench.stands().await.0;
            }
            if bench.row.overlaps() && !confirmed && !bench.old_works() {
                point
                    .found
                    .add(Kind::Early, "the old key was revoked before anybody confirmed");
            }
            point
                .found
                .unless(bench.files_work(), Kind::Lost, "a file holds a key that does not work");
            told = Told::by(&said);
            over = told.is_over();
            if over {
                break;
            }
            verb = match bench.is_begun(&begun).await {
                true => told.next(self.act),
                // It was cut before there was anything to go on with.
                false => verb,
            };
        }
        if !over {
            let stands = bench.stands().await.0;
            point.found.add(Kind::Other, format!("it does not end: {stands}"));
            return (point, was_cut == Some(true));
        }
        point
            .found
            .unless(point.questions <= 1, Kind::Other, "more than one question");
        self.judge(bench, &told, &name, &mut point.found).await;
        (point, was_cut == Some(true))
    }

    async fn judge(&self, bench: &mut Bench, told: &Told, name: &str, found: &mut Found) {
        let before = bench.serves.clone();
        let verdict = match (told.state(), self.act) {
            ("completed", Act::Create) => bench.added(name).await,
            ("completed", act) if !act.takes_back() => bench.replaced().await,
            ("undone" | "stopped", act) if act != Act::Create => bench.as_before().await,
            (state, _) => return found.add(Kind::Other, format!("it ended as {state}")),
        };
        found.0.extend(verdict.found.0);
        let as_before = (told.state() != "completed").then_some(&*before);
        found.0.extend(files(&bench.home.sim, &bench.places, as_before).0);
    }
}

/// How far apart the failing writes lie, where a longer look is asked for.
fn every_write() -> Option<usize> {
    std::env::var("KEYWHEEL_EVERY_WRITE").ok()?.parse().ok()
}

/// The key is created and the answer does not arrive.
fn lost_answer() -> Fault {
    Fault::drop_connection()
        .on("POST", "/api/v1/organizations/*/api-keys")
        .after()
}
