//! Every row, opened and cut off in its first step: there is nothing at the provider yet.

use provider_sim::Strategy;

use super::{Leftover, leftover};
use crate::leftovers::act::Act::*;
use crate::leftovers::setup::{By, Setup};

/// Rows whose first states are not among those of `overlap`: what is replaced and by whom, its command, its first step.
#[rustfmt::skip]
const ROWS: &[(&str, &str, Strategy, By, &str, &str)] = &[
    ("overlap-person-opened", "overlap-person-checking", Strategy::Overlap, By::Person, "rotate KEY --yes", "check"),
    ("roll-api-opened", "roll-api-checking", Strategy::Roll, By::Api, "rotate KEY --yes", "check"),
    ("roll-person-opened", "roll-person-checking", Strategy::Roll, By::Person, "rotate KEY --yes", "check"),
    ("roll_with_grace-api-opened", "roll_with_grace-api-checking", Strategy::RollWithGrace, By::Api, "rotate KEY --yes", "check"),
    ("roll_with_grace-person-opened", "roll_with_grace-person-checking", Strategy::RollWithGrace, By::Person, "rotate KEY --yes", "check"),
    ("replace_first-api-opened", "replace_first-api-checking", Strategy::ReplaceFirst, By::Api, "rotate KEY --yes", "check"),
    ("replace_first-person-opened", "replace_first-person-checking", Strategy::ReplaceFirst, By::Person, "rotate KEY --yes", "check"),
    ("two_slot-api-opened", "two_slot-api-checking", Strategy::TwoSlot, By::Api, "rotate KEY --yes", "check"),
    ("two_slot-person-opened", "two_slot-person-checking", Strategy::TwoSlot, By::Person, "rotate KEY --yes", "check"),
    ("create-api-opened", "create-api-checking", Strategy::Overlap, By::Api, "key add main nightly --env ci", "check"),
    ("create-person-opened", "create-person-checking", Strategy::Overlap, By::Person, "key add main nightly --env ci", "check"),
    ("revoke-api-opened", "revoke-api-revoking", Strategy::Overlap, By::Api, "revoke KEY --yes", "revoke_old"),
    ("revoke-person-opened", "revoke-person-cut-off", Strategy::Overlap, By::Person, "revoke KEY --yes", "revoke_old"),
];

pub(super) fn all() -> Vec<Leftover> {
    let pairs = ROWS.iter().map(|&(begun, doing, strategy, by, command, step)| {
        let setup = Setup::of(strategy, by);
        let (ready, cut) = match step {
            "check" => ("ready at check", "doing at check"),
            _ => ("ready at revoke_old", "doing at revoke_old"),
        };
        [
            leftover(
                begun,
                setup,
                &[KilledBefore(1, command)],
                ready,
                "Opened, and nothing was done.",
            ),
            leftover(
                doing,
                setup,
                &[KilledAfter(2, command)],
                cut,
                "Cut off in its first step.",
            ),
        ]
    });
    pairs.flatten().collect()
}
