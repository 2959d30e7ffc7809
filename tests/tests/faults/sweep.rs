//! One case: a fault or two, a restart, a person who goes on, and the judge.

use keywheel_core::failure::Code;
use keywheel_core::rotation::{Ending, Rotation, State};
use tests::acts::Done;
use tests::tape::Crossing;
use tests::{Mishap, Moment, Outcome, World, together};
use tokio::sync::OnceCell;

/// What a person starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    Rotate,
    Create,
    Revoke,
    /// A rotation of a key that two files use.
    Deploy,
    /// Such a rotation, taken back.
    Undo,
}

impl Act {
    pub const ALL: [Act; 5] = [Act::Rotate, Act::Create, Act::Revoke, Act::Deploy, Act::Undo];

    /// Where the act is about to be begun.
    fn prepared(self, world: World) -> World {
        match self {
            Act::Deploy | Act::Undo => world.used_in_files(2),
            Act::Rotate | Act::Create | Act::Revoke => world,
        }
    }

    /// Starts it; what fails or crashes then is followed by a new process, or a crash only.
    async fn start(self, world: &mut World, restarts: bool) {
        let done = match self {
            Act::Rotate | Act::Deploy => world.rotate().await,
            Act::Undo => taken_back(world).await,
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

/// A world that is connected already.
async fn fresh() -> World {
    static FIRST: OnceCell<World> = OnceCell::const_new();
    FIRST.get_or_init(|| World::calm().to_fork()).await.fork().await
}

/// What an act crosses when nothing goes wrong.
pub async fn rehearse(act: Act) -> Vec<Crossing> {
    let mut world = act.prepared(fresh().await).begun().await;
    act.start(&mut world, true).await;
    let end = world.finish().await;
    let ending = if act == Act::Undo {
        Ending::Undone
    } else {
        Ending::Completed
    };
    assert_eq!(end.outcome, Outcome::Closed(ending), "{act:?} goes well by itself");
    assert_eq!(world.violations().await, Vec::<String>::new(), "{act:?}");
    world.tape.crossings()
}

/// Rotated up to the person's word, which is that the new key is not wanted.
async fn taken_back(world: &World) -> Done<Rotation> {
    match world.rotate().await {
        Ok(Ok(rotation)) => {
            let app = world.app();
            world
                .live(async move { app.undo(rotation.id, &Default::default()).await })
                .await
        }
        other => other,
    }
}

async fn run(case: &Case) -> Verdict {
    let act = case.act;
    let mut world = fresh().await.and(case.at.n, case.moment, case.mishap.clone());
    if let Some((later, moment, mishap)) = case.second.clone() {
        world = world.and(case.at.n + later, moment, mishap);
    }
    let mut world = act.prepared(world).begun().await;
    act.start(&mut world, case.restarts).await;
    let settled = world.finish().await;
    // What the provider does late has happened by now, and Keywheel is started once more.
    world.advance(5);
    world.transport.catch_up().await;
    world.reopen().await;
    world.app().tick().await.expect("nothing is in the way any more");
    let mut violations = world.violations().await;
    violations.extend(world.loose_ends(settled.outcome).await);
    if !world.files_work() {
        violations.push("a program is left with a key that does not work".to_owned());
    }
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
    let mut done = Vec::new();
    let judged = |case: Case| async move {
        let verdict = run(&case).await;
        (case, verdict)
    };
    together(cases, judged, |one| done.push(one)).await;
    done
}
