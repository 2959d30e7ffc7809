//! `roll`, `roll_with_grace` and `two_slot` by API: what is replaced in place.

use provider_sim::{GraceFrom, Strategy};

use super::faults::*;
use super::{Leftover, REPLACED, ROTATE, UNDO, leftover};
use crate::leftovers::act::Act::*;
use crate::leftovers::setup::{By, Setup};

const ROLL: Setup = Setup::of(Strategy::Roll, By::Api);
/// Parts that may disagree for longer than a command waits by itself.
const SLOW: Setup = Setup {
    lag_seconds: 600,
    ..ROLL
};
const GRACE: Setup = Setup::of(Strategy::RollWithGrace, By::Api);
const AT_ONCE: Setup = Setup {
    lag_seconds: 0,
    ..GRACE
};
const FROM_USE: Setup = Setup {
    from: GraceFrom::FirstUse,
    ..GRACE
};
const SLOTS: Setup = Setup::of(Strategy::TwoSlot, By::Api);
const SLOW_SLOTS: Setup = Setup {
    lag_seconds: 600,
    ..SLOTS
};

pub(super) fn all() -> Vec<Leftover> {
    [roll(), grace(), slots()].concat()
}

fn roll() -> Vec<Leftover> {
    vec![
        leftover(
            "roll-api-check-failed",
            ROLL,
            &[Unkind(no_list), ROTATE],
            "failed at check",
            "The provider gave no list; nothing was done.",
        ),
        leftover(
            "roll-api-minting",
            ROLL,
            &[KilledAfter(4, "rotate KEY --yes")],
            "doing at mint",
            "Cut off right after the intent to roll: the old value works, and nobody knows.",
        ),
        leftover(
            "roll-api-minting-stored",
            ROLL,
            &[KilledBefore(5, "rotate KEY --yes")],
            "doing at mint",
            "Rolled, and the new value is in the keychain; the record of it was not written.",
        ),
        leftover(
            "roll-api-mint-failed",
            ROLL,
            &[Unkind(roll_refused), ROTATE],
            "failed at mint",
            "The provider refused to roll.",
        ),
        leftover(
            "roll-api-mint-unknown",
            SLOW,
            &[Unkind(roll_unanswered), ROTATE],
            "unknown at mint",
            "Rolled, and the answer was lost: nobody has a value that works. It is rolled again once the lag is over.",
        ),
        leftover(
            "roll-api-minted",
            ROLL,
            &[KilledAfter(5, "rotate KEY --yes")],
            "ready at store",
            "Rolled and in the keychain, cut off before that was looked at.",
        ),
        leftover(
            "roll-api-verify-waiting",
            ROLL,
            &[Unkind(verify_later), ROTATE],
            "awaiting_time at verify_new",
            "Rolled; the provider asks to wait before it says whether the new value works.",
        ),
        leftover(
            "roll-api-awaiting-replacement",
            ROLL,
            &[ROTATE],
            "awaiting_person at confirm",
            "Rolled: the old value is dead, and a person is to replace it where it is used.",
        ),
        leftover(
            "roll-api-proof-waiting",
            ROLL,
            &[ROTATE, Unkind(verify_later), REPLACED],
            "awaiting_time at prove_dead",
            "Replaced; the provider asks to wait before it says that the old value is refused.",
        ),
    ]
}

fn grace() -> Vec<Leftover> {
    vec![
        leftover(
            "roll_with_grace-api-minting",
            GRACE,
            &[KilledAfter(4, "rotate KEY --yes")],
            "doing at mint",
            "Cut off right after the intent to roll.",
        ),
        leftover(
            "roll_with_grace-api-mint-failed",
            GRACE,
            &[Unkind(roll_refused), ROTATE],
            "failed at mint",
            "The provider refused to roll.",
        ),
        leftover(
            "roll_with_grace-api-mint-unknown",
            Setup {
                lag_seconds: 600,
                ..GRACE
            },
            &[Unkind(roll_unanswered), ROTATE],
            "unknown at mint",
            "Rolled, and the answer was lost: the old value lives for an hour.",
        ),
        leftover(
            "roll_with_grace-api-asking",
            AT_ONCE,
            &[Unkind(roll_unanswered), ROTATE],
            "asking at mint",
            "Rolled, and the answer was lost; a person is asked, for a second roll would end the grace.",
        ),
        leftover(
            "roll_with_grace-api-awaiting-replacement",
            GRACE,
            &[ROTATE],
            "awaiting_person at confirm",
            "Rolled; the old value lives for an hour, in which a person is to replace it.",
        ),
        leftover(
            "roll_with_grace-api-grace-running",
            GRACE,
            &[ROTATE, REPLACED],
            "awaiting_time at wait",
            "Replaced; the provider ends the old value by itself within the hour.",
        ),
        leftover(
            "roll_with_grace-api-first-use-awaiting-replacement",
            FROM_USE,
            &[ROTATE],
            "awaiting_person at confirm",
            "Rolled; the old value lives until the new one is used.",
        ),
        leftover(
            "roll_with_grace-api-first-use-grace-running",
            FROM_USE,
            &[ROTATE, REPLACED],
            "awaiting_time at wait",
            "Replaced and used: the provider ends the old value an hour after that.",
        ),
        leftover(
            "roll_with_grace-api-proof-waiting",
            GRACE,
            &[ROTATE, REPLACED, Pass(3700), Unkind(verify_later), Run("resume KEY")],
            "awaiting_time at prove_dead",
            "The grace is over; the provider asks to wait before it says that the old value is refused.",
        ),
    ]
}

fn slots() -> Vec<Leftover> {
    vec![
        leftover(
            "two_slot-api-check-failed",
            SLOTS,
            &[Unkind(no_slots), ROTATE],
            "failed at check",
            "The provider gave no list; nothing was done.",
        ),
        leftover(
            "two_slot-api-minting",
            SLOTS,
            &[KilledAfter(4, "rotate KEY --yes")],
            "doing at mint",
            "Cut off right after the intent to fill the slot that nobody uses.",
        ),
        leftover(
            "two_slot-api-mint-failed",
            SLOTS,
            &[Unkind(slot_refused), ROTATE],
            "failed at mint",
            "The provider refused to fill the slot that nobody uses.",
        ),
        leftover(
            "two_slot-api-mint-unknown",
            SLOW_SLOTS,
            &[Unkind(slot_unanswered), ROTATE],
            "unknown at mint",
            "The other slot was filled and the answer was lost: it is filled again once the lag is over.",
        ),
        leftover(
            "two_slot-api-awaiting-replacement",
            SLOTS,
            &[ROTATE],
            "awaiting_person at confirm",
            "Both slots have values that are held; a person is to go over to the other one.",
        ),
        leftover(
            "two_slot-api-overlap-running",
            SLOTS,
            &[Run("policy set --overlap 24"), ROTATE, REPLACED],
            "awaiting_time at wait",
            "Replaced; the old slot keeps its value for a day.",
        ),
        leftover(
            "two_slot-api-revoking",
            SLOTS,
            &[ROTATE, KilledAfter(3, "replaced KEY")],
            "doing at revoke_old",
            "Cut off right after the intent to fill the old slot anew.",
        ),
        leftover(
            "two_slot-api-revoke-failed",
            SLOTS,
            &[ROTATE, Unkind(slot_refused), REPLACED],
            "failed at revoke_old",
            "The provider refused to fill the old slot anew: its value works.",
        ),
        leftover(
            "two_slot-api-proof-waiting",
            SLOTS,
            &[ROTATE, Unkind(verify_later), REPLACED],
            "awaiting_time at prove_dead",
            "Filled anew; the provider asks to wait before it says that the old value is refused.",
        ),
        leftover(
            "two_slot-api-discarding",
            SLOTS,
            &[ROTATE, KilledAfter(2, "undo KEY")],
            "discarding_to_end at confirm",
            "Taken back, cut off before the new value was forgotten.",
        ),
        leftover(
            "two_slot-api-undone",
            SLOTS,
            &[ROTATE, UNDO],
            "undone at confirm",
            "Taken back: the new value is forgotten, the slot keeps it.",
        ),
    ]
}
