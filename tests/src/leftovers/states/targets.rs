//! A key in two files: written one after the other, and put back.

use provider_sim::Strategy;

use super::{Leftover, RESUME, ROTATE, UNDO, leftover};
use crate::leftovers::act::Act::*;
use crate::leftovers::setup::{By, Setup};

const FILES: Setup = Setup {
    files: 2,
    ..Setup::of(Strategy::Overlap, By::Api)
};
const ROLL: Setup = Setup {
    files: 2,
    ..Setup::of(Strategy::Roll, By::Api)
};

pub(super) fn all() -> Vec<Leftover> {
    vec![
        leftover(
            "overlap-api-deploying",
            FILES,
            &[KilledAfter(10, "rotate KEY --yes")],
            "doing at deploy_1",
            "Cut off right after the intent to write the first file.",
        ),
        leftover(
            "overlap-api-deploying-written",
            FILES,
            &[KilledBefore(13, "rotate KEY --yes")],
            "doing at deploy_2",
            "Both files are written; the record of the second was not.",
        ),
        leftover(
            "overlap-api-deploy-failed",
            FILES,
            &[KilledAfter(11, "rotate KEY --yes"), EmptyFile(1), RESUME],
            "failed at deploy_2",
            "The first file has the new value; the second one does not name the key any more.",
        ),
        leftover(
            "overlap-api-deployed-awaiting-replacement",
            FILES,
            &[ROTATE],
            "awaiting_person at confirm",
            "Both files have the new value; what reads them is to be started anew.",
        ),
        leftover(
            "overlap-api-restoring",
            FILES,
            &[ROTATE, KilledAfter(2, "undo KEY")],
            "restoring at deploy_2",
            "Taken back, cut off before the second file was put back.",
        ),
        leftover(
            "overlap-api-restore-doing",
            FILES,
            &[ROTATE, KilledAfter(3, "undo KEY")],
            "restore_doing at deploy_2",
            "Taken back, cut off right after the intent to put the second file back.",
        ),
        leftover(
            "overlap-api-restore-failed",
            FILES,
            &[ROTATE, EmptyFile(0), UNDO],
            "restore_failed at deploy_1",
            "The second file is as before; the first one does not name the key any more.",
        ),
        leftover(
            "roll-api-deploy-failed",
            ROLL,
            &[KilledAfter(11, "rotate KEY --yes"), EmptyFile(1), RESUME],
            "failed at deploy_2",
            "Rolled: the first file has the new value, the second one does not name the key any more.",
        ),
    ]
}
