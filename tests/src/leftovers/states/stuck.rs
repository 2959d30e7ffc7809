//! States that no command of this version leaves: the provider refuses for ever, or the definition is another one.

use provider_sim::Strategy;

use super::faults::*;
use super::{DELETED, Leftover, REPLACED, RESUME, ROTATE, UNDO, leftover};
use crate::leftovers::act::Act::*;
use crate::leftovers::setup::{By, Setup};

const OVERLAP: Setup = Setup::of(Strategy::Overlap, By::Api);
const ROLL: Setup = Setup::of(Strategy::Roll, By::Api);
const REVOKED_BY_PERSON: Setup = Setup {
    revoked_by: By::Person,
    ..OVERLAP
};

pub(super) fn all() -> Vec<Leftover> {
    vec![
        leftover(
            "overlap-api-stuck-discard-forbidden",
            OVERLAP,
            &[ROTATE, Unkind(revoke_forbidden), UNDO, DeleteNew, RESUME, DELETED],
            "discarding_to_end at confirm",
            "The credential may not revoke; a person deleted the new key, and no command hears of it.",
        ),
        leftover(
            "overlap-api-stuck-revoke-forbidden",
            OVERLAP,
            &[ROTATE, Unkind(revoke_forbidden), REPLACED, DeleteOld, RESUME, DELETED],
            "failed at revoke_old",
            "The credential may not revoke; a person deleted the old key, and no command hears of it.",
        ),
        leftover(
            "overlap-api-stuck-undo-definition-changed",
            OVERLAP,
            &[ROTATE, Define(ROLL), UNDO, RESUME, DELETED],
            "discarding_to_end at confirm",
            "The definition turned from overlap to roll in the middle: the new key cannot be revoked.",
        ),
        leftover(
            "overlap-api-stuck-revoke-definition-changed",
            OVERLAP,
            &[ROTATE, Define(REVOKED_BY_PERSON), REPLACED, RESUME, DELETED],
            "failed at revoke_old",
            "The definition has the old key deleted by a person now; the plan still sends.",
        ),
        leftover(
            "overlap-api-stuck-mint-definition-gone",
            OVERLAP,
            &[
                Unkind(mint_unanswered),
                Unkind(no_list_later),
                ROTATE,
                Undefine,
                RESUME,
                UNDO,
            ],
            "unknown at mint",
            "A key was made, its answer was lost, and the definition is deleted: nothing can be asked.",
        ),
        leftover(
            "overlap-api-stuck-discard-definition-gone",
            OVERLAP,
            &[ROTATE, KilledAfter(2, "undo KEY"), Undefine, RESUME, DELETED],
            "discarding_to_end at confirm",
            "Taken back, and the definition is deleted: the new key cannot be revoked.",
        ),
        leftover(
            "overlap-api-stuck-awaiting-definition-gone",
            OVERLAP,
            &[ROTATE, Undefine, RESUME],
            "awaiting_person at confirm",
            "Both keys live, and the definition is deleted.",
        ),
        leftover(
            "overlap-api-stuck-revoke-definition-gone",
            OVERLAP,
            &[ROTATE, Undefine, REPLACED],
            "awaiting_time at revoke_old",
            "Replaced, and the definition is deleted: whether the old key is in use cannot be asked.",
        ),
    ]
}
