//! The table: each cell ends, with the right key, and with nothing said that is not so.

use std::collections::BTreeMap;

use tests::cells::{Cell, play};
use tests::{Share, together};

/// The whole has so many cells at least.
const LEAST: usize = 30_000;

/// Random cells of a fixed list: several unkind things at once.
const RANDOM: usize = 2_048;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_plan_ends_at_every_unkind_provider_and_says_nothing_that_is_not_so() {
    let all = Cell::all();
    assert!(all.len() >= LEAST, "only {} cells", all.len());
    ends_well(all.into_iter(), Share::one_in(256)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_unkind_things_at_once_lead_to_an_end_as_well() {
    let seeds: Vec<u64> = (1..=RANDOM as u64).collect();
    ends_well(seeds.into_iter().map(Cell::with_seed), Share::one_in(32)).await;
}

async fn ends_well(cells: impl ExactSizeIterator<Item = Cell>, share: Share) {
    let only = std::env::var("KEYWHEEL_CELL").ok();
    let all = cells.len();
    let chosen = cells.enumerate().filter(|(n, cell)| match &only {
        Some(only) => format!("{cell:?}").contains(only),
        None => share.has(*n),
    });
    let (mut played, mut wrong) = (0, BTreeMap::<String, Vec<String>>::new());
    let act = |(n, cell): (usize, Cell)| async move { (n, cell.clone(), play(cell).await) };
    together(chosen, act, |(n, cell, found)| {
        played += 1;
        for one in found {
            wrong.entry(one).or_default().push(format!("{n} {cell:?}"));
        }
    })
    .await;
    for (what, cells) in &wrong {
        println!(
            "{} × {what}\n    {}",
            cells.len(),
            cells.first().map_or("", String::as_str)
        );
    }
    println!("{played} cells of {all}");
    assert!(wrong.is_empty(), "{} kinds of what must not be", wrong.len());
}
