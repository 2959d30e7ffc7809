//! Random cases: a seed says all of one.

use keywheel_core::clock::Entropy;

use super::aloud::Aloud;
use super::case::{Blow, Case, Strike, sweep};
use super::table::Table;
use super::{Press, Row, Setup};
use crate::clock::SeededEntropy;
use crate::tape::Moment;

/// Further than most rotations come.
const FURTHEST: u64 = 70;

/// The case of a seed.
pub fn with_seed(seed: u64) -> Case {
    let chance = SeededEntropy::new(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
    let draw = |below: u64| {
        let mut bytes = [0; 8];
        chance.fill(&mut bytes);
        u64::from_le_bytes(bytes) % below
    };
    let pick = |below: usize| usize::try_from(draw(below as u64)).unwrap_or(0);
    let row = Row::ALL[pick(Row::ALL.len())];
    let profile = row.profiles()[pick(row.profiles().len())];
    let press = match draw(10) {
        0 if row == Row::Overlap => Press::RevokeFirst,
        1 | 2 if row.overlaps() => Press::Undo,
        _ => Press::Rotate,
    };
    let strikes = (0..draw(5)).map(|_| Strike {
        n: usize::try_from(1 + draw(FURTHEST)).unwrap_or(1),
        moment: [Moment::Before, Moment::After][pick(2)],
        blow: blow(row, &draw),
    });
    let strikes = strikes.collect();
    let files = [0, 0, 1, 2][pick(4)];
    let setup = Setup {
        row,
        profile,
        press,
        files,
    };
    Case { setup, strikes }
}

fn blow(row: Row, draw: &impl Fn(u64) -> u64) -> Blow {
    let seconds = |most: u64| u32::try_from(1 + draw(most)).unwrap_or(1);
    match draw(22) {
        0..=3 => Blow::Crash,
        4..=6 => Blow::Fail,
        7 => Blow::Delay(seconds(400)),
        8 => Blow::Jump(i32::try_from(draw(14_400)).unwrap_or(0) - 7_200),
        9 => Blow::Status([401, 403, 404, 500, 503][usize::try_from(draw(5)).unwrap_or(0)]),
        10 => Blow::StatusAfter([429, 500, 502][usize::try_from(draw(3)).unwrap_or(0)]),
        11 => Blow::RateLimited,
        12 => Blow::Html,
        13 => Blow::CutBody,
        14 => Blow::Dropped,
        15 => Blow::NoEffect,
        16 => Blow::ListLag(seconds(50)),
        17 => Blow::Refused(seconds(30)),
        18 => Blow::Accepted(seconds(600)),
        19 => Blow::Late(seconds(50)),
        // Where a person makes the keys, they see who took the place.
        20 if row != Row::ByPerson => Blow::Stranger,
        _ => Blow::Rival,
    }
}

/// Runs so many cases from that seed on and returns their table; with `aloud`, says at once what went wrong, and
/// every ten seconds how far it is.
pub async fn soak(seed: u64, cases: u64, aloud: bool) -> Table {
    let (mut table, mut far) = (Table::default(), aloud.then(|| Aloud::of(cases)));
    let seeds = (0..cases).map(|n| seed.wrapping_add(n));
    sweep(seeds.map(|seed| (seed, with_seed(seed))), |seed, case, result| {
        let known = table.wrong.len();
        table.enter(&format!("seed {seed}: "), case, result);
        for wrong in table.wrong.iter().skip(known).filter(|_| aloud) {
            println!("{wrong}");
        }
        if let Some(far) = &mut far {
            far.look(&table);
        }
    })
    .await;
    table
}
