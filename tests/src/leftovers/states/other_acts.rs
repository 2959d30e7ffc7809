//! Acts beside the replacement: one more key, and an end without a successor.

use provider_sim::Strategy;

use super::faults::*;
use super::{DELETED, Leftover, UNDO, leftover};
use crate::leftovers::act::Act::{self, *};
use crate::leftovers::setup::{By, Lists, Setup};

const API: Setup = Setup::of(Strategy::Overlap, By::Api);
const UNNAMED: Setup = Setup {
    lists: Lists::NoNames,
    ..API
};
const PERSON: Setup = Setup::of(Strategy::Overlap, By::Person);
const CREATE: Act = Run("key add main nightly --env ci");
const REVOKE: Act = Run("revoke KEY --yes");

pub(super) fn all() -> Vec<Leftover> {
    [create(), revoke()].concat()
}

fn create() -> Vec<Leftover> {
    vec![
        leftover(
            "create-api-check-failed",
            API,
            &[Unkind(no_list), CREATE],
            "failed at check",
            "One more key: the provider gave no list; nothing was done.",
        ),
        leftover(
            "create-api-minting",
            API,
            &[KilledAfter(4, "key add main nightly --env ci")],
            "doing at mint",
            "One more key: cut off right after the intent to mint.",
        ),
        leftover(
            "create-api-mint-failed",
            API,
            &[Unkind(mint_refused), CREATE],
            "failed at mint",
            "One more key: the provider refused to make it.",
        ),
        leftover(
            "create-api-mint-unknown",
            API,
            &[Unkind(mint_unanswered), Unkind(no_list_later), CREATE],
            "unknown at mint",
            "One more key was made, its answer was lost, and the list cannot be read.",
        ),
        leftover(
            "create-api-asking",
            UNNAMED,
            &[Unkind(mint_unanswered), CREATE],
            "asking at mint",
            "One more key was made and its answer was lost; a person is asked which one it is.",
        ),
        leftover(
            "create-api-verify-waiting",
            API,
            &[Unkind(verify_later), CREATE],
            "awaiting_time at verify_new",
            "One more key: the provider asks to wait before it says whether it works.",
        ),
        leftover(
            "create-api-discarding-refused",
            API,
            &[
                Unkind(verify_later),
                CREATE,
                Unkind(revoke_forbidden),
                Run("undo acme/ci/nightly"),
            ],
            "discarding_to_end at verify_new",
            "One more key, taken back; the credential may not revoke it.",
        ),
        leftover(
            "create-api-created",
            API,
            &[CREATE],
            "completed at end",
            "One more key, held and proven to work.",
        ),
        leftover(
            "create-api-undone",
            API,
            &[Unkind(verify_later), CREATE, Run("undo acme/ci/nightly")],
            "undone at verify_new",
            "One more key, taken back and revoked.",
        ),
        leftover(
            "create-api-stopped",
            API,
            &[Unkind(mint_refused), CREATE, Run("undo acme/ci/nightly")],
            "stopped at mint",
            "One more key, given up before it was made.",
        ),
        leftover(
            "create-person-awaiting-value",
            PERSON,
            &[CREATE],
            "awaiting_person at mint",
            "One more key, which a person is to make on the provider's page.",
        ),
        leftover(
            "create-person-verify-failed",
            PERSON,
            &[CREATE, TakeWrong("take acme/ci/nightly")],
            "failed at verify_new",
            "One more key: what the person handed over is no key.",
        ),
        leftover(
            "create-person-verify-waiting",
            PERSON,
            &[CREATE, Unkind(verify_later), Run("take acme/ci/nightly")],
            "awaiting_time at verify_new",
            "One more key: the provider asks to wait before it says whether it works.",
        ),
        leftover(
            "create-person-created",
            PERSON,
            &[CREATE, Run("take acme/ci/nightly")],
            "completed at end",
            "One more key, made by a person, held and proven to work.",
        ),
        leftover(
            "create-person-stopped",
            PERSON,
            &[CREATE, Run("undo acme/ci/nightly")],
            "stopped at mint",
            "One more key, given up before it was made.",
        ),
    ]
}

fn revoke() -> Vec<Leftover> {
    let unheld = Setup { held: false, ..API };
    vec![
        leftover(
            "revoke-api-unknown",
            API,
            &[
                Unkind(revoke_unanswered),
                Unkind(no_list),
                Unkind(verify_silent),
                REVOKE,
            ],
            "unknown at revoke_old",
            "An end without a successor: the answer was lost, and nothing can be asked.",
        ),
        leftover(
            "revoke-api-failed",
            API,
            &[Unkind(revoke_forbidden), REVOKE],
            "failed at revoke_old",
            "An end without a successor: the credential may not revoke.",
        ),
        leftover(
            "revoke-api-proof-waiting",
            API,
            &[Unkind(verify_later), REVOKE],
            "awaiting_time at prove_dead",
            "An end without a successor: the provider asks to wait before it says that the value is refused.",
        ),
        leftover(
            "revoke-api-proven",
            API,
            &[REVOKE],
            "completed at end",
            "An end without a successor: a call with the value was refused.",
        ),
        leftover(
            "revoke-api-unlisted",
            unheld,
            &[REVOKE],
            "completed at end",
            "An end without a successor of a key that was never held: its list no longer shows it.",
        ),
        leftover(
            "revoke-person-awaiting-deletion",
            PERSON,
            &[REVOKE],
            "awaiting_person at revoke_old",
            "An end without a successor: a person is to delete the key.",
        ),
        leftover(
            "revoke-api-stopped",
            API,
            &[Unkind(revoke_forbidden), REVOKE, UNDO],
            "stopped at revoke_old",
            "An end without a successor, given up: the credential may not revoke.",
        ),
        leftover(
            "revoke-person-proof-waiting",
            PERSON,
            &[REVOKE, DeleteOld, Unkind(verify_later), DELETED],
            "awaiting_time at prove_dead",
            "Deleted by a person; the provider asks to wait before it says that the value is refused.",
        ),
        leftover(
            "revoke-person-stopped",
            PERSON,
            &[REVOKE, UNDO],
            "stopped at revoke_old",
            "An end without a successor, given up before the person deleted the key.",
        ),
        leftover(
            "revoke-person-proven",
            PERSON,
            &[REVOKE, DeleteOld, DELETED],
            "completed at end",
            "An end without a successor: deleted by a person, and a call with the value was refused.",
        ),
    ]
}
