//! `soak N [SEED]`: N random rotations from that seed on. `soak pairs`: every pair of faults, the second in the recovery.
//!
//! Prints the table of what became of them, and each that went wrong.

use std::process::ExitCode;

use tests::Moment;
use tests::matrix::{Blow, Table, pairs, soak, sweep, with_seed};

#[tokio::main(flavor = "multi_thread")]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let table = match words.as_slice() {
        ["pairs"] => all_pairs().await,
        [cases, rest @ ..] => {
            let seed = rest.first().map_or(Ok(1), |seed| seed.parse());
            let (Ok(cases), Ok(seed)) = (cases.parse(), seed) else {
                return ExitCode::from(2);
            };
            if cases == 1 {
                println!("{:#?}", with_seed(seed));
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

async fn all_pairs() -> Table {
    let later: Vec<usize> = (1..=24).collect();
    let second = [(Moment::After, Blow::Crash), (Moment::Before, Blow::Fail)];
    let cases = pairs(&later, &second).await;
    println!("{} pairs", cases.len());
    let mut table = Table::default();
    let cases = cases.into_iter().map(|case| ((), case));
    sweep(cases, |(), case, result| table.enter("", case, result)).await;
    table
}
