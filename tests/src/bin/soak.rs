//! `soak N [SEED]`: N random rotations from that seed on; of one alone, all that it crosses. `soak facts N [SEED]`: N random
//! cells, in which facts change and answers are not so. `soak pairs`: every pair of faults, the second in the recovery.
//!
//! Prints the table of what became of them, and each that went wrong.

use std::process::ExitCode;

use tests::Moment;
use tests::cells;
use tests::matrix::{Aloud, Blow, Setup, Table, pairs, retrace, soak, sweep, with_seed};
use tests::tape::Crossing;

#[tokio::main(flavor = "multi_thread")]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let table = match words.as_slice() {
        ["pairs"] => all_pairs().await,
        ["facts", count, rest @ ..] => {
            let seed = rest.first().map_or(Ok(1), |seed| seed.parse());
            let (Ok(count), Ok(seed)) = (count.parse(), seed) else {
                return ExitCode::from(2);
            };
            if count == 1 {
                told(cells::retrace(cells::Cell::with_seed(seed)).await);
            }
            return match cells::soak_facts(seed, count).await {
                0 => ExitCode::SUCCESS,
                _ => ExitCode::FAILURE,
            };
        }
        [cases, rest @ ..] => {
            let seed = rest.first().map_or(Ok(1), |seed| seed.parse());
            let (Ok(cases), Ok(seed)) = (cases.parse(), seed) else {
                return ExitCode::from(2);
            };
            if cases == 1 {
                let case = with_seed(seed);
                println!("{case:#?}");
                told(retrace(&case).await);
            }
            soak(seed, cases, true).await
        }
        [] => return ExitCode::from(2),
    };
    println!("{table}");
    for wrong in &table.wrong {
        println!("{wrong}");
    }
    match table.wrong.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

fn told(crossings: Vec<Crossing>) {
    for crossing in crossings {
        let failed = if crossing.done { "" } else { ", and it failed" };
        println!("{:4} {:?}{failed}", crossing.n, crossing.what);
    }
}

/// A crash, an error after the effect, a delay: each at every crossing, and each again in the recovery.
async fn all_pairs() -> Table {
    let blows = [Blow::Crash, Blow::Fail, Blow::Delay(360)].map(|blow| (Moment::After, blow));
    let setups = Setup::rotations();
    let cases = pairs(&setups, &blows, &[2, 6]).await;
    let (mut table, mut far) = (Table::of_pairs(), Aloud::of(cases.len() as u64));
    let cases = cases.into_iter().map(|case| ((), case));
    sweep(cases, |(), case, result| {
        table.enter("", case, result);
        far.look(&table);
    })
    .await;
    println!("{} pairs, {} of which struck twice", table.cases(), table.struck());
    for Setup { row, profile, .. } in setups {
        for (first, second) in blows.iter().flat_map(|first| blows.map(|second| (first.1, second.1))) {
            let fault = format!("{}, {}", first.word(), second.word());
            if table.reached(row, profile, &fault) == 0 {
                table.wrong.push(format!("{row:?} {profile:?} {fault}: never reached"));
            }
        }
    }
    table
}
