//! `overlap` by API: every state between its opening and its end.

use provider_sim::Strategy;

use super::faults::*;
use super::{Leftover, REPLACED, RESUME, ROTATE, UNDO, leftover};
use crate::leftovers::act::Act::*;
use crate::leftovers::setup::{By, Lists, Setup};

const OVERLAP: Setup = Setup::of(Strategy::Overlap, By::Api);
const UNNAMED: Setup = Setup {
    lists: Lists::NoNames,
    ..OVERLAP
};
/// A mint whose id nobody ever learns.
const NO_ID: Setup = Setup {
    lists: Lists::Nothing,
    tells_id: false,
    ..OVERLAP
};

pub(super) fn all() -> Vec<Leftover> {
    [before_the_mint(), between(), revoking(), discarding()].concat()
}

fn before_the_mint() -> Vec<Leftover> {
    vec![
        leftover(
            "overlap-api-opened",
            OVERLAP,
            &[KilledBefore(1, "rotate KEY --yes")],
            "ready at check",
            "Opened, and nothing was done.",
        ),
        leftover(
            "overlap-api-checking",
            OVERLAP,
            &[KilledAfter(2, "rotate KEY --yes")],
            "doing at check",
            "Cut off in its check.",
        ),
        leftover(
            "overlap-api-check-failed",
            OVERLAP,
            &[Unkind(no_list), ROTATE],
            "failed at check",
            "The provider gave no list; nothing was done.",
        ),
        leftover(
            "overlap-api-check-waiting",
            OVERLAP,
            &[Unkind(list_later), ROTATE],
            "awaiting_time at check",
            "The provider asks to wait an hour; nothing was done.",
        ),
        leftover(
            "overlap-api-checked",
            OVERLAP,
            &[KilledAfter(3, "rotate KEY --yes")],
            "ready at mint",
            "Cut off between its check and its mint.",
        ),
        leftover(
            "overlap-api-minting",
            OVERLAP,
            &[KilledAfter(4, "rotate KEY --yes")],
            "doing at mint",
            "Cut off right after the intent to mint: nothing was sent, and nobody knows.",
        ),
        leftover(
            "overlap-api-minting-stored",
            OVERLAP,
            &[KilledBefore(5, "rotate KEY --yes")],
            "doing at mint",
            "Minted and in the keychain; the record of it was not written.",
        ),
        leftover(
            "overlap-api-mint-failed",
            OVERLAP,
            &[Unkind(mint_refused), ROTATE],
            "failed at mint",
            "The provider refused to make a key.",
        ),
        leftover(
            "overlap-api-mint-unknown",
            OVERLAP,
            &[Unkind(mint_unanswered), Unkind(no_list_later), ROTATE],
            "unknown at mint",
            "A key was made, its answer was lost, and the list cannot be read: it lives under our name.",
        ),
        leftover(
            "overlap-api-asking",
            UNNAMED,
            &[Unkind(mint_unanswered), ROTATE],
            "asking at mint",
            "A key was made and its answer was lost; a person is asked which of the listed keys it is.",
        ),
    ]
}

fn between() -> Vec<Leftover> {
    vec![
        leftover(
            "overlap-api-minted",
            OVERLAP,
            &[KilledAfter(5, "rotate KEY --yes")],
            "ready at store",
            "Minted and in the keychain, cut off before that was looked at.",
        ),
        leftover(
            "overlap-api-storing",
            OVERLAP,
            &[KilledAfter(6, "rotate KEY --yes")],
            "doing at store",
            "Cut off while the keychain was looked at.",
        ),
        leftover(
            "overlap-api-verifying",
            OVERLAP,
            &[KilledAfter(8, "rotate KEY --yes")],
            "doing at verify_new",
            "Cut off in the first call with the new value.",
        ),
        leftover(
            "overlap-api-verify-waiting",
            OVERLAP,
            &[Unkind(verify_later), ROTATE],
            "awaiting_time at verify_new",
            "The provider asks to wait before it says whether the new value works.",
        ),
        leftover(
            "overlap-api-verify-failed",
            OVERLAP,
            &[
                Unkind(verify_later),
                ROTATE,
                Honest,
                Unkind(new_value_refused),
                Pass(3700),
                RESUME,
            ],
            "failed at verify_new",
            "The provider has refused the new value for an hour.",
        ),
        leftover(
            "overlap-api-copying",
            OVERLAP,
            &[KilledAfter(10, "rotate KEY --yes")],
            "doing at copy",
            "Cut off before the new value was offered to the clipboard.",
        ),
        leftover(
            "overlap-api-awaiting-replacement",
            OVERLAP,
            &[ROTATE],
            "awaiting_person at confirm",
            "Both keys live; a person is to replace the old one where it is used.",
        ),
        leftover(
            "overlap-api-overlap-running",
            OVERLAP,
            &[Run("policy set --overlap 24"), ROTATE, REPLACED],
            "awaiting_time at wait",
            "Replaced; the old key lives on for a day.",
        ),
    ]
}

fn revoking() -> Vec<Leftover> {
    vec![
        leftover(
            "overlap-api-revoke-in-use",
            OVERLAP,
            &[Run("policy set --quiet 24"), ROTATE, Run("verify KEY"), REPLACED],
            "awaiting_time at revoke_old",
            "The old key was in use just now: it is not revoked before it is silent.",
        ),
        leftover(
            "overlap-api-revoking",
            OVERLAP,
            &[ROTATE, KilledAfter(3, "replaced KEY")],
            "doing at revoke_old",
            "Cut off right after the intent to revoke: nothing was sent, and nobody knows.",
        ),
        leftover(
            "overlap-api-revoke-unknown",
            OVERLAP,
            &[
                ROTATE,
                Unkind(revoke_unanswered),
                Unkind(no_list_later),
                Unkind(verify_silent),
                REPLACED,
            ],
            "unknown at revoke_old",
            "The old key was revoked, the answer was lost, and nothing can be asked.",
        ),
        leftover(
            "overlap-api-revoke-failed",
            OVERLAP,
            &[ROTATE, Unkind(revoke_forbidden), REPLACED],
            "failed at revoke_old",
            "The credential may not revoke: the old key lives.",
        ),
        leftover(
            "overlap-api-revoked",
            OVERLAP,
            &[ROTATE, KilledAfter(4, "replaced KEY")],
            "ready at prove_dead",
            "Revoked, cut off before its end was shown.",
        ),
        leftover(
            "overlap-api-proving",
            OVERLAP,
            &[ROTATE, KilledAfter(5, "replaced KEY")],
            "doing at prove_dead",
            "Revoked, cut off in the call that shows its end.",
        ),
        leftover(
            "overlap-api-proof-waiting",
            OVERLAP,
            &[ROTATE, Unkind(verify_later), REPLACED],
            "awaiting_time at prove_dead",
            "Revoked; the provider asks to wait before it says that the old value is refused.",
        ),
        leftover(
            "overlap-api-proven-open",
            OVERLAP,
            &[ROTATE, KilledAfter(6, "replaced KEY")],
            "ready at end",
            "The old value is refused; cut off before it left the keychain and before the rotation closed.",
        ),
    ]
}

fn discarding() -> Vec<Leftover> {
    vec![
        leftover(
            "overlap-api-discarding",
            OVERLAP,
            &[ROTATE, KilledAfter(2, "undo KEY")],
            "discarding_to_end at confirm",
            "Taken back, cut off before the new key was revoked.",
        ),
        leftover(
            "overlap-api-discard-doing",
            OVERLAP,
            &[ROTATE, KilledAfter(3, "undo KEY")],
            "discard_doing_to_end at confirm",
            "Taken back, cut off right after the intent to revoke the new key.",
        ),
        leftover(
            "overlap-api-discarding-refused",
            OVERLAP,
            &[ROTATE, Unkind(revoke_forbidden), UNDO],
            "discarding_to_end at confirm",
            "Taken back; the credential may not revoke the new key, which lives and is held.",
        ),
        leftover(
            "overlap-api-discard-unknown",
            OVERLAP,
            &[ROTATE, Unkind(revoke_unanswered), Unkind(no_list), UNDO],
            "discard_unknown_to_end at confirm",
            "Taken back; the answer to the new key's revocation was lost, and there is no list.",
        ),
        leftover(
            "overlap-api-discard-awaiting",
            NO_ID,
            &[ROTATE, UNDO],
            "discard_awaiting_to_end at confirm",
            "Taken back; nobody knows the new key's id, so a person is to delete it.",
        ),
        leftover(
            "overlap-api-lost-discarding",
            OVERLAP,
            &[Unkind(mint_unanswered), Unkind(revoke_forbidden), ROTATE],
            "discarding_to_mint at store",
            "A key was made, its answer was lost, it was found by its name, and it may not be revoked.",
        ),
        leftover(
            "overlap-api-lost-discard-doing",
            OVERLAP,
            &[
                KilledAfter(5, "rotate KEY --yes"),
                LoseNew,
                KilledAfter(4, "resume KEY"),
            ],
            "discard_doing_to_mint at store",
            "The new value was lost; cut off right after the intent to revoke its key.",
        ),
        leftover(
            "overlap-api-lost-discard-unknown",
            OVERLAP,
            &[
                KilledAfter(5, "rotate KEY --yes"),
                LoseNew,
                Unkind(revoke_unanswered),
                Unkind(no_list),
                RESUME,
            ],
            "discard_unknown_to_mint at store",
            "The new value was lost; the answer to its key's revocation was lost too, and there is no list.",
        ),
        leftover(
            "overlap-api-lost-discard-awaiting",
            NO_ID,
            &[KilledAfter(5, "rotate KEY --yes"), LoseNew, RESUME],
            "discard_awaiting_to_mint at store",
            "The new value was lost, and nobody knows its key's id: a person is to delete it.",
        ),
    ]
}
