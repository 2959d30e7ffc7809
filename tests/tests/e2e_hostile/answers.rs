//! Each answer of the kit, given once to the real command.

use std::sync::Arc;
use std::time::Duration;

use tests::keyring::Keyring;
use tokio::sync::Semaphore;

use crate::cases::{Case, all};
use crate::hub::{ADMIN, Asked, Hub, NEW, OLD};
use crate::victim::{Victim, Went};

/// So many at a time, each with a keychain of its own: most of the time is waiting for slow answers.
const TOGETHER: usize = 8;

/// The longest that a command may take: a minute for each of two mints, and reads beside them.
const LONGEST: Duration = Duration::from_secs(180);

/// The case, how it went, how often the hub was asked to mint, and how many tokens it has after that.
struct Row {
    case: Case,
    went: Went,
    mints: usize,
    live: usize,
    calls_elsewhere: usize,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_hostile_answer_ends_in_a_clear_error_within_bounds_and_nothing_goes_elsewhere() {
    let honest = {
        let hub = Hub::start().await;
        let victim = Victim::of(&hub).await;
        let went = victim.run(&["rotate", "checkout-api", "--yes"], "").await;
        assert_eq!(went.told().0, "awaiting_person", "{went:?}");
        went.peak
    };
    let turns = Arc::new(Semaphore::new(TOGETHER));
    let count = all("").len();
    assert!(count >= 25, "{count} cases");
    let running: Vec<_> = (0..count)
        .map(|n| {
            let turns = turns.clone();
            tokio::spawn(async move {
                let _turn = turns.acquire_owned().await.expect("a turn");
                tried(n).await
            })
        })
        .collect();
    let mut wrong = Vec::new();
    println!("an honest mint needs {} MB\n", honest >> 20);
    println!(
        "{:<9}{:<32}{:<30}{:<13}{:>7}{:>7}",
        "asked", "answer", "code", "effect", "s", "MB"
    );
    for row in running {
        let row = row.await.expect("a case that comes to an end");
        let (code, effect) = row.went.told();
        println!(
            "{:<9}{:<32}{code:<30}{effect:<13}{:>7.1}{:>7}",
            format!("{:?}", row.case.asked),
            row.case.name,
            row.went.took.as_secs_f32(),
            row.went.peak >> 20
        );
        let rules = [
            (
                (code.as_str(), effect.as_str()) == row.case.ends,
                format!("ends as {:?}", row.case.ends),
            ),
            (row.went.took < LONGEST, "in time".to_owned()),
            (row.went.peak < honest + row.case.growth, "in memory".to_owned()),
            (row.calls_elsewhere == 0, "calls nobody else".to_owned()),
            // What the hub says of a new token is lost: by its name it is found, deleted, and made once more.
            (row.mints <= 2, "mints once more at most".to_owned()),
            (
                row.live == 1 || row.case.ends.0.starts_with("awaiting") || row.case.asked == Asked::Revoke,
                "leaves no token that nobody has".to_owned(),
            ),
        ];
        let broken = rules.into_iter().filter(|(holds, _)| !holds);
        wrong.extend(broken.map(|(_, rule)| {
            format!(
                "{:?}, {}: not {rule}: {:?}",
                row.case.asked, row.case.name, row.went.said
            )
        }));
    }
    assert!(wrong.is_empty(), "{} rules broken:\n{}", wrong.len(), wrong.join("\n"));
}

/// Gives that answer to the command that asks for it, and looks whether the old key still works.
async fn tried(n: usize) -> Row {
    let hub = Hub::start().await;
    let case = all(&hub.witness.url()).remove(n);
    let victim = Victim::with(Keyring::own().await, &hub).await;
    if case.asked == Asked::Revoke {
        victim.run(&["rotate", "checkout-api", "--yes"], "").await.said.ok();
    }
    hub.spoil(case.asked, case.gets.clone());
    let went = match case.asked {
        Asked::List => victim.run(&["account", "refresh", "ada"], "").await,
        Asked::Who => victim.run(&["verify", "checkout-api"], "").await,
        Asked::Mint => victim.run(&["rotate", "checkout-api", "--yes"], "").await,
        Asked::Revoke => {
            // The hub sends no date, so nobody can tell how long the old token is silent.
            victim.run(&["replaced", "checkout-api"], "").await;
            victim.run(&["replaced", "--anyway", "checkout-api"], "").await
        }
    };
    hub.forgive();
    let verified = victim.run(&["verify", "checkout-api"], "").await;
    assert_eq!(verified.told().0, "live", "{}: the old key works on", case.name);
    let database = std::fs::read(victim.dir().join("keywheel.db")).expect("a database");
    let holds = |value: &str| database.windows(value.len()).any(|part| part == value.as_bytes());
    assert!(
        ![ADMIN, OLD, NEW].into_iter().any(holds),
        "{}: a value is in the database",
        case.name
    );
    Row {
        mints: hub.count(Asked::Mint),
        live: hub.live(),
        calls_elsewhere: hub.witness.requests().len(),
        case,
        went,
    }
}
