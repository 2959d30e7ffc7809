//! One case: where it is struck, and what became of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use provider_sim::{Fault, GraceFrom, Malformed, RetryAfter};
use tokio::sync::Mutex;

use super::course::{Person, Settled};
use super::{Press, Profile, Row, Setup, verdict};
use crate::project::Project;
use crate::tape::{Crossing, Deed, Mishap, Moment};
use crate::together;

/// What strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Blow {
    Crash,
    Fail,
    /// It takes so many seconds.
    Delay(u32),
    /// The machine's clock is set by so many seconds.
    Jump(i32),
    Status(u16),
    /// The provider acts, and answers with that.
    StatusAfter(u16),
    RateLimited,
    Html,
    CutBody,
    Dropped,
    /// It answers success and does nothing.
    NoEffect,
    /// For so many seconds the list shows nothing of it.
    ListLag(u32),
    /// For so many seconds the new key is refused.
    Refused(u32),
    /// For so many seconds the revoked key is accepted.
    Accepted(u32),
    /// It gives up waiting, and the provider acts so many seconds later.
    Late(u32),
    /// Another process on the same data tries the same key.
    Rival,
    /// Somebody else makes a key in the same account.
    Stranger,
}

/// What the names of strangers' keys begin with.
pub(super) const THEIRS: &str = "theirs ";

impl Blow {
    /// The column of the table.
    pub fn word(self) -> &'static str {
        match self {
            Blow::Crash => "crash",
            Blow::Fail => "error",
            Blow::Delay(_) => "delay",
            Blow::Jump(_) => "clock",
            Blow::Rival => "rival",
            Blow::Stranger => "stranger",
            _ => "provider",
        }
    }

    /// Whether the provider says what is not so.
    pub fn lies(self) -> bool {
        matches!(self, Blow::NoEffect | Blow::Accepted(_))
    }

    fn mishap(self, project: &Project) -> Mishap {
        let seconds = |seconds: u32| Duration::from_secs(seconds.into());
        let fault = match self {
            Blow::Crash => return Mishap::Crash,
            Blow::Fail => return Mishap::Fail,
            Blow::Delay(span) => return Mishap::Delay(seconds(span)),
            Blow::Late(span) => return Mishap::Late(seconds(span)),
            Blow::Rival => return Mishap::Beside(project.rival()),
            Blow::Stranger => return Mishap::Beside(stranger(project)),
            Blow::Jump(span) => {
                let clock = project.machine.clone();
                return Mishap::Meanwhile(Arc::new(move || clock.jump(span.into())));
            }
            Blow::Status(status) => Fault::status(status).before(),
            Blow::StatusAfter(status) => Fault::status(status).after(),
            Blow::RateLimited => Fault::status(429).before().retry_after(RetryAfter::Seconds(40)),
            Blow::Html => Fault::malformed(Malformed::Html),
            Blow::CutBody => Fault::cut_body(20),
            Blow::Dropped => Fault::drop_connection().after(),
            Blow::NoEffect => Fault::no_effect(),
            Blow::ListLag(span) => Fault::list_lag(seconds(span)),
            Blow::Refused(span) => Fault::new_key_refused(seconds(span)),
            Blow::Accepted(span) => Fault::revoked_key_accepted(seconds(span)),
        };
        Mishap::Provider(Box::new(fault))
    }
}

fn stranger(project: &Project) -> Deed {
    let (page, sim) = (project.page(), project.sim.clone());
    Arc::new(move || {
        let (page, name) = (page.clone(), format!("{THEIRS}{}", sim.ledger().keys.len()));
        Box::pin(async move { drop(page.make(&name).await) })
    })
}

/// A blow at the n-th crossing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strike {
    pub n: usize,
    pub moment: Moment,
    pub blow: Blow,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub setup: Setup,
    pub strikes: Vec<Strike>,
}

/// What became of a case.
#[derive(Debug)]
pub struct Result {
    pub settled: Settled,
    /// How many of its blows fell.
    pub fell: usize,
    pub wrong: Vec<String>,
}

/// What is crossed when nothing goes wrong.
pub async fn rehearse(setup: Setup) -> Vec<Crossing> {
    let strikes = Vec::new();
    let (project, result) = play(&Case { setup, strikes }).await;
    assert_eq!(result.wrong, Vec::<String>::new(), "{setup:?} goes well by itself");
    project.tape.crossings()
}

/// All that a case crosses, to be read.
pub async fn retrace(case: &Case) -> Vec<Crossing> {
    play(case).await.0.tape.crossings()
}

async fn run(case: &Case) -> Result {
    play(case).await.1
}

async fn play(case: &Case) -> (Project, Result) {
    let mut project = prepared(case.setup.row, case.setup.profile).await;
    if case.setup.files > 0 {
        project = project.used_in_files(case.setup.files).await;
        verdict::watch(&project, case.setup);
    }
    for strike in &case.strikes {
        let mishap = strike.blow.mishap(&project);
        project.tape.strike(strike.n, strike.moment, mishap);
    }
    let jumps = case.strikes.iter().filter_map(|strike| match strike.blow {
        Blow::Jump(span) => Some(SignedDuration::from_secs(span.min(0).into()).abs()),
        _ => None,
    });
    let mut person = Person::new(case.setup.press, jumps.sum());
    let pressed = match case.setup.press {
        Press::Rotate | Press::Undo => project.rotate().await,
        Press::RevokeFirst => project.revoke_first().await,
    };
    if pressed.is_err() {
        project.reopen().await;
    }
    let settled = person.finish(&mut project).await;
    let fell = case.strikes.len() - project.tape.calm();
    // What the provider does late has happened by now, and Keywheel is started once more.
    project.clock.advance(SignedDuration::from_mins(15));
    project.transport.catch_up().await;
    project.reopen().await;
    project.app().tick().await.expect("nothing is in the way any more");
    let wrong = verdict::of(&project, case, &settled).await;
    (project, Result { settled, fell, wrong })
}

/// A project of its own, connected and with its first key held.
async fn prepared(row: Row, profile: Profile) -> Project {
    static FIRST: Mutex<BTreeMap<(Row, Profile), Arc<Project>>> = Mutex::const_new(BTreeMap::new());
    let mut first = FIRST.lock().await;
    let found = match first.get(&(row, profile)) {
        Some(found) => found.clone(),
        None => {
            let definition = row.definition(profile);
            let mut made = Project::with(row.strategy(), GraceFrom::Roll, &definition).await;
            if profile == Profile::Unlisted && row != Row::ByPerson {
                made.as_if_minted().await;
            }
            made.shut().await;
            let made = Arc::new(made);
            first.insert((row, profile), made.clone());
            made
        }
    };
    drop(first);
    found.fork().await
}

/// Every pair of those blows: one at each crossing of each rotation, the second so many crossings later, in the recovery.
pub async fn pairs(setups: &[Setup], blows: &[(Moment, Blow)], later: &[usize]) -> Vec<Case> {
    let mut cases = Vec::new();
    for setup in setups.iter().copied() {
        let crossings = rehearse(setup).await.len();
        let at = |n| {
            blows.iter().map(move |(moment, blow)| Strike {
                n,
                moment: *moment,
                blow: *blow,
            })
        };
        for first in (1..=crossings).flat_map(at) {
            for second in later.iter().flat_map(|later| at(first.n + later)) {
                let strikes = vec![first, second];
                cases.push(Case { setup, strikes });
            }
        }
    }
    cases
}

/// Runs them, some at a time, and hands each to the listener with what it was given for it.
pub async fn sweep<T>(cases: impl IntoIterator<Item = (T, Case)>, mut heard: impl FnMut(&T, &Case, &Result))
where
    T: Send + 'static,
{
    let played = |(name, case): (T, Case)| async move {
        let result = run(&case).await;
        (name, case, result)
    };
    together(cases, played, |(name, case, result)| heard(&name, &case, &result)).await;
}
