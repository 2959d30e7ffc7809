//! Every strategy where a person makes and deletes keys on the provider's page.

use provider_sim::Strategy;

use super::faults::*;
use super::{DELETED, Leftover, REPLACED, ROTATE, TAKE, UNDO, leftover};
use crate::leftovers::act::Act::*;
use crate::leftovers::setup::{By, Setup};

const OVERLAP: Setup = Setup::of(Strategy::Overlap, By::Person);
const ROLL: Setup = Setup::of(Strategy::Roll, By::Person);
const GRACE: Setup = Setup::of(Strategy::RollWithGrace, By::Person);
const FIRST: Setup = Setup::of(Strategy::ReplaceFirst, By::Person);
const SLOTS: Setup = Setup::of(Strategy::TwoSlot, By::Person);
/// Made by API, deleted by a person.
const MIXED: Setup = Setup {
    revoked_by: By::Person,
    ..Setup::of(Strategy::Overlap, By::Api)
};

pub(super) fn all() -> Vec<Leftover> {
    [overlap(), others()].concat()
}

fn overlap() -> Vec<Leftover> {
    vec![
        leftover(
            "overlap-person-awaiting-value",
            OVERLAP,
            &[ROTATE],
            "awaiting_person at mint",
            "A person is to make a new key on the provider's page.",
        ),
        leftover(
            "overlap-person-value-stored",
            OVERLAP,
            &[ROTATE, Make, KilledBefore(2, "take KEY")],
            "awaiting_person at mint",
            "What the person handed over is in the keychain; the record of it was not written.",
        ),
        leftover(
            "overlap-person-verify-failed",
            OVERLAP,
            &[ROTATE, TakeWrong("take KEY")],
            "failed at verify_new",
            "What the person handed over is no key: they are to hand it over again.",
        ),
        leftover(
            "overlap-person-verify-waiting",
            OVERLAP,
            &[ROTATE, Unkind(verify_later), TAKE],
            "awaiting_time at verify_new",
            "The provider asks to wait before it says whether the new value works.",
        ),
        leftover(
            "overlap-person-awaiting-replacement",
            OVERLAP,
            &[ROTATE, TAKE],
            "awaiting_person at confirm",
            "Both keys live; a person is to replace the old one where it is used.",
        ),
        leftover(
            "overlap-person-overlap-running",
            OVERLAP,
            &[Run("policy set --overlap 24"), ROTATE, TAKE, REPLACED],
            "awaiting_time at wait",
            "Replaced; the old key lives on for a day.",
        ),
        leftover(
            "overlap-person-awaiting-deletion",
            OVERLAP,
            &[ROTATE, TAKE, REPLACED],
            "awaiting_person at revoke_old",
            "Replaced; a person is to delete the old key on the provider's page.",
        ),
        leftover(
            "overlap-person-proof-waiting",
            OVERLAP,
            &[ROTATE, TAKE, REPLACED, DeleteOld, Unkind(verify_later), DELETED],
            "awaiting_time at prove_dead",
            "Deleted; the provider asks to wait before it says that the old value is refused.",
        ),
        leftover(
            "overlap-person-discard-awaiting",
            OVERLAP,
            &[ROTATE, TAKE, UNDO],
            "discard_awaiting_to_end at confirm",
            "Taken back; a person is to delete the new key on the provider's page.",
        ),
        leftover(
            "overlap-person-discard-unknown",
            OVERLAP,
            &[ROTATE, TAKE, UNDO, DeleteNew, Unkind(verify_silent), DELETED],
            "discard_unknown_to_end at confirm",
            "Taken back; the person says that the new key is deleted, and the provider does not say so.",
        ),
        leftover(
            "overlap-mixed-awaiting-deletion",
            MIXED,
            &[ROTATE, REPLACED],
            "awaiting_person at revoke_old",
            "Made by API; a person is to delete the old key on the provider's page.",
        ),
        leftover(
            "overlap-mixed-discarding-refused",
            MIXED,
            &[ROTATE, UNDO],
            "discarding_to_end at confirm",
            "Made by API and taken back; nothing but a person can delete the new key, and nobody asks for that.",
        ),
    ]
}

fn others() -> Vec<Leftover> {
    vec![
        leftover(
            "roll-person-awaiting-value",
            ROLL,
            &[ROTATE],
            "awaiting_person at mint",
            "A person is to roll the key on the provider's page.",
        ),
        leftover(
            "roll-person-verify-failed",
            ROLL,
            &[ROTATE, TakeWrong("take KEY")],
            "failed at verify_new",
            "What the person handed over is no key.",
        ),
        leftover(
            "roll-person-awaiting-replacement",
            ROLL,
            &[ROTATE, TAKE],
            "awaiting_person at confirm",
            "Rolled on the page: the old value is dead, and a person is to replace it where it is used.",
        ),
        leftover(
            "roll-person-proof-waiting",
            ROLL,
            &[ROTATE, TAKE, Unkind(verify_later), REPLACED],
            "awaiting_time at prove_dead",
            "The provider asks to wait before it says that the old value is refused.",
        ),
        leftover(
            "roll_with_grace-person-awaiting-value",
            GRACE,
            &[ROTATE],
            "awaiting_person at mint",
            "A person is to roll the key on the provider's page.",
        ),
        leftover(
            "roll_with_grace-person-awaiting-replacement",
            GRACE,
            &[ROTATE, TAKE],
            "awaiting_person at confirm",
            "Rolled on the page; the old value lives for an hour.",
        ),
        leftover(
            "roll_with_grace-person-grace-running",
            GRACE,
            &[ROTATE, TAKE, REPLACED],
            "awaiting_time at wait",
            "Replaced; the provider ends the old value by itself within the hour.",
        ),
        leftover(
            "replace_first-person-awaiting-deletion",
            FIRST,
            &[ROTATE],
            "awaiting_person at revoke_old",
            "A person is to delete the old key before there is a new one.",
        ),
        leftover(
            "replace_first-person-awaiting-value",
            FIRST,
            &[ROTATE, DeleteOld, DELETED],
            "awaiting_person at mint",
            "The old key is deleted; a person is to make a new one: nothing works.",
        ),
        leftover(
            "replace_first-person-awaiting-replacement",
            FIRST,
            &[ROTATE, DeleteOld, DELETED, TAKE],
            "awaiting_person at confirm",
            "A person is to put the new key where it is used.",
        ),
        leftover(
            "two_slot-person-awaiting-value",
            SLOTS,
            &[ROTATE],
            "awaiting_person at mint",
            "A person is to fill the other slot on the provider's page.",
        ),
        leftover(
            "two_slot-person-awaiting-replacement",
            SLOTS,
            &[ROTATE, TAKE],
            "awaiting_person at confirm",
            "Both slots have values that are held; a person is to go over to the other one.",
        ),
        leftover(
            "two_slot-person-awaiting-deletion",
            SLOTS,
            &[ROTATE, TAKE, REPLACED],
            "awaiting_person at revoke_old",
            "Replaced; a person is to fill the old slot anew.",
        ),
        leftover(
            "roll_with_grace-person-verify-failed",
            GRACE,
            &[ROTATE, TakeWrong("take KEY")],
            "failed at verify_new",
            "What the person handed over is no key.",
        ),
        leftover(
            "replace_first-person-verify-failed",
            FIRST,
            &[ROTATE, DeleteOld, DELETED, TakeWrong("take KEY")],
            "failed at verify_new",
            "The old key is deleted, and what the person handed over is no key: nothing works.",
        ),
        leftover(
            "replace_first-person-verify-waiting",
            FIRST,
            &[ROTATE, DeleteOld, DELETED, Unkind(verify_later), TAKE],
            "awaiting_time at verify_new",
            "The provider asks to wait before it says whether the new value works.",
        ),
        leftover(
            "two_slot-person-verify-failed",
            SLOTS,
            &[ROTATE, TakeWrong("take KEY")],
            "failed at verify_new",
            "What the person handed over is no key.",
        ),
        leftover(
            "two_slot-person-verify-waiting",
            SLOTS,
            &[ROTATE, Unkind(verify_later), TAKE],
            "awaiting_time at verify_new",
            "The provider asks to wait before it says whether the new value works.",
        ),
        leftover(
            "two_slot-person-discard-awaiting",
            SLOTS,
            &[ROTATE, TAKE, UNDO],
            "discard_awaiting_to_end at confirm",
            "Taken back; a person is to see to the other slot.",
        ),
    ]
}
