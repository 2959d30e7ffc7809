//! Every single fault, at every point of every act: what is crossed is found out by a run in which
//! nothing goes wrong, then each crossing is cut, spoilt and delayed in turn.
//!
//! After the fault the process starts anew and the person goes on. Within half an hour there is an end,
//! and provider, keychain and database agree on it.

#[path = "faults/sweep.rs"]
mod sweep;
#[path = "faults/table.rs"]
mod table;

use std::time::Duration;

use keywheel_core::rotation::{Event, StepKind};
use provider_sim::{Fault, Malformed, RetryAfter};
use sweep::{Act, Case, Verdict, rehearse};
use tests::tape::Crossing;
use tests::{Mishap, Moment, Port, Share, What};

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

/// Up to its first target, a rotation of a key in files is like any other.
fn of_its_own(act: Act, crossings: Vec<Crossing>) -> Vec<Crossing> {
    let is_first = |one: &Crossing| one.what == What::Target("deploy");
    let first = crossings
        .iter()
        .position(is_first)
        .filter(|_| matches!(act, Act::Deploy | Act::Undo));
    // The intent of the first write is its own too.
    crossings
        .into_iter()
        .skip(first.unwrap_or(0).saturating_sub(3))
        .collect()
}

/// Runs the cases, prints their table, and shows what went wrong.
async fn judge(cases: Vec<Case>, at_least: usize) {
    let results: Vec<(Case, Verdict)> = sweep::sweep(cases).await;
    println!("{}", table::table(&results));
    let wrong: Vec<String> = results
        .iter()
        .filter(|(_, verdict)| !verdict.violations.is_empty())
        .map(|(case, verdict)| {
            let later = case.second.as_ref().map(|(later, moment, _)| (later, moment));
            let (at, what, word) = (case.at.n, &case.at.what, case.word);
            format!(
                "{:?} at {at} ({what}), {word}, then {later:?}: {:?}",
                case.act, verdict.violations
            )
        })
        .collect();
    assert!(results.len() >= at_least, "only {} cases", results.len());
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        results.len(),
        wrong.join("\n")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_single_fault_loses_a_key_or_leaves_one_behind() {
    let (share, mut cases) = (Share::one_in(32), Vec::new());
    for act in Act::ALL {
        for (n, at) in of_its_own(act, rehearse(act).await).into_iter().enumerate() {
            let struck = mishaps(&at).into_iter().enumerate();
            for (_, (word, moment, mishap)) in struck.filter(|(at, _)| share.has(n + at)) {
                cases.push(Case {
                    act,
                    word,
                    at: at.clone(),
                    moment,
                    mishap,
                    second: None,
                    restarts: true,
                });
            }
        }
    }
    judge(cases, share.least(600)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_met_a_fault_goes_on_as_well_as_a_new_one() {
    let (share, mut cases) = (Share::one_in(8), Vec::new());
    for act in Act::ALL {
        for (n, at) in of_its_own(act, rehearse(act).await).into_iter().enumerate() {
            let struck = [("fails before", Moment::Before), ("fails after", Moment::After)];
            let struck = struck.into_iter().enumerate().filter(|(at, _)| share.has(n + at));
            for (_, (word, moment)) in struck {
                let mishap = Mishap::Fail;
                cases.push(Case {
                    act,
                    word,
                    at: at.clone(),
                    moment,
                    mishap,
                    second: None,
                    restarts: false,
                });
            }
        }
    }
    judge(cases, share.least(100)).await;
}

/// From the intent of the mint to its value in the keychain.
fn is_of_the_mint(crossing: &Crossing) -> bool {
    match &crossing.what {
        What::Record(event) => matches!(event, Event::Applied(StepKind::Mint)),
        What::Keychain { verb, item } => *verb == "put" && item.starts_with("version/"),
        what => what.mutates() && crossing.port == Port::Provider,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_second_fault_while_a_lost_mint_is_settled_does_harm() {
    let act = Act::Rotate;
    let mint = rehearse(act).await.into_iter().filter(is_of_the_mint).take(3);
    let (share, mut cases) = (Share::one_in(16), Vec::new());
    for at in mint {
        for (word, moment, mishap) in [
            ("crash before", Moment::Before, Mishap::Crash),
            ("crash after", Moment::After, Mishap::Crash),
        ] {
            for later in 1..=24 {
                for (moment_2, mishap_2) in [
                    (Moment::After, Mishap::Crash),
                    (Moment::Before, Mishap::Fail),
                    (Moment::After, Mishap::Fail),
                ] {
                    let second = Some((later, moment_2, mishap_2));
                    let (at, mishap) = (at.clone(), mishap.clone());
                    cases.push(Case {
                        act,
                        word,
                        at,
                        moment,
                        mishap,
                        second,
                        restarts: true,
                    });
                }
            }
        }
    }
    let cases = cases.into_iter().enumerate().filter(|(at, _)| share.has(*at));
    judge(cases.map(|(_, case)| case).collect(), share.least(400)).await;
}
