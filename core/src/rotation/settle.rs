//! What follows from what was seen. Pure: which rows are written, and how it goes on.

use super::moves::{Seen, Settled};
use super::scene::Scene;
use super::{
    check, copy, deploy, listed, mint, person, prove, reconcile, repeat, retire, serves, silence, store, undo, verify,
    wait,
};
use crate::failure::Failure;

/// Decides it.
pub(super) fn settle(scene: &Scene<'_>, seen: Seen) -> Result<Settled, Failure> {
    Ok(match seen {
        Seen::Checked(checked) => check::settle(scene, checked),
        Seen::Prepared(prepared) => mint::prepared(prepared),
        Seen::Minted { name, answer } => mint::settle(scene, name, answer),
        Seen::Pasted(pasted) => person::settle(pasted),
        Seen::Stored(stored) => store::settle(scene, stored)?,
        Seen::NewCalled(answer, old) => verify::settle(scene, answer, old)?,
        Seen::Copied(copied) => copy::settle(&copied),
        Seen::Deployed(n, written) => deploy::settle(scene, n, written),
        Seen::PutBack(n, written) => deploy::settle_back(n, written),
        Seen::Clocks(former, now) => wait::settle(scene, former, now),
        Seen::Steady(former, now) => wait::settle_due(scene, former, now),
        Seen::Targets(looked) => retire::settle_targets(scene, looked),
        Seen::LastUse(told) => silence::settle(scene, told)?,
        Seen::Looked(look) => listed::settle(scene, *look),
        Seen::Successor(shown) => serves::settle(scene, shown),
        Seen::Revoked(sent) => retire::settle(scene, sent),
        Seen::RevokedAgain(still) => retire::settle_again(scene, still),
        Seen::Ended(ended) => prove::settle(scene, ended)?,
        Seen::Value(is_there) => reconcile::settle_value(scene, is_there),
        Seen::Repeatable(may) => repeat::settle_look(scene, may),
        Seen::Repeated(repeated) => repeat::settle(scene, repeated)?,
        Seen::Found(found) => reconcile::settle_mint(scene, found)?,
        Seen::Old(old) => reconcile::settle_revoke(scene, old)?,
        Seen::Predecessor(shown) => undo::settle_predecessor(scene, shown),
        Seen::Identified(ours) => undo::identified(scene, ours),
        Seen::Discarded(id, gone) => undo::settle(scene, id, gone)?,
        Seen::Deleted(deleted) => undo::settle_deleted(scene, deleted)?,
    })
}
