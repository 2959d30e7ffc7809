//! Every way a key can be replaced, at providers that tell more or less, struck at every crossing.

use tests::Moment;
use tests::matrix::{Blow, Case, Row, Setup, Strike, Table, pairs, rehearse, soak, sweep};

/// One blow for each crossing and each kind: a crash, an error before and after the effect, a delay.
const BLOWS: [(Moment, Blow); 4] = [
    (Moment::After, Blow::Crash),
    (Moment::Before, Blow::Fail),
    (Moment::After, Blow::Fail),
    (Moment::After, Blow::Delay(360)),
];

async fn singles() -> Vec<Case> {
    let mut cases = Vec::new();
    for setup in Setup::rotations() {
        for n in 1..=rehearse(setup).await.len() {
            for (moment, blow) in BLOWS {
                let strikes = vec![Strike { n, moment, blow }];
                cases.push(Case { setup, strikes });
            }
        }
    }
    cases
}

async fn table(cases: Vec<Case>) -> Table {
    let mut table = Table::default();
    let cases = cases.into_iter().map(|case| ((), case));
    sweep(cases, |(), case, result| table.enter("", case, result)).await;
    table
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_single_fault_in_any_row_at_any_provider_loses_a_key() {
    let table = table(singles().await).await;
    table.settle();
    for row in Row::ALL {
        for profile in row.profiles() {
            for fault in ["crash", "error", "delay"] {
                let reached = table.reached(row, *profile, fault);
                assert!(reached >= 24, "{row:?} {profile:?} {fault}: {reached}");
            }
        }
    }
    assert!(table.cases() >= 1_296, "{}", table.cases());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_second_crash_inside_recovery_loses_a_key() {
    let cases = pairs(&[1, 3, 6], &[(Moment::After, Blow::Crash)]).await;
    let table = table(cases).await;
    table.settle();
    assert!(table.cases() >= 500, "{}", table.cases());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_faults_lose_no_key() {
    soak(1, 300, false).await.settle();
}

/// What a soak found once: a slot whose id got lost in a crash, a replacement that arrived after the next one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_went_wrong_once_does_not_again() {
    for seed in [176, 1601, 2645, 2868, 4205, 5048, 5240] {
        soak(seed, 1, false).await.settle();
    }
}
