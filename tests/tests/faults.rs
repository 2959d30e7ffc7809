//! Every single fault, at every point of every act: what is crossed is found out by a run in which
//! nothing goes wrong, then each crossing is cut, spoilt and delayed in turn.
//!
//! After the fault the process starts anew and the person goes on. Within half an hour there is an end,
//! and provider, keychain and database agree on it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use keywheel_core::failure::Code;
use keywheel_core::rotation::{Ending, State};
use provider_sim::{Fault, Malformed, RetryAfter};
use tests::tape::Crossing;
use tests::{Mishap, Moment, Outcome, Port, World};
use tokio::task::JoinSet;

/// What a person starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    Rotate,
    Create,
    Revoke,
}

impl Act {
    const ALL: [Act; 3] = [Act::Rotate, Act::Create, Act::Revoke];

    async fn start(self, world: &mut World) {
        let done = match self {
            Act::Rotate => world.rotate().await,
            Act::Create => world.create("reports").await,
            Act::Revoke => world.revoke().await,
        };
        // A failure and a crash are both followed by a new start.
        let _ = done;
        world.reopen().await;
    }
}

/// One fault of the sweep.
#[derive(Clone)]
struct Case {
    act: Act,
    word: &'static str,
    at: Crossing,
    moment: Moment,
    mishap: Mishap,
}

/// What became of a case.
struct Verdict {
    outcome: Outcome,
    asked: bool,
    reminted: bool,
    violations: Vec<String>,
}

/// Faults that make sense at a port; the provider's own only there.
fn mishaps(crossing: &Crossing) -> Vec<(&'static str, Moment, Mishap)> {
    let mut list = vec![
        ("crash before", Moment::Before, Mishap::Crash),
        ("crash after", Moment::After, Mishap::Crash),
        ("fails before", Moment::Before, Mishap::Fail),
        ("fails after", Moment::After, Mishap::Fail),
        ("45 s late", Moment::Before, Mishap::Delay(Duration::from_secs(45))),
        ("6 min late", Moment::After, Mishap::Delay(Duration::from_secs(360))),
    ];
    if crossing.port != Port::Provider {
        return list;
    }
    for (word, fault) in [
        ("500 before", Fault::status(500).before()),
        ("500 after", Fault::status(500).after()),
        ("502 after", Fault::status(502).after()),
        ("401", Fault::status(401).before()),
        ("403", Fault::status(403).before()),
        ("404", Fault::status(404).before()),
        ("429", Fault::status(429).before().retry_after(RetryAfter::Seconds(40))),
        ("429 after", Fault::status(429).after()),
        ("html", Fault::malformed(Malformed::Html)),
        ("half a body", Fault::malformed(Malformed::Truncated)),
        ("wrong types", Fault::malformed(Malformed::WrongTypes)),
        ("cut body", Fault::cut_body(20)),
    ] {
        list.push((word, Moment::Before, Mishap::Provider(Box::new(fault))));
    }
    if crossing.what.mutates() {
        list.push((
            "acts 20 s after timeout",
            Moment::Before,
            Mishap::Late(Duration::from_secs(20)),
        ));
        let lag = Fault::list_lag(Duration::from_secs(30));
        list.push(("list lags", Moment::Before, Mishap::Provider(Box::new(lag))));
    }
    list
}

/// What an act crosses when nothing goes wrong.
async fn rehearse(act: Act) -> Vec<Crossing> {
    let mut world = World::calm().connected().await;
    act.start(&mut world).await;
    let end = world.finish().await;
    assert_eq!(
        end.outcome,
        Outcome::Closed(Ending::Completed),
        "{act:?} goes well by itself"
    );
    assert_eq!(world.violations().await, Vec::<String>::new(), "{act:?}");
    world.tape.crossings()
}

async fn run(act: Act, mut world: World) -> Verdict {
    act.start(&mut world).await;
    let settled = world.finish().await;
    // What the provider does late has happened by now, and Keywheel is started once more.
    world.advance(5);
    world.transport.catch_up().await;
    world.reopen().await;
    world.app().tick().await.expect("nothing is in the way any more");
    let mut violations = world.violations().await;
    violations.extend(world.loose_ends(settled.outcome).await);
    if act != Act::Revoke && !world.has_working_key().await {
        violations.push("the owner is left without a working key".to_owned());
    }
    if matches!(settled.outcome, Outcome::Open(_)) && !is_alarm(&world, settled.outcome) {
        violations.push(format!("no end within half an hour: {:?}", settled.outcome));
    }
    if settled.mints > 2 {
        violations.push(format!("I15: {} mints", settled.mints));
    }
    if act == Act::Revoke
        && settled.outcome == Outcome::Closed(Ending::Completed)
        && world.sim.accepts(&world.old.value)
    {
        violations.push("the revoked key counts as dead and is accepted".to_owned());
    }
    Verdict {
        outcome: settled.outcome,
        asked: settled.questions > 0,
        reminted: settled.mints > 1,
        violations,
    }
}

/// The provider said that the old key is gone, and it is not: shown and asked again for as long as it lasts.
fn is_alarm(world: &World, outcome: Outcome) -> bool {
    let Outcome::Open(State::AwaitingTime { code, .. }) = outcome else {
        return false;
    };
    code == Some(Code::KeyStillAccepted) && world.sim.accepts(&world.old.value)
}

async fn sweep(cases: Vec<Case>) -> Vec<(Case, Verdict)> {
    let (mut running, mut done) = (JoinSet::new(), Vec::new());
    let mut cases = cases.into_iter();
    loop {
        while running.len() < 4
            && let Some(case) = cases.next()
        {
            running.spawn(async move {
                let world = World::with(case.at.n, case.moment, case.mishap.clone())
                    .connected()
                    .await;
                let verdict = run(case.act, world).await;
                (case, verdict)
            });
        }
        match running.join_next().await {
            Some(finished) => done.push(finished.expect("no case panics")),
            None => return done,
        }
    }
}

/// One line of the table.
#[derive(Default)]
struct Line {
    cases: usize,
    completed: usize,
    undone: usize,
    stopped: usize,
    nothing: usize,
    open: usize,
    asked: usize,
    reminted: usize,
    violated: usize,
}

impl Line {
    fn enter(&mut self, verdict: &Verdict) {
        self.cases += 1;
        match verdict.outcome {
            Outcome::Closed(Ending::Completed) => self.completed += 1,
            Outcome::Closed(Ending::Undone) => self.undone += 1,
            Outcome::Closed(Ending::Stopped) => self.stopped += 1,
            Outcome::Nothing => self.nothing += 1,
            Outcome::Open(_) => self.open += 1,
        }
        self.asked += usize::from(verdict.asked);
        self.reminted += usize::from(verdict.reminted);
        self.violated += usize::from(!verdict.violations.is_empty());
    }
}

fn table(results: &[(Case, Verdict)]) -> String {
    let mut lines: BTreeMap<(Act, Port, &str), Line> = BTreeMap::new();
    let mut sum = Line::default();
    for (case, verdict) in results {
        lines
            .entry((case.act, case.at.port, case.word))
            .or_default()
            .enter(verdict);
        sum.enter(verdict);
    }
    let mut text = String::from(
        "act     port       fault                    cases  completed  undone  stopped  alarm  asked  re-minted  wrong\n",
    );
    let mut row = |act: String, port: String, word: &str, line: &Line| {
        let _ = writeln!(
            text,
            "{act:<7} {port:<10} {word:<24} {:>5} {:>10} {:>7} {:>8} {:>6} {:>6} {:>10} {:>6}",
            line.cases,
            line.completed,
            line.undone,
            line.stopped + line.nothing,
            line.open,
            line.asked,
            line.reminted,
            line.violated
        );
    };
    for ((act, port, word), line) in &lines {
        row(
            format!("{act:?}").to_lowercase(),
            format!("{port:?}").to_lowercase(),
            word,
            line,
        );
    }
    row("all".to_owned(), String::new(), "", &sum);
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_single_fault_loses_a_key_or_leaves_one_behind() {
    let mut cases = Vec::new();
    for act in Act::ALL {
        for at in rehearse(act).await {
            for (word, moment, mishap) in mishaps(&at) {
                cases.push(Case {
                    act,
                    word,
                    at: at.clone(),
                    moment,
                    mishap,
                });
            }
        }
    }
    let results = sweep(cases).await;
    println!("{}", table(&results));
    let wrong: Vec<String> = results
        .iter()
        .filter(|(_, verdict)| !verdict.violations.is_empty())
        .map(|(case, verdict)| {
            format!(
                "{:?} at {} ({}), {}: {:?}",
                case.act, case.at.n, case.at.what, case.word, verdict.violations
            )
        })
        .collect();
    assert!(results.len() >= 200, "only {} cases", results.len());
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        results.len(),
        wrong.join("\n")
    );
}
