//! `replace_first` by API: the old key goes before there is a new one; also `overlap` after a leak.

use provider_sim::Strategy;

use super::faults::*;
use super::{Leftover, REPLACED, RESUME, ROTATE, leftover};
use crate::leftovers::act::Act::*;
use crate::leftovers::setup::{By, Lists, Setup};

const FIRST: Setup = Setup::of(Strategy::ReplaceFirst, By::Api);
const UNNAMED: Setup = Setup {
    lists: Lists::NoNames,
    ..FIRST
};
const OVERLAP: Setup = Setup::of(Strategy::Overlap, By::Api);

pub(super) fn all() -> Vec<Leftover> {
    vec![
        leftover(
            "replace_first-api-check-failed",
            FIRST,
            &[Unkind(no_list), ROTATE],
            "failed at check",
            "The provider gave no list; nothing was done.",
        ),
        leftover(
            "replace_first-api-revoking",
            FIRST,
            &[KilledAfter(4, "rotate KEY --yes")],
            "doing at revoke_old",
            "Cut off right after the intent to revoke: nothing was sent, and nobody knows.",
        ),
        leftover(
            "replace_first-api-revoke-unknown",
            FIRST,
            &[
                Unkind(revoke_unanswered),
                Unkind(no_list_later),
                Unkind(verify_silent),
                ROTATE,
            ],
            "unknown at revoke_old",
            "The old key was revoked, the answer was lost, and nothing can be asked.",
        ),
        leftover(
            "replace_first-api-revoke-failed",
            FIRST,
            &[Unkind(revoke_forbidden), ROTATE],
            "failed at revoke_old",
            "The credential may not revoke: the old key lives.",
        ),
        leftover(
            "replace_first-api-revoked",
            FIRST,
            &[KilledAfter(5, "rotate KEY --yes")],
            "ready at mint",
            "The old key is revoked, and there is no new one yet: nothing works.",
        ),
        leftover(
            "replace_first-api-minting",
            FIRST,
            &[KilledAfter(6, "rotate KEY --yes")],
            "doing at mint",
            "The old key is revoked; cut off right after the intent to mint.",
        ),
        leftover(
            "replace_first-api-mint-failed",
            FIRST,
            &[Unkind(mint_refused), ROTATE],
            "failed at mint",
            "The old key is revoked and the provider refuses to make a new one: nothing works.",
        ),
        leftover(
            "replace_first-api-mint-unknown",
            FIRST,
            &[Unkind(mint_unanswered), Unkind(no_list_later), ROTATE],
            "unknown at mint",
            "The old key is revoked, the answer to the mint was lost, and the list cannot be read.",
        ),
        leftover(
            "replace_first-api-verify-waiting",
            FIRST,
            &[Unkind(verify_later), ROTATE],
            "awaiting_time at verify_new",
            "The provider asks to wait before it says whether the new value works.",
        ),
        leftover(
            "replace_first-api-awaiting-replacement",
            FIRST,
            &[ROTATE],
            "awaiting_person at confirm",
            "The old key is revoked; a person is to put the new one where it is used.",
        ),
        leftover(
            "replace_first-api-proof-waiting",
            FIRST,
            &[ROTATE, Unkind(verify_later), REPLACED],
            "awaiting_time at prove_dead",
            "The provider asks to wait before it says that the old value is refused.",
        ),
        leftover(
            "replace_first-api-asking",
            UNNAMED,
            &[Unkind(mint_unanswered), ROTATE],
            "asking at mint",
            "The old key is revoked, and the answer to the mint was lost; a person is asked which key it is.",
        ),
        leftover(
            "replace_first-api-lost-discarding",
            FIRST,
            &[
                KilledAfter(7, "rotate KEY --yes"),
                LoseNew,
                Unkind(revoke_forbidden),
                RESUME,
            ],
            "discarding_to_mint at store",
            "The old key is revoked and the new value was lost; its key may not be revoked.",
        ),
        leftover(
            "replace_first-api-lost-discard-doing",
            FIRST,
            &[
                KilledAfter(7, "rotate KEY --yes"),
                LoseNew,
                KilledAfter(4, "resume KEY"),
            ],
            "discard_doing_to_mint at store",
            "The old key is revoked and the new value was lost; cut off right after the intent to revoke its key.",
        ),
        leftover(
            "replace_first-api-lost-discard-unknown",
            FIRST,
            &[
                KilledAfter(7, "rotate KEY --yes"),
                LoseNew,
                Unkind(revoke_unanswered),
                Unkind(no_list),
                RESUME,
            ],
            "discard_unknown_to_mint at store",
            "The old key is revoked and the new value was lost; the answer to its key's revocation was lost too.",
        ),
        leftover(
            "overlap-api-leaked-revoke-failed",
            OVERLAP,
            &[Unkind(revoke_forbidden), Run("rotate KEY --revoke-first --yes")],
            "failed at revoke_old",
            "Leaked: the old key was to go first, and the credential may not revoke.",
        ),
        leftover(
            "overlap-api-leaked-mint-failed",
            OVERLAP,
            &[Unkind(mint_refused), Run("rotate KEY --revoke-first --yes"), RESUME],
            "failed at mint",
            "Leaked: the old key is revoked, and the provider refuses to make a new one.",
        ),
        leftover(
            "overlap-api-leaked-awaiting-replacement",
            OVERLAP,
            &[Run("rotate KEY --revoke-first --yes")],
            "awaiting_person at confirm",
            "Leaked: the old key is revoked; a person is to put the new one where it is used.",
        ),
    ]
}
