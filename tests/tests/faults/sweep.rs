//! One case: a fault or two, a restart, a person who goes on, and the judge.

use keywheel_core::failure::Code;
use keywheel_core::rotation::{Ending, State};
use tests::tape::Crossing;
use tests::{Mishap, Moment, Outcome, World};
use tokio::task::JoinSet;

/// What a person starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    Rotate,
    Create,
    Revoke,
}

impl Act {
    pub const ALL: [Act; 3] = [Act::Rotate, Act::Create, Act::Revoke];

    /// Starts it; what fails or crashes then is followed by a new process, or a crash only.
    async fn start(self, world: &mut World, restarts: bool) {
        let done = match self {
            Act::Rotate => world.rotate().await,
            Act::Create => world.create("reports").await,
            Act::Revoke => world.revoke().await,
        };
        if restarts || done.is_err() {
            world.reopen().await;
        }
    }
}

/// One fault of the sweep.
#[derive(Clone)]
pub struct Case {
    pub act: Act,
    pub word: &'static str,
    pub at: Crossing,
    pub moment: Moment,
    pub mishap: Mishap,
    /// A second one, so many crossings later.
    pub second: Option<(usize, Moment, Mishap)>,
    /// Whether a new process goes on, or the same one.
    pub restarts: bool,
}

/// What became of a case.
pub struct Verdict {
    pub outcome: Outcome,
    pub asked: bool,
    pub reminted: bool,
    pub violations: Vec<String>,
}

/// What an act crosses when nothing goes wrong.
pub async fn rehearse(act: Act) -> Vec<Crossing> {
    let mut world = World::calm().connected().await;
    act.start(&mut world, true).await;
    let end = world.finish().await;
    assert_eq!(
        end.outcome,
        Outcome::Closed(Ending::Completed),
        "{act:?} goes well by itself"
    );
    assert_eq!(world.violations().await, Vec::<String>::new(), "{act:?}");
    world.tape.crossings()
}

async fn run(case: &Case) -> Verdict {
    let act = case.act;
    let mut world = World::with(case.at.n, case.moment, case.mishap.clone());
    if let Some((later, moment, mishap)) = case.second.clone() {
        world = world.and(case.at.n + later, moment, mishap);
    }
    let mut world = world.connected().await;
    act.start(&mut world, case.restarts).await;
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
    // The first mint and one more by itself; a third only after a person's word.
    let most = if case.second.is_some() { 3 } else { 2 };
    let sent = world
        .sim
        .count("POST", &format!("/api/v1/organizations/{}/api-keys", world.org.id));
    if sent > most {
        violations.push(format!("I15: {sent} mints were sent"));
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

pub async fn sweep(cases: Vec<Case>) -> Vec<(Case, Verdict)> {
    let (mut running, mut done) = (JoinSet::new(), Vec::new());
    let mut cases = cases.into_iter();
    loop {
        while running.len() < 4
            && let Some(case) = cases.next()
        {
            running.spawn(async move {
                let verdict = run(&case).await;
                (case, verdict)
            });
        }
        match running.join_next().await {
            Some(finished) => done.push(finished.expect("no case panics")),
            None => return done,
        }
    }
}
