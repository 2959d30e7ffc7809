//! Every way a key can be replaced, at providers that tell more or less, struck at every crossing.

use tests::matrix::{Blow, Case, Press, Profile, Row, Setup, Strike, Table, pairs, rehearse, soak, sweep};
use tests::{Moment, Share};

/// One blow for each crossing and each kind: a crash, an error before and after the effect, a delay.
const BLOWS: [(Moment, Blow); 4] = [
    (Moment::After, Blow::Crash),
    (Moment::Before, Blow::Fail),
    (Moment::After, Blow::Fail),
    (Moment::After, Blow::Delay(360)),
];

/// In a share every fourth crossing is struck once, by one blow after the other.
async fn singles(share: Share) -> Vec<Case> {
    let mut cases = Vec::new();
    for setup in Setup::rotations() {
        for n in 1..=rehearse(setup).await.len() {
            let struck = BLOWS.into_iter().enumerate().filter(|(at, _)| share.has(n + at));
            for (_, (moment, blow)) in struck {
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
    let share = Share::one_in(4 * BLOWS.len());
    let table = table(singles(share).await).await;
    table.settle();
    for row in Row::ALL {
        for profile in row.profiles() {
            for fault in ["crash", "error", "delay"] {
                let reached = table.reached(row, *profile, fault);
                assert!(reached >= share.least(24), "{row:?} {profile:?} {fault}: {reached}");
            }
        }
    }
    assert!(table.cases() >= share.least(1_296), "{}", table.cases());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_second_crash_inside_recovery_loses_a_key() {
    let setups = Row::ALL.map(|row| Setup::rotation(row, row.profiles()[0]));
    let (share, cases) = (
        Share::one_in(16),
        pairs(&setups, &[(Moment::After, Blow::Crash)], &[1, 3, 6]).await,
    );
    let cases = cases.into_iter().enumerate().filter(|(at, _)| share.has(*at));
    let table = table(cases.map(|(_, case)| case).collect()).await;
    table.settle();
    assert!(table.cases() >= share.least(500), "{}", table.cases());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_faults_lose_no_key() {
    let seeds = Share::one_in(16).part(1..301);
    soak(seeds.start, seeds.end - seeds.start, false).await.settle();
}

/// What a soak found once: a slot whose id got lost in a crash, a replacement that arrived after the next one, a key
/// that arrived after its person had said that there is none, a key that nobody could discard, for want of its id, a
/// slot that was filled anew after it was looked at, a use of ours that a clock that was set back did not know.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_went_wrong_once_does_not_again() {
    use Moment::{After, Before};
    let case = |row, profile, press, strikes: &[(usize, Moment, Blow)]| {
        let strike = |(n, moment, blow): &(usize, Moment, Blow)| Strike {
            n: *n,
            moment: *moment,
            blow: *blow,
        };
        let rotation = Setup::rotation(row, profile);
        Case {
            setup: Setup { press, ..rotation },
            strikes: strikes.iter().map(strike).collect(),
        }
    };
    let cases = vec![
        case(
            Row::Roll,
            Profile::Unlisted,
            Press::Rotate,
            &[
                (11, Before, Blow::ListLag(25)),
                (13, After, Blow::Late(39)),
                (20, After, Blow::Html),
                (30, Before, Blow::CutBody),
            ],
        ),
        case(
            Row::RollWithGrace,
            Profile::Differences,
            Press::Rotate,
            &[(12, Before, Blow::Late(13)), (26, Before, Blow::Crash)],
        ),
        case(
            Row::TwoSlot,
            Profile::Unlisted,
            Press::Undo,
            &[(12, Before, Blow::NoEffect)],
        ),
        case(
            Row::TwoSlot,
            Profile::Unlisted,
            Press::Rotate,
            &[(10, Before, Blow::Late(35)), (13, After, Blow::Html)],
        ),
        case(
            Row::TwoSlot,
            Profile::Differences,
            Press::Undo,
            &[
                (14, Before, Blow::CutBody),
                (16, After, Blow::Crash),
                (41, After, Blow::Late(23)),
                (42, After, Blow::Fail),
            ],
        ),
        case(
            Row::TwoSlot,
            Profile::Differences,
            Press::Undo,
            &[
                (13, After, Blow::Crash),
                (26, After, Blow::Late(31)),
                (51, Before, Blow::Crash),
            ],
        ),
        case(Row::TwoSlot, Profile::Names, Press::Undo, &[(14, Before, Blow::Crash)]),
        case(
            Row::ReplaceFirst,
            Profile::Unlisted,
            Press::Rotate,
            &[(14, After, Blow::NoEffect), (31, Before, Blow::Late(48))],
        ),
        case(
            Row::Overlap,
            Profile::Unlisted,
            Press::Undo,
            &[(12, Before, Blow::Crash)],
        ),
        case(
            Row::TwoSlot,
            Profile::Differences,
            Press::Rotate,
            &[
                (69, Before, Blow::Late(40)),
                (37, Before, Blow::Late(46)),
                (30, After, Blow::Jump(-6471)),
            ],
        ),
        case(
            Row::TwoSlot,
            Profile::Differences,
            Press::Undo,
            &[
                (18, After, Blow::Crash),
                (39, Before, Blow::Dropped),
                (15, Before, Blow::Jump(-3407)),
                (31, Before, Blow::Fail),
            ],
        ),
    ];
    table(cases).await.settle();
}
