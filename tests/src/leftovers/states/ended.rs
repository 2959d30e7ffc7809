//! What is over: proven, unlisted, told; undone and stopped; and ended by a list alone, without any act.

use provider_sim::Strategy;

use super::faults::*;
use super::{DELETED, Leftover, REPLACED, RESUME, ROTATE, TAKE, UNDO, leftover};
use crate::leftovers::act::Act::{self, *};
use crate::leftovers::setup::{By, Lists, Setup};

const REFRESH: Act = Run("account refresh");

const fn api(strategy: Strategy) -> Setup {
    Setup::of(strategy, By::Api)
}

const fn person(strategy: Strategy) -> Setup {
    Setup::of(strategy, By::Person)
}

/// No call tells whether a value works.
const fn told(strategy: Strategy, by: By) -> Setup {
    Setup {
        verifies: false,
        ..Setup::of(strategy, by)
    }
}

/// Nor is there a list.
const BLIND: Setup = Setup {
    lists: Lists::Nothing,
    ..told(Strategy::Overlap, By::Api)
};

pub(super) fn all() -> Vec<Leftover> {
    [proven(), by_word(), taken_back(), without_an_act()].concat()
}

fn proven() -> Vec<Leftover> {
    let unheld = Setup {
        held: false,
        ..api(Strategy::Overlap)
    };
    let refused = "A call with the old value was refused.";
    let done = "completed at end";
    let grace = [ROTATE, REPLACED, Pass(3700), RESUME];
    let in_time = [ROTATE, TAKE, REPLACED, Pass(3700), RESUME];
    let by_person = [ROTATE, TAKE, REPLACED, DeleteOld, DELETED];
    let refilled = [ROTATE, TAKE, REPLACED, RefillOld, DELETED];
    let first = [ROTATE, DeleteOld, DELETED, TAKE, REPLACED];
    let of = |name, setup, acts: &[Act]| leftover(name, setup, acts, done, refused);
    let calm: &[Act] = &[ROTATE, REPLACED];
    vec![
        of("overlap-api-proven", api(Strategy::Overlap), calm),
        of("roll-api-proven", api(Strategy::Roll), calm),
        of("roll_with_grace-api-proven", api(Strategy::RollWithGrace), &grace),
        of("replace_first-api-proven", api(Strategy::ReplaceFirst), calm),
        of("two_slot-api-proven", api(Strategy::TwoSlot), calm),
        of(
            "roll_with_grace-person-proven",
            person(Strategy::RollWithGrace),
            &in_time,
        ),
        of("two_slot-person-proven", person(Strategy::TwoSlot), &refilled),
        of("overlap-person-proven", person(Strategy::Overlap), &by_person),
        of("roll-person-proven", person(Strategy::Roll), &[ROTATE, TAKE, REPLACED]),
        of("replace_first-person-proven", person(Strategy::ReplaceFirst), &first),
        leftover(
            "overlap-api-unlisted",
            unheld,
            calm,
            done,
            "The old value was never held: the list no longer shows its key.",
        ),
    ]
}

fn by_word() -> Vec<Leftover> {
    let word = "Nothing can be asked: the old key's end is a word, the provider's or the person's.";
    let done = "completed at end";
    let of = |name, setup, acts: &[Act]| leftover(name, setup, acts, done, word);
    let by_person = [ROTATE, TAKE, REPLACED, DeleteOld, DELETED];
    vec![
        // Its id is known from the list that there was.
        of(
            "overlap-api-told",
            api(Strategy::Overlap),
            &[Define(BLIND), ROTATE, REPLACED],
        ),
        of("overlap-person-told", told(Strategy::Overlap, By::Person), &by_person),
        of("roll-api-told", told(Strategy::Roll, By::Api), &[ROTATE, REPLACED]),
        of(
            "roll-person-told",
            told(Strategy::Roll, By::Person),
            &[ROTATE, TAKE, REPLACED],
        ),
    ]
}

fn taken_back() -> Vec<Leftover> {
    let undone = "Taken back: the new key is revoked, and the old one is as before.";
    let stopped = "Given up before anything was made.";
    let refused = |strategy| match strategy {
        Strategy::Overlap | Strategy::ReplaceFirst => Unkind(no_list),
        Strategy::TwoSlot => Unkind(no_slots),
        Strategy::Roll | Strategy::RollWithGrace => Unkind(roll_refused),
    };
    let given_up =
        |name, strategy, rests| leftover(name, api(strategy), &[refused(strategy), ROTATE, UNDO], rests, stopped);
    let by_person = |name, strategy, rests| leftover(name, person(strategy), &[ROTATE, UNDO], rests, stopped);
    vec![
        leftover(
            "overlap-api-undone",
            api(Strategy::Overlap),
            &[ROTATE, UNDO],
            "undone at confirm",
            undone,
        ),
        leftover(
            "overlap-person-undone",
            person(Strategy::Overlap),
            &[ROTATE, TAKE, UNDO, DeleteNew, DELETED],
            "undone at confirm",
            "Taken back: the person deleted the new key, and a call with it was refused.",
        ),
        leftover(
            "overlap-api-left",
            Setup {
                lists: Lists::NoNames,
                ..api(Strategy::Overlap)
            },
            &[Unkind(mint_unanswered), ROTATE, Run("resume KEY --leave")],
            "stopped at mint",
            "Ended with its question open: a key that nobody holds lives, and is shown.",
        ),
        given_up("overlap-api-stopped", Strategy::Overlap, "stopped at check"),
        given_up("roll-api-stopped", Strategy::Roll, "stopped at mint"),
        given_up(
            "roll_with_grace-api-stopped",
            Strategy::RollWithGrace,
            "stopped at mint",
        ),
        given_up("replace_first-api-stopped", Strategy::ReplaceFirst, "stopped at check"),
        given_up("two_slot-api-stopped", Strategy::TwoSlot, "stopped at check"),
        by_person("overlap-person-stopped", Strategy::Overlap, "stopped at mint"),
        by_person("roll-person-stopped", Strategy::Roll, "stopped at mint"),
        by_person(
            "roll_with_grace-person-stopped",
            Strategy::RollWithGrace,
            "stopped at mint",
        ),
        by_person(
            "replace_first-person-stopped",
            Strategy::ReplaceFirst,
            "stopped at revoke_old",
        ),
        by_person("two_slot-person-stopped", Strategy::TwoSlot, "stopped at mint"),
    ]
}

fn without_an_act() -> Vec<Leftover> {
    vec![
        leftover(
            "no-act-unlisted",
            api(Strategy::Overlap),
            &[Unkind(empty_list), REFRESH],
            "no rotation",
            "One list did not show the key, which lives: it counts as revoked, and its value is about to be forgotten.",
        ),
        leftover(
            "no-act-unlisted-forgotten",
            api(Strategy::Overlap),
            &[
                Unkind(empty_list),
                REFRESH,
                Honest,
                Run("key add main nightly --env ci"),
            ],
            "completed at end",
            "One list did not show the key, which lives; the next act that ended took its value out of the keychain.",
        ),
        leftover(
            "no-act-deleted",
            api(Strategy::Overlap),
            &[DeleteOld, REFRESH],
            "no rotation",
            "Somebody deleted the key at the provider: it counts as revoked, and nobody has called with its value.",
        ),
        leftover(
            "no-act-held",
            api(Strategy::Overlap),
            &[],
            "no rotation",
            "A key that is held, and nothing was ever done.",
        ),
    ]
}
